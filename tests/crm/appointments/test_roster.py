"""Who is there, who is not, and which times are kept free."""

from __future__ import annotations

from datetime import date, time

import pytest

from crm.errors import Invalid
from crm.models import Staff
from crm.services import appointments
from tests.crm.appointments.conftest import Desk, at, window

SATURDAY, NEXT_SATURDAY = date(2026, 11, 28), date(2026, 12, 5)


def receiving(desk: Desk, start: str = "28 15:00") -> set[str]:
    """Who could be had at that time: booked one after the other, then undone."""
    desk.lake.try_on_places = 9
    found: set[str] = set()
    with desk.session.begin_nested() as undone:
        for number in range(9):
            if not desk.offers(window(start))[0].exact:
                break
            visit = desk.hold(f"R{number}", start)
            found.add(visit.advisor.name if visit.advisor else "")
        undone.rollback()
    desk.known.clear()
    return found


def on_duty(desk: Desk, day: date = SATURDAY) -> set[str]:
    return {who.name for who in appointments.on_duty(desk.session, desk.lake, day)}


def test_everybody_in_the_shop_receives_but_headquarters_does_not(desk: Desk) -> None:
    assert receiving(desk) == on_duty(desk) == {"林悦", "吴安", "何清"}


def test_a_day_off_is_a_day_off_and_can_be_taken_back(desk: Desk) -> None:
    lin = desk.shop.lin
    appointments.absent(desk.session, lin, SATURDAY, note="看病")
    assert receiving(desk) == on_duty(desk) == {"吴安", "何清"}
    assert appointments.present(desk.session, lin, SATURDAY)
    assert not appointments.present(desk.session, lin, SATURDAY)
    assert receiving(desk) == on_duty(desk) == {"林悦", "吴安", "何清"}


@pytest.mark.parametrize(
    ("first", "last", "is_there"),
    [
        (time(14), time(15), True),
        (time(16), None, True),
        (None, time(15), True),
        (time(15, 30), time(17), False),  # leaves in the middle of the visit
        (None, time(15, 5), False),
        (time(10), None, False),
    ],
)
def test_a_part_of_a_day(desk: Desk, first: time | None, last: time | None, is_there: bool) -> None:
    appointments.absent(desk.session, desk.shop.lin, SATURDAY, first, last)
    assert ("林悦" in receiving(desk)) is is_there
    assert "林悦" in on_duty(desk)


def test_a_weekly_rest_comes_every_week_except_when_he_works_for_once(desk: Desk) -> None:
    lin = desk.shop.lin
    appointments.rests(desk.session, lin, [6, 3])
    assert appointments.weekly_rests(desk.session, lin) == [3, 6]
    assert "林悦" not in receiving(desk) | on_duty(desk) | on_duty(desk, NEXT_SATURDAY)
    assert [appointments.present(desk.session, lin, SATURDAY) for _ in range(2)] == [True, False]
    assert "林悦" in receiving(desk) & on_duty(desk)
    assert "林悦" not in on_duty(desk, NEXT_SATURDAY)
    appointments.absent(desk.session, lin, SATURDAY)
    assert "林悦" not in receiving(desk) | on_duty(desk)
    appointments.rests(desk.session, lin, [])
    assert "林悦" in on_duty(desk, NEXT_SATURDAY)


def test_two_parts_of_a_day_are_two_and_the_whole_day_is_one(desk: Desk) -> None:
    lin = desk.shop.lin
    for _ in range(2):
        appointments.absent(desk.session, lin, SATURDAY, time(10), time(12))
    appointments.absent(desk.session, lin, SATURDAY, time(18), None)
    assert len(appointments.absences(desk.session, [lin.id], SATURDAY, SATURDAY)) == 2
    appointments.absent(desk.session, lin, SATURDAY)
    (one,) = appointments.absences(desk.session, [lin.id], SATURDAY, NEXT_SATURDAY)
    assert (one.first, one.last) == (None, None)


@pytest.mark.parametrize(
    ("start", "is_free"), [("28 13:00", True), ("28 14:00", False), ("28 15:30", False), ("28 16:00", True)]
)
def test_a_blocked_time_takes_nobody_until_it_is_open_again(desk: Desk, start: str, is_free: bool) -> None:
    desk.lake.slot_minutes = desk.shop.hill.slot_minutes = 30
    made = appointments.block(
        desk.session, desk.lake, at("28 14:00"), at("28 16:00"), note="盘点", by=desk.shop.manager
    )
    assert desk.offers(window(start))[0].exact is is_free
    assert appointments.blocks_of(desk.session, desk.lake, at("28 15:00"), at("29 00:00")) == [made]
    assert desk.offers(window(start), store=desk.shop.hill)[0].exact
    appointments.unblock(desk.session, made)
    assert desk.offers(window(start))[0].exact


def test_one_advisor_may_keep_a_time_free(desk: Desk) -> None:
    appointments.block(desk.session, desk.lake, at("28 15:30"), at("28 15:45"), advisor=desk.shop.lin)
    assert receiving(desk) == {"吴安", "何清"}


def test_when_nobody_is_there_the_shop_takes_no_visits(desk: Desk) -> None:
    for who in (desk.shop.lin, desk.shop.wu, desk.shop.manager):
        appointments.absent(desk.session, who, SATURDAY)
    assert not desk.offers(window("28 10:00", "28 20:00"))[0].exact


@pytest.mark.parametrize(
    "wrong",
    [
        lambda desk: appointments.block(desk.session, desk.lake, at("28 15:00"), at("28 15:00")),
        lambda desk: appointments.absent(desk.session, desk.shop.lin, SATURDAY, time(12), time(10)),
        lambda desk: appointments.rests(desk.session, desk.shop.lin, [0]),
        lambda desk: appointments.rests(desk.session, desk.shop.lin, [8]),
    ],
)
def test_what_cannot_be_meant_is_refused(desk: Desk, wrong) -> None:
    with pytest.raises(Invalid):
        wrong(desk)


def test_who_has_left_receives_nobody(desk: Desk) -> None:
    gone: Staff = desk.shop.lin
    gone.left_at = desk.now
    desk.session.flush()
    assert "林悦" not in receiving(desk) | on_duty(desk)
