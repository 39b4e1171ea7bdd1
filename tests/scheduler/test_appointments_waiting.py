"""The waiting list: a place that opens is offered to the oldest, then to the next, and to nobody at night."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from crm.models import Appointment, AppointmentState, Seat, WaitingEntry
from crm.services import appointments
from scheduler import waiting_offers
from scheduler.errors import Fenced
from scheduler.waiting_offers import JOB
from tests.scheduler.test_planning import no_fence
from tests.scheduler.town import ZONE, Town
from tests.scheduler.visiting import book, cancel, grant, hold, visit, wait, waiting_states

# One advisor works at the hill store, so one visit fills an hour there.
HILL, START = "HZ02", "2026-11-28T15:00"


@pytest.fixture
def full(town: Town) -> str:
    """The only place of an hour is taken; 徐铭 waits for it, then 周芸. The visit's number."""
    number = book(town, "C5", START, store=HILL)
    for code in ("C2", "C1"):
        town.later(minutes=1)
        wait(town, code, START, START, HILL)
    return number


def tend(town: Town, moment: str = "") -> None:
    """What a scheduler does within some seconds."""
    if moment:
        town.at(moment)
    waiting_offers.tend(town.shop, town.clock.now(), no_fence)
    town.plan()
    town.deliver()


def offered(town: Town, code: str) -> Appointment:
    with town.sessions() as session:
        wanted = select(Appointment).join(WaitingEntry, WaitingEntry.offered_appointment_id == Appointment.id)
        return session.scalars(wanted.where(Appointment.customer_id == town.customers[code])).one()


def test_while_it_is_full_nobody_hears_anything(town: Town, full: str) -> None:
    tend(town)
    assert town.rows(JOB) == []
    assert waiting_states(town) == {"C2": "waiting", "C1": "waiting"}


def test_the_place_is_offered_to_the_oldest_and_kept_for_half_an_hour(town: Town, full: str) -> None:
    town.at("2026-11-21T12:00").write("C2")
    cancel(town, full)
    tend(town)
    assert waiting_states(town) == {"C2": "offered", "C1": "waiting"}
    assert town.states(JOB) == {"C2": "sent"}
    assert town.said("C2") == [
        "您候补的时间有空位了：11月28日（周六）15:00，武林店。\n"
        "为您留到12:30，回复“确认”就是您的；不需要了回复“不用了”，我们让给下一位。"
    ]
    assert offered(town, "C2").hold_until == town.clock.now() + timedelta(minutes=30)


def test_without_a_window_the_template_tells_her(town: Town, full: str) -> None:
    cancel(town, full)
    tend(town)
    line = town.sandbox.last("oa", "oTwo")
    assert line["fields"][0]["value"] == "候补有位，请尽快回复“确认”"
    assert [field["value"] for field in line["fields"][1:]] == ["2026年11月28日 15:00", "武林店"]
    assert line["url"] == town.shop.links.appointment(offered(town, "C2").number)


def test_her_yes_is_kept_for_the_reminder(town: Town, full: str) -> None:
    grant(town, "C2")
    cancel(town, full)
    tend(town)
    assert town.row("C2", JOB).route == "template"
    assert town.calls("/subscribe/bizsend") == []


def test_who_says_nothing_makes_way_for_the_next(town: Town, full: str) -> None:
    cancel(town, full)
    tend(town, "2026-11-21T12:00")
    tend(town, "2026-11-21T12:29")
    assert waiting_states(town) == {"C2": "offered", "C1": "waiting"}
    tend(town, "2026-11-21T12:30")
    assert waiting_states(town) == {"C2": "over", "C1": "offered"}
    assert town.states(JOB) == {"C2": "sent", "C1": "sent"}
    tend(town, "2026-11-21T13:00")
    assert waiting_states(town) == {"C2": "over", "C1": "over"}
    assert [row.state for row in all_visits(town)] == ["cancelled", "lapsed", "lapsed"]
    assert seats(town) == 0


def test_who_says_yes_has_it_and_the_next_goes_on_waiting(town: Town, full: str) -> None:
    cancel(town, full)
    tend(town, "2026-11-21T12:00")
    with town.sessions.begin() as session:
        held = session.get_one(Appointment, offered(town, "C2").id)
        appointments.confirm(session, ZONE, held, town.clock.now())
    tend(town, "2026-11-21T12:40")
    assert waiting_states(town) == {"C2": "taken", "C1": "waiting"}
    assert offered(town, "C2").state is AppointmentState.BOOKED


