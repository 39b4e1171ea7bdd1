"""What came in since two customers became one, by which of the two it came, when they part again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, false, or_, select, tuple_, update
from sqlalchemy.orm import Session

from crm.models import Consent, Conversation, Customer, Delivery, Identity, InboxRow, Interaction, Talk

PART = 500


def follow_identities(session: Session, kept: Customer, back: Customer, since: datetime) -> None:
    """Messages, words about consent, talks and replies that came by an id which is `back`'s again."""
    addresses = _addresses(session, back)
    if not addresses:
        return
    here = or_(
        false(), *(and_(InboxRow.account == account, InboxRow.person == person) for account, person in addresses)
    )
    keys = list(session.scalars(select(InboxRow.key).where(here, InboxRow.received_at >= since)))
    to_back = {"customer_id": back.id}
    plain = {"synchronize_session": False}
    for start in range(0, len(keys), PART):
        part = keys[start : start + PART]
        said = and_(Interaction.customer_id == kept.id, Interaction.at >= since, Interaction.key.in_(part))
        session.execute(update(Interaction).where(said).values(to_back), execution_options=plain)
        told = and_(Consent.customer_id == kept.id, Consent.at >= since, Consent.proof.in_(part))
        session.execute(update(Consent).where(told).values(to_back), execution_options=plain)
    sent = and_(Delivery.customer_id == kept.id, Delivery.planned_at >= since)
    by_hers = tuple_(Delivery.account, Delivery.person).in_(addresses)
    answered = select(Delivery.key).where(sent, by_hers)
    log = and_(Interaction.customer_id == kept.id, Interaction.at >= since, Interaction.key.in_(answered))
    session.execute(update(Interaction).where(log).values(to_back), execution_options=plain)
    session.execute(update(Delivery).where(sent, by_hers).values(to_back), execution_options=plain)
    hers = select(Conversation.id).where(Conversation.customer_id == back.id)
    talked = and_(Talk.customer_id == kept.id, Talk.conversation_id.in_(hers))
    session.execute(update(Talk).where(talked).values(to_back), execution_options=plain)


def _addresses(session: Session, back: Customer) -> list[tuple[str, str]]:
    ids = select(Identity.account, Identity.value).where(Identity.customer_id == back.id)
    talks = select(Conversation.account, Conversation.person).where(Conversation.customer_id == back.id)
    return [(row[0], row[1]) for row in session.execute(ids.union(talks))]
