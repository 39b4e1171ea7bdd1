"""The table of jobs: what is due when, for whom, and how late it may still be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from crm.services.claims import Claimed
from scheduler import maintenance, member_day
from scheduler.bodies import ServiceBody
from scheduler.planning import Due, Push
from scheduler.shop import Shop

# A reason not to send, or the message as it must be now.
StillDue = Callable[[Session, Shop, Claimed], str | ServiceBody]


@dataclass(frozen=True, slots=True)
class Job:
    """`due_on`: the job's moment on a day of the shop, with its last useful one; None: not that day.

    `pushes`: batches of who is due. `still_due`: a last look before the call.
    """

    id: str
    due_on: Callable[[Shop, date], Due | None]
    pushes: Callable[[Shop, Due], Iterable[Sequence[Push]]]
    still_due: StillDue | None = None


JOBS: Mapping[str, Job] = {
    job.id: job
    for job in (
        # monthly, on MEMBER_DAY at 10:00, until 20:00 of the same day; marketing
        Job(member_day.JOB, member_day.due_on, member_day.invitations),
        # daily at 10:00, up to 7 days late; service
        Job(maintenance.JOB, maintenance.due_on, maintenance.reminders, maintenance.still_due),
    )
}


def due_between(job: Job, shop: Shop, after: datetime, until: datetime) -> Iterator[Due]:
    """What fell due after one instant and not after the other, oldest first."""
    day, last = shop.hours.day_of(after), shop.hours.day_of(until)
    while day <= last:
        due = job.due_on(shop, day)
        if due is not None and after < due.moment <= until:
            yield due
        day += timedelta(days=1)
