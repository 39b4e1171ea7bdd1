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

from crm.models import Correction, Customer

NAME = "name"
# What a table says of her person and she may mend herself.
FIELDS = (
    *(NAME, "phone", "gender", "birthday", "birthday_calendar", "birthday_leap_month", "wedding_anniversary"),
    *("ring_size", "allergies", "preferences"),
)


def listen(session: Session, now: datetime) -> None:
    """From now on this session writes what the customer says."""
    event.listen(session, "after_flush", partial(_note, now))


def _note(now: datetime, session: Session, _flush: object) -> None:
    rows = [
        {"customer_id": row.id, "field": field, "was": was, "told": told, "at": now}
        for row in session.dirty
        if isinstance(row, Customer)
        for field, was, told in _changed(row)
    ]
    if rows:
        session.connection().execute(insert(Correction.__table__), rows)  # type: ignore[arg-type]


def _changed(customer: Customer) -> list[tuple[str, str, str]]:
    changes = ((field, inspect(customer).attrs[field].history) for field in FIELDS)
    return [
        (field, _written(history.deleted[0]), _written(history.added[0]))
        for field, history in changes
        if history.added and history.deleted
    ]


def note(session: Session, customer: Customer, field: str, was: Any, at: datetime) -> None:
    """She made of it then what stands in her card now."""
    told = _written(getattr(customer, field))
    session.add(Correction(customer_id=customer.id, field=field, was=_written(was), told=told, at=at))


def _written(value: Any) -> str:
    return "" if value is None else str(value)


def mended(session: Session, customer_ids: Sequence[int]) -> dict[tuple[int, str], set[str]]:
    """By customer and field, the values that she has made something else of."""
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    if not customer_ids:
        return found
    for row in session.scalars(select(Correction).where(Correction.customer_id.in_(customer_ids))):
        found[row.customer_id, row.field].add(row.was)
    return found


def is_mended(before: dict[tuple[int, str], set[str]], customer_id: int, field: str, value: Any) -> bool:
    """Whether this is what she has mended (`before`: see `mended`)."""
    return _written(value) in before.get((customer_id, field), ())


def given_names(session: Session, customer: Customer, others: Sequence[str] = ()) -> list[str]:
    """Every name that she bore and did not choose in the chat; `others`: of those who went up in her."""
    rows = _names(session, customer)
    chosen = {row.told for row in rows}
    borne = dict.fromkeys([customer.name, *(row.was for row in rows), *others])
    return [name for name in borne if name and name not in chosen]


def name_at(session: Session, customer: Customer, at: datetime) -> str:
    """How the shop called her then; her name of today where it knew no other."""
    rows = _names(session, customer)
    chosen = {row.told for row in rows}
    if customer.name not in chosen:
        return customer.name
    return next((row.was for row in rows if row.at > at and row.was and row.was not in chosen), customer.name)


def _names(session: Session, customer: Customer) -> Sequence[Correction]:
    hers = select(Correction).where(Correction.customer_id == customer.id, Correction.field == NAME)
    return session.scalars(hers.order_by(Correction.id)).all()
