"""Customers, the ids under which the platforms know them, and what they agreed to."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db import Base, BigId, Instant
from crm.models.places import Staff, Store
from crm.models.types import one_of
from crm.vault import INDEX_BYTES, Secret


class Customer(Base):
    """A person who buys, or might. `code` is the card code.

    Birthdays are dates with a calendar: a lunar one holds the lunar year, month and day.
    `*_index` are blind indexes of the encrypted columns beside them.
    """

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(Secret("customers.name"), default="")
    phone: Mapped[str] = mapped_column(Secret("customers.phone"), default="")
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary(INDEX_BYTES), index=True)
    phone_tail_index: Mapped[bytes | None] = mapped_column(LargeBinary(INDEX_BYTES), index=True)
    gender: Mapped[str] = mapped_column(String(8), default="")
    birthday: Mapped[str] = mapped_column(Secret("customers.birthday"), default="")
    birthday_calendar: Mapped[str] = mapped_column(String(8), default="")
    birthday_leap_month: Mapped[bool] = mapped_column(default=False)
    wedding_anniversary: Mapped[date | None]
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"), index=True)
    advisor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    ring_size: Mapped[str] = mapped_column(String(16), default="")
    allergies: Mapped[str] = mapped_column(Secret("customers.allergies"), default="")
    preferences: Mapped[str] = mapped_column(String(256), default="")
    tags: Mapped[str] = mapped_column(String(256), default="")
    notes: Mapped[str] = mapped_column(Secret("customers.notes"), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)

    store: Mapped[Store | None] = relationship()
    advisor: Mapped[Staff | None] = relationship()


class NameIndex(Base):
    """Blind indexes of a customer's name: whole, bigrams and pinyin; found without decrypting."""

    __tablename__ = "customer_name_index"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    token: Mapped[bytes] = mapped_column(LargeBinary(INDEX_BYTES), primary_key=True)

    __table_args__ = (Index(None, "token"),)


class IdentityKind(StrEnum):
    """What kind of id it is; `account` says in which account it holds."""

    OPENID = "openid"
    UNIONID = "unionid"
    EXTERNAL_USERID = "external_userid"
    KF = "kf"


class Identity(Base):
    """One id of one customer in one account. `left_at`: unfollowed, or removed the advisor.

    `remark`: what the platform tells about this id, such as a nickname; forgotten when the person leaves.
    """

    __tablename__ = "identities"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    kind: Mapped[IdentityKind] = mapped_column(one_of(IdentityKind))
    value: Mapped[str] = mapped_column(String(128))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime | None] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    remark: Mapped[str] = mapped_column(Secret("identities.remark"), default="")

    customer: Mapped[Customer] = relationship()

    __table_args__ = (UniqueConstraint("account", "kind", "value"),)


class Consent(Base):
    """One word of a customer about one purpose. Append-only: the newest row per purpose holds.

    `text_version` names the wording that was shown, `proof` the message that says it.
    """

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(24))
    granted: Mapped[bool]
    text_version: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime] = mapped_column(Instant)
    proof: Mapped[str] = mapped_column(String(128), default="")

    __table_args__ = (Index(None, "customer_id", "purpose", "id"),)
