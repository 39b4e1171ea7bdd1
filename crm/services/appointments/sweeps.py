"""What time ends by itself: holds that ran out, visits that are over, waiting for a time that has passed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from crm.models import Appointment, AppointmentState, Seat, WaitingState
from crm.services.appointments import pieces, seats, served
from crm.services.appointments.cells import CELL_SECONDS

# Seats of the past serve nobody; a day's are kept so that yesterday can be looked at.
SEATS_KEPT = timedelta(days=1)


def lapse(session: Session, now: datetime) -> int:
    """End the holds that ran out and give their places back; returns how many. Waiting for the past ends too."""
    session.flush()
    over = select(Appointment.id).where(Appointment.state == AppointmentState.HELD, Appointment.hold_until <= now)
    # One that somebody confirms in this moment is his: it is passed over.
    ids = list(session.scalars(over.order_by(Appointment.id).with_for_update(skip_locked=True)))
    if ids:
        ended = {"state": AppointmentState.LAPSED, "closed_at": now, "closed_by": seats.TIME}
        these = update(Appointment).where(Appointment.id.in_(ids)).values(ended)
        session.execute(these.execution_options(synchronize_session="fetch"))
        seats.free(session, ids)
        served.close_offers(session, ids, WaitingState.OVER, now)
    served.end_past(session, now)
    return len(ids)


def release_past(session: Session, now: datetime) -> int:
    """Pieces of visits that are over go back into stock, old seats are cleared; returns how many pieces."""
    before = int((now - SEATS_KEPT).timestamp()) // CELL_SECONDS
    session.execute(delete(Seat).where(Seat.cell < before).execution_options(synchronize_session=False))
    return pieces.release_past(session, now)
