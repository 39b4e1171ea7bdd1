"""What stood in a customer's card before she mended or forgot it in the chat.

Her word holds against the same old value of a table; a purchase that a law keeps, keeps the name that it was made
under; and staff may have written of her by a name that she no longer bears.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import event, insert, inspect, select
from sqlalchemy.orm import Session

from bot.clock import Clock
from crm.models import Correction, Customer

NAME = "name"
# What a table says of her person and she may mend herself.
FIELDS = (
    *(NAME, "gender", "birthday", "birthday_calendar", "birthday_leap_month", "wedding_anniversary"),
    *("ring_size", "allergies", "preferences"),
)


def listen(session: Session, clock: Clock) -> None:
    """From now on this session writes what the customer says."""
    event.listen(session, "after_flush", partial(_note, clock))


def _note(clock: Clock, session: Session, _flush: object) -> None:
    rows = [
        {"customer_id": row.id, "field": field, "was": was, "at": clock.now()}
        for row in session.dirty
        if isinstance(row, Customer)
        for field, was in _changed(row)
    ]
    if rows:
        session.connection().execute(insert(Correction.__table__), rows)  # type: ignore[arg-type]


def _changed(customer: Customer) -> list[tuple[str, str]]:
    changes = ((field, inspect(customer).attrs[field].history) for field in FIELDS)
    return [(field, _told(history.deleted[0])) for field, history in changes if history.added and history.deleted]


def _told(value: Any) -> str:
    return "" if value is None else str(value)


def replaced(session: Session, customer_ids: Sequence[int]) -> dict[tuple[int, str], set[str]]:
    """By customer and field, the values that she has mended since."""
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    rows = select(Correction).where(Correction.customer_id.in_(customer_ids))
    for row in session.scalars(rows):
        found[row.customer_id, row.field].add(row.was)
    return found


def is_replaced(mended: dict[tuple[int, str], set[str]], customer_id: int, field: str, value: Any) -> bool:
    """Whether a table brings back what she has mended: `mended` of `replaced`."""
    return _told(value) in mended.get((customer_id, field), ()) and _told(value) != ""


def names(session: Session, customer: Customer) -> list[tuple[str, datetime]]:
    """Names that she bore, each until when, the first to end first."""
    hers = select(Correction).where(Correction.customer_id == customer.id, Correction.field == NAME)
    return [(row.was, row.at) for row in session.scalars(hers.order_by(Correction.id))]


def given_names(session: Session, customer: Customer) -> list[str]:
    """The name under which the shop knew her before she chose one; none for somebody who named herself."""
    former = names(session, customer)
    given = former[0][0] if former else customer.name
    return [given] if given else []


def name_at(session: Session, customer: Customer, at: datetime) -> str:
    """How she was called then; what she is called now where nothing else is known."""
    return next((was for was, until in names(session, customer) if until > at and was), customer.name)
