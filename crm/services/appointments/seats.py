"""Taking places: the one piece of code that writes seats.

What is free is read first, so that most of those who are late are refused without writing. What is read
may be old by the time of writing; the two unique keys of `Seat` decide. On PostgreSQL whoever loses waits
for the winner's commit inside INSERT … ON CONFLICT DO NOTHING, gets fewer rows back than asked for,
takes his own back (a savepoint) and reads again. Rows are written in the order of their cells, so that two
writers never wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.models import Appointment, AppointmentState, Seat, Store, WaitingState
from crm.services.appointments import served
from crm.services.appointments.book import Book, Slot

# Each lost race means that somebody else got a place; after so many there is none left to hope for.
RACES = 20
# Rows come in the order of their cells; each that is written comes back.
INSERTS = {
    "sqlite": sqlite.insert(Seat).on_conflict_do_nothing().returning(Seat.cell),
    "postgresql": postgresql.insert(Seat).on_conflict_do_nothing().returning(Seat.cell),
}
# Who closed what nobody closed in time.
TIME = "time"

# Makes the appointment, or changes the one that moves, for the advisor who is free; called inside a savepoint.
Write = Callable[[int | None], Appointment]


class LostRace(Exception):
    """Somebody took one of the cells between reading and writing; never leaves this module."""


def take(
    session: Session,
    zone: ZoneInfo,
    store: Store,
    slot: Slot,
    preferred: int | None,
    now: datetime,
    write: Write,
    *,
    without: int | None = None,
) -> Appointment | None:
    """Take a place and an advisor for the whole slot and give up the present one; None and nothing when it is not free.

    `without`: the id of the appointment that has a place already, which counts as free for it.
    """
    session.flush()
    for _ in range(RACES):
        book = Book.open(session, zone, store, slot.starts_at, slot.starts_at, now, without=without)
        if not book.is_free(slot):
            return None
        lapse_these(session, book.in_the_way(slot), now)
        try:
            with session.begin_nested():
                return _write(session, book, slot, preferred, write, gives_up=without is not None)
        except (LostRace, IntegrityError):
            continue
    return None


def _write(
    session: Session, book: Book, slot: Slot, preferred: int | None, write: Write, *, gives_up: bool
) -> Appointment:
    receiving = book.advisors(slot, preferred)
    advisor_id = receiving[0].id if receiving else None
    appointment = write(advisor_id)
    session.flush()
    if gives_up:
        free(session, [appointment.id])
    common = {"store_id": book.store.id, "advisor_id": advisor_id, "appointment_id": appointment.id}
    rows = [{**common, "cell": cell, "place": place} for cell, place in book.lowest_places(slot).items()]
    written = session.connection().execute(INSERTS[session.get_bind().dialect.name], rows).all()
    if len(written) < len(rows):
        raise LostRace
    return appointment


def give_to(session: Session, appointment: Appointment, advisor_id: int) -> bool:
    """Change who receives her; False and nothing when that advisor is busy then."""
    session.flush()
    hers = update(Seat).where(Seat.appointment_id == appointment.id).values(advisor_id=advisor_id)
    try:
        with session.begin_nested():
            session.execute(hers.execution_options(synchronize_session=False))
    except IntegrityError:
        return False
    appointment.advisor_id = advisor_id
    return True


def free(session: Session, appointment_ids: list[int]) -> None:
    """Give their places back."""
    gone = delete(Seat).where(Seat.appointment_id.in_(appointment_ids))
    session.execute(gone.execution_options(synchronize_session=False))


def lapse_these(session: Session, appointment_ids: list[int], now: datetime) -> None:
    """End these holds if they have run out: whoever confirms one in this moment is first."""
    if not appointment_ids:
        return
    over = (Appointment.state == AppointmentState.HELD, Appointment.hold_until <= now)
    wanted = select(Appointment).where(Appointment.id.in_(appointment_ids), *over).order_by(Appointment.id)
    found = session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).all()
    for appointment in found:
        appointment.state, appointment.closed_at, appointment.closed_by = AppointmentState.LAPSED, now, TIME
    session.flush()
    ids = [appointment.id for appointment in found]
    free(session, ids)
    served.close_offers(session, ids, WaitingState.OVER, now)
