"""Which pushes may be worked on now: due, still useful, and nobody's second one."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select, text, true
from sqlalchemy.orm import Session

from crm.models import Delivery, DeliveryState, Purpose

# Rows named in a wake-up are due now by the clock of whoever planned them; clocks differ a little.
CLOCKS_DIFFER = timedelta(seconds=1)
# Rows looked at together; never more than a statement takes values.
PAGE = 500
# Locks among which PostgreSQL spreads the people: one transaction never holds more.
LOCK_BUCKETS = 1024
# First number of our advisory locks; the second is the bucket.
LOCK_SPACE = 0x64656C

# Written out, because a partial index serves only a condition that it can read.
OPEN = text("deliveries.state IN ('planned', 'claimed')")

# Whose push it is: a member of staff, a customer, or somebody known by address only.
Person = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """Which due rows: by id, of one job, by one of these routes, by none of these. Empty: any.

    `without_call`: only those that are no part of a call for many. `ends_by`: only those that
    are of no use after that moment.
    """

    ids: Collection[int] | None = None
    job: str = ""
    routes: Collection[str] = ()
    not_routes: Collection[str] = ()
    without_call: bool = False
    ends_by: datetime | None = None

    def condition(self) -> ColumnElement[bool]:
        """For queries over Delivery."""
        return and_(true(), *self._conditions())

    def _conditions(self) -> Iterator[ColumnElement[bool]]:
        if self.ids is not None:
            yield Delivery.id.in_(list(self.ids))
        if self.job:
            yield Delivery.job == self.job
        if self.routes:
            yield Delivery.route.in_(list(self.routes))
        if self.not_routes:
            yield Delivery.route.not_in(list(self.not_routes))
        if self.without_call:
            yield Delivery.send_id.is_(None)
        if self.ends_by is not None:
            yield Delivery.not_after <= self.ends_by


def free_rows(session: Session, now: datetime, wish: Wish, limit: int, *, lock: bool = False) -> list[Row[Any]]:
    """At most `limit` rows that may be taken, those that wait longest first.

    Left out is whose person has another open row in work, or one that comes first and is due or
    was tried before. When one job is delivered alone, only its own rows come first.
    """
    free: list[Row[Any]] = []
    last: Row[Any] | None = None
    while len(free) < limit:
        due = _due(now, wish, last).limit(min(limit, PAGE) if wish.ids is None else PAGE)
        page = session.execute(due.with_for_update(skip_locked=True) if lock else due).all()
        if not page:
            break
        free.extend(_unblocked(session, page, now, wish.job))
        last = page[-1]
    return free[:limit]


def lock_people(session: Session, rows: Sequence[Row[Any]]) -> None:
    """PostgreSQL: one claim at a time per person. Sorted, so that two claims never wait in a circle."""
    buckets = sorted({_bucket(person_of(row)) for row in rows})
    session.execute(
        text("SELECT pg_advisory_xact_lock(:space, b) FROM (SELECT unnest(CAST(:buckets AS int[])) AS b ORDER BY 1) s"),
        {"space": LOCK_SPACE, "buckets": buckets},
    ).all()


def still_free(session: Session, rows: Sequence[Row[Any]], now: datetime, wish: Wish) -> list[Row[Any]]:
    """Those that may still be taken once their people are locked, locked themselves."""
    return free_rows(session, now, replace(wish, ids=[row.id for row in rows]), len(rows), lock=True)


def person_of(row: Row[Any]) -> Person:
    """Who gets it: pushes to staff are the member's, whichever customer they tell of."""
    to_staff = row.purpose is Purpose.STAFF
    if to_staff and row.staff_id is not None:
        return ("staff", str(row.staff_id))
    if not to_staff and row.customer_id is not None:
        return ("customer", str(row.customer_id))
    return ("address", row.account, row.person)


_COLUMNS = (
    Delivery.id,
    Delivery.purpose,
    Delivery.customer_id,
    Delivery.staff_id,
    Delivery.account,
    Delivery.person,
    Delivery.job,
    Delivery.state,
    Delivery.attempts,
    Delivery.not_before,
)


def _due(now: datetime, wish: Wish, last: Row[Any] | None) -> Select[*tuple[Any, ...]]:
    begun = now + (CLOCKS_DIFFER if wish.ids is not None else timedelta(0))
    planned = and_(OPEN, Delivery.state == DeliveryState.PLANNED, Delivery.not_before <= begun)
    useful = or_(Delivery.not_after.is_(None), Delivery.not_after >= now)
    rows = select(*_COLUMNS).where(planned, useful, wish.condition())
    if last is not None:
        same_moment = and_(Delivery.not_before == last.not_before, Delivery.id > last.id)
        rows = rows.where(or_(Delivery.not_before > last.not_before, same_moment))
    return rows.order_by(Delivery.not_before, Delivery.id)


def _unblocked(session: Session, page: Sequence[Row[Any]], now: datetime, job: str) -> list[Row[Any]]:
    rivals: dict[Person, list[Row[Any]]] = {}
    for rival in _open_rows_of(session, {person_of(row) for row in page}):
        rivals.setdefault(person_of(rival), []).append(rival)
    # A row that is missing among the open ones was ended since the page was read.
    return [row for row in page if _goes_first(row, rivals.get(person_of(row), []), now, job)]


def _goes_first(row: Row[Any], rivals: Sequence[Row[Any]], now: datetime, job: str) -> bool:
    is_open = any(rival.id == row.id for rival in rivals)
    return is_open and not any(_is_first(rival, row, now, job) for rival in rivals)


def _is_first(rival: Row[Any], row: Row[Any], now: datetime, job: str) -> bool:
    if rival.id == row.id:
        return False
    if rival.state is DeliveryState.CLAIMED:
        return True
    its_turn = rival.not_before <= now or (rival.attempts > 0 and rival.job == row.job)
    return bool(rival.id < row.id and its_turn and (not job or rival.job == row.job))


def _open_rows_of(session: Session, people: set[Person]) -> Iterator[Row[Any]]:
    """Every open row of these people; one query for each way of naming them."""
    customers = [int(person[1]) for person in people if person[0] == "customer"]
    members = [int(person[1]) for person in people if person[0] == "staff"]
    addresses = [person for person in people if person[0] == "address"]
    if customers:
        yield from _open_rows(session, Delivery.purpose != Purpose.STAFF, Delivery.customer_id.in_(customers))
    if members:
        yield from _open_rows(session, Delivery.purpose == Purpose.STAFF, Delivery.staff_id.in_(members))
    if addresses:
        persons = {person[2] for person in addresses}
        rows = _open_rows(session, Delivery.person.in_(persons))
        yield from (row for row in rows if person_of(row) in people)


def _open_rows(session: Session, *conditions: ColumnElement[bool]) -> list[Any]:
    return list(session.execute(select(*_COLUMNS).where(OPEN, *conditions)))


def _bucket(person: Person) -> int:
    return int.from_bytes(hashlib.sha256("\0".join(person).encode()).digest()[:4]) % LOCK_BUCKETS
