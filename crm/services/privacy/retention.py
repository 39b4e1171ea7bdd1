"""Words that were kept long enough are emptied, set by set, in short transactions; the rows stay and count.

Pictures and voices are not kept: only the platform's ids of them stand in the stored messages, and the platform
itself forgets what they name after three days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import Column, ColumnElement, and_, delete, exists, func, or_, select, update

from crm import db
from crm.models import (
    Appointment,
    AppointmentPiece,
    Asking,
    BindTry,
    Complaint,
    Delivery,
    Feedback,
    HoldEntry,
    InboxRow,
    InboxState,
    Interaction,
    Talk,
    Task,
    WaitingEntry,
)
from crm.services.linking.binding import CLAIM_DAY
from crm.vault import HEAD_BYTES, Secret

# Rows changed in one transaction: some 20 ms of the one writer that SQLite has.
BATCH = 500
# Bytes of an encrypted empty text: what is longer holds words. The seal of AES-GCM takes 16.
EMPTY_BYTES = HEAD_BYTES + 16


@dataclass(frozen=True, slots=True)
class Retention:
    """How long words are kept: of conversations, visits and pushes; of messages as they came; of questions."""

    conversations_months: int = 24
    inbox_days: int = 30
    questions_months: int = 24


@dataclass(frozen=True, slots=True)
class Rule:
    """`due`: the rows whose time is over and that still hold something; `emptied`: their columns, None: they go."""

    name: str
    model: Any
    due: ColumnElement[bool]
    emptied: Mapping[str, Any] | None


def clear(sessions: db.Sessions, kept: Retention, now: datetime) -> Iterator[tuple[str, int]]:
    """What was cleared, batch by batch: the rule's name and how many rows. May be killed and started again."""
    for rule in rules(kept, now):
        last = 0
        while ids := _next(sessions, rule, last):
            with sessions.begin() as session:
                hit = rule.model.id.in_(ids)
                doing = delete(rule.model) if rule.emptied is None else update(rule.model).values(rule.emptied)
                session.execute(doing.where(hit, rule.due), execution_options={"synchronize_session": False})
            last = ids[-1]
            yield rule.name, len(ids)


def counted(cleared: Iterator[tuple[str, int]]) -> Counter[str]:
    """All of it, by rule."""
    counts: Counter[str] = Counter()
    for name, rows in cleared:
        counts[name] += rows
    return counts


def rules(kept: Retention, now: datetime) -> list[Rule]:
    """What is over at this moment."""
    words = now - relativedelta(months=kept.conversations_months)
    asked = now - relativedelta(months=kept.questions_months)
    came = now - timedelta(days=kept.inbox_days)
    old_visit = exists().where(Appointment.id == AppointmentPiece.appointment_id, Appointment.ends_at < words)
    raw = or_(InboxRow.body.is_not(None), InboxRow.reply.is_not(None), InboxRow.person != "")
    handled = InboxRow.state != InboxState.PENDING
    inbox = and_(InboxRow.received_at < came, handled, raw)
    return [
        Rule("inbox", InboxRow, inbox, {"body": None, "reply": None, "person": ""}),
        _emptied(Interaction, Interaction.at < words, "text"),
        _emptied(Talk, Talk.closed_at < words, "asked"),
        _emptied(Delivery, Delivery.ended_at < words, "body"),
        _emptied(Appointment, Appointment.ends_at < words, "for_whom", "wishes", "reason", "outcome_note"),
        _emptied(AppointmentPiece, old_visit, "words"),
        _emptied(WaitingEntry, WaitingEntry.closed_at < words, "for_whom", "wishes", "pieces"),
        _emptied(Task, Task.created_at < words, "words"),
        _emptied(Feedback, Feedback.asked_at < words, "words"),
        _emptied(Complaint, Complaint.closed_at < words, "words", "remedy"),
        Rule("askings", Asking, Asking.at < asked, None),
        Rule("bind_tries", BindTry, BindTry.at < now - CLAIM_DAY, None),
        Rule("hold_entries", HoldEntry, HoldEntry.until <= now, None),
    ]


def _emptied(model: Any, over: ColumnElement[bool], *names: str) -> Rule:
    columns = [model.__table__.c[name] for name in names]
    return Rule(model.__tablename__, model, and_(over, or_(*map(_holds_words, columns))), dict.fromkeys(names, ""))


def _holds_words(column: Column[Any]) -> ColumnElement[bool]:
    assert isinstance(column.type, Secret)
    return func.length(column) > EMPTY_BYTES


def _next(sessions: db.Sessions, rule: Rule, last: int) -> list[int]:
    """Looked for without a lock: on SQLite the search through a long table stops no writer."""
    wanted = select(rule.model.id).where(rule.due, rule.model.id > last).order_by(rule.model.id).limit(BATCH)
    with db.reading(sessions.kw["bind"]) as session:
        return list(session.scalars(wanted))
