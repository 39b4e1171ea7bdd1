"""A visit that would not end before closing time is outside the hours, not full."""

from __future__ import annotations

import pytest

from tests.front_door import Phone, Shop
from tests.scenarios.booking_shop import customer_of_lin, fill, prepare

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def mei(shop: Shop) -> Phone:
    prepare(shop)
    return customer_of_lin(shop)


@pytest.mark.parametrize("hour", ["19点45", "七点一刻", "九点半"])
def test_too_late_for_a_whole_visit_is_not_called_full(mei: Phone, hour: str) -> None:
    answer = mei.says(f"想约周二晚上{hour}试戴戒指")
    assert "10:00–20:00 接待，最晚 19:00 开始" in answer
    assert "满" not in answer
    assert "booking:time:" in answer


def test_the_last_visit_of_the_day_is_full_when_it_is_taken(shop: Shop, mei: Phone) -> None:
    fill(shop, "24T19:00", "24T20:00")
    assert "满" in mei.says("想约周二晚上七点试戴戒指")


def test_the_last_visit_of_the_day_is_held(mei: Phone) -> None:
    assert "确认" in mei.says("想约周二晚上七点试戴戒指")
