"""What was said with a customer, and what advisors noted about her."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.actors import Actor
from crm.errors import Invalid
from crm.models import Customer, Interaction
from crm.services import audit

# Characters of all notes on one customer: a page or two; beyond that nobody reads them.
NOTES_LENGTH = 8000


def add_note(
    session: Session, actor: Actor, customer: Customer, text: str, now: datetime, zone: ZoneInfo | None = None
) -> None:
    """Append one dated, signed line (the day in the shop's zone); raises Invalid when empty or too long."""
    line = " ".join(text.split())
    if not line:
        raise Invalid("A note needs a text.")
    session.flush()
    # Two advisors may write at once: the second appends to what the first wrote.
    session.refresh(customer, ["notes"], with_for_update=True)
    signed = f"{now.astimezone(zone or ZoneInfo('Asia/Shanghai')):%Y-%m-%d} {actor.name}：{line}"
    notes = f"{customer.notes}\n{signed}".strip()
    if len(notes) > NOTES_LENGTH:
        raise Invalid(f"The notes on one customer end at {NOTES_LENGTH} characters.")
    customer.notes = notes
    audit.note(session, now, actor, "add-note", customer.code)


def interactions(session: Session, customer_id: int, limit: int | None = 20) -> Sequence[Interaction]:
    """The newest first; None: all of them."""
    wanted = select(Interaction).where(Interaction.customer_id == customer_id)
    # By id: they are written one at a time per person, while the clocks of two processes may differ.
    return session.scalars(wanted.order_by(Interaction.id.desc()).limit(limit)).all()
