"""How much one customer may have, and when she has cancelled too often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from crm.models import Appointment, AppointmentState
from crm.services.appointments.errors import CoolingDown, TooMany
from crm.services.appointments.terms import CANCELLATIONS, COOL_DOWN, MOST_OPEN, WITHIN

# Who cancelled, where it was the customer herself: by message or on the page.
CUSTOMER = "customer"


def is_open(now: datetime) -> ColumnElement[bool]:
    """Decided or still being decided, and not over."""
    held = and_(Appointment.state == AppointmentState.HELD, Appointment.hold_until > now)
    booked = and_(Appointment.state == AppointmentState.BOOKED, Appointment.ends_at > now)
    return or_(held, booked)


def check_open(session: Session, customer_id: int, now: datetime, *, without: int | None = None) -> None:
    """Raises TooMany. The customer is locked before."""
    hers = (Appointment.customer_id == customer_id, is_open(now), Appointment.id != (without or 0))
    found = session.scalars(select(Appointment.id).where(*hers)).all()
    if len(found) >= MOST_OPEN:
        raise TooMany(session.scalars(select(Appointment).where(*hers).order_by(Appointment.starts_at)).all())


def check_cool_down(session: Session, customer_id: int, now: datetime) -> None:
    """Raises CoolingDown."""
    mine = (
        Appointment.customer_id == customer_id,
        Appointment.closed_by == CUSTOMER,
        Appointment.booked_at.is_not(None),
    )
    cancelled = (Appointment.state == AppointmentState.CANCELLED, Appointment.closed_at > now - WITHIN - COOL_DOWN)
    moments = session.scalars(select(Appointment.closed_at).where(*mine, *cancelled).order_by(Appointment.closed_at))
    until = _free_from([moment for moment in moments if moment is not None])
    if until is not None and until > now:
        raise CoolingDown(until)


def _free_from(cancelled: Sequence[datetime]) -> datetime | None:
    """The end of the last cool-down that these cancellations, oldest first, have begun."""
    begun = [
        last for first, last in zip(cancelled, cancelled[CANCELLATIONS - 1 :], strict=False) if last - first <= WITHIN
    ]
    return begun[-1] + COOL_DOWN if begun else None
