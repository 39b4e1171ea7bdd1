"""Bodies that the platform signed but that nobody can read: kept raw, once."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crm.models import InboxRow, InboxState

# Bytes of such a body that are kept: the door reads no more than this anyway.
KEPT_BYTES = 64 * 1024


def keep_unusable(session: Session, account: str, channel: str, body: bytes, reason: str, now: datetime) -> None:
    """Store the body under the hash of it; the same one again changes nothing."""
    values: dict[str, Any] = {
        "account": account,
        "key": "u:" + hashlib.sha256(body).hexdigest()[:40],
        "channel": str(channel),
        "person": "",
        "kind": "unusable",
        "received_at": now,
        "state": InboxState.STORED,
        "handler": "",
        "reason": reason[:512],
        "body": body[:KEPT_BYTES].decode(errors="replace"),
        "reply": None,
    }
    maker = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(maker(InboxRow).values(values).on_conflict_do_nothing(index_elements=["account", "key"]))


def set_aside(session: Session, inbox_id: int, reason: str) -> None:
    """A pulled line that is no message: stored with the reason, not pending any more."""
    values = {"state": InboxState.STORED, "reason": reason[:512]}
    session.execute(update(InboxRow).where(InboxRow.id == inbox_id).values(values))
