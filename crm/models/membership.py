"""Where a customer stands with the shop: segment, tier, points, coupons."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db import Base, BigId, Instant
from crm.models.people import Customer
from crm.models.types import one_of


class Reading(StrEnum):
    """How to follow up, by recency, frequency and money."""

    HIGH_VALUE = "high_value"
    POTENTIAL = "potential"
    DORMANT = "dormant"
    PROSPECT = "prospect"  # never bought


class Standing(Base):
    """One customer's place, computed from the pieces she kept; the figures are its reason.

    `spent_fen`, `orders`: in the windows of the shop's policy (`crm/members.yaml`). `segment` is the
    name there, `tier` the position in its list of tiers, 0 the first. `stale`: something changed since.
    """

    __tablename__ = "standings"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    spent_fen: Mapped[int] = mapped_column(BigId, default=0)
    orders: Mapped[int] = mapped_column(default=0)
    first_purchase_at: Mapped[datetime | None] = mapped_column(Instant)
    last_purchase_at: Mapped[datetime | None] = mapped_column(Instant)
    segment: Mapped[str] = mapped_column(String(32))
    reading: Mapped[Reading] = mapped_column(one_of(Reading))
    tier: Mapped[int] = mapped_column(default=0)
    tier_since: Mapped[date]
    tier_until: Mapped[date | None]  # None: the first tier, which nobody loses
    stale: Mapped[bool] = mapped_column(default=False)
    computed_on: Mapped[date]

    customer: Mapped[Customer] = relationship()

    __table_args__ = (
        Index(None, "segment"),
        Index(None, "reading"),
        Index(None, "tier_until"),
        Index("ix_standings_stale", "customer_id", sqlite_where=text("stale"), postgresql_where=text("stale")),
    )


class TierChange(Base):
    """Up or down on a day: what she is told about."""

    __tablename__ = "tier_changes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    on: Mapped[date]
    before: Mapped[int]
    after: Mapped[int]

    __table_args__ = (Index(None, "on"),)


class StandingRun(Base):
    """Up to which day standings are computed, and under which policy."""

    __tablename__ = "standing_runs"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    on: Mapped[date]
    policy: Mapped[str] = mapped_column(String(64))


class PointsKind(StrEnum):
    EARN = "earn"
    REDEEM = "redeem"
    EXPIRE = "expire"
    RETURN = "return"  # what a returned piece had earned
    ADJUST = "adjust"


class PointsEntry(Base):
    """One line of the points ledger; never changed, never deleted: the balance is the sum.

    `entry_no` is the till's or our own number, unique for a customer, so that a line counts once.
    `points` is signed. `expires_on`: the last day on which these points may be spent; None: no end.
    """

    __tablename__ = "points_entries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    entry_no: Mapped[str] = mapped_column(String(64))
    kind: Mapped[PointsKind] = mapped_column(one_of(PointsKind))
    points: Mapped[int]
    reason: Mapped[str] = mapped_column(String(128), default="")
    at: Mapped[datetime] = mapped_column(Instant)
    expires_on: Mapped[date | None] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("customer_id", "entry_no"),)


class CouponStatus(StrEnum):
    ISSUED = "issued"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Coupon(Base):
    """A promise of the shop that is kept once. `value` in fen; 0 where the title says what it is for.

    `used_at` is unknown for a coupon that a table reported as used.
    """

    __tablename__ = "coupons"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coupon_no: Mapped[str] = mapped_column(String(64), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    title: Mapped[str] = mapped_column(String(64))
    value: Mapped[int] = mapped_column(default=0)
    condition: Mapped[str] = mapped_column(String(128), default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    status: Mapped[CouponStatus] = mapped_column(one_of(CouponStatus), default=CouponStatus.ISSUED)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    used_by: Mapped[str] = mapped_column(String(64), default="")

    __table_args__ = (Index(None, "customer_id", "status"),)
