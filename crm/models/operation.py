"""What the program keeps for itself: audit, shop facts, job watermarks, leases, the index key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.db import Base, BigId, Instant


class AuditEntry(Base):
    """Who did what to whose data, and when. Append-only. `subject` is a customer code or "-"."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(48))
    subject: Mapped[str] = mapped_column(String(64))
    detail: Mapped[str] = mapped_column(String(256), default="")

    __table_args__ = (Index(None, "subject", "at"), Index(None, "actor", "at"))


class ShopFact(Base):
    """What entries and wording fill in as `{shop.KEY}`."""

    __tablename__ = "shop_facts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(String(1024), default="")


class JobMark(Base):
    """Up to which moment a job's due work was planned."""

    __tablename__ = "job_marks"

    job: Mapped[str] = mapped_column(String(48), primary_key=True)
    until: Mapped[datetime] = mapped_column(Instant)


class Lease(Base):
    """Who acts. `term` grows with every change of hands and is checked on each write."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(48), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    term: Mapped[int]
    until: Mapped[datetime] = mapped_column(Instant)


class WrappedKey(Base):
    """The key of the blind indexes, encrypted under a data key."""

    __tablename__ = "wrapped_keys"

    purpose: Mapped[str] = mapped_column(String(24), primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
