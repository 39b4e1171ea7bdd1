"""What the bot answered and sent two while they were one: nobody can know which line held the other one's data."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from crm.models import Conversation, Customer, Delivery, Direction, Identity, InboxRow, Interaction

_PLAIN = {"synchronize_session": False}


def empty(session: Session, customers: Collection[Customer], since: datetime) -> None:
    """Of these customers, from that moment on; what they said themselves and what is still to be sent stays."""
    ids = [one.id for one in customers]
    answered = (Interaction.customer_id.in_(ids), Interaction.direction == Direction.OUT, Interaction.at >= since)
    session.execute(
        update(Interaction).where(*answered, Interaction.staff_id.is_(None)).values(text=""), execution_options=_PLAIN
    )
    sent = (Delivery.customer_id.in_(ids), Delivery.ended_at.is_not(None), Delivery.planned_at >= since)
    session.execute(
        update(Delivery).where(*sent, Delivery.staff_id.is_(None)).values(body=""), execution_options=_PLAIN
    )
    theirs = select(Identity.account, Identity.value).where(Identity.customer_id.in_(ids))
    talks = select(Conversation.account, Conversation.person).where(Conversation.customer_id.in_(ids))
    by_theirs = tuple_(InboxRow.account, InboxRow.person).in_(theirs.union(talks))
    session.execute(
        update(InboxRow).where(by_theirs, InboxRow.received_at >= since).values(reply=None), execution_options=_PLAIN
    )
