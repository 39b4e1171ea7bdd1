"""Everything about one customer for who looks after her, by his rights: the long view, 360°."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm.actors import Actor
from crm.errors import Invalid, NotFound
from crm.models import (
    Appointment,
    AppointmentPiece,
    Complaint,
    Customer,
    Feedback,
    Interaction,
    LifeStage,
    Purchase,
    PurchaseKind,
    Relative,
    ServiceOrder,
    SkinTest,
)
from crm.services import audit, history, purchases
from crm.services.customers import by_code
from crm.services.households import copying, people, pieces, remembering
from crm.services.households.pieces import HouseholdPiece
from crm.services.households.remembering import Remembered

# Of what is long, the newest: a screen or two; the whole of it is `flask customers show`.
LAST = 5
LAST_INTERACTIONS = 50
TRADED = (PurchaseKind.RETURN, PurchaseKind.EXCHANGE, PurchaseKind.TRADE_IN)


@dataclass(frozen=True, slots=True)
class Whole:
    """`pieces`: surprises too, which he must not let out. `channels`: over which she spoke lately."""

    customer: Customer
    relatives: Sequence[Relative]
    sizes: Sequence[Remembered]
    days: Sequence[Remembered]
    tastes: Sequence[Remembered]
    skin_tests: Sequence[SkinTest]
    stages: Sequence[LifeStage]
    pieces: Sequence[HouseholdPiece]
    traded: Sequence[Purchase]
    visits: Sequence[Appointment]
    services: Sequence[ServiceOrder]
    complaints: Sequence[Complaint]
    feedback: Sequence[Feedback]
    channels: Sequence[str]
    last_words: Interaction | None
    fields: dict[str, Any]


def whole(session: Session, actor: Actor, customer: Customer, now: datetime) -> Whole:
    """Raises NotFound when the actor may not see her. Audited."""
    seen = by_code(session, actor, customer.code)
    audit.note(session, now, actor, "profile-whole", seen.code)
    said = history.interactions(session, seen.id, LAST_INTERACTIONS)
    return Whole(
        customer=seen,
        relatives=people.relatives(session, seen.id),
        sizes=remembering.sizes(session, seen),
        days=remembering.days(session, seen),
        tastes=[one for one in remembering.tastes(session, seen) if one.kind != "skin"],
        skin_tests=_newest(session, SkinTest, seen),
        stages=_newest(session, LifeStage, seen),
        pieces=pieces.of_household(session, seen.id),
        traded=[line for line in purchases.purchases(session, seen.id) if line.kind in TRADED][:LAST],
        visits=_visits(session, seen),
        services=_newest(session, ServiceOrder, seen),
        complaints=_newest(session, Complaint, seen),
        feedback=[one for one in _newest(session, Feedback, seen) if one.score is not None],
        channels=tuple(dict.fromkeys(one.channel for one in said if one.direction == "in")),
        last_words=next((one for one in said if one.direction == "in" and one.kind == "text"), None),
        fields=copying.fields(session, seen.id),
    )


def link(session: Session, actor: Actor, customer: Customer, relation: str, other_code: str, now: datetime) -> Relative:
    """Her relative is this other customer of ours; both must be the actor's to see. Raises NotFound, Invalid."""
    seen, other = by_code(session, actor, customer.code), by_code(session, actor, other_code)
    if seen.id == other.id:
        raise Invalid("Nobody is a relative of herself.")
    relative = people.find_or_make(session, seen.id, relation, now)
    relative.linked_customer_id = other.id
    audit.note(session, now, actor, "link-relative", seen.code, f"{relation} {other.code}")
    return relative


def unlink(session: Session, actor: Actor, customer: Customer, relation: str, now: datetime) -> bool:
    """Her relative is no customer that we know of; False when nothing said so. Raises NotFound."""
    seen = by_code(session, actor, customer.code)
    linked = [one for one in people.relatives(session, seen.id) if one.relation == relation and one.linked_customer_id]
    for relative in linked:
        relative.linked_customer_id = None
        audit.note(session, now, actor, "unlink-relative", seen.code, relation)
    return bool(linked)


def hide_piece(
    session: Session, actor: Actor, customer: Customer, number: int, until: date, now: datetime
) -> HouseholdPiece:
    """The piece of that number in the long view is a surprise until that day. Raises NotFound."""
    seen = by_code(session, actor, customer.code)
    owned = pieces.of_household(session, seen.id)
    if not 0 < number <= len(owned):
        raise NotFound(f"{seen.code} has no piece {number}.")
    piece = owned[number - 1]
    care = pieces.keep_secret(session, piece.purchase, until)
    audit.note(session, now, actor, "hide-piece", seen.code, f"{piece.purchase.number} {piece.purchase.line}")
    return HouseholdPiece(piece.purchase, care, False)


def begin_stage(session: Session, actor: Actor, customer: Customer, stage: str, today: date, now: datetime) -> None:
    """From today on she is there; what she told before stays with its end. Raises NotFound, Invalid."""
    seen = by_code(session, actor, customer.code)
    if not 0 < len(stage) <= 16:
        raise Invalid("A stage of life has up to 16 letters.")
    open_ones = select(LifeStage).where(LifeStage.customer_id == seen.id, LifeStage.until.is_(None))
    for row in session.scalars(open_ones):
        row.until = today
    session.add(LifeStage(customer_id=seen.id, stage=stage, since=today, source=f"staff:{actor.name}"))
    audit.note(session, now, actor, "begin-stage", seen.code)


def _newest(session: Session, model: type[Any], customer: Customer) -> Sequence[Any]:
    hers = select(model).where(model.customer_id == customer.id).order_by(model.id.desc()).limit(LAST)
    return session.scalars(hers).all()


def _visits(session: Session, customer: Customer) -> Sequence[Appointment]:
    hers = select(Appointment).where(Appointment.customer_id == customer.id)
    eager = (
        joinedload(Appointment.store),
        joinedload(Appointment.pieces).joinedload(AppointmentPiece.style),
    )
    return session.scalars(hers.order_by(Appointment.starts_at.desc()).limit(LAST).options(*eager)).unique().all()
