"""The same telephone number on two cards: one person with two, or a family with one telephone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from crm.models import Customer, MatchReason
from crm.services.blind import normal_name
from crm.services.linking.matches import doubt


def ask_about_twins(session: Session, customer_ids: Collection[int], now: datetime) -> int:
    """Ask about each pair with one number whose names don't say that they are two; returns how many pairs."""
    if not customer_ids:
        return 0
    other = aliased(Customer)
    pairs = select(Customer, other).join(other, other.phone_index == Customer.phone_index)
    hers = pairs.where(Customer.id.in_(customer_ids), other.id != Customer.id).order_by(Customer.id)
    found = [(one, second) for one, second in session.execute(hers) if _may_be_one(one, second)]
    for one, second in found:
        doubt(session, one, second, MatchReason.PHONE, now)
    return len(found)


def _may_be_one(one: Customer, second: Customer) -> bool:
    return not (one.name and second.name) or normal_name(one.name) == normal_name(second.name)
