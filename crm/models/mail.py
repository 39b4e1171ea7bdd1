"""What came in: each message once, with what was answered; and how far KF was read."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from crm.db import Base, BigId, Instant
from crm.models.types import one_of
from crm.vault import Secret


class InboxState(StrEnum):
    """PENDING only for KF rows that were pulled but not yet handled."""

    PENDING = "pending"
    ANSWERED = "answered"
    STORED = "stored"  # acknowledged without an answer: unknown, unusable, or nothing to say
    FAILED = "failed"  # the handler raised: its effects are undone, the apology was answered


class InboxRow(Base):
    """One message under its unique key. `reply` is what was answered, ready to be said again."""

    __tablename__ = "inbox"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(128))
    channel: Mapped[str] = mapped_column(String(24))
    person: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(32))
    received_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[InboxState] = mapped_column(one_of(InboxState))
    handler: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(String(512), default="")
    body: Mapped[str | None] = mapped_column(Secret("inbox.body"))
    reply: Mapped[str | None] = mapped_column(Secret("inbox.reply"))

    __table_args__ = (
        UniqueConstraint("account", "key"),
        Index(None, "received_at"),
        Index(
            "ix_inbox_pending",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )


class KfCursor(Base):
    """How far one KF account was pulled, and whether a call-back asks to pull again."""

    __tablename__ = "kf_cursors"

    open_kfid: Mapped[str] = mapped_column(String(64), primary_key=True)
    cursor: Mapped[str] = mapped_column(String(64), default="")
    token: Mapped[str] = mapped_column(String(128), default="")
    wanted_at: Mapped[datetime | None] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    lease_owner: Mapped[str] = mapped_column(String(64), default="")
