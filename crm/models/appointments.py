"""Try-on appointments: who comes when to which shop, the places they take, who works when, who waits."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db import Base, BigId, Instant
from crm.models.catalogue import Piece, Style
from crm.models.people import Customer
from crm.models.places import Staff, Store
from crm.models.types import one_of
from crm.vault import Secret


class AppointmentState(StrEnum):
    """HELD: the customer decides. LAPSED: she did not in time. DONE: its outcome is noted."""

    HELD = "held"
    BOOKED = "booked"
    ARRIVED = "arrived"
    DONE = "done"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


class Outcome(StrEnum):
    """What came of the visit."""

    TRIED = "tried"
    LIKED = "liked"
    BOUGHT = "bought"
    NOT_YET = "not_yet"


class WishState(StrEnum):
    """A piece she wants to try: named, set aside in the shop, on its way from another shop, free again."""

    WISHED = "wished"
    RESERVED = "reserved"
    COMING = "coming"
    RELEASED = "released"


class WaitingState(StrEnum):
    """OFFERED: a place is held for her. TAKEN: she has it. OVER: given up, or the time has passed."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    OVER = "over"


def _where(condition: str) -> dict[str, Any]:
    """A partial index on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Appointment(Base):
    """One visit. `number` is what people say and type.

    `made_by`: "customer", "staff:<userid>" or "waiting_list"; `closed_by` the same, or "time".
    `version` counts what the customer must be told about: booked, moved, changed, cancelled.
    """

    __tablename__ = "appointments"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"))
    advisor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[AppointmentState] = mapped_column(one_of(AppointmentState))
    hold_until: Mapped[datetime | None] = mapped_column(Instant)
    for_whom: Mapped[str] = mapped_column(Secret("appointments.for_whom"), default="")
    wishes: Mapped[str] = mapped_column(Secret("appointments.wishes"), default="")
    made_by: Mapped[str] = mapped_column(String(80), default="customer")
    created_at: Mapped[datetime] = mapped_column(Instant)
    booked_at: Mapped[datetime | None] = mapped_column(Instant)
    # When she chose the time that holds now: at the booking, or at the last move.
    timed_at: Mapped[datetime | None] = mapped_column(Instant)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str] = mapped_column(Secret("appointments.reason"), default="")
    outcome: Mapped[str] = mapped_column(String(24), default="")
    outcome_note: Mapped[str] = mapped_column(Secret("appointments.outcome_note"), default="")
    moves: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)
    # Another time that a member of staff proposed and the customer has not answered yet.
    proposed_starts_at: Mapped[datetime | None] = mapped_column(Instant)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    customer: Mapped[Customer] = relationship()
    store: Mapped[Store] = relationship()
    advisor: Mapped[Staff | None] = relationship(foreign_keys=[advisor_id])
    proposed_by: Mapped[Staff | None] = relationship(foreign_keys=[proposed_by_id])
    pieces: Mapped[list[AppointmentPiece]] = relationship(
        back_populates="appointment", order_by="AppointmentPiece.id", cascade="all, delete-orphan"
    )

    __table_args__ = (
        Index(None, "customer_id", "starts_at"),
        Index(None, "store_id", "starts_at"),
        Index(None, "advisor_id", "starts_at"),
        Index("ix_appointments_held", "hold_until", **_where("state = 'held'")),
        # What starts soon or ended just now, over all shops: the scheduler looks every few seconds.
        Index("ix_appointments_open", "starts_at", **_where("state IN ('booked', 'arrived')")),
    )


class AppointmentPiece(Base):
    """One thing she wants to try: a style of the catalogue, or only her words for it.

    The partial unique index keeps two visitors from having the same piece set aside.
    """

    __tablename__ = "appointment_pieces"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id", ondelete="CASCADE"), index=True)
    style_id: Mapped[int | None] = mapped_column(ForeignKey("styles.id"))
    piece_id: Mapped[int | None] = mapped_column(ForeignKey("pieces.id"))
    words: Mapped[str] = mapped_column(Secret("appointment_pieces.words"), default="")
    state: Mapped[WishState] = mapped_column(one_of(WishState), default=WishState.WISHED)
    from_store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))

    appointment: Mapped[Appointment] = relationship(back_populates="pieces")
    style: Mapped[Style | None] = relationship()
    piece: Mapped[Piece | None] = relationship()
    from_store: Mapped[Store | None] = relationship()

    __table_args__ = (
        Index("uq_appointment_pieces_set_aside", "piece_id", unique=True, **_where("state IN ('reserved', 'coming')")),
    )


class Seat(Base):
    """One place of one shop, taken for one cell of five minutes.

    The two unique keys are what keeps a place, and an advisor, from being sold twice. Cells are
    counted from 1970 (`crm/services/appointments/cells.py`), so they do not depend on a shop's slot length.
    """

    __tablename__ = "seats"

    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"), primary_key=True)
    cell: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    advisor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id", ondelete="CASCADE"), index=True)

    __table_args__ = (UniqueConstraint("advisor_id", "cell"),)


class OpeningDay(Base):
    """What holds on one day instead of the weekday's rule: a holiday, longer hours, an opening on a closed weekday."""

    __tablename__ = "opening_days"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"))
    day: Mapped[date]
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    closed: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(64), default="")

    __table_args__ = (UniqueConstraint("store_id", "day"),)


