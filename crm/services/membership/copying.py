"""Where a customer stands, for her copy of her data, as JSON."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.models import Coupon, PointsEntry, Standing

Json = dict[str, Any]
STANDING = ("segment", "reading", "tier", "tier_since", "tier_until", "spent_fen", "orders", "computed_on")
POINTS = ("at", "kind", "points", "reason", "expires_on")
COUPONS = ("coupon_no", "title", "condition", "valid_from", "valid_to", "status", "used_at")


def membership(session: Session, customer_id: int) -> Json:
    """Her standing with its figures (None before the first night), every line of points, every coupon."""
    standing = session.get(Standing, customer_id)
    points = select(PointsEntry).where(PointsEntry.customer_id == customer_id).order_by(PointsEntry.id)
    coupons = select(Coupon).where(Coupon.customer_id == customer_id).order_by(Coupon.id)
    return {
        "standing": _told(standing, STANDING) if standing else None,
        "points": [_told(row, POINTS) for row in session.scalars(points)],
        "coupons": [{**_told(row, COUPONS), "value_fen": row.value} for row in session.scalars(coupons)],
    }


def _told(row: Any, names: tuple[str, ...]) -> Json:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value
