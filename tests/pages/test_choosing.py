"""The days and times that a visit can be moved to."""

from __future__ import annotations

from datetime import time

import pytest

from tests.front_door import Shop
from tests.pages.visitor import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_days_that_cannot_be_chosen_say_why(shop: Shop, visitor: Visitor) -> None:
    with shop.parts.sessions.begin() as session:
        session.merge(visitor.visit()).store.closed_weekdays = "2"
    words = visitor.opens("/times?day=2026-11-24")
    assert "这一天门店休息。最近的空位是：" in words
    assert "11月23日 周一" in words
    assert "24 休" in words
    assert "20 " in words
    assert 'href="?day=2026-11-20"' not in visitor.page.text
    assert 'href="?day=2026-11-25"' in visitor.page.text


def test_a_full_day_offers_the_nearest_times(shop: Shop, visitor: Visitor) -> None:
    with shop.parts.sessions.begin() as session:
        store = session.merge(visitor.visit()).store
        store.opens, store.closes = time(15), time(16)
    words = visitor.opens("/times")
    assert "这一天约满了。最近的空位是：" in words
    assert "11月27日 周五" in words
    assert "11月29日 周日" in words


def test_any_day_may_be_asked_for(visitor: Visitor) -> None:
    for day in ("2020-01-01", "2099-01-01", "nonsense", "", "2026-02-30", "9999-12-31", "0001-01-01"):
        visitor.opens(f"/times?day={day}")
        assert visitor.page.status_code == 200, day


def test_the_calendar_turns_for_sixty_days_and_not_further(visitor: Visitor) -> None:
    days = set()
    address = "/times?day=2026-11-21"
    for _ in range(10):
        visitor.opens(address)
        days |= set(visitor.page.text.split('href="?day=')[1:])
        turn = [part for part in visitor.page.text.split("<a ") if "后两周" in part]
        if not turn:
            break
        address = "/times?day=" + turn[0].split("?day=")[1][:10]
    assert max(day[:10] for day in days) == "2027-01-20"
    assert min(day[:10] for day in days) == "2026-11-21"


def test_the_last_day_within_reach_is_not_called_full_for_its_later_hours(shop: Shop, visitor: Visitor) -> None:
    with shop.parts.sessions.begin() as session:
        store = session.merge(visitor.visit()).store
        store.opens, store.closes = time(21), time(22)
    words = visitor.opens("/times?day=2027-01-20")
    assert "这一天还太远" in words
    assert "20 满" not in words
