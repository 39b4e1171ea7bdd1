"""Quiet hours, days and months in the shop's time zone."""

from __future__ import annotations

from datetime import date, time

import pytest

from scheduler.hours import ShopHours
from tests.scheduler.town import ZONE, shop_time

NIGHT = ShopHours(ZONE, (time(21), time(9)))
NOON = ShopHours(ZONE, (time(12), time(14)))
NEVER = ShopHours(ZONE, (time(9), time(9)))


@pytest.mark.parametrize(
    ("hours", "at", "awake"),
    [
        (NIGHT, "2026-12-08T20:59", "2026-12-08T20:59"),
        (NIGHT, "2026-12-08T21:00", "2026-12-09T09:00"),
        (NIGHT, "2026-12-08T23:59", "2026-12-09T09:00"),
        (NIGHT, "2026-12-08T00:00", "2026-12-08T09:00"),
        (NIGHT, "2026-12-08T08:59", "2026-12-08T09:00"),
        (NIGHT, "2026-12-08T09:00", "2026-12-08T09:00"),
        (NIGHT, "2026-12-31T22:00", "2027-01-01T09:00"),
        (NOON, "2026-12-08T11:59", "2026-12-08T11:59"),
        (NOON, "2026-12-08T12:00", "2026-12-08T14:00"),
        (NOON, "2026-12-08T14:00", "2026-12-08T14:00"),
        (NEVER, "2026-12-08T09:00", "2026-12-08T09:00"),
    ],
)
def test_nobody_is_woken(hours: ShopHours, at: str, awake: str) -> None:
    assert hours.awake(shop_time(at)) == shop_time(awake)


def test_a_month_is_the_shops_month() -> None:
    first, following = NIGHT.month_of(shop_time("2026-12-01T00:30"))
    assert (first, following) == (shop_time("2026-12-01T00:00"), shop_time("2027-01-01T00:00"))


def test_a_day_is_the_shops_day() -> None:
    assert NIGHT.day_of(shop_time("2026-12-08T00:10")) == date(2026, 12, 8)