class Absence(Base):
    """Not there on that day, or for a part of it. `works`: there although he usually rests on that weekday."""

    __tablename__ = "absences"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[date]
    first: Mapped[time | None]
    last: Mapped[time | None]
    works: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Secret("absences.note"), default="")

    staff: Mapped[Staff] = relationship()

    __table_args__ = (Index(None, "staff_id", "day"),)


class WeeklyRest(Base):
    """A weekday (1 Monday to 7) on which this member of staff rests every week."""

    __tablename__ = "weekly_rests"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True)


class Block(Base):
    """No appointments then: in the whole shop, or with one advisor."""

    __tablename__ = "blocks"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"))
    advisor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(Secret("blocks.note"), default="")
    by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    store: Mapped[Store] = relationship()
    advisor: Mapped[Staff | None] = relationship(foreign_keys=[advisor_id])

    __table_args__ = (Index(None, "store_id", "ends_at"),)


class WaitingEntry(Base):
    """A customer who wants a place in a full time: start times from `first` to `last`."""

    __tablename__ = "waiting_entries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"))
    first: Mapped[datetime] = mapped_column(Instant)
    last: Mapped[datetime] = mapped_column(Instant)
    for_whom: Mapped[str] = mapped_column(Secret("waiting_entries.for_whom"), default="")
    wishes: Mapped[str] = mapped_column(Secret("waiting_entries.wishes"), default="")
    # Ids of the styles and her words for other pieces, as JSON.
    pieces: Mapped[str] = mapped_column(Secret("waiting_entries.pieces"), default="")
    state: Mapped[WaitingState] = mapped_column(one_of(WaitingState), default=WaitingState.WAITING)
    offered_appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)

    customer: Mapped[Customer] = relationship()
    store: Mapped[Store] = relationship()
    offered_appointment: Mapped[Appointment | None] = relationship()

    __table_args__ = (Index("ix_waiting_entries_open", "id", **_where("state IN ('waiting', 'offered')")),)


class Task(Base):
    """Something that one member of staff, or everybody of a shop, promised to do by a moment."""

    __tablename__ = "tasks"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id", ondelete="CASCADE"), index=True)
    piece_id: Mapped[int | None] = mapped_column(ForeignKey("pieces.id"))
    words: Mapped[str] = mapped_column(Secret("tasks.words"), default="")
    due_at: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    done_by: Mapped[str] = mapped_column(String(80), default="")

    staff: Mapped[Staff | None] = relationship()
    store: Mapped[Store | None] = relationship()
    customer: Mapped[Customer | None] = relationship()
    appointment: Mapped[Appointment | None] = relationship()
    piece: Mapped[Piece | None] = relationship()

    __table_args__ = (Index("ix_tasks_open", "due_at", **_where("done_at IS NULL")),)
