"""Visits as staff look for them: by number or customer, in a time, and who could take one over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from crm.actors import Actor
from crm.models import Appointment, AppointmentPiece, AppointmentState, Staff
from crm.services import appointments, blind, customers
from crm.services.appointments.book import Book, Slot

STANDING = (AppointmentState.BOOKED, AppointmentState.ARRIVED)


def by_number(session: Session, actor: Actor, number: str) -> Appointment | None:
    """None for one that is not there and for one that the actor may not see."""
    found = _found(session, appointments.visible(actor), Appointment.number == number.strip().upper())
    return found[0] if found else None


def search(session: Session, actor: Actor, words: str, since: datetime) -> Sequence[Appointment]:
    """The visit of that number, whatever became of it; else the standing ones since then of the customers so named."""
    numbered = by_number(session, actor, words)
    if numbered is not None:
        return [numbered]
    ids = [one.id for one in customers.find(session, actor, words)]
    standing = (Appointment.state.in_(STANDING), Appointment.starts_at >= since)
    seen = _found(session, appointments.visible(actor), Appointment.customer_id.in_(ids), *standing) if ids else []
    return seen or _received(session, actor, words, *standing)


def _received(session: Session, actor: Actor, words: str, *standing: ColumnElement[bool]) -> Sequence[Appointment]:
    """A colleague's customer whom he receives: her name stands on his card, so he may use it for this visit."""
    mine = _found(session, Appointment.advisor_id == actor.staff_id, *standing) if actor.staff_id else []
    words = words.strip()
    return [one for one in mine if one.customer.code == words.upper() or blind.is_found_by(one.customer.name, words)]


def booked_between(
    session: Session, first: datetime, last: datetime, *, store_id: int | None = None, staff_id: int | None = None
) -> Sequence[Appointment]:
    """Booked visits that overlap this time, of one shop or of one advisor: for whoever makes the roster."""
    wanted = [Appointment.state == AppointmentState.BOOKED, Appointment.starts_at < last, Appointment.ends_at > first]
    if store_id is not None:
        wanted.append(Appointment.store_id == store_id)
    if staff_id is not None:
        wanted.append(Appointment.advisor_id == staff_id)
    return _found(session, *wanted)


def free_then(session: Session, zone: ZoneInfo, appointment: Appointment, now: datetime) -> list[Staff]:
    """Who else is on duty in that shop and has nothing at that time, whoever has the least to do first."""
    starts_at, store = appointment.starts_at, appointment.store
    book = Book.open(session, zone, store, starts_at, starts_at, now, without=appointment.id)
    free = book.advisors(Slot(starts_at, appointment.ends_at))
    return [one for one in free if one.id != appointment.advisor_id]


def _found(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Appointment]:
    return session.scalars(
        select(Appointment)
        .join(Appointment.customer)
        .where(*conditions)
        .options(
            joinedload(Appointment.customer),
            joinedload(Appointment.store),
            joinedload(Appointment.advisor),
            selectinload(Appointment.pieces).joinedload(AppointmentPiece.style),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()
