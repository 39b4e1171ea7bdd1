"""Plans whatever fell due since each job's mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, time

from crm.models import JobMark
from scheduler.jobs import JOBS, Job, due_between
from scheduler.planning import Due, Fence, Planned, move_mark, write_found, write_plan
from scheduler.shop import Shop

# How many pushes ended in which state, by job and state.
Counts = Counter[tuple[str, str]]


def plan_due(
    shop: Shop, now: datetime, fence: Fence, jobs: Iterable[Job] = tuple(JOBS.values())
) -> Iterator[tuple[str, Planned]]:
    """Plan every due moment of these jobs, oldest first; yields after each short transaction."""
    for job in jobs:
        for planned in _planned(shop, job, now, fence):
            yield job.id, planned


def _planned(shop: Shop, job: Job, now: datetime, fence: Fence) -> Iterator[Planned]:
    if job.due_on is None:
        due = Due(job.id, shop.hours.day_of(now), now, now)
        yield from write_found(shop, due, job.pushes(shop, due), now, fence)
        return
    for due in due_between(job, shop, mark_of(shop, job, now, fence), now):
        yield from write_plan(shop, due, job.pushes(shop, due), now, fence)


def mark_of(shop: Shop, job: Job, now: datetime, fence: Fence) -> datetime:
    """Up to when this job is planned. A fresh database owes nothing from before its first day."""
    with shop.sessions() as session, session.begin():
        mark = session.get(JobMark, job.id)
        if mark is not None:
            return mark.until
        fence(session)
        first = shop.hours.at(shop.hours.day_of(now), time.min)
        move_mark(session, job.id, first)
        return first
