"""Forgetting a person: what the law lets the shop keep stays, without saying whose it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, false, or_, select, update
from sqlalchemy.orm import Session

from crm.actors import Actor
from crm.models import (
    Conversation,
    Customer,
    Delivery,
    DeliveryState,
    Identity,
    InboxRow,
    Interaction,
    Talk,
)
from crm.services import audit, consents, customers

ERASED = "erased"
# What is emptied in the customer's own row; the code stays, so that the audit log can be followed.
EMPTIED: dict[str, Any] = {
    "gender": "",
    "birthday": "",
    "birthday_calendar": "",
    "birthday_leap_month": False,
    "wedding_anniversary": None,
    "advisor_id": None,
    "ring_size": "",
    "allergies": "",
    "preferences": "",
    "tags": "",
    "notes": "",
}


def erase(session: Session, actor: Actor, customer: Customer, now: datetime) -> None:
    """Erase what is about her person. Purchases stay under the shop's own duty, consents as its proof."""
    customers.set_name(session, customer, "")
    customers.set_phone(customer, "")
    for name, nothing in EMPTIED.items():
        setattr(customer, name, nothing)
    consents.withdraw(session, customer.id, channel=ERASED, at=now, proof=actor.name)
    _empty_messages(session, customer)
    _stop_deliveries(session, customer, now)
    session.execute(delete(Identity).where(Identity.customer_id == customer.id))
    audit.note(session, now, actor, "erase", customer.code)


def _empty_messages(session: Session, customer: Customer) -> None:
    """What she wrote, what was answered, and the ids under which it came."""
    addresses = session.execute(
        select(Identity.account, Identity.value)
        .where(Identity.customer_id == customer.id)
        .union(select(Conversation.account, Conversation.person).where(Conversation.customer_id == customer.id))
    ).all()
    hers = or_(
        false(), *(and_(InboxRow.account == account, InboxRow.person == person) for account, person in addresses)
    )
    if addresses:
        session.execute(update(InboxRow).where(hers).values(person="", body=None, reply=None))
    session.execute(update(Interaction).where(Interaction.customer_id == customer.id).values(text=""))
    session.execute(delete(Talk).where(Talk.customer_id == customer.id))
    session.execute(delete(Conversation).where(Conversation.customer_id == customer.id))


def _stop_deliveries(session: Session, customer: Customer, now: datetime) -> None:
    hers = Delivery.customer_id == customer.id
    planned = Delivery.state == DeliveryState.PLANNED
    skipped = {"state": DeliveryState.SKIPPED, "reason": ERASED, "ended_at": now}
    session.execute(update(Delivery).where(hers, planned).values(skipped))
    session.execute(update(Delivery).where(hers).values(person="", body=""))
