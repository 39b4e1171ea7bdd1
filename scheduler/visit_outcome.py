"""Job visit_outcome: after a visit whoever received her gets one card that asks how it went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, String, cast, exists, func, literal, select
from sqlalchemy.orm import Session, joinedload

from bot.messages import Card
from crm import db
from crm.models import Appointment, AppointmentState, Delivery, Staff
from crm.services.claims import Claimed
from scheduler.bodies import ServiceBody, service_body
from scheduler.planning import PEOPLE_PER_BATCH, Due, Own, StaffPush
from scheduler.shop import Shop
from scheduler.visits import STILL_OPEN, whole

JOB = "visit_outcome"
# She has said goodbye, and he has not yet turned to the next one.
AFTER = timedelta(minutes=10)
# Later he does not remember.
USEFUL_FOR = timedelta(days=3)
# Longer than any visit: one that has just ended did not begin earlier.
LONGEST_VISIT = timedelta(days=1)
# Whose outcome nobody has noted.
OPEN = (AppointmentState.BOOKED, AppointmentState.ARRIVED)
# The beginning of the cards' task ids; then the visit's number and who is asked.
TASK = "visit-done-"

NOTED = "it is noted already how the visit went"


def cards(shop: Shop, due: Due) -> Iterator[Sequence[StaffPush]]:
    """One card per visit that is over, to each who is to be asked."""
    now = due.moment
    last: int | None = 0
    while last is not None:
        with db.reading(shop.engine) as session:
            found = session.scalars(_ended(now, last)).all()
            pushes = [push for appointment in found for push in _asked(shop, session, appointment)]
            pushes = _new(session, pushes)
        yield pushes
        last = found[-1].id if len(found) == PEOPLE_PER_BATCH else None


def still_due(session: Session, shop: Shop, row: Claimed, now: datetime) -> str | ServiceBody:
    """As planned, unless somebody has noted it meanwhile."""
    number = row.key.partition(TASK)[2].partition("-")[0]
    state = session.scalar(select(Appointment.state).where(Appointment.number == number))
    return service_body(row.body) if state in OPEN else NOTED


def _ended(now: datetime, after: int) -> Select[Appointment]:
    """Visits that nobody has noted anything of and whose advisor has not been asked."""
    over = (
        Appointment.starts_at > now - USEFUL_FOR - LONGEST_VISIT,
        Appointment.ends_at > now - USEFUL_FOR,
        Appointment.ends_at <= now - AFTER,
    )
    key = literal(f"card:{TASK}") + Appointment.number + "-" + cast(func.coalesce(Appointment.advisor_id, 0), String)
    unasked = ~exists().where(Delivery.key == key)
    ended = whole().options(joinedload(Appointment.customer)).where(STILL_OPEN, *over, unasked)
    return ended.where(Appointment.id > after).order_by(Appointment.id).limit(PEOPLE_PER_BATCH)


def _asked(shop: Shop, session: Session, appointment: Appointment) -> list[StaffPush]:
    moment = appointment.ends_at + AFTER
    due = Due(JOB, shop.hours.day_of(moment), moment, moment + USEFUL_FOR)
    asked: Sequence[tuple[Staff, Card]] = shop.outcome_cards(session, appointment)
    return [StaffPush(who.id, who.userid, card, Own(f"card:{card.task_id}", due)) for who, card in asked]


def _new(session: Session, pushes: Sequence[StaffPush]) -> list[StaffPush]:
    """Without those that are planned: a visit without an advisor of its own is asked of several."""
    keys = [push.own.key for push in pushes]
    known = set(session.scalars(select(Delivery.key).where(Delivery.key.in_(keys)))) if keys else set()
    return [push for push in pushes if push.own.key not in known]
