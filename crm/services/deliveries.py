"""What happens to a push: planned once, finished once, moved up by the platform's receipts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from crm.errors import CrmError
from crm.models import Delivery, DeliveryState, Purpose, Send

# Characters of the column `reason`.
REASON_CHARS = 256
# Characters of a key at the platforms: clientmsgid and KF's msgid take 32.
PLATFORM_KEY_CHARS = 32
# Rows of one INSERT: some 20 columns each, SQLite takes 32,766 values in all.
ROWS_PER_INSERT = 500

FINAL = frozenset(DeliveryState) - {DeliveryState.PLANNED, DeliveryState.CLAIMED}
# What a receipt may still move. DELIVERED and FAILED are the top of the ladder.
_BELOW_THE_TOP = (DeliveryState.SENT, DeliveryState.WAITING_CONFIRM, DeliveryState.UNKNOWN)
# Under this route `sends` keeps a receipt that came before its delivery was written as sent.
EARLY_RECEIPT = "early_receipt"


class LeaseLost(CrmError):
    """A push went to another worker while this one still thought it was his."""


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A push to be planned.

    `key` is unique for good: "<job>:<person>:<due date>", for a reply "<account>:<message key>:<n>".
    `body` is the reply as JSON (`bot/codec.py`). A reply names `channel`, `account` and `person`;
    a push to a customer or a member of staff may leave them open: its route decides.
    `receipt` holds a code that the platform gave for this one message (a welcome code, a card's
    response code). Final `state` and `reason` are for what is not sent at all.
    """

    key: str
    job: str
    due_on: date
    purpose: Purpose
    body: str
    planned_at: datetime
    not_before: datetime | None = None
    not_after: datetime | None = None
    customer_id: int | None = None
    staff_id: int | None = None
    channel: str = ""
    route: str = ""
    account: str = ""
    person: str = ""
    receipt: str = ""
    state: DeliveryState = DeliveryState.PLANNED
    reason: str = ""


def platform_key(delivery_key: str) -> str:
    """A push's key at the platforms: the same for every attempt, so that they know the second one."""
    return hashlib.sha256(delivery_key.encode()).hexdigest()[:PLATFORM_KEY_CHARS]


def plan(session: Session, rows: Sequence[NewDelivery]) -> list[int]:
    """Write the rows whose key is new; returns their ids, ready for `wake`, in the order of `rows`."""
    ids: list[int] = []
    for start in range(0, len(rows), ROWS_PER_INSERT):
        values = [_columns(row) for row in rows[start : start + ROWS_PER_INSERT]]
        ids.extend(session.scalars(_insert(session).returning(Delivery.id), values))
    return sorted(ids)


def _insert(session: Session) -> Any:
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(Delivery).on_conflict_do_nothing(index_elements=["key"])
    return postgresql.insert(Delivery).on_conflict_do_nothing(index_elements=["key"])


def _columns(row: NewDelivery) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in NewDelivery.__dataclass_fields__}
    values["not_before"] = row.not_before or row.planned_at
    values["reason"] = row.reason[:REASON_CHARS]
    values["ended_at"] = row.planned_at if row.state in FINAL else None
    values.update(attempts=0, lease_owner="", platform_id="")
    return values


def finish(
    session: Session,
    delivery_id: int,
    owner: str,
    state: DeliveryState,
    reason: str,
    now: datetime,
    *,
    platform_id: str = "",
    receipt: str = "",
) -> bool:
    """Write the end of an attempt; False when the lease is no longer the owner's."""
    return bool(
        finish_many(session, [delivery_id], owner, state, reason, now, platform_id=platform_id, receipt=receipt)
    )


def finish_many(
    session: Session,
    delivery_ids: Sequence[int],
    owner: str,
    state: DeliveryState,
    reason: str,
    now: datetime,
    *,
    platform_id: str = "",
    receipt: str = "",
) -> int:
    """As `finish`, for the people of one call; returns how many rows were still the owner's."""
    values: dict[str, Any] = {"state": state, "reason": reason[:REASON_CHARS], "ended_at": now, **_RELEASED}
    values |= {"platform_id": platform_id} if platform_id else {}
    values |= {"receipt": receipt} if receipt else {}
    written = _write(session, _held_by(owner), delivery_ids, values)
    if platform_id and state is DeliveryState.SENT:
        _apply_early_receipt(session, platform_id, now)
    return written