def test_who_says_no_makes_way_at_once(town: Town, full: str) -> None:
    cancel(town, full)
    tend(town, "2026-11-21T12:00")
    cancel(town, offered(town, "C2").number)
    tend(town)
    assert waiting_states(town) == {"C2": "over", "C1": "offered"}


def test_an_offer_that_has_no_way_to_her_is_the_next_ones(town: Town) -> None:
    number = book(town, "C5", START, store=HILL)
    for code in ("C6", "C2"):
        wait(town, code, START, START, HILL)
    cancel(town, number)
    tend(town, "2026-11-21T12:00")
    assert town.states(JOB) == {"C6": "skipped"}
    tend(town, "2026-11-21T12:00:20")
    assert waiting_states(town) == {"C6": "over", "C2": "offered"}
    assert town.states(JOB) == {"C6": "skipped", "C2": "sent"}


def test_an_offer_that_comes_too_late_to_answer_is_not_sent(town: Town, full: str) -> None:
    cancel(town, full)
    waiting_offers.tend(town.shop, town.clock.now(), no_fence)
    town.plan()
    town.later(minutes=26).deliver()
    assert town.states(JOB) == {"C2": "skipped"}


def test_an_offer_that_she_took_on_the_page_meanwhile_is_not_sent(town: Town, full: str) -> None:
    cancel(town, full)
    waiting_offers.tend(town.shop, town.clock.now(), no_fence)
    town.plan()
    with town.sessions.begin() as session:
        held = session.get_one(Appointment, offered(town, "C2").id)
        appointments.confirm(session, ZONE, held, town.clock.now())
    town.deliver()
    assert (town.row("C2", JOB).state.value, town.row("C2", JOB).reason) == (
        "skipped",
        "the place is no longer kept for her",
    )


def test_nobody_is_woken_for_a_place(town: Town, full: str) -> None:
    cancel(town, full)
    tend(town, "2026-11-21T23:00")
    assert waiting_states(town) == {"C2": "waiting", "C1": "waiting"}
    tend(town, "2026-11-22T09:00")
    assert waiting_states(town) == {"C2": "offered", "C1": "waiting"}


def test_a_hold_of_five_minutes_that_runs_out_opens_its_place(town: Town) -> None:
    with town.sessions.begin() as session:
        number = hold(town, session, "C5", START, store=HILL).number
    wait(town, "C2", START, START, HILL)
    tend(town)
    assert waiting_states(town) == {"C2": "waiting"}
    town.later(minutes=5)
    tend(town)
    assert visit(town, number).state is AppointmentState.LAPSED
    assert waiting_states(town) == {"C2": "offered"}


def test_twice_at_once_offers_it_once(town: Town, full: str) -> None:
    cancel(town, full)
    for _ in range(3):
        tend(town)
    assert waiting_states(town) == {"C2": "offered", "C1": "waiting"}
    assert len(town.rows(JOB)) == 1


def test_killed_between_keeping_and_telling_it_is_told_next_time(town: Town, full: str) -> None:
    cancel(town, full)
    waiting_offers.tend(town.shop, town.clock.now(), no_fence)
    town.later(minutes=2)
    tend(town)
    assert town.states(JOB) == {"C2": "sent"}


def test_who_lost_the_lease_offers_nothing(town: Town, full: str) -> None:
    def fence(session: Any) -> None:
        raise Fenced("Another scheduler acts now.")

    cancel(town, full)
    with pytest.raises(Fenced):
        waiting_offers.tend(town.shop, town.clock.now(), fence)
    assert waiting_states(town) == {"C2": "waiting", "C1": "waiting"}


def test_where_nothing_is_to_do_nothing_is_written(town: Town) -> None:
    book(town, "C5", START, store=HILL)
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(town.engine, "before_cursor_execute", note)
    waiting_offers.tend(town.shop, town.clock.now(), no_fence)
    event.remove(town.engine, "before_cursor_execute", note)
    assert len(seen) <= 4
    assert [words for words in seen if not words.startswith("SELECT")] == []


def all_visits(town: Town) -> list[Appointment]:
    with town.sessions() as session:
        return list(session.scalars(select(Appointment).order_by(Appointment.id)))


def seats(town: Town) -> int:
    with town.sessions() as session:
        return len(session.scalars(select(Seat)).all())
