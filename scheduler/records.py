"""Writes what became of a push: its row, the conversation's window, the log of what was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.messages import Channel
from bot.platforms.window import Window, after_send
from bot.words import kind_of, words_of
from crm.models import Conversation, Direction, Interaction, Purpose
from crm.services import subscriptions
from crm.services.claims import Claimed
from crm.services.deliveries import finish
from scheduler.calls import Call, Done
from scheduler.routes import DirectRoute, ServiceRoute

# These take a place of a window.
_IN_WINDOW = frozenset(
    {ServiceRoute.WINDOW.value, ServiceRoute.KF_WINDOW.value, DirectRoute.REPLY.value, DirectRoute.KF_REPLY.value}
)
# A platform's window is over a moment ago at the latest.
_CLOSED = timedelta(seconds=1)


def write_sent(session: Session, row: Claimed, call: Call, channel: str, done: Done, now: datetime) -> bool:
    """The push went out; False when its lease had gone to somebody else meanwhile."""
    mine = finish(session, row.id, row.owner, done.state, "", now, platform_id=done.platform_id, receipt=done.receipt)
    if call.route in _IN_WINDOW:
        _count_in_window(session, channel, call, now)
    if call.route == ServiceRoute.SUBSCRIPTION:
        subscriptions.spend(session, call.address.account, call.address.person, call.template_id)
    if mine:
        _log(session, [row], call.route, channel, kind_of(call.reply), words_of(call.reply), now)
    return mine


def log_many(session: Session, rows: Sequence[Claimed], channel: Channel, kind: str, words: str, now: datetime) -> None:
    """The same words to many customers."""
    _log(session, rows, "", channel.value, kind, words, now)


def close_window(session: Session, channel: str, call: Call, now: datetime) -> None:
    """The platform says that the window is over: believe it, not our own count."""
    conversation = _conversation(session, channel, call)
    if conversation is not None and conversation.window_until is not None:
        conversation.window_until = min(conversation.window_until, now - _CLOSED)
        conversation.window_left = 0


def end_credit(session: Session, call: Call, now: datetime) -> None:
    """The platform says that she took her yes back, or that it is used up: believe it as well."""
    subscriptions.stop(session, call.address.account, call.address.person, call.template_id, now)


def _log(
    session: Session, rows: Sequence[Claimed], route: str, channel: str, kind: str, words: str, now: datetime
) -> None:
    logged: list[dict[str, Any]] = [
        {
            "at": now,
            "customer_id": None
            if row.purpose is Purpose.STAFF or route == ServiceRoute.ADVISOR_TASK
            else row.customer_id,
            "staff_id": row.staff_id,
            "direction": Direction.OUT,
            "channel": channel,
            "kind": kind,
            "text": words,
            "key": row.key,
        }
        for row in rows
    ]
    session.execute(insert(Interaction), logged)


def _count_in_window(session: Session, channel: str, call: Call, now: datetime) -> None:
    conversation = _conversation(session, channel, call)
    if conversation is None or conversation.window_until is None:
        return
    window = Window(conversation.window_opened_by, conversation.window_until, conversation.window_left)
    conversation.window_left = after_send(window, now).left


def _conversation(session: Session, channel: str, call: Call) -> Conversation | None:
    where = (
        Conversation.channel == channel,
        Conversation.account == call.address.account,
        Conversation.person == call.address.person,
    )
    return session.scalar(select(Conversation).where(*where).with_for_update())
