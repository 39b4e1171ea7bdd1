"""Moving and cancelling on the page: each acts once, on what was seen, and the advisor is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.messages import Card, Text
from crm.models import AppointmentState
from tests.front_door import Shop
from tests.pages.visitor import Visitor, booked_visit


@pytest.fixture
def other(shop: Shop) -> Visitor:
    """Another customer, the same Saturday at 12:00."""
    return Visitor(shop, booked_visit(shop, "2026-11-28 12:00", code="C0002", name="何静"))


def test_she_moves_it_and_her_advisor_gets_a_card(shop: Shop, visitor: Visitor) -> None:
    words = visitor.moves_to("17:00")
    assert "改好了" in words
    assert "17:00–18:00" in words
    assert (visitor.start, visitor.visit().moves) == ("2026-11-28 17:00", 1)
    [card] = shop.planned("lin.yue")
    assert isinstance(card, Card)
    assert "17:00" in str(card.body)
    assert shop.woken
    assert visitor.logged() == ["在预约页面把时间改到11月28日 周六 17:00"]


def test_she_cancels_it_with_one_step_between_and_her_advisor_reads_why(shop: Shop, visitor: Visitor) -> None:
    words = visitor.opens("/cancel")
    assert "确定取消吗" in words
    assert visitor.state is AppointmentState.BOOKED
    assert "预约已取消" in visitor.sends("/cancel", reason="临时有事", words=" 孩子\n发烧了 ")
    assert (visitor.state, visitor.visit().closed_by) == (AppointmentState.CANCELLED, "customer")
    [told] = shop.planned("lin.yue")
    assert isinstance(told, Text)
    assert "取消" in told.content
    assert "孩子 发烧了" in told.content
    assert visitor.logged() == ["在预约页面取消了11月28日 周六 15:00的预约"]


def test_a_form_that_is_sent_twice_acts_once(shop: Shop, visitor: Visitor) -> None:
    start = visitor.times()["17:00"]
    old = dict(visitor.fields)
    for _ in range(3):
        assert "17:00–18:00" in visitor.sends_old("/move", old, start=start)
    assert (visitor.visit().moves, len(shop.planned()), len(visitor.logged())) == (1, 1, 1)
    visitor.opens("/cancel")
    old = dict(visitor.fields)
    for _ in range(3):
        assert "预约已取消" in visitor.sends_old("/cancel", old)
    assert len(visitor.logged()) == 2


def test_a_place_that_was_taken_meanwhile_leads_to_other_times(shop: Shop, visitor: Visitor) -> None:
    start = visitor.times()["17:00"]
    old = dict(visitor.fields)
    fill(shop, "2026-11-28 17:00")
    words = visitor.sends_old("/move", old, start=start)
    assert visitor.page.status_code == 200
    assert "刚刚被约走了" in words
    assert "17:00" not in visitor.times()
    assert visitor.start == "2026-11-28 15:00"
    assert "18:00–19:00" in visitor.moves_to("18:00")


def fill(shop: Shop, when: str) -> None:
    """Take both places of the shop."""
    for number in range(2):
        booked_visit(shop, when, code=f"F{when[-5:]}{number}", name="客")


def test_when_her_own_advisor_is_busy_a_colleague_is_named_and_both_are_told(
    shop: Shop, visitor: Visitor, other: Visitor
) -> None:
    assert other.visit().advisor_id == visitor.visit().advisor_id
    assert "12:00 同事接待" in visitor.opens("/times")
    times = visitor.times()
    assert "12:00–13:00 " in visitor.sends("/move", start=times["12:00"])
    assert visitor.visit().advisor_id != other.visit().advisor_id
    [told] = [reply for reply in shop.planned("lin.yue") if isinstance(reply, Text)]
    assert "改到了11月28日 周六 12:00" in told.content
    assert [type(reply) for reply in shop.planned("wu.an")] == [Card]


def test_of_several_who_move_to_the_last_place_at_once_one_gets_it(shop: Shop) -> None:
    hours = ("10:00", "11:00", "13:00", "14:00")
    racing = [Visitor(shop, booked_visit(shop, f"2026-11-28 {hour}", code=f"R{hour}", name="客")) for hour in hours]
    booked_visit(shop, "2026-11-28 17:00", code="L1", name="客")
    starts = [one.times()["17:00"] for one in racing]
    with ThreadPoolExecutor(len(racing)) as pool:
        words = list(pool.map(lambda one, start: one.sends("/move", start=start), racing, starts))
    assert sorted("改好了" in each for each in words) == [False, False, False, True]
    assert sum("刚刚被约走了" in each for each in words) == 3
    assert [one.start[-5:] for one in racing].count("17:00") == 1
    assert {one.page.status_code for one in racing} == {200}
