"""Coupons: issued, valid in a span of days, used once, expired."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from crm.errors import Invalid, NotFound
from crm.models.membership import Coupon, CouponStatus


class NotValid(Invalid):
    """The coupon can't be used: `why` is "used", "expired", "withdrawn" or "early"."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The coupon can't be used: {why}.")
        self.why = why


def valid(session: Session, customer_id: int, today: date) -> Sequence[Coupon]:
    """Hers that can be used today, the first to end first."""
    wanted = select(Coupon).where(Coupon.customer_id == customer_id, usable(today))
    return session.scalars(wanted.order_by(Coupon.valid_to.is_(None), Coupon.valid_to, Coupon.id)).all()


def usable(today: date) -> ColumnElement[bool]:
    return and_(
        Coupon.status == CouponStatus.ISSUED,
        or_(Coupon.valid_from.is_(None), Coupon.valid_from <= today),
        or_(Coupon.valid_to.is_(None), Coupon.valid_to >= today),
    )


def use(session: Session, coupon_no: str, by: str, today: date, now: datetime) -> Coupon:
    """Use it up. Of two tills at once one wins; raises NotFound, NotValid."""
    taken = session.execute(
        update(Coupon)
        .where(Coupon.coupon_no == coupon_no, usable(today))
        .values(status=CouponStatus.USED, used_at=now, used_by=by)
        .returning(Coupon.id)
    ).scalar_one_or_none()
    found = session.scalars(
        select(Coupon).where(Coupon.coupon_no == coupon_no).execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound(f"There is no coupon {coupon_no}.")
    if taken is None:
        raise NotValid(_why(found, today))
    return found


def expire(session: Session, today: date) -> int:
    """Mark what ended before today; returns how many."""
    over = and_(Coupon.status == CouponStatus.ISSUED, Coupon.valid_to < today)
    return session.connection().execute(update(Coupon).where(over).values(status=CouponStatus.EXPIRED)).rowcount


def _why(coupon: Coupon, today: date) -> str:
    if coupon.status is not CouponStatus.ISSUED:
        return coupon.status.value
    return "early" if coupon.valid_from and coupon.valid_from > today else CouponStatus.EXPIRED.value
