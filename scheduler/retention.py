"""Job retention: every night, words that were kept long enough are emptied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta

import structlog

from crm.actors import Actor
from crm.services import audit
from crm.services.privacy.retention import clear
from scheduler.planning import Due, ServicePush
from scheduler.shop import Shop

JOB = "retention"
# After the night's membership, before the shop opens; what was missed is made up for on any later day.
AT, MADE_UP_FOR = time(3, 30), timedelta(days=30)

log = structlog.get_logger("retention")


def due_every_night(shop: Shop, day: date) -> Due:
    return Due(JOB, day, shop.hours.at(day, AT), shop.hours.at(day + MADE_UP_FOR, AT))


def night(shop: Shop, due: Due) -> Iterator[Sequence[ServicePush]]:
    """In short transactions; pushes nothing. What was done stands in the log and in the audit log."""
    counts: Counter[str] = Counter()
    for name, rows in clear(shop.sessions, shop.retention, due.moment):
        counts[name] += rows
        yield []
    if counts:
        log.info("retention", **counts)
        detail = ", ".join(f"{name} {rows}" for name, rows in sorted(counts.items()))
        with shop.sessions.begin() as session:
            audit.note(session, due.moment, Actor.program(JOB), "retention", detail=detail)
