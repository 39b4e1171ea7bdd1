"""Cards that were planned for staff: found again by the beginning of their task id, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm.models import Delivery, DeliveryState


def open_cards(session: Session, task_prefix: str) -> Sequence[Delivery]:
    """Cards whose buttons can still be turned grey: they were sent and gave a code for it."""
    wanted = Delivery.key.like(f"card:{task_prefix}%")
    return session.scalars(select(Delivery).where(wanted, Delivery.receipt != "").order_by(Delivery.id)).all()


def withdraw(session: Session, task_prefix: str, reason: str, now: datetime) -> None:
    """Cards that were not sent yet are not sent any more."""
    unsent = (Delivery.key.like(f"card:{task_prefix}%"), Delivery.state == DeliveryState.PLANNED)
    values = {"state": DeliveryState.SKIPPED, "reason": reason, "ended_at": now}
    session.execute(update(Delivery).where(*unsent).values(values), execution_options={"synchronize_session": False})
