"""Holding, confirming, moving, changing, cancelling: who gets what, and who is refused why."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.models import AppointmentState, Seat
from crm.services import appointments
from crm.services.appointments import CoolingDown, Gone, PlaceTaken, TooMany, Wish
from tests.crm.appointments.conftest import ZONE, Desk, at, starts, window


def seats(desk: Desk) -> int:
    """Cells that are taken; a visit of an hour has twelve."""
    return desk.session.scalars(select(func.count()).select_from(Seat)).one()


def test_a_hold_keeps_the_place_and_a_yes_books_it(desk: Desk) -> None:
    held = desk.hold("周芸", "28 15:00", Wish("妈妈", "想看古法手镯"))
    assert (held.state, held.hold_until) == (AppointmentState.HELD, desk.now + timedelta(minutes=5))
    assert (held.for_whom, held.wishes, held.made_by, seats(desk)) == ("妈妈", "想看古法手镯", "customer", 12)
    assert re.fullmatch("[3-9A-Y]{6}", held.number)
    booked = desk.confirm(held)
    assert (booked.state, booked.booked_at, booked.hold_until) == (AppointmentState.BOOKED, desk.now, None)
    assert (desk.confirm(booked).version, seats(desk)) == (1, 12)
    assert appointments.by_number(desk.session, f" {held.number.lower()} ") is booked
    assert appointments.upcoming(desk.session, desk.known["周芸"].id, desk.now) == [booked]


def test_the_third_gets_other_times(desk: Desk) -> None:
    for code in ("A", "B"):
        desk.hold(code, "28 15:00")
    with pytest.raises(PlaceTaken) as refusal:
        desk.hold("C", "28 15:00")
    assert starts(refusal.value.offers) == ["28 14:00", "28 16:00", "28 17:00"]
    assert seats(desk) == 24


@pytest.mark.parametrize(
    ("start", "made_by", "is_taken"),
    [
        ("21 10:20", "customer", False),  # less than half an hour from now
        ("21 10:20", "staff:lin.yue", True),  # staff may: she is at the door
        ("21 09:50", "staff:lin.yue", False),
        ("28 20:30", "customer", False),  # would last beyond closing
        ("28 09:30", "customer", False),
    ],
)
def test_only_times_at_which_she_can_come(desk: Desk, start: str, made_by: str, is_taken: bool) -> None:
    if is_taken:
        assert desk.hold("A", start, made_by=made_by).made_by == made_by
    else:
        with pytest.raises(PlaceTaken):
            desk.hold("A", start, made_by=made_by)


def test_a_hold_that_ran_out_makes_room_even_before_the_sweep(desk: Desk) -> None:
    desk.lake.try_on_places = 1
    slow = desk.hold("A", "28 15:00")
    desk.later(minutes=5)
    quick = desk.hold("B", "28 15:00")
    assert (slow.state, slow.closed_by, quick.state) == (AppointmentState.LAPSED, "time", AppointmentState.HELD)
    with pytest.raises(PlaceTaken):
        desk.confirm(slow)
    desk.cancel(quick)
    assert desk.confirm(slow).state is AppointmentState.BOOKED
    assert (slow.closed_at, slow.closed_by, seats(desk)) == (None, "", 12)


def test_the_sweep_ends_holds_and_frees_their_places_once(desk: Desk) -> None:
    held, kept = desk.hold("A", "28 15:00"), desk.book("B", "28 16:00")
    assert appointments.lapse(desk.session, desk.now) == 0
    desk.later(minutes=5)
    assert [appointments.lapse(desk.session, desk.now) for _ in range(2)] == [1, 0]
    assert (held.state, kept.state, seats(desk)) == (AppointmentState.LAPSED, AppointmentState.BOOKED, 12)


def test_a_late_yes_is_a_yes_when_the_place_is_still_there(desk: Desk) -> None:
    held = desk.hold("A", "28 15:00")
    desk.later(minutes=9)
    assert desk.confirm(held).state is AppointmentState.BOOKED
    late = desk.hold("A", "21 11:00")
    desk.later(hours=2)
    with pytest.raises(Gone):
        desk.confirm(late)


def test_two_open_appointments_and_no_third_until_one_is_over(desk: Desk) -> None:
    first, second = desk.book("A", "21 11:00"), desk.hold("A", "28 15:00")
    with pytest.raises(TooMany) as refusal:
        desk.hold("A", "29 15:00")
    assert refusal.value.open == [first, second]
    with pytest.raises(TooMany):
        desk.hold("A", "29 15:00", made_by="staff:lin.yue")
    desk.later(minutes=5)  # the hold runs out
    third = desk.hold("A", "29 15:00")
    with pytest.raises(TooMany):
        desk.confirm(second)
    desk.confirm(third)
    desk.later(hours=2)  # the first visit is over
    assert desk.hold("A", "29 17:00").state is AppointmentState.HELD


@pytest.mark.parametrize(
    ("days", "by", "is_refused"),
    [
        ((0, 5, 5), "customer", True),
        ((0, 9, 6), "customer", False),  # the first is more than two weeks before the third
        ((0, 5), "customer", False),
        ((0, 5, 5), "staff:lin.yue", False),
    ],
)
def test_who_cancels_three_times_in_two_weeks_is_booked_by_an_advisor(
    desk: Desk, days: tuple[int, ...], by: str, is_refused: bool
) -> None:
    for pause in days:
        desk.later(days=pause)
        soonest, customer = desk.offers(count=1)[0], desk.customer("A")
        visit = appointments.hold(desk.session, ZONE, customer, soonest, Wish(), desk.now, made_by="staff:x")
        desk.cancel(desk.confirm(visit), by=by)

    def asks(made_by: str = "customer") -> None:
        offer = desk.offers(count=1)[0]
        appointments.hold(desk.session, ZONE, desk.customer("A"), offer, Wish(), desk.now, made_by=made_by)

    if not is_refused:
        asks()
        return
    with pytest.raises(CoolingDown) as refusal:
        asks()
    assert refusal.value.until == desk.now + timedelta(days=7)
    asks(made_by="staff:lin.yue")
    desk.later(days=7)
    asks()


def test_a_hold_given_up_does_not_count_as_cancelled(desk: Desk) -> None:
    for hour in (11, 12, 13):
        desk.cancel(desk.hold("A", f"28 {hour}:00"))
    assert desk.hold("A", "28 15:00").state is AppointmentState.HELD


def test_moving_keeps_number_and_words_and_gives_the_old_place_back(desk: Desk) -> None:
    desk.lake.try_on_places = 1
    visit = desk.book("A", "28 15:00", Wish("妈妈", "手镯"), advisor=desk.shop.lin)
    appointments.accept(desk.session, visit, desk.shop.lin, desk.now)
    number = visit.number
    desk.move(visit, "29 11:00")
    assert (visit.number, visit.starts_at, visit.for_whom) == (number, at("29 11:00"), "妈妈")
    assert (visit.state, visit.moves, visit.accepted_at, visit.version) == (AppointmentState.BOOKED, 1, None, 2)
    assert (seats(desk), starts(desk.offers(window("28 15:00")))) == (12, ["28 15:00"])


def test_who_cannot_have_the_new_place_keeps_the_old_one(desk: Desk) -> None:
    desk.lake.try_on_places = 1
    visit, other = desk.book("A", "28 15:00"), desk.book("B", "28 16:00")
    with pytest.raises(PlaceTaken) as refusal:
        desk.move(visit, "28 16:00")
    assert (visit.starts_at, visit.moves, seats(desk)) == (at("28 15:00"), 0, 24)
    assert starts(refusal.value.offers) == ["28 15:00", "28 17:00", "28 18:00"]
    assert other.starts_at == at("28 16:00")


def test_half_an_hour_later_overlaps_only_with_oneself(desk: Desk) -> None:
    desk.lake.try_on_places = 1
    visit = desk.book("A", "28 15:00", advisor=desk.shop.lin)
    desk.move(visit, "28 15:30", advisor=desk.shop.lin)
    assert (visit.starts_at, visit.advisor_id, seats(desk)) == (at("28 15:30"), desk.shop.lin.id, 12)


def test_to_another_shop_goes_to_another_advisor(desk: Desk) -> None:
    visit = desk.book("A", "28 15:00", advisor=desk.shop.lin)
    desk.move(visit, "28 15:00", store=desk.shop.hill)
    assert (visit.store, visit.advisor) == (desk.shop.hill, desk.shop.zhao)


def test_a_moved_hold_is_a_new_hold(desk: Desk) -> None:
    visit = desk.hold("A", "28 15:00")
    desk.later(minutes=4)
    desk.move(visit, "28 16:00")
    assert (visit.state, visit.hold_until) == (AppointmentState.HELD, desk.now + timedelta(minutes=5))


def test_a_change_leaves_what_it_does_not_name(desk: Desk) -> None:
    visit = desk.book("A", "28 15:00", Wish("妈妈", "手镯", piece_words=("耳钉",)))
    appointments.change(desk.session, visit, Wish(for_whom="婆婆"), desk.now)
    assert (visit.for_whom, visit.wishes, [piece.words for piece in visit.pieces]) == ("婆婆", "手镯", ["耳钉"])
    appointments.change(desk.session, visit, Wish(piece_words=("项链",)), desk.now)
    assert (visit.for_whom, [piece.words for piece in visit.pieces], visit.version) == ("婆婆", ["项链"], 3)


def test_a_cancelled_place_is_free_and_nothing_more_happens_to_it(desk: Desk) -> None:
    visit = desk.book("A", "28 15:00")
    appointments.cancel(desk.session, visit, desk.now, by="customer", reason="加班")
    assert (visit.state, visit.closed_by, visit.reason, seats(desk)) == (
        AppointmentState.CANCELLED,
        "customer",
        "加班",
        0,
    )
    for act in (
        lambda: desk.cancel(visit),
        lambda: desk.confirm(visit),
        lambda: desk.move(visit, "29 11:00"),
        lambda: appointments.change(desk.session, visit, Wish("x"), desk.now),
        lambda: appointments.accept(desk.session, visit, desk.shop.lin, desk.now),
        lambda: appointments.hand_over(desk.session, visit, desk.shop.lin, desk.now),
    ):
        with pytest.raises(Gone, match=visit.number):
            act()


def test_what_is_over_can_be_neither_moved_nor_cancelled(desk: Desk) -> None:
    visit = desk.book("A", "21 11:00")
    desk.later(hours=2)
    with pytest.raises(Gone):
        desk.cancel(visit)
    with pytest.raises(Gone):
        desk.move(visit, "28 11:00")
