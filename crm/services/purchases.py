"""Which pieces are a customer's: what she took home and did not bring back.

A sale and an exchange hand over a piece; a return, exchange or trade-in takes one back by naming its
line. In what order the till reports them makes no difference.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from crm.models import Purchase, PurchaseKind


def owned() -> ColumnElement[bool]:
    """The lines whose piece is still the customer's: a condition for queries over Purchase."""
    return and_(
        Purchase.customer_id.is_not(None),
        or_(Purchase.kind == PurchaseKind.SALE, _hands_over_another_piece()),
        ~_taken_back(),
    )


def owned_pieces(session: Session, customer_id: int) -> Sequence[Purchase]:
    """The newest first."""
    wanted = select(Purchase).where(Purchase.customer_id == customer_id, owned())
    return session.scalars(wanted.order_by(Purchase.purchased_at.desc(), Purchase.id.desc())).all()


def purchases(session: Session, customer_id: int, limit: int | None = None) -> Sequence[Purchase]:
    """Every line of the till about this customer, the newest first."""
    wanted = select(Purchase).where(Purchase.customer_id == customer_id)
    return session.scalars(wanted.order_by(Purchase.purchased_at.desc(), Purchase.id.desc()).limit(limit)).all()


def _taken_back() -> ColumnElement[bool]:
    later = aliased(Purchase)
    return exists().where(
        later.original_number == Purchase.number,
        later.original_line == Purchase.line,
        later.kind != PurchaseKind.SALE,
    )


def _hands_over_another_piece() -> ColumnElement[bool]:
    """An exchange names the new piece; a till that repeats the old one there handed over nothing."""
    original = aliased(Purchase)
    repeats = exists().where(
        original.number == Purchase.original_number,
        original.line == Purchase.original_line,
        original.barcode == Purchase.barcode,
        original.barcode != "",
    )
    return and_(Purchase.kind == PurchaseKind.EXCHANGE, ~repeats)
