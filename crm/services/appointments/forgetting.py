"""What is left of a customer's appointments when she is erased: that a place was taken, not by whom or why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm.models import Appointment, AppointmentPiece, AppointmentState, Task, WaitingEntry, WaitingState
from crm.services.appointments import pieces, seats
from crm.services.appointments.served import OPEN

STILL_OPEN = (AppointmentState.HELD, AppointmentState.BOOKED)


def numbers_of(session: Session, customer_id: int) -> list[str]:
    """By which staff may have spoken of her visits."""
    return list(session.scalars(select(Appointment.number).where(Appointment.customer_id == customer_id)))


def forget(session: Session, customer_id: int, now: datetime, *, by: str) -> None:
    """Her open visits end, their places and pieces are free; her words and those about her are emptied."""
    session.flush()
    hers = Appointment.customer_id == customer_id
    ids = list(session.scalars(select(Appointment.id).where(hers)))
    open_ones = list(session.scalars(select(Appointment.id).where(hers, Appointment.state.in_(STILL_OPEN))))
    ended = {"state": AppointmentState.CANCELLED, "closed_at": now, "closed_by": by}
    session.execute(update(Appointment).where(Appointment.id.in_(open_ones)).values(ended))
    pieces.release(session, ids, now)
    seats.free(session, open_ones)
    session.execute(update(Appointment).where(hers).values(for_whom="", wishes="", reason="", outcome_note=""))
    of_hers = AppointmentPiece.appointment_id.in_(ids)
    session.execute(update(AppointmentPiece).where(of_hers).values(words=""))
    tasks = Task.customer_id == customer_id
    session.execute(update(Task).where(tasks, Task.done_at.is_(None)).values(done_at=now, done_by=by))
    session.execute(update(Task).where(tasks).values(words=""))
    waits = WaitingEntry.customer_id == customer_id
    closed = {"state": WaitingState.OVER, "closed_at": now}
    session.execute(update(WaitingEntry).where(waits, WaitingEntry.state.in_(OPEN)).values(closed))
    session.execute(update(WaitingEntry).where(waits).values(for_whom="", wishes="", pieces=""))
