"""The list of pushes for whoever runs the shop: one line each, no word of their content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.models import Customer, Delivery, DeliveryState

# Rows fetched at once: the list may be long.
PAGE = 1000


@dataclass(frozen=True, slots=True)
class Listed:
    """One push; `customer` is the code, "" for pushes to staff and for erased people."""

    job: str
    due_on: date
    customer: str
    channel: str
    state: str
    reason: str
    planned_at: datetime
    ended_at: datetime | None


def open_by_job(session: Session) -> dict[tuple[str, str], int]:
    """How many pushes are not over yet, by job and state."""
    still_open = Delivery.state.in_((DeliveryState.PLANNED, DeliveryState.CLAIMED))
    rows = session.execute(
        select(Delivery.job, Delivery.state, func.count()).where(still_open).group_by(Delivery.job, Delivery.state)
    )
    return {(job, state.value): count for job, state, count in rows}


def listing(session: Session, since: datetime | None = None, job: str = "") -> Iterator[Listed]:
    """Pushes planned since that instant, of one job or of all, oldest first."""
    columns = (
        Delivery.job,
        Delivery.due_on,
        Customer.code,
        Delivery.channel,
        Delivery.state,
        Delivery.reason,
        Delivery.planned_at,
        Delivery.ended_at,
    )
    wanted = select(*columns).outerjoin(Customer, Customer.id == Delivery.customer_id).order_by(Delivery.id)
    if since is not None:
        wanted = wanted.where(Delivery.planned_at >= since)
    if job:
        wanted = wanted.where(Delivery.job == job)
    for row in session.execute(wanted.execution_options(yield_per=PAGE)):
        yield Listed(
            row.job, row.due_on, row.code or "", row.channel, row.state.value, row.reason, row.planned_at, row.ended_at
        )
