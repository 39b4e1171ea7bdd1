"""One customer at a glance, for the advisor who is about to meet her."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.actors import Actor
from crm.models import Customer, Identity, Interaction, PieceCare, Purchase, Staff, Store
from crm.services import audit, consents, history, purchases
from crm.services.customers import by_code, masked_phone

LAST_PURCHASES = 5
LAST_INTERACTIONS = 5


@dataclass(frozen=True, slots=True)
class Profile:
    """`kept_fen`: paid for the pieces that she kept. `pieces`, `purchases`, `interactions`: the newest first."""

    customer: Customer
    phone: str  # masked
    advisor: Staff | None
    store: Store | None
    tags: tuple[str, ...]
    identities: Sequence[Identity]
    pieces: Sequence[Purchase]
    secrets: Mapping[int, date]  # by the id of a piece, the day until which somebody must not hear of it
    purchases: Sequence[Purchase]
    kept_fen: int
    first_purchase_at: datetime | None
    last_purchase_at: datetime | None
    marketing_consent: bool | None  # None: never asked
    interactions: Sequence[Interaction]


def profile(session: Session, actor: Actor, customer: Customer, now: datetime) -> Profile:
    """What the actor may see of her; raises NotFound when that is nothing. Audited."""
    seen = by_code(session, actor, customer.code)
    audit.note(session, now, actor, "profile", seen.code)
    pieces = purchases.owned_pieces(session, seen.id)
    return Profile(
        customer=seen,
        phone=masked_phone(seen.phone),
        advisor=seen.advisor,
        store=seen.store,
        tags=tuple(filter(None, seen.tags.split(";"))),
        identities=identities(session, seen.id),
        pieces=pieces,
        secrets=_secrets(session, pieces),
        purchases=purchases.purchases(session, seen.id, LAST_PURCHASES),
        kept_fen=sum(piece.amount for piece in pieces),
        first_purchase_at=pieces[-1].purchased_at if pieces else None,
        last_purchase_at=pieces[0].purchased_at if pieces else None,
        marketing_consent=word.granted if (word := consents.latest(session, [seen.id]).get(seen.id)) else None,
        interactions=history.interactions(session, seen.id, LAST_INTERACTIONS),
    )


def _secrets(session: Session, pieces: Sequence[Purchase]) -> dict[int, date]:
    """Also those whose day is over."""
    kept = select(PieceCare.purchase_id, PieceCare.surprise_until).where(PieceCare.surprise_until.is_not(None))
    found = session.execute(kept.where(PieceCare.purchase_id.in_([piece.id for piece in pieces])))
    return {piece_id: until for piece_id, until in found if until is not None}


def identities(session: Session, customer_id: int) -> Sequence[Identity]:
    return session.scalars(select(Identity).where(Identity.customer_id == customer_id).order_by(Identity.id)).all()
