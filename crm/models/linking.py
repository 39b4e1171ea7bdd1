"""One person under many ids: tokens that prove it, merges with what they moved, matches in doubt."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db import Base, BigId, Instant
from crm.models.people import Customer
from crm.models.places import Staff
from crm.models.types import one_of
from crm.vault import INDEX_BYTES, Secret


class LinkToken(Base):
    """The `state` of one contact code: whoever adds the advisor by it is `customer`. Good once.

    `members`: userids behind the code, joined by commas. `config_id` and `picture_url` are filled when a
    worker has made the code.
    """

    __tablename__ = "link_tokens"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token: Mapped[str] = mapped_column(String(30), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    members: Mapped[str] = mapped_column(String(1024))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    config_id: Mapped[str] = mapped_column(String(64), default="")
    picture_url: Mapped[str] = mapped_column(String(512), default="")


class MergeRecord(Base):
    """Two customers became one: `customer` was kept, the other one's row is in `former`.

    `former`, `before` and `after` are JSON: the other's fields, and what the kept one's fields were and
    became. `stopped`: JSON, by purpose the consent row that the merge added. Undone in reverse order.
    """

    __tablename__ = "merge_records"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    former_code: Mapped[str] = mapped_column(String(32), index=True)
    former: Mapped[str] = mapped_column(Secret("merge_records.former"), default="")
    before: Mapped[str] = mapped_column(Secret("merge_records.before"), default="")
    after: Mapped[str] = mapped_column(Secret("merge_records.after"), default="")
    stopped: Mapped[str] = mapped_column(String(512), default="{}")
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(64))
    why: Mapped[str] = mapped_column(String(256), default="")
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by: Mapped[str] = mapped_column(String(64), default="")

    customer: Mapped[Customer] = relationship()


class MergeMove(Base):
    """One row that a merge gave to the kept customer.

    `was`: JSON; a column's value before it was changed to stay unique, or the whole row where the kept
    customer has one already and it had to be set aside.
    """

    __tablename__ = "merge_moves"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("merge_records.id", ondelete="CASCADE"), index=True)
    table: Mapped[str] = mapped_column(String(64))
    column: Mapped[str] = mapped_column(String(64))
    row_id: Mapped[int] = mapped_column(BigId)
    was: Mapped[str] = mapped_column(Secret("merge_moves.was"), default="")


class MergedCode(Base):
    """A code that no customer bears any more, and who she is now."""

    __tablename__ = "merged_codes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)


class MatchReason(StrEnum):
    """Why two customers may be one person."""

    TOKEN = "token"  # the contact who added the advisor by her code is known as somebody else
    PHONE = "phone"  # the same number stands on both
    CODE = "code"  # one typed the bind code of the other's card, but their cards differ
    CLAIM = "claim"  # one says that the other's number is hers
    KF = "kf"  # the same external_userid in customer service and in customer contact
    UNIONID = "unionid"  # linked by a token, but their unionids differ
    PROPOSED = "proposed"  # an advisor thinks so


class MatchVerdict(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    VOID = "void"  # overtaken: one of them was merged otherwise


class DoubtfulMatch(Base):
    """Two customers who may be one, until somebody who knows them says so. `staff`: who is asked."""

    __tablename__ = "doubtful_matches"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    reason: Mapped[MatchReason] = mapped_column(one_of(MatchReason))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    verdict: Mapped[MatchVerdict | None] = mapped_column(one_of(MatchVerdict))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str] = mapped_column(String(64), default="")

    customer: Mapped[Customer] = relationship(foreign_keys=[customer_id])
    other: Mapped[Customer] = relationship(foreign_keys=[other_id])
    staff: Mapped[Staff | None] = relationship()


class BindCode(Base):
    """Six digits that an advisor reads out to the person who stands before him; `digest` is keyed."""

    __tablename__ = "bind_codes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(INDEX_BYTES), index=True)
    made_by: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class BindTry(Base):
    """Somebody typed a code, or claimed a phone: counted, so that nobody can guess on.

    `who`: a keyed hash of the id under which the platform knows her, so that it outlives her erasure; kept for a day.
    """

    __tablename__ = "bind_tries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    who: Mapped[bytes] = mapped_column(LargeBinary(INDEX_BYTES))
    kind: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (Index(None, "who", "kind", "at"),)


class UnionidQuestion(Base):
    """When the platform was asked for the unionid of an id."""

    __tablename__ = "unionid_questions"

    identity_id: Mapped[int] = mapped_column(ForeignKey("identities.id", ondelete="CASCADE"), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
