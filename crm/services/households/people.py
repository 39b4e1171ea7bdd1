"""Her relatives: found, made when she first speaks of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.models import Relative
from crm.services.households.relations import PARTNERS


def relatives(session: Session, customer_id: int) -> Sequence[Relative]:
    """In the order in which she spoke of them."""
    return session.scalars(select(Relative).where(Relative.customer_id == customer_id).order_by(Relative.id)).all()


def find(session: Session, customer_id: int, relation: str) -> Relative | None:
    hers = select(Relative).where(Relative.customer_id == customer_id, Relative.relation == relation)
    return session.scalars(hers.order_by(Relative.id).limit(1)).first()


def find_or_make(session: Session, customer_id: int, relation: str, now: datetime) -> Relative:
    """`relation` as `relations.KEPT_AS` has it."""
    found = find(session, customer_id, relation)
    if found is not None:
        return found
    made = Relative(
        customer_id=customer_id,
        relation=relation,
        called="",
        notes="",
        gift_partner=relation in PARTNERS,
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made
