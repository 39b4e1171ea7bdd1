"""The waiting list: the oldest first, one place for one customer, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.models import AppointmentState, Style, WaitingEntry, WaitingState
from crm.services import appointments
from crm.services.appointments import CoolingDown, Wish
from tests.crm.appointments.conftest import ZONE, Desk, at, window

AFTERNOON = window("28 14:00", "28 16:00")


def waits(desk: Desk, code: str, wish: Wish = Wish("妈妈", "手镯")) -> WaitingEntry:  # noqa: B008 - it is frozen
    return appointments.wait_for(desk.session, desk.customer(code), desk.lake, AFTERNOON, wish, desk.now)


def offered(desk: Desk) -> list[str]:
    return [entry.customer.code for entry in appointments.offer_places(desk.session, ZONE, desk.now)]


@pytest.fixture
def full(desk: Desk) -> Desk:
    """A Saturday afternoon on which every place is taken."""
    desk.lake.try_on_places = 1
    for code, hour in (("A", 14), ("B", 15), ("C", 16)):
        desk.book(code, f"28 {hour}:00")
    return desk


def test_nobody_is_offered_anything_while_it_is_full(full: Desk) -> None:
    waits(full, "W")
    assert offered(full) == []


def test_the_place_that_opens_is_held_half_an_hour_for_who_waited_longest(full: Desk) -> None:
    style = Style(style_no="G1", name="手镯")
    full.session.add(style)
    full.session.flush()
    first = waits(full, "W", Wish("妈妈", "看手镯", (style.id,), ("耳钉",)))
    waits(full, "X")
    full.cancel(appointments.upcoming(full.session, full.known["B"].id, full.now)[0])
    assert offered(full) == ["W"]
    assert offered(full) == []
    held = first.offered_appointment
    assert held is not None
    assert (held.starts_at, held.state, held.made_by) == (at("28 15:00"), AppointmentState.HELD, "waiting_list")
    assert (held.hold_until, held.for_whom, held.wishes) == (full.now + timedelta(minutes=30), "妈妈", "看手镯")
    assert [(piece.style_id, piece.words) for piece in held.pieces] == [(style.id, ""), (None, "耳钉")]


def test_a_yes_takes_it_and_ends_the_waiting(full: Desk) -> None:
    entry = waits(full, "W")
    full.cancel(appointments.upcoming(full.session, full.known["B"].id, full.now)[0])
    offered(full)
    assert entry.offered_appointment is not None
    full.confirm(entry.offered_appointment)
    assert (entry.state, entry.closed_at) == (WaitingState.TAKEN, full.now)


def test_who_does_not_answer_loses_it_to_the_next(full: Desk) -> None:
    first, second = waits(full, "W"), waits(full, "X")
    full.cancel(appointments.upcoming(full.session, full.known["B"].id, full.now)[0])
    offered(full)
    full.later(minutes=30)
    assert appointments.lapse(full.session, full.now) == 1
    assert (first.state, second.state) == (WaitingState.OVER, WaitingState.WAITING)
    assert offered(full) == ["X"]


def test_a_no_ends_it_and_frees_the_place_for_the_next(full: Desk) -> None:
    first = waits(full, "W")
    waits(full, "X")
    full.cancel(appointments.upcoming(full.session, full.known["B"].id, full.now)[0])
    offered(full)
    assert first.offered_appointment is not None
    full.cancel(first.offered_appointment)
    assert (first.state, offered(full)) == (WaitingState.OVER, ["X"])


def test_two_places_go_to_two(full: Desk) -> None:
    for code in ("W", "X", "Y"):
        waits(full, code)
    for code in ("A", "C"):
        full.cancel(appointments.upcoming(full.session, full.known[code].id, full.now)[0])
    assert offered(full) == ["W", "X"]


def test_who_has_two_appointments_already_is_passed_over(full: Desk) -> None:
    for day in (29, 30):
        full.book("W", f"{day} 11:00")
    waits(full, "W")
    waits(full, "X")
    full.cancel(appointments.upcoming(full.session, full.known["B"].id, full.now)[0])
    assert offered(full) == ["X"]


def test_waiting_twice_for_the_same_afternoon_is_waiting_once(full: Desk) -> None:
    assert waits(full, "W").id == waits(full, "W", Wish("自己")).id
    (entry,) = appointments.waiting_of(full.session, full.known["W"].id)
    assert (entry.for_whom, entry.store) == ("自己", full.lake)


def test_a_booking_in_that_time_ends_the_waiting_too(full: Desk) -> None:
    entry = waits(full, "W")
    full.cancel(appointments.upcoming(full.session, full.known["B"].id, full.now)[0])
    full.book("W", "28 15:00")
    assert entry.state is WaitingState.TAKEN


def test_she_may_give_up_waiting_and_time_ends_it(full: Desk) -> None:
    entry, other = waits(full, "W"), waits(full, "X")
    assert [appointments.stop_waiting(full.session, full.known["W"], full.now) for _ in range(2)] == [1, 0]
    full.now = at("28 16:01")
    appointments.lapse(full.session, full.now)
    assert (entry.state, other.state) == (WaitingState.OVER, WaitingState.OVER)
    assert appointments.waiting_of(full.session, full.known["X"].id) == []


def test_who_cancels_too_often_does_not_wait_either(desk: Desk) -> None:
    for hour in (11, 12, 13):
        desk.cancel(desk.book("W", f"28 {hour}:00"))
    with pytest.raises(CoolingDown):
        waits(desk, "W")


def test_nothing_is_offered_for_a_time_that_begins_too_soon(full: Desk) -> None:
    waits(full, "W")
    full.cancel(appointments.upcoming(full.session, full.known["C"].id, full.now)[0])
    full.now = at("28 15:31")
    assert offered(full) == []
    assert full.session.scalars(select(WaitingEntry.state)).all() == [WaitingState.WAITING]
