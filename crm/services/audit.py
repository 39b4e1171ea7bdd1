"""Who did what to whose data: written with the act itself, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.actors import Actor
from crm.models import AuditEntry

# The subject of an act that concerns nobody in particular.
NOBODY = "-"
# Characters that the column takes.
DETAIL_LENGTH = 256


def note(session: Session, at: datetime, actor: Actor, action: str, subject: str = NOBODY, detail: str = "") -> None:
    """Keep that `actor` did `action` to `subject` (a customer code)."""
    entry = AuditEntry(at=at, actor=actor.name, action=action, subject=subject, detail=detail[:DETAIL_LENGTH])
    session.add(entry)


def entries(
    session: Session, *, subject: str | None = None, since: datetime | None = None, limit: int = 100
) -> Sequence[AuditEntry]:
    """The newest entries first: of one customer, since a moment, or of everybody."""
    wanted = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit)
    if subject is not None:
        wanted = wanted.where(AuditEntry.subject == subject)
    if since is not None:
        wanted = wanted.where(AuditEntry.at >= since)
    return session.scalars(wanted).all()
