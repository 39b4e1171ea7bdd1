"""Which times are offered: open, free, in time, with somebody to receive her, near what she wanted."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine, event

from crm.models import OpeningDay, Staff
from crm.services import appointments
from crm.services.appointments import Window
from tests.crm.appointments.conftest import ZONE, Desk, at, starts, window


@pytest.mark.parametrize(
    ("first", "last", "offered"),
    [
        ("28 15:00", "28 15:00", ["28 15:00"]),
        ("28 13:00", "28 17:30", ["28 13:00", "28 14:00", "28 16:00"]),
        ("28 00:00", "28 23:59", ["28 10:00", "28 13:00", "28 17:00"]),
        ("28 20:00", "28 23:00", ["28 20:00"]),
        ("27 00:00", "29 23:59", ["27 10:00", "28 10:00", "29 10:00"]),
    ],
)
def test_free_times_inside_the_window_are_spread_over_it(desk: Desk, first: str, last: str, offered: list[str]) -> None:
    made = desk.offers(window(first, last))
    assert starts(made) == offered
    assert all(offer.exact and offer.ends_at - offer.starts_at == timedelta(hours=1) for offer in made)


@pytest.mark.parametrize(
    ("first", "last", "offered"),
    [
        ("28 15:10", "28 15:10", ["28 14:00", "28 15:00", "28 16:00"]),  # no visit begins at ten past
        ("28 21:30", "28 23:00", ["28 18:00", "28 19:00", "28 20:00"]),  # after closing
        ("28 07:00", "28 08:00", ["28 10:00", "28 11:00", "28 12:00"]),
        ("21 07:00", "21 09:00", ["21 11:00", "21 12:00", "21 13:00"]),  # over: the soonest from now
    ],
)
def test_where_nothing_begins_the_nearest_are_offered(desk: Desk, first: str, last: str, offered: list[str]) -> None:
    made = desk.offers(window(first, last))
    assert starts(made) == offered
    assert not any(offer.exact for offer in made)


def test_a_full_time_gives_way_to_its_neighbours(desk: Desk) -> None:
    for code in ("A", "B"):
        desk.book(code, "28 15:00")
    assert starts(desk.offers(window("28 15:00"))) == ["28 14:00", "28 16:00", "28 17:00"]
    assert appointments.why_none(desk.session, ZONE, desk.lake, window("28 15:00"), desk.now) == "full"


def test_several_windows_give_in_turn(desk: Desk) -> None:
    made = desk.offers(window("27 18:00", "27 20:00"), window("28 14:00", "28 16:00"))
    assert starts(made) == ["27 18:00", "27 19:00", "28 14:00"]


def test_without_a_window_the_soonest(desk: Desk) -> None:
    assert starts(desk.offers()) == ["21 11:00", "21 12:00", "21 13:00"]


@pytest.mark.parametrize(("minutes", "first"), [(0, "21 11:00"), (30, "21 11:00"), (31, "21 12:00")])
def test_nothing_begins_within_half_an_hour(desk: Desk, minutes: int, first: str) -> None:
    desk.later(minutes=minutes)
    assert starts(desk.offers())[0] == first


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("28 14:00", "28 16:00", ""),
        ("28 15:10", "28 15:10", ""),  # open, only nothing begins at that minute
        ("28 21:30", "28 23:00", "closed"),
        ("28 20:30", "28 20:40", "closed"),  # too late for a whole visit
        ("20 14:00", "20 16:00", "past"),
        ("21 10:00", "21 10:20", "past"),
    ],
)
def test_why_there_is_nothing(desk: Desk, first: str, last: str, why: str) -> None:
    assert appointments.why_none(desk.session, ZONE, desk.lake, window(first, last), desk.now) == why


def test_sixty_days_ahead_and_no_further(desk: Desk) -> None:
    far = Window(desk.now + timedelta(days=60, minutes=1), desk.now + timedelta(days=61))
    assert appointments.why_none(desk.session, ZONE, desk.lake, far, desk.now) == "too_far"
    made = desk.offers(far)
    assert not any(offer.exact for offer in made)
    assert max(offer.starts_at for offer in made) <= desk.now + timedelta(days=60)


def test_the_last_day_within_reach_is_too_far_where_only_later_times_are_left(desk: Desk) -> None:
    limit = desk.now + timedelta(days=60)  # ten in the morning, when the shop opens
    whole, later = Window(limit, limit + timedelta(hours=9)), Window(limit + timedelta(hours=-1), limit)
    assert appointments.why_none(desk.session, ZONE, desk.lake, whole, desk.now) == ""
    desk.later(minutes=-1)
    assert appointments.why_none(desk.session, ZONE, desk.lake, later, desk.now) == "too_far"


@pytest.mark.parametrize(("minutes", "latest"), [(60, "20:00"), (90, "19:30"), (30, "20:30")])
def test_the_last_visit_ends_when_the_shop_closes(desk: Desk, minutes: int, latest: str) -> None:
    desk.lake.slot_minutes = minutes
    starts = appointments.starts_between(desk.session, ZONE, desk.lake, date(2026, 11, 28))
    assert starts is not None
    assert [f"{moment.astimezone(ZONE):%H:%M}" for moment in starts] == ["10:00", latest]


def test_the_only_free_time_is_found_however_far_away(desk: Desk) -> None:
    appointments.block(desk.session, desk.lake, desk.now, at("28 00:00") + timedelta(days=25, hours=19, minutes=30))
    assert desk.offers(window("28 15:00"))[0].starts_at == at("28 20:00") + timedelta(days=25)
    appointments.block(desk.session, desk.lake, desk.now, desk.now + timedelta(days=61))
    assert desk.offers(window("28 15:00")) == []


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 11, 28), ("10:00", "21:00")),
        (date(2026, 11, 30), None),  # a Monday, closed every week
        (date(2026, 12, 7), ("12:00", "18:00")),  # a Monday that is open for once
        (date(2026, 12, 8), None),
        (date(2026, 12, 9), ("10:00", "18:00")),  # closes early, opens as ever
    ],
)
def test_hours_are_the_days_own_else_the_weekdays(desk: Desk, day: date, hours: tuple[str, str] | None) -> None:
    desk.lake.closed_weekdays = "1"
    own = [
        OpeningDay(store_id=desk.lake.id, day=date(2026, 12, 7), opens=time(12), closes=time(18)),
        OpeningDay(store_id=desk.lake.id, day=date(2026, 12, 8), closed=True, note="盘点"),
        OpeningDay(store_id=desk.lake.id, day=date(2026, 12, 9), closes=time(18)),
    ]
    desk.session.add_all(own)
    desk.session.flush()
    found = appointments.hours_of(desk.session, desk.lake, day)
    assert (found and tuple(moment.strftime("%H:%M") for moment in found)) == hours
    begin = datetime.combine(day, time.min, ZONE)
    made = desk.offers(Window(begin, begin + timedelta(hours=23)))
    assert any(offer.exact for offer in made) == (hours is not None)
    if hours is not None:
        assert made[0].starts_at.astimezone(ZONE).strftime("%H:%M") == hours[0]


@pytest.mark.parametrize(
    ("opens", "closes", "minutes", "times"),
    [
        (time(10), time(12), 30, ["28 10:00", "28 10:30", "28 11:00", "28 11:30"]),
        (time(10), time(12), 45, ["28 10:00", "28 10:45"]),
        (time(10), time(12), 7, ["28 10:00", "28 10:10", "28 10:20", "28 10:30"]),  # rounded up to cells of five
        (time(10, 3), time(12), 60, ["28 10:05"]),
        (time(22), time(0), 60, ["28 22:00", "28 23:00"]),
    ],
)
def test_slots_follow_the_shops_own_grid(desk: Desk, opens: time, closes: time, minutes: int, times: list[str]) -> None:
    desk.lake.opens, desk.lake.closes, desk.lake.slot_minutes = opens, closes, minutes
    desk.session.flush()
    made = desk.offers(window("28 00:00", "28 23:59"), count=99)
    assert starts(made)[:4] == times


def test_her_own_advisor_first_then_whoever_has_the_least_to_do_the_manager_last(desk: Desk) -> None:
    desk.lake.try_on_places = 9
    shop = desk.shop

    def offered(advisor: Staff | None) -> int | None:
        return desk.offers(window("28 15:00"), advisor_id=advisor.id if advisor else None)[0].advisor_id

    desk.book("A", "28 11:00", advisor=shop.lin)
    assert (offered(shop.lin), offered(None), offered(shop.zhao)) == (shop.lin.id, shop.wu.id, shop.wu.id)
    desk.book("B", "28 15:00", advisor=shop.lin)
    assert offered(shop.lin) == shop.wu.id
    desk.book("C", "28 15:00")
    assert offered(shop.lin) == shop.manager.id


def test_times_with_her_own_advisor_come_before_others(desk: Desk) -> None:
    for code, start in (("A", "28 13:00"), ("B", "28 14:00")):
        desk.book(code, start, advisor=desk.shop.lin)
    made = desk.offers(window("28 13:00", "28 16:00"), advisor_id=desk.shop.lin.id, count=2)
    assert starts(made) == ["28 15:00", "28 16:00"]


def test_places_without_people_are_no_places_unless_nobody_is_on_the_list(desk: Desk) -> None:
    desk.lake.try_on_places = 9
    for code in ("A", "B", "C"):
        desk.book(code, "28 15:00")
    assert not desk.offers(window("28 15:00"))[0].exact
    for who in (desk.shop.lin, desk.shop.wu, desk.shop.manager):
        who.left_at = desk.now
    desk.session.flush()
    assert desk.offers(window("28 15:00"))[0].exact


def test_a_place_is_kept_by_number_when_a_shop_has_fewer_than_before(desk: Desk) -> None:
    desk.lake.try_on_places = 3
    for code in ("A", "B", "C"):
        desk.book(code, "28 15:00")
    desk.lake.try_on_places = 2
    desk.cancel(appointments.upcoming(desk.session, desk.known["A"].id, desk.now)[0])
    assert not desk.offers(window("28 15:00"))[0].exact
    desk.cancel(appointments.upcoming(desk.session, desk.known["B"].id, desk.now)[0])
    assert desk.offers(window("28 15:00"))[0].exact


def test_a_shop_that_lengthens_its_visits_does_not_run_into_what_is_booked(desk: Desk) -> None:
    desk.lake.try_on_places = 1
    desk.book("A", "28 15:30", minutes=30)
    desk.lake.slot_minutes = 90
    assert starts(desk.offers(window("28 13:00", "28 17:00"))) == ["28 13:00", "28 16:00"]


@pytest.mark.parametrize("days", [1, 30])
def test_the_queries_do_not_grow_with_the_days(desk: Desk, engine: Engine, days: int) -> None:
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    desk.offers(Window(at("28 00:00"), at("28 00:00") + timedelta(days=days)))
    assert len(asked) == 6
