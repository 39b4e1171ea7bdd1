"""How waiting ends: she has a place, her offer has run out, the time has passed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, update
from sqlalchemy.orm import Session

from crm.models import Appointment, WaitingEntry, WaitingState

OPEN = (WaitingState.WAITING, WaitingState.OFFERED)


def close_offers(session: Session, appointment_ids: list[int], state: WaitingState, now: datetime) -> None:
    """What became of the waiting customers to whom these were offered."""
    if not appointment_ids:
        return
    offered = (WaitingEntry.offered_appointment_id.in_(appointment_ids), WaitingEntry.state == WaitingState.OFFERED)
    closed = update(WaitingEntry).where(*offered).values(state=state, closed_at=now)
    session.execute(closed.execution_options(synchronize_session="fetch"))


def took(session: Session, appointment: Appointment, now: datetime) -> None:
    """She has a place: what she waited for there at that time is no longer waited for."""
    same = and_(
        WaitingEntry.store_id == appointment.store_id,
        WaitingEntry.first <= appointment.starts_at,
        WaitingEntry.last >= appointment.starts_at,
    )
    hers = (WaitingEntry.customer_id == appointment.customer_id, WaitingEntry.state.in_(OPEN))
    served = or_(WaitingEntry.offered_appointment_id == appointment.id, same)
    taken = update(WaitingEntry).where(*hers, served).values(state=WaitingState.TAKEN, closed_at=now)
    session.execute(taken.execution_options(synchronize_session="fetch"))


def end_past(session: Session, now: datetime) -> None:
    """Nobody waits for a time that is over."""
    past = (WaitingEntry.state == WaitingState.WAITING, WaitingEntry.last < now)
    ended = update(WaitingEntry).where(*past).values(state=WaitingState.OVER, closed_at=now)
    session.execute(ended.execution_options(synchronize_session="fetch"))
