"""What is being said: dialogue state and window per person, talks with a person, every interaction."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db import Base, BigId, Instant
from crm.models.people import Customer
from crm.models.places import Staff
from crm.models.types import one_of
from crm.vault import Secret


class Conversation(Base):
    """One person on one channel of one account: where the dialogue stands, what may be sent.

    `window_*` is the platform's window (`bot/platforms/window.py`): opened by what, until when,
    how many messages are left in it. `memory` is JSON: what the dialogue needs to go on.
    """

    __tablename__ = "conversations"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[str] = mapped_column(String(24))
    account: Mapped[str] = mapped_column(String(64))
    person: Mapped[str] = mapped_column(String(128))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[str] = mapped_column(String(32), default="")
    state_until: Mapped[datetime | None] = mapped_column(Instant)
    memory: Mapped[str] = mapped_column(Secret("conversations.memory"), default="{}")
    window_opened_by: Mapped[str] = mapped_column(String(16), default="")
    window_until: Mapped[datetime | None] = mapped_column(Instant)
    window_left: Mapped[int] = mapped_column(default=0)
    last_inbound_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (Index(None, "channel", "account", "person", unique=True),)


class Talk(Base):
    """A customer who asked for a person. Waiting until taken, open until closed."""

    __tablename__ = "talks"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    asked: Mapped[str] = mapped_column(Secret("talks.asked"), default="")
    opened_at: Mapped[datetime] = mapped_column(Instant)
    taken_at: Mapped[datetime | None] = mapped_column(Instant)
    staff_spoke_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[str] = mapped_column(String(16), default="")

    conversation: Mapped[Conversation] = relationship()
    customer: Mapped[Customer] = relationship()
    staff: Mapped[Staff | None] = relationship()

    __table_args__ = (
        # The database, not the code, holds that one conversation has one open talk.
        Index(
            "uq_talks_open",
            "conversation_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(None, "staff_id", "closed_at"),
    )


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class Interaction(Base):
    """One thing said by or to a customer or a member of staff; `key` is the message's or delivery's."""

    __tablename__ = "interactions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    direction: Mapped[Direction] = mapped_column(one_of(Direction, length=3))
    channel: Mapped[str] = mapped_column(String(24))
    kind: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Secret("interactions.text"), default="")
    key: Mapped[str] = mapped_column(String(128))

    __table_args__ = (Index(None, "customer_id", "id"), Index(None, "staff_id", "id"))
