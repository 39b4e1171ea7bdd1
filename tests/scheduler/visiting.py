"""Visits in the town of the scheduler's tests: booked, moved, cancelled, waited for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.actors import Actor
from crm.models import Appointment, Customer, Store, WaitingEntry
from crm.services import appointments, subscriptions
from crm.services.appointments import Offer, Window, Wish
from tests.scheduler.town import OA, PEOPLE, ZONE, Town, shop_time

DAY_BEFORE, TWO_HOURS = "appointment_day_before", "appointment_two_hours"
HOUR = timedelta(hours=1)
PROGRAM = Actor.program("test")
SUBSCRIPTION = "SUB_APPOINTMENT_REMINDER"


def book(town: Town, code: str, start: str, *, store: str = "HZ01", pieces: tuple[str, ...] = ("古法手镯",)) -> str:
    """A visit of an hour, chosen at this moment; its number."""
    with town.sessions.begin() as session:
        made = hold(town, session, code, start, store=store, pieces=pieces)
        return appointments.confirm(session, ZONE, made, town.clock.now()).number


def hold(
    town: Town, session: Session, code: str, start: str, *, store: str = "HZ01", pieces: tuple[str, ...] = ()
) -> Appointment:
    customer = session.get_one(Customer, town.customers[code])
    where = session.scalars(select(Store).where(Store.code == store)).one()
    return appointments.hold(
        session, ZONE, customer, at(start, where, customer), Wish(piece_words=pieces), town.clock.now()
    )


def at(start: str, store: Store, customer: Customer) -> Offer:
    begins = shop_time(start)
    return Offer(store.id, begins, begins + HOUR, customer.advisor_id, exact=True)


def change(town: Town, number: str, how: Callable[[Session, Appointment], Any]) -> None:
    """Something happens to a visit."""
    with town.sessions.begin() as session:
        found = appointments.by_number(session, number)
        assert found is not None
        how(session, found)


def move(town: Town, number: str, start: str) -> None:
    def moved(session: Session, visit: Appointment) -> None:
        offer = at(start, visit.store, visit.customer)
        appointments.move(session, ZONE, visit, offer, town.clock.now(), by="customer")

    change(town, number, moved)


def cancel(town: Town, number: str) -> None:
    change(town, number, lambda session, visit: appointments.cancel(session, visit, town.clock.now(), by="customer"))


def visit(town: Town, number: str) -> Appointment:
    with town.sessions() as session:
        found = appointments.by_number(session, number)
        assert found is not None
        return found


def wait(town: Town, code: str, first: str, last: str, store: str = "HZ01") -> int:
    """She wants a place between these times."""
    with town.sessions.begin() as session:
        customer = session.get_one(Customer, town.customers[code])
        where = session.scalars(select(Store).where(Store.code == store)).one()
        window = Window(shop_time(first), shop_time(last))
        return appointments.wait_for(session, customer, where, window, Wish(), town.clock.now()).id


def waiting_states(town: Town) -> dict[str, str]:
    codes = {customer_id: code for code, customer_id in town.customers.items()}
    with town.sessions() as session:
        return {codes[row.customer_id]: row.state.value for row in session.scalars(select(WaitingEntry))}


def grant(town: Town, code: str, times: int = 1) -> None:
    """She says yes on the appointment page: here and at the platform."""
    openid = PEOPLE[code][1]
    for _ in range(times):
        town.sandbox.act("oa", openid, "grant", answer="accept")
        with town.sessions.begin() as session:
            subscriptions.grant(session, OA, openid, SUBSCRIPTION, town.clock.now())


def arrive(town: Town, number: str) -> None:
    change(town, number, lambda session, visit: appointments.arrived(session, visit, PROGRAM, town.clock.now()))
