"""Asks WeCom what became of the tasks that wait for an advisor's confirmation; no event tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from bot.errors import PlatformError
from bot.platforms import Platforms
from bot.platforms.contacts import MassResult, MassStatus
from crm import db
from crm.models import Delivery, DeliveryState
from crm.services.deliveries import confirm
from scheduler.shop import Shop

# WeCom keeps a task's result for a month; what nobody confirmed by then never will be.
ASKED_FOR = timedelta(days=30)
NEVER_CONFIRMED = "the advisor never confirmed it"

_STATES: Mapping[MassStatus, tuple[DeliveryState, str]] = {
    MassStatus.SENT: (DeliveryState.DELIVERED, "confirmed by the advisor"),
    MassStatus.NOT_A_FRIEND: (DeliveryState.FAILED, "no longer a friend of the advisor"),
    MassStatus.QUOTA_USED_UP: (DeliveryState.FAILED, "the customer had her mass messages of the period"),
}

log = structlog.get_logger("confirmations")


def ask_about_tasks(shop: Shop, platforms: Platforms, now: datetime) -> int:
    """Move what was confirmed or refused; returns how many rows moved."""
    moved = 0
    for task, advisor in _open_tasks(shop, now):
        try:
            results = list(platforms.contacts.mass_results(task, advisor))
        except PlatformError as error:  # asked again at the next round
            log.warning("task not readable", task=task, error=str(error))
            continue
        moved += _write(shop, task, results, now)
    return moved + _give_up(shop, now)


def _open_tasks(shop: Shop, now: datetime) -> Iterator[tuple[str, str]]:
    waiting = select(Delivery.platform_id, Delivery.receipt).where(
        Delivery.state == DeliveryState.WAITING_CONFIRM, Delivery.planned_at >= now - ASKED_FOR
    )
    with db.reading(shop.engine) as session:
        rows = session.execute(waiting.distinct()).all()
    return ((row.platform_id, row.receipt) for row in rows)


def _write(shop: Shop, task: str, results: list[MassResult], now: datetime) -> int:
    moved = 0
    with shop.sessions.begin() as session:
        for result in results:
            if result.status in _STATES:
                state, reason = _STATES[result.status]
                moved += confirm(session, task, result.external_userid, state, reason, now)
    return moved


def _give_up(shop: Shop, now: datetime) -> int:
    waiting = (Delivery.state == DeliveryState.WAITING_CONFIRM, Delivery.planned_at < now - ASKED_FOR)
    moved = 0
    with shop.sessions.begin() as session:
        for row in session.scalars(select(Delivery).where(*waiting).limit(1000)):
            row.state, row.reason, row.ended_at = DeliveryState.FAILED, NEVER_CONFIRMED, now
            moved += 1
    return moved
