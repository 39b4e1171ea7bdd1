"""What the shop tells everybody about itself: `{shop.KEY}` in entries and wording."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.models import ShopFact


def facts(session: Session) -> dict[str, str]:
    """Every fact by its key."""
    return {fact.key: fact.value for fact in session.scalars(select(ShopFact))}


def set_fact(session: Session, key: str, value: str) -> None:
    session.merge(ShopFact(key=key, value=value))
