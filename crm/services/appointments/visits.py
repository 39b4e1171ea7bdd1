"""The visit itself: accepted, handed to a colleague, arrived, missed, and what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from crm.actors import Actor
from crm.models import Appointment, AppointmentState, Outcome, Staff
from crm.services.appointments import pieces, seats
from crm.services.appointments.errors import Gone, PlaceTaken, TooEarly
from crm.services.appointments.locks import lock_visit

CLOSED = (AppointmentState.CANCELLED, AppointmentState.LAPSED, AppointmentState.HELD)


def accept(session: Session, appointment: Appointment, staff: Staff, now: datetime) -> bool:
    """He receives her; False when he had said so already. Raises Gone, and PlaceTaken when he is busy then."""
    lock_visit(session, appointment)
    if appointment.state is not AppointmentState.BOOKED:
        raise Gone(appointment.number)
    if appointment.accepted_at is not None and appointment.advisor_id == staff.id:
        return False
    _give_to(session, appointment, staff)
    appointment.accepted_at = now
    session.flush()
    return True


def hand_over(session: Session, appointment: Appointment, staff: Staff, now: datetime) -> bool:
    """A colleague receives her, who has not said yes yet; False when it is his already. Raises PlaceTaken, Gone."""
    lock_visit(session, appointment)
    if appointment.state is not AppointmentState.BOOKED or appointment.ends_at <= now:
        raise Gone(appointment.number)
    if appointment.advisor_id == staff.id:
        return False
    _give_to(session, appointment, staff)
    appointment.accepted_at = None
    session.flush()
    return True


def arrived(session: Session, appointment: Appointment, actor: Actor, now: datetime) -> bool:
    """She is here, even where somebody had given her up; False when that was known. Raises Gone."""
    lock_visit(session, appointment)
    if appointment.state in CLOSED:
        raise Gone(appointment.number)
    if appointment.state in (AppointmentState.ARRIVED, AppointmentState.DONE):
        return False
    appointment.state, appointment.closed_at, appointment.closed_by = AppointmentState.ARRIVED, None, ""
    session.flush()
    return True


def no_show(session: Session, appointment: Appointment, actor: Actor, now: datetime) -> bool:
    """She did not come: the pieces go back. False when that was known. Raises Gone when she came, TooEarly."""
    lock_visit(session, appointment)
    if appointment.state is AppointmentState.NO_SHOW:
        return False
    if appointment.state is not AppointmentState.BOOKED:
        raise Gone(appointment.number)
    if now < appointment.starts_at:
        raise TooEarly(appointment.number)
    _close(session, appointment, AppointmentState.NO_SHOW, actor, now)
    pieces.release(session, [appointment.id], now)
    return True


def note_outcome(
    session: Session, appointment: Appointment, actor: Actor, outcome: Outcome, note: str, now: datetime
) -> bool:
    """What came of it; a later word replaces an earlier one. False when nothing changed. Raises Gone.

    After a sale the pieces stay set aside until the till has reported it.
    """
    lock_visit(session, appointment)
    if appointment.state in CLOSED:
        raise Gone(appointment.number)
    if (appointment.state, appointment.outcome, appointment.outcome_note) == (AppointmentState.DONE, outcome, note):
        return False
    appointment.outcome, appointment.outcome_note = outcome, note
    _close(session, appointment, AppointmentState.DONE, actor, now)
    if outcome is not Outcome.BOUGHT:
        pieces.release(session, [appointment.id], now)
    return True


def _close(session: Session, appointment: Appointment, state: AppointmentState, actor: Actor, now: datetime) -> None:
    appointment.state, appointment.closed_at, appointment.closed_by = state, now, f"staff:{actor.name}"
    session.flush()
    seats.free(session, [appointment.id])


def _give_to(session: Session, appointment: Appointment, staff: Staff) -> None:
    if appointment.advisor_id != staff.id and not seats.give_to(session, appointment, staff.id):
        raise PlaceTaken
    session.flush()
    session.refresh(appointment, ["advisor"])
