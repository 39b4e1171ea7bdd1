"""Many customers at the same moment: as many get a place as there are, the others get other times, nobody an error."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from crm import db
from crm.models import Appointment, AppointmentPiece, AppointmentState, Customer, Piece, Seat, Store, Style, WishState
from crm.services import appointments
from crm.services.appointments import Offer, PlaceTaken, TooMany, Wish
from tests.crm.appointments.conftest import ZONE, at
from tests.crm.builders import NOW, Shop, a_customer, a_shop

PEOPLE = 40
START = at("28 15:00")


def a_town(sessions: db.Sessions, places: int) -> tuple[Shop, list[int]]:
    with sessions.begin() as session:
        shop = a_shop(session)
        shop.lake.try_on_places = places
        return shop, [a_customer(session, f"C{number:03}").id for number in range(PEOPLE)]


def all_at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each returned or raised; they start together."""
    begin, found = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        begin.wait()
        try:
            found.append(act())
        except Exception as error:  # boundary: whatever came of it is what the test is about
            found.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def books(
    sessions: db.Sessions, customer_id: int, store: Store, start: Any = START, wish: Wish | None = None
) -> Callable[[], str]:
    def act() -> str:
        with sessions.begin() as session:
            customer = session.get_one(Customer, customer_id)
            offer = Offer(store.id, start, start + timedelta(hours=1), None, exact=True)
            held = appointments.hold(session, ZONE, customer, offer, wish or Wish(), NOW)
            return appointments.confirm(session, ZONE, held, NOW).number

    return act


def kinds(found: list[Any]) -> Counter[str]:
    return Counter(type(one).__name__ for one in found)


@pytest.mark.parametrize(("places", "winners"), [(1, 1), (2, 2), (5, 3)])
def test_as_many_get_the_time_as_there_are_places_and_people_to_receive_them(
    sessions: db.Sessions, places: int, winners: int
) -> None:
    shop, people = a_town(sessions, places)
    found = all_at_once([books(sessions, customer, shop.lake) for customer in people])
    assert kinds(found) == {"str": winners, "PlaceTaken": PEOPLE - winners}
    refused = [one for one in found if isinstance(one, PlaceTaken)]
    assert all(len(one.offers) == 3 and START not in [offer.starts_at for offer in one.offers] for one in refused)
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(Seat)) == winners * 12
        assert len(session.scalars(select(Appointment)).all()) == winners


def test_overlapping_times_are_one_place_too(sessions: db.Sessions) -> None:
    shop, people = a_town(sessions, 1)
    times = [START + timedelta(minutes=minutes) for minutes in (0, 15, 30, 45)]
    found = all_at_once(
        [books(sessions, customer, shop.lake, times[number % 4]) for number, customer in enumerate(people)]
    )
    assert kinds(found) == {"str": 1, "PlaceTaken": PEOPLE - 1}


def test_one_customer_on_many_screens_has_two_appointments_in_the_end(sessions: db.Sessions) -> None:
    shop, people = a_town(sessions, 1)
    times = [START + timedelta(hours=hours) for hours in range(-4, 4)]
    found = all_at_once([books(sessions, people[0], shop.lake, start) for start in times])
    assert kinds(found) == {"str": 2, "TooMany": 6}
    assert all(len(one.open) == 2 for one in found if isinstance(one, TooMany))


def test_of_two_pieces_each_is_set_aside_for_one_visitor(sessions: db.Sessions) -> None:
    shop, people = a_town(sessions, 1)
    with sessions.begin() as session:
        style = Style(style_no="G1", name="古法手镯")
        session.add(style)
        session.flush()
        session.add_all(Piece(barcode=f"B{number}", style_id=style.id, store_id=shop.lake.id) for number in range(2))
        wish = Wish(style_ids=(style.id,))
    times = [START + timedelta(hours=hours) for hours in range(-5, 3)]
    found = all_at_once(
        [books(sessions, customer, shop.lake, start, wish) for customer, start in zip(people, times, strict=False)]
    )
    assert kinds(found) == {"str": 8}
    with sessions() as session:
        states = Counter(session.scalars(select(AppointmentPiece.state)))
        assert states == {WishState.RESERVED: 2, WishState.WISHED: 6}


def test_a_place_given_up_by_a_lapsed_hold_is_had_once(sessions: db.Sessions) -> None:
    shop, people = a_town(sessions, 1)
    with sessions.begin() as session:
        slow = session.get_one(Customer, people[0])
        offer = Offer(shop.lake.id, START, START + timedelta(hours=1), None, exact=True)
        held = appointments.hold(session, ZONE, slow, offer, Wish(), NOW - timedelta(minutes=6)).id

    def wakes_up() -> str:
        with sessions.begin() as session:
            mine = session.get_one(Appointment, held)
            return appointments.confirm(session, ZONE, mine, NOW).number

    found = all_at_once([*(books(sessions, customer, shop.lake) for customer in people[1:20]), wakes_up])
    assert kinds(found) == {"str": 1, "PlaceTaken": 19}
    with sessions() as session:
        booked = Appointment.state == AppointmentState.BOOKED
        assert session.scalar(select(func.count()).select_from(Appointment).where(booked)) == 1


def test_a_cancelled_place_goes_to_one_of_those_who_want_it(sessions: db.Sessions) -> None:
    shop, people = a_town(sessions, 1)
    books(sessions, people[0], shop.lake)()

    def cancels() -> str:
        with sessions.begin() as session:
            mine = session.scalars(select(Appointment)).one()
            appointments.cancel(session, mine, NOW, by="customer")
            return "cancelled"

    found = all_at_once([*(books(sessions, customer, shop.lake) for customer in people[1:20]), cancels])
    assert kinds(found)["str"] in (1, 2)
    assert kinds(found)["str"] + kinds(found)["PlaceTaken"] == 20
