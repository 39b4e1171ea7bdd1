"""What goes out later or to someone else: one row per push, one row per platform call for many."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db import Base, BigId, Instant
from crm.models.people import Customer
from crm.models.places import Staff
from crm.models.types import one_of
from crm.vault import Secret


class Purpose(StrEnum):
    """Why it is sent. A type, not a policy: MARKETING has no way to a template message."""

    REPLY = "reply"  # belongs to a conversation that is going on
    SERVICE = "service"  # concerns a contract or a piece the customer owns
    MARKETING = "marketing"  # needs a live consent
    STAFF = "staff"  # to an advisor or manager


class DeliveryState(StrEnum):
    """PLANNED → CLAIMED → one of the final ones; receipts move SENT up to DELIVERED or FAILED."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    WAITING_CONFIRM = "waiting_confirm"
    DELIVERED = "delivered"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Send(Base):
    """One platform call that carries many people; deliveries point to it. `key` is its platform key."""

    __tablename__ = "sends"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    route: Mapped[str] = mapped_column(String(32))
    state: Mapped[DeliveryState] = mapped_column(one_of(DeliveryState), default=DeliveryState.PLANNED)
    reason: Mapped[str] = mapped_column(String(256), default="")
    platform_id: Mapped[str] = mapped_column(String(128), default="", index=True)
    planned_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Delivery(Base):
    """One push to one person.

    `key` makes it unique: planning the same (job, person, due date) twice inserts once, and it is
    the platform's own key where the platform takes one. `route` is how it travels
    (`scheduler/routes.py`), `channel` through which door. `body` is the reply as JSON, encrypted.
    Open rows to one person go out in the order of their ids.
    """

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(128), unique=True)
    job: Mapped[str] = mapped_column(String(48))
    due_on: Mapped[date]
    purpose: Mapped[Purpose] = mapped_column(one_of(Purpose))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    channel: Mapped[str] = mapped_column(String(24), default="")
    route: Mapped[str] = mapped_column(String(32), default="")
    account: Mapped[str] = mapped_column(String(64), default="")
    person: Mapped[str] = mapped_column(String(128), default="")
    body: Mapped[str] = mapped_column(Secret("deliveries.body"), default="")
    state: Mapped[DeliveryState] = mapped_column(one_of(DeliveryState), default=DeliveryState.PLANNED)
    reason: Mapped[str] = mapped_column(String(256), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    planned_at: Mapped[datetime] = mapped_column(Instant)
    not_before: Mapped[datetime] = mapped_column(Instant)
    not_after: Mapped[datetime | None] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    lease_owner: Mapped[str] = mapped_column(String(64), default="")
    send_id: Mapped[int | None] = mapped_column(ForeignKey("sends.id"), index=True)
    platform_id: Mapped[str] = mapped_column(String(128), default="", index=True)
    receipt: Mapped[str] = mapped_column(String(256), default="")  # e.g. the response_code of a card
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    customer: Mapped[Customer | None] = relationship()
    staff: Mapped[Staff | None] = relationship()
    send: Mapped[Send | None] = relationship()

    __table_args__ = (
        Index(
            "ix_deliveries_open",
            "not_before",
            sqlite_where=text("state IN ('planned', 'claimed')"),
            postgresql_where=text("state IN ('planned', 'claimed')"),
        ),
        Index(None, "customer_id", "planned_at"),
    )
