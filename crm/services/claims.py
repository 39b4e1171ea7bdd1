"""Who works on which push: claims under a lease, and what becomes of rows whose worker died.

Leases run on the machine's clock, not on the shop's: they are about processes, and the shop's
clock may be moved (the sandbox's, `run-due --at`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, literal, or_, select, text, true, update
from sqlalchemy.orm import Session, aliased

from crm.db import Sessions
from crm.models import Delivery, DeliveryState, Purpose
from crm.services.deliveries import ROWS_PER_INSERT

# Seconds a claim holds: two calls with their longest waits (11 s each, tokens included) and room.
LEASE_SECONDS = 60
# Workers that may die over one row before it is given up: it may be the row that kills them.
MAX_ATTEMPTS = 5
# Locks among which PostgreSQL spreads the people: one transaction never holds more.
LOCK_BUCKETS = 1024
# First number of our advisory locks; the second is the bucket.
LOCK_SPACE = 0x64656C

LATE = "too late to be useful"
# How the reason of a row begins that may already have been sent: it is retried only where that is
# allowed, and it never ends as "not sent".
UNCLEAR = "outcome unknown: "
DIED = f"{UNCLEAR}the worker stopped between call and answer"

# Written out, because a partial index serves only a condition that it can read.
_OPEN = text("deliveries.state IN ('planned', 'claimed')")
_OTHER_OPEN = text("other.state IN ('planned', 'claimed')")


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
class Wish:
    """Which due rows: by id, of one job, by one of these routes, by none of these. Empty: any.

    `without_call`: only those that are no part of a call for many.
    """

    ids: Collection[int] | None = None
    job: str = ""
    routes: Collection[str] = ()
    not_routes: Collection[str] = ()
    without_call: bool = False


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
    with sessions.begin() as session:
        found = session.execute(_due(now, wanted).limit(limit)).all()
        if found and session.get_bind().dialect.name == "postgresql":
            _lock_people(session, found)
            again = _due(now, wanted).where(Delivery.id.in_([row.id for row in found]))
            found = session.execute(again.with_for_update(skip_locked=True, of=Delivery)).all()
        return _take(session, [row.id for row in found], owner, until)


def claim_send(sessions: Sessions, owner: str, send_id: int, *, lease_seconds: float = LEASE_SECONDS) -> list[Claimed]:
    """Take again every planned row of a call that may have been made."""
    until = machine_now() + timedelta(seconds=lease_seconds)
    with sessions.begin() as session:
        mine = select(Delivery.id).where(Delivery.send_id == send_id, Delivery.state == DeliveryState.PLANNED)
        ids = list(session.scalars(mine.with_for_update(skip_locked=True)))
        return _take(session, ids, owner, until)


def is_anything_due(session: Session, now: datetime) -> bool:
    """Whether a claim would find something; reads only."""
    return session.execute(_due(now, Wish()).limit(1)).first() is not None


def due_ids(
    session: Session, now: datetime, limit: int, wish: Wish | None = None, *, deadline_before: datetime | None = None
) -> list[int]:
    """Rows that may be claimed now, those that wait longest first; with `deadline_before` only those that end by then."""
    wanted = _due(now, wish or Wish())
    if deadline_before is not None:
        wanted = wanted.where(Delivery.not_after <= deadline_before)
    return [row.id for row in session.execute(wanted.limit(limit))]


def end_late(session: Session, now: datetime, wish: Wish | None = None) -> list[Row[Any]]:
    """End planned rows that are no longer useful; returns id, job and state of each.

    Skipped, or unknown when an earlier attempt may have reached the person.
    """
    late = update(Delivery).where(_OPEN, Delivery.state == DeliveryState.PLANNED, Delivery.not_after < now)
    late = late.where(_wanted(wish or Wish()))
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
    dead = and_(_OPEN, Delivery.state == DeliveryState.CLAIMED, Delivery.lease_until < (machine or machine_now()))
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


def _due(now: datetime, wish: Wish) -> Select[*tuple[Any, ...]]:
    """Rows that may be taken, those that wait longest first, with what says whose they are."""
    whose = (Delivery.id, Delivery.purpose, Delivery.customer_id, Delivery.staff_id, Delivery.account, Delivery.person)
    planned = and_(_OPEN, Delivery.state == DeliveryState.PLANNED, Delivery.not_before <= now)
    useful = or_(Delivery.not_after.is_(None), Delivery.not_after >= now)
    rows = select(*whose).where(planned, useful, _wanted(wish), *_unblocked(now, wish))
    return rows.order_by(Delivery.not_before, Delivery.id)


def _wanted(wish: Wish) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if wish.ids is not None:
        conditions.append(Delivery.id.in_(list(wish.ids)))
    if wish.job:
        conditions.append(Delivery.job == wish.job)
    if wish.routes:
        conditions.append(Delivery.route.in_(list(wish.routes)))
    if wish.not_routes:
        conditions.append(Delivery.route.not_in(list(wish.not_routes)))
    if wish.without_call:
        conditions.append(Delivery.send_id.is_(None))
    return and_(*conditions)


def _unblocked(now: datetime, wish: Wish) -> Iterator[ColumnElement[bool]]:
    """No other open row of the same person is in work, or comes first and is due or tried before.

    One condition for each way of naming a person, so that each can use its index. When one job
    is delivered alone, only its own rows come first.
    """
    other = aliased(Delivery, name="other")
    before = and_(
        other.id < Delivery.id,
        or_(other.not_before <= now, and_(other.attempts > 0, other.job == Delivery.job)),
        other.job == Delivery.job if wish.job else true(),
    )
    in_the_way = and_(_OTHER_OPEN, other.id != Delivery.id, or_(other.state == DeliveryState.CLAIMED, before))
    to_staff, other_to_staff = Delivery.purpose == Purpose.STAFF, other.purpose == Purpose.STAFF
    same_customer = and_(~to_staff, other.customer_id == Delivery.customer_id, ~other_to_staff)
    same_member = and_(to_staff, other.staff_id == Delivery.staff_id, other_to_staff)
    nobody_known = and_(Delivery.customer_id.is_(None), Delivery.staff_id.is_(None))
    same_address = and_(nobody_known, other.account == Delivery.account, other.person == Delivery.person)
    return (~exists().where(same, in_the_way) for same in (same_customer, same_member, same_address))


def _lock_people(session: Session, rows: Sequence[Row[Any]]) -> None:
    """One claim at a time per person. Sorted, so that two claims never wait for each other in a circle."""
    buckets = sorted({_bucket(row) for row in rows})
    session.execute(
        text("SELECT pg_advisory_xact_lock(:space, b) FROM (SELECT unnest(CAST(:buckets AS int[])) AS b ORDER BY 1) s"),
        {"space": LOCK_SPACE, "buckets": buckets},
    ).all()


def _bucket(row: Row[Any]) -> int:
    if row.purpose is Purpose.STAFF or row.customer_id is None:
        whose = f"s{row.staff_id}" if row.staff_id is not None else f"p{row.account}:{row.person}"
    else:
        whose = f"c{row.customer_id}"
    return int.from_bytes(hashlib.sha256(whose.encode()).digest()[:4]) % LOCK_BUCKETS


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
