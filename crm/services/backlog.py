"""How many pushes stand where, and how long the oldest has been waiting: for the metrics."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.models import Delivery, DeliveryState

OPEN = (DeliveryState.PLANNED, DeliveryState.CLAIMED)


def counts(session: Session) -> dict[str, int]:
    """Deliveries by state."""
    rows = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return {state.value: count for state, count in rows}


def waiting_since(session: Session, now: datetime) -> datetime | None:
    """When the oldest delivery that is due became due; None when nothing waits."""
    due = select(func.min(Delivery.not_before)).where(Delivery.state.in_(OPEN), Delivery.not_before <= now)
    return session.scalar(due)
