"""What came in since two customers became one, by which of the two it came, when they part again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, tuple_, update
from sqlalchemy.orm import Session

from crm.models import (
    Appointment,
    Complaint,
    Conversation,
    Customer,
    Delivery,
    DeliveryState,
    Feedback,
    Identity,
    InboxRow,
    Interaction,
    Occasion,
    PieceCare,
    Purchase,
    Relative,
    ServiceOrder,
    Size,
    Talk,
    Task,
    WaitingEntry,
)
from crm.services.households.people import find_or_make

PART = 500
PLAIN = {"synchronize_session": False}


def follow_identities(session: Session, kept: Customer, back: Customer, since: datetime) -> None:
    """Messages, talks and replies that came by an id which is `back`'s again; her words stand in `spoken`."""
    _conversations(session, kept, back)
    addresses = _addresses(session, back)
    if not addresses:
        return
    here = or_(
        false(), *(and_(InboxRow.account == account, InboxRow.person == person) for account, person in addresses)
    )
    keys = list(session.scalars(select(InboxRow.key).where(here, InboxRow.received_at >= since)))
    to_back = {"customer_id": back.id}
    for start in range(0, len(keys), PART):
        part = keys[start : start + PART]
        said = and_(Interaction.customer_id == kept.id, Interaction.at >= since, Interaction.key.in_(part))
        session.execute(update(Interaction).where(said).values(to_back), execution_options=PLAIN)
    sent = and_(Delivery.customer_id == kept.id, Delivery.planned_at >= since)
    by_hers = tuple_(Delivery.account, Delivery.person).in_(addresses)
    answered = select(Delivery.key).where(sent, by_hers)
    log = and_(Interaction.customer_id == kept.id, Interaction.at >= since, Interaction.key.in_(answered))
    session.execute(update(Interaction).where(log).values(to_back), execution_options=PLAIN)
    session.execute(update(Delivery).where(sent, by_hers).values(to_back), execution_options=PLAIN)
    hers = select(Conversation.id).where(Conversation.customer_id == back.id)
    talked = and_(Talk.customer_id == kept.id, Talk.conversation_id.in_(hers))
    session.execute(update(Talk).where(talked).values(to_back), execution_options=PLAIN)


def _conversations(session: Session, kept: Customer, back: Customer) -> None:
    """Who first spoke while they were one: her conversation belongs to whom her id belongs to."""
    ids = select(Identity.account, Identity.value).where(Identity.customer_id == back.id)
    hers = and_(Conversation.customer_id == kept.id, tuple_(Conversation.account, Conversation.person).in_(ids))
    session.execute(update(Conversation).where(hers).values(customer_id=back.id), execution_options=PLAIN)


def follow_what_it_is_about(session: Session, kept: Customer, back: Customer) -> None:
    """What the program made since of a visit, service or wish that is `back`'s: she is asked, offered and told."""
    visits = select(Appointment.id).where(Appointment.customer_id == back.id)
    waits = select(WaitingEntry.offered_appointment_id).where(WaitingEntry.customer_id == back.id)
    _to(session, back, and_(Appointment.customer_id == kept.id, Appointment.id.in_(waits)), Appointment)
    _to(session, back, and_(Task.customer_id == kept.id, Task.appointment_id.in_(visits)), Task)
    numbers = {
        *(f"appointment:{one}" for one in _numbers(session, Appointment, back)),
        *(f"service:{one}" for one in _numbers(session, ServiceOrder, back)),
    }
    asked = select(Feedback.id, Feedback.ref).where(Feedback.customer_id == kept.id)
    hers = [row.id for row in session.execute(asked) if row.ref in numbers]
    _to(session, back, Feedback.id.in_(hers), Feedback)
    _to(session, back, and_(Complaint.customer_id == kept.id, Complaint.feedback_id.in_(hers)), Complaint)
    of_visits = {str(one) for one in session.scalars(visits)}
    planned = and_(Delivery.customer_id == kept.id, Delivery.state == DeliveryState.PLANNED)
    keys = session.execute(select(Delivery.id, Delivery.key).where(planned))
    due = [row.id for row in keys if _is_about(row.key, of_visits, numbers)]
    _to(session, back, Delivery.id.in_(due), Delivery)


def _to(session: Session, back: Customer, these: ColumnElement[bool], model: Any) -> None:
    session.execute(update(model).where(these).values(customer_id=back.id), execution_options=PLAIN)


def _numbers(session: Session, model: Any, back: Customer) -> Sequence[str]:
    return session.scalars(select(model.number).where(model.customer_id == back.id)).all()


def _is_about(key: str, visits: set[str], refs: set[str]) -> bool:
    """`scheduler/visits.py` writes "<job>:<visit>:<moves>", `scheduler/satisfaction.py` "satisfaction:<ref>"."""
    parts = key.split(":")
    return (len(parts) == 3 and parts[2].isdecimal() and parts[1] in visits) or key.partition(":")[2] in refs


def part_relatives(session: Session, both: tuple[Customer, Customer], now: datetime) -> None:
    """No size, day or piece of the one belongs to a relative of the other: each has her own, of the same relation."""
    ids = [one.id for one in both]
    theirs: list[tuple[Any, Any, Any]] = [(model, model.customer_id, model.relative_id) for model in (Size, Occasion)]
    for model, owner, relative in (*theirs, (PieceCare, Purchase.customer_id, PieceCare.wearer_relative_id)):
        wrong = select(model, Relative.relation, owner).join(Relative, Relative.id == relative)
        wrong = wrong.join(PieceCare.purchase) if model is PieceCare else wrong
        for row, relation, owner_id in session.execute(
            wrong.where(owner.in_(ids), Relative.customer_id != owner)
        ).all():
            setattr(row, relative.key, find_or_make(session, owner_id, relation, now).id)
    session.flush()


def _addresses(session: Session, back: Customer) -> list[tuple[str, str]]:
    ids = select(Identity.account, Identity.value).where(Identity.customer_id == back.id)
    talks = select(Conversation.account, Conversation.person).where(Conversation.customer_id == back.id)
    return [(row[0], row[1]) for row in session.execute(ids.union(talks))]
