"""Two tabs, the back button, an advisor who was faster: a form acts only on what its page showed."""

from __future__ import annotations

import pytest

from crm.models import AppointmentState
from crm.services import appointments
from tests.front_door import Shop
from tests.pages.visitor import Visitor, at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_reason_need_not_be_given_and_may_be_one_of_ours(visitor: Visitor) -> None:
    assert "预约已取消" in visitor.cancels(reason="时间不合适")
    assert visitor.visit().reason == "时间不合适"


def test_from_the_page_before_the_back_button_she_reads_what_changed(visitor: Visitor) -> None:
    times = visitor.times()
    old = dict(visitor.fields)
    visitor.sends("/move", start=times["17:00"])
    words = visitor.sends_old("/move", old, start=times["18:00"])
    assert "之前是 11月28日 周六 15:00" in words
    assert "17:00–18:00" in words
    assert visitor.start == "2026-11-28 17:00"
    assert "18:00–19:00" in visitor.moves_to("18:00")


def test_two_tabs_do_not_undo_each_other(visitor: Visitor) -> None:
    visitor.opens("/cancel")
    old = dict(visitor.fields)
    visitor.moves_to("17:00")
    words = visitor.sends_old("/cancel", old)
    assert "刚才有变动" in words
    assert (visitor.state, visitor.start) == (AppointmentState.BOOKED, "2026-11-28 17:00")


def test_what_was_cancelled_meanwhile_cannot_be_moved(visitor: Visitor) -> None:
    times = visitor.times()
    old = dict(visitor.fields)
    visitor.cancels()
    words = visitor.sends_old("/move", old, start=times["17:00"])
    assert "刚才有变动" in words
    assert "预约已取消" in words
    assert (visitor.state, visitor.start) == (AppointmentState.CANCELLED, "2026-11-28 15:00")


def test_what_her_advisor_moved_meanwhile_is_shown_first(shop: Shop, visitor: Visitor) -> None:
    visitor.opens("/cancel")
    old = dict(visitor.fields)
    with shop.parts.sessions.begin() as session:
        visit = appointments.by_number(session, visitor.number)
        offer = appointments.Offer(
            visit.store_id, at("2026-11-29 11:00"), at("2026-11-29 12:00"), visit.advisor_id, True
        )
        appointments.move(session, shop.parts.settings.zone, visit, offer, shop.clock.now(), by="staff:lin.yue")
    assert "11月29日 周日" in visitor.sends_old("/cancel", old)
    assert visitor.state is AppointmentState.BOOKED
