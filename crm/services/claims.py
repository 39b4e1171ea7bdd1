"""Who works on which push: claims under a lease, and what becomes of rows whose worker died.

Leases run on the machine's clock, not on the shop's: they are about processes, and the shop's
clock may be moved (the sandbox's, `run-due --at`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, literal, or_, select, update
from sqlalchemy.orm import Session

from crm.db import Sessions, reading
from crm.models import Delivery, DeliveryState, Purpose
from crm.services.deliveries import ROWS_PER_INSERT
from crm.services.waiting import OPEN, Wish, free_rows, lock_people, still_free

# Seconds a claim holds: two calls with their longest waits (11 s each, tokens included) and room.
LEASE_SECONDS = 60
# Workers that may die over one row before it is given up: it may be the row that kills them.
MAX_ATTEMPTS = 5
LATE = "too late to be useful"
# How the reason of a row begins that may already have been sent: it is retried only where that is
# allowed, and it never ends as "not sent".
UNCLEAR = "outcome unknown: "
DIED = f"{UNCLEAR}the worker stopped between call and answer"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A push that `owner` works on until its lease ends; `attempts` counts this one."""

    id: int
    key: str
    job: str
    due_on: date
    purpose: Purpose
    customer_id: int | None
    staff_id: int | None
    channel: str
    route: str
    account: str
    person: str
    body: str
    attempts: int
    planned_at: datetime
    not_after: datetime | None
    send_id: int | None
    receipt: str
    reason: str
    owner: str

    @property
    def unclear(self) -> bool:
        """Whether an earlier attempt may have reached the person."""
        return self.reason.startswith(UNCLEAR)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: ids planned again, given up as unknown, too late; all now due."""

    again: list[int]
    unknown: list[int]
    late: list[int]
    due: list[int]


def machine_now() -> datetime:
    """The machine's own time, for leases only."""
    return datetime.now(UTC)


def claim(
    sessions: Sessions,
    owner: str,
    now: datetime,
    limit: int,
    ids: Collection[int] | None = None,
    *,
    wish: Wish | None = None,
    lease_seconds: float = LEASE_SECONDS,
    machine: datetime | None = None,
) -> list[Claimed]:
    """Take due rows, those that wait longest first, and count the attempt; `owner` is new for every claim.

    Never takes a row while another one of the same person is being worked on or comes before it.
    """
    wanted = wish or Wish(ids)
    until = (machine or machine_now()) + timedelta(seconds=lease_seconds)
    # Looked for without a lock: on SQLite the search stops no writer, and an idle one stops nobody.
    with reading(sessions.kw["bind"]) as session:
        found = free_rows(session, now, wanted, limit)
    if not found:
        return []
    with sessions.begin() as session:
        if session.get_bind().dialect.name == "postgresql":
            lock_people(session, found)
        free = still_free(session, found, now, wanted)
        return _take(session, [row.id for row in free], owner, until)


def claim_send(sessions: Sessions, owner: str, send_id: int, *, lease_seconds: float = LEASE_SECONDS) -> list[Claimed]:
    """Take again every planned row of a call that may have been made."""
    until = machine_now() + timedelta(seconds=lease_seconds)
    with sessions.begin() as session:
        mine = select(Delivery.id).where(Delivery.send_id == send_id, Delivery.state == DeliveryState.PLANNED)
        ids = list(session.scalars(mine.with_for_update(skip_locked=True)))
        return _take(session, ids, owner, until)


def due_ids(session: Session, now: datetime, limit: int, wish: Wish | None = None) -> list[int]:
    """Rows that may be claimed now, those that wait longest first; reads only."""
    return [row.id for row in free_rows(session, now, wish or Wish(), limit)]


def is_anything_late(session: Session, now: datetime) -> bool:
    """Whether `end_late` would end something; reads only."""
    late = select(Delivery.id).where(OPEN, Delivery.state == DeliveryState.PLANNED, Delivery.not_after < now)
    return session.scalar(late.limit(1)) is not None


def end_late(session: Session, now: datetime, wish: Wish | None = None) -> list[Row[Any]]:
    """End planned rows that are no longer useful; returns id, job and state of each.

    Skipped, or unknown when an earlier attempt may have reached the person.
    """
    late = update(Delivery).where(OPEN, Delivery.state == DeliveryState.PLANNED, Delivery.not_after < now)
    late = late.where((wish or Wish()).condition())
    unclear = Delivery.reason.startswith(UNCLEAR)
    state = case((unclear, literal(DeliveryState.UNKNOWN, Delivery.state.type)), else_=DeliveryState.SKIPPED)
    values = {"state": state, "reason": case((unclear, Delivery.reason), else_=LATE), "ended_at": now}
    ended = late.values(values).returning(Delivery.id, Delivery.job, Delivery.state)
    return list(session.execute(ended, execution_options=_PLAIN))


def sweep(
    session: Session,
    now: datetime,
    keyed_routes: Collection[str],
    many_routes: Collection[str],
    *,
    limit: int = ROWS_PER_INSERT,
    machine: datetime | None = None,
) -> Swept:
    """Look after rows whose worker died.

    What the platform recognises by a key (`keyed_routes`) and whatever is no marketing is
    planned again; marketing without a key becomes unknown and is never sent again. On
    `many_routes` nothing was called as long as the row belongs to no call.
    """
    dead = and_(OPEN, Delivery.state == DeliveryState.CLAIMED, Delivery.lease_until < (machine or machine_now()))
    once = and_(Delivery.purpose == Purpose.MARKETING, Delivery.route.not_in(list(keyed_routes)))
    killer = and_(dead, Delivery.attempts >= MAX_ATTEMPTS)
    late = [row.id for row in end_late(session, now)]
    uncalled = and_(dead, Delivery.route.in_(list(many_routes)), Delivery.send_id.is_(None))
    again = _release(session, uncalled, DeliveryState.PLANNED, "", None)
    unknown = _release(session, or_(and_(dead, once), killer), DeliveryState.UNKNOWN, DIED, now)
    again += _release(session, dead, DeliveryState.PLANNED, DIED, None)
    return Swept(again, unknown, late, due_ids(session, now, limit))


_PLAIN = {"synchronize_session": False}
_CLAIMED_COLUMNS = [getattr(Delivery, field.name) for field in fields(Claimed) if field.name != "owner"]


def _take(session: Session, ids: Sequence[int], owner: str, until: datetime) -> list[Claimed]:
    values = {"state": DeliveryState.CLAIMED, "lease_owner": owner, "lease_until": until}
    taken: list[Claimed] = []
    for start in range(0, len(ids), ROWS_PER_INSERT):
        mine = and_(Delivery.id.in_(ids[start : start + ROWS_PER_INSERT]), Delivery.state == DeliveryState.PLANNED)
        statement = update(Delivery).where(mine).values(attempts=Delivery.attempts + 1, **values)
        rows = session.execute(statement.returning(*_CLAIMED_COLUMNS), execution_options=_PLAIN)
        taken.extend(Claimed(**row, owner=owner) for row in rows.mappings())
    return sorted(taken, key=lambda claimed: claimed.id)


def _release(
    session: Session, which: ColumnElement[bool], state: DeliveryState, reason: str, ended_at: datetime | None
) -> list[int]:
    values = {"state": state, "reason": reason, "ended_at": ended_at, "lease_owner": "", "lease_until": None}
    released = update(Delivery).where(which).values(values).returning(Delivery.id)
    return sorted(session.scalars(released, execution_options=_PLAIN))
