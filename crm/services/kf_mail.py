"""Messages of WeCom's customer service: who pulls, how far, and what still waits to be handled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from crm.db import Sessions
from crm.models import InboxRow, InboxState, KfCursor
from crm.services.claims import machine_now

# Seconds one puller has an account for himself; each page gives him as much again.
TURN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Turn:
    """One account to pull, from `cursor` on; `token` is of the newest call-back."""

    open_kfid: str
    owner: str
    cursor: str
    token: str
    wanted_at: datetime | None


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One message as the platform listed it, not yet looked at. `body` is its JSON."""

    key: str
    person: str
    kind: str
    body: str


def ask_for_pull(session: Session, open_kfid: str, token: str, now: datetime) -> None:
    """A call-back says that there is something: remember it until somebody pulled."""
    made = _maker(session)(KfCursor).values(
        open_kfid=open_kfid, cursor="", token=token, wanted_at=now, lease_until=None, lease_owner=""
    )
    renewed = {"token": token, "wanted_at": now}
    session.execute(made.on_conflict_do_update(index_elements=["open_kfid"], set_=renewed))


def wanted_accounts(session: Session) -> list[str]:
    """Accounts that somebody asked to pull, and those with messages not yet handled."""
    asked = session.scalars(select(KfCursor.open_kfid).where(KfCursor.wanted_at.is_not(None)))
    waiting = session.scalars(select(InboxRow.account).where(InboxRow.state == InboxState.PENDING).distinct())
    return sorted({*asked, *waiting})


def take_turn(sessions: Sessions, open_kfid: str, owner: str) -> Turn | None:
    """The account for this owner alone; None while somebody else has it or nobody ever asked."""
    machine = machine_now()
    free = or_(KfCursor.lease_until.is_(None), KfCursor.lease_until < machine)
    taken = update(KfCursor).where(KfCursor.open_kfid == open_kfid, free)
    values = {"lease_owner": owner, "lease_until": machine + timedelta(seconds=TURN_SECONDS)}
    with sessions.begin() as session:
        columns = (KfCursor.cursor, KfCursor.token, KfCursor.wanted_at)
        row = session.execute(taken.values(values).returning(*columns), execution_options=_PLAIN).first()
    return Turn(open_kfid, owner, *row) if row else None


def store_page(sessions: Sessions, turn: Turn, messages: Sequence[RawMessage], next_cursor: str, now: datetime) -> bool:
    """Messages and cursor together, each message once; False when the turn was lost meanwhile."""
    moved = update(KfCursor).where(KfCursor.open_kfid == turn.open_kfid, KfCursor.lease_owner == turn.owner)
    values = {"cursor": next_cursor, "lease_until": machine_now() + timedelta(seconds=TURN_SECONDS)}
    with sessions.begin() as session:
        if not _count(session, moved.values(values)):
            return False
        if messages:
            rows = [_inbox_row(turn.open_kfid, message, now) for message in messages]
            insert = _maker(session)(InboxRow).on_conflict_do_nothing(index_elements=["account", "key"])
            session.execute(insert, rows)
    return True


def end_turn(sessions: Sessions, turn: Turn, *, pulled: bool) -> None:
    """Give the account back; it stays wanted unless all was pulled and no call-back came meanwhile."""
    mine = (KfCursor.open_kfid == turn.open_kfid, KfCursor.lease_owner == turn.owner)
    with sessions.begin() as session:
        if pulled:
            answered = update(KfCursor).where(*mine, KfCursor.wanted_at == turn.wanted_at, KfCursor.token == turn.token)
            _count(session, answered.values(wanted_at=None))
        _count(session, update(KfCursor).where(*mine).values(lease_owner="", lease_until=None))


def is_wanted(session: Session, open_kfid: str) -> bool:
    """Whether somebody asked to pull and nobody did it since."""
    asked = select(KfCursor.open_kfid).where(KfCursor.open_kfid == open_kfid, KfCursor.wanted_at.is_not(None))
    return session.scalar(asked) is not None


def pending(session: Session, open_kfid: str) -> list[int]:
    """Ids of pulled messages that nobody handled yet, in the order in which they came."""
    rows = select(InboxRow.id).where(InboxRow.state == InboxState.PENDING, InboxRow.account == open_kfid)
    return list(session.scalars(rows.order_by(InboxRow.id)))


_PLAIN = {"synchronize_session": False}


def _maker(session: Session) -> Any:
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert


def _count(session: Session, statement: Any) -> int:
    done = session.execute(statement, execution_options=_PLAIN)
    assert isinstance(done, CursorResult)
    return done.rowcount


def _inbox_row(account: str, message: RawMessage, now: datetime) -> dict[str, Any]:
    return {
        "account": account,
        "key": message.key,
        "channel": "kf",
        "person": message.person,
        "kind": message.kind,
        "received_at": now,
        "state": InboxState.PENDING,
        "handler": "",
        "reason": "",
        "body": message.body,
        "reply": None,
    }
