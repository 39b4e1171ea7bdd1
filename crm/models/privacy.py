"""What privacy itself has to remember: who was erased, what a law keeps, and the words that were agreed to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db import Base, BigId, Instant
from crm.models.people import Customer
from crm.vault import INDEX_BYTES, Secret


class Tombstone(Base):
    """Somebody was erased at this moment; `key` tells this erasure from every other.

    Nothing in it names her: what she was known by stands in `TombstoneSign`, as keyed hashes.
    """

    __tablename__ = "tombstones"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(INDEX_BYTES), unique=True)
    at: Mapped[datetime] = mapped_column(Instant)

    signs: Mapped[list[TombstoneSign]] = relationship(order_by="TombstoneSign.sign")


class TombstoneSign(Base):
    """The keyed hash of one thing that she was known by: her code, a platform's id, her phone."""

    __tablename__ = "tombstone_signs"

    tombstone_id: Mapped[int] = mapped_column(ForeignKey("tombstones.id", ondelete="CASCADE"), primary_key=True)
    sign: Mapped[bytes] = mapped_column(LargeBinary(INDEX_BYTES), primary_key=True, index=True)


class HoldEntry(Base):
    """One line of a purchase that a law wants kept together with who bought it, until a day.

    Made when the customer is erased: what was emptied in her row stands here until `until`.
    """

    __tablename__ = "hold_entries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchases.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str] = mapped_column(Secret("hold_entries.name"))
    phone: Mapped[str] = mapped_column(Secret("hold_entries.phone"))
    rule: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant, index=True)

    customer: Mapped[Customer] = relationship()


class Correction(Base):
    """One field of a customer's card, what it was and what she herself made of it in the chat."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(32))
    was: Mapped[str] = mapped_column(Secret("corrections.was"))
    told: Mapped[str] = mapped_column(Secret("corrections.told"))
    at: Mapped[datetime] = mapped_column(Instant)


class ConsentText(Base):
    """One wording about one purpose, as it was shown since a moment. Rows are only added."""

    __tablename__ = "consent_texts"

    version: Mapped[str] = mapped_column(String(32), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(24))
    words: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(Instant)
