"""What a row of the till changes beside itself: where its customer stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from crm.models import Purchase
from crm.services.membership.standings import mark_stale
from crm.services.tables.declarations import Row


class BesidePurchases:
    """Marks the standings of the customers of a batch, also of those whose piece came back by another's card."""

    def check(self, session: Session, rows: list[Row]) -> None:
        """Nothing that the row itself doesn't say."""

    def write(self, session: Session, rows: list[Row], now: datetime) -> None:
        lines: list[Purchase] = [row.thing for row in rows if row.is_new or row.changed]
        originals = {(line.original_number, line.original_line) for line in lines if line.original_number}
        customers = {line.customer_id for line in lines if line.customer_id is not None}
        if originals:
            key = tuple_(Purchase.number, Purchase.line)
            owners = session.scalars(select(Purchase.customer_id).where(key.in_(originals)))
            customers |= {owner for owner in owners if owner is not None}
        mark_stale(session, customers)

    def read(self, session: Session, things: list[Any]) -> dict[int, dict[str, Any]]:
        return {thing.id: {} for thing in things}
