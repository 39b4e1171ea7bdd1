"""Pushes that went out earlier."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.codec import to_json
from bot.messages import Text
from crm.models import DeliveryState, Purpose
from crm.services.deliveries import NewDelivery, plan


def marketing_sent(session: Session, customer_id: int, at: datetime, count: int, route: str = "mass_send") -> None:
    """So many marketing messages of this moment's month."""
    rows = [
        NewDelivery(
            key=f"past:{customer_id}:{number}",
            job="past",
            due_on=at.date(),
            purpose=Purpose.MARKETING,
            body=to_json(Text("新品到店")),
            planned_at=at,
            customer_id=customer_id,
            route=route,
            state=DeliveryState.SENT,
        )
        for number in range(count)
    ]
    plan(session, rows)