def postpone(
    session: Session, delivery_ids: Sequence[int], owner: str, not_before: datetime, reason: str, **changes: Any
) -> int:
    """Plan the owner's rows again, not before that moment; `changes` to their route's columns."""
    values = {"state": DeliveryState.PLANNED, "not_before": not_before, "reason": reason[:REASON_CHARS], **_RELEASED}
    return _write(session, _held_by(owner), delivery_ids, values | changes)


def reroute(
    session: Session, delivery_id: int, owner: str, *, route: str, channel: str, account: str, person: str
) -> bool:
    """Write, before the next call, by which way it goes; False when the lease is lost."""
    values = {"route": route, "channel": channel, "account": account, "person": person}
    return bool(_write(session, _held_by(owner), [delivery_id], values))


def begin_call(session: Session, delivery_ids: Sequence[int], owner: str, key: str, route: str, now: datetime) -> int:
    """Write, before it is made, that one call carries all these; raises LeaseLost."""
    send = Send(key=key, route=route, state=DeliveryState.CLAIMED, planned_at=now)
    session.add(send)
    session.flush()
    if _write(session, _held_by(owner), delivery_ids, {"send_id": send.id}) != len(delivery_ids):
        raise LeaseLost("Some of these pushes are somebody else's by now.")
    return send.id


def end_call(
    session: Session, send_id: int, state: DeliveryState, reason: str, platform_id: str, now: datetime
) -> None:
    """Write what became of a call for many."""
    values = {"state": state, "reason": reason[:REASON_CHARS], "platform_id": platform_id, "ended_at": now}
    session.execute(update(Send).where(Send.id == send_id).values(values))


def receipt(
    session: Session, platform_id: str, account: str, outcome: DeliveryState, reason: str, now: datetime
) -> int:
    """The platform's later word (DELIVERED or FAILED) about what it calls `platform_id`.

    Moves rows up, never down; returns how many. A word that came before its delivery was written
    as sent is kept and takes effect then.
    """
    rows = _rows_of(session, platform_id, account)
    if not rows:
        _keep_early_receipt(session, platform_id, outcome, reason, now)
        return 0
    moved = update(Delivery).where(Delivery.id.in_(rows), Delivery.state.in_(_BELOW_THE_TOP))
    return _count(session, moved.values(state=outcome, reason=reason[:REASON_CHARS], ended_at=now))


def confirm(session: Session, platform_id: str, person: str, outcome: DeliveryState, reason: str, now: datetime) -> int:
    """What became of an advisor's task for one customer; moves it out of WAITING_CONFIRM once."""
    waiting = (
        Delivery.platform_id == platform_id,
        Delivery.person == person,
        Delivery.state == DeliveryState.WAITING_CONFIRM,
    )
    return _count(session, update(Delivery).where(*waiting).values(state=outcome, reason=reason, ended_at=now))


_RELEASED: dict[str, Any] = {"lease_owner": "", "lease_until": None}


def _held_by(owner: str) -> ColumnElement[bool]:
    return (Delivery.state == DeliveryState.CLAIMED) & (Delivery.lease_owner == owner)


def _write(session: Session, condition: ColumnElement[bool], ids: Sequence[int], values: dict[str, Any]) -> int:
    return sum(
        _count(session, update(Delivery).where(Delivery.id.in_(part), condition).values(values)) for part in _parts(ids)
    )


def _parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + ROWS_PER_INSERT] for start in range(0, len(ids), ROWS_PER_INSERT))


def _count(session: Session, statement: Any) -> int:
    done = session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(done, CursorResult)
    return done.rowcount


def _rows_of(session: Session, platform_id: str, account: str) -> list[int]:
    named = select(Delivery.id).where(Delivery.platform_id == platform_id)
    if account:
        named = named.where(Delivery.account.in_((account, "")))
    return list(session.scalars(named))


def _early_key(platform_id: str) -> str:
    return f"early:{hashlib.sha256(platform_id.encode()).hexdigest()[:48]}"


def _keep_early_receipt(session: Session, platform_id: str, outcome: DeliveryState, reason: str, now: datetime) -> None:
    early = {
        "key": _early_key(platform_id),
        "route": EARLY_RECEIPT,
        "state": outcome,
        "reason": reason[:REASON_CHARS],
        "platform_id": platform_id,
        "planned_at": now,
        "ended_at": now,
    }
    maker = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(maker(Send).values(early).on_conflict_do_nothing(index_elements=["key"]))


def _apply_early_receipt(session: Session, platform_id: str, now: datetime) -> None:
    early = session.scalar(select(Send).where(Send.key == _early_key(platform_id)))
    if early is not None:
        receipt(session, platform_id, "", early.state, early.reason, now)
