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
from crm.services.appointments import forgetting as appointments
from crm.services.households import forgetting as households
from crm.services.learning.forgetting import forget_questions
from crm.services.privacy import fates, holds, staff_texts, tombstones
from crm.services.privacy.signs import signs_of

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


def erase(session: Session, actor: Actor, customer: Customer, now: datetime, *, bury: bool = True) -> int:
    """Erase what is about her person. Purchases stay under the shop's own duty, consents as its proof.

    Returns how many lines of large cash purchases a law keeps with her name (`privacy/holds.py`). `bury`: the
    erasure is remembered, so that it holds after a restore; False only where it already is.
    """
    if bury:
        tombstones.bury(session, customer, now)
    held = holds.keep(session, customer, now)
    _empty_what_staff_said(session, customer, now)
    customers.set_name(session, customer, "")
    customers.set_phone(customer, "")
    for name, nothing in EMPTIED.items():
        setattr(customer, name, nothing)
    consents.withdraw(session, customer.id, channel=ERASED, at=now, proof=actor.name)
    _empty_messages(session, customer)
    appointments.forget(session, customer.id, now, by=ERASED)
    households.forget(session, customer.id, now, by=ERASED)
    _stop_deliveries(session, customer, now)
    fates.delete_what_goes(session, customer.id)
    session.execute(delete(Identity).where(Identity.customer_id == customer.id))
    audit.note(session, now, actor, "erase", customer.code, f"{held} lines kept by law" if held else "")
    return held


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
    forget_questions(session, customer.id)
    session.execute(delete(Conversation).where(Conversation.customer_id == customer.id))


def _empty_what_staff_said(session: Session, customer: Customer, now: datetime) -> None:
    """Messages between staff and the bot that carried her words or are about her: look-ups, notes, cards, relays."""
    staff_texts.empty(session, signs_of(session, customer), now, _keys_of_what_was_relayed(session, customer))


def _keys_of_what_was_relayed(session: Session, customer: Customer) -> set[str]:
    """Keys of the messages that caused something for her, and of what her own messages caused for staff."""
    hers = session.scalars(select(Interaction.key).where(Interaction.customer_id == customer.id))
    caused = session.scalars(select(Delivery.key).where(Delivery.customer_id == customer.id))
    return {*hers, *(staff_texts.message_key(key) for key in caused)}


def _stop_deliveries(session: Session, customer: Customer, now: datetime) -> None:
    hers = Delivery.customer_id == customer.id
    planned = Delivery.state == DeliveryState.PLANNED
    skipped = {"state": DeliveryState.SKIPPED, "reason": ERASED, "ended_at": now}
    session.execute(update(Delivery).where(hers, planned).values(skipped))
    session.execute(update(Delivery).where(hers).values(person="", body=""))
