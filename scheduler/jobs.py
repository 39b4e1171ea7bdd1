"""The table of jobs: what is due when, for whom, and how late it may still be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from crm.services.claims import Claimed
from scheduler import maintenance, member_day, membership, retention, satisfaction, visit_outcome, waiting_offers
from scheduler.appointments import day_before, two_hours
from scheduler.bodies import ServiceBody
from scheduler.planning import Due, Push
from scheduler.shop import Shop

# A reason not to send, or the message as it must be now.
StillDue = Callable[[Session, Shop, Claimed, datetime], str | ServiceBody]


@dataclass(frozen=True, slots=True)
class Job:
    """`due_on`: the job's moment on a day of the shop, with its last useful one; None: not that day.

    A job without `due_on` has many moments in a day: each look finds everybody who is due by then, and
    leaves out who was found before. `pushes`: batches of who is due. `still_due`: a last look before the call.
    """

    id: str
    due_on: Callable[[Shop, date], Due | None] | None
    pushes: Callable[[Shop, Due], Iterable[Sequence[Push]]]
    still_due: StillDue | None = None


JOBS: Mapping[str, Job] = {
    job.id: job
    for job in (
        # monthly, on MEMBER_DAY at 10:00, until 20:00 of the same day; marketing
        Job(member_day.JOB, member_day.due_on, member_day.invitations),
        # daily at 10:00, up to 7 days late; service
        Job(maintenance.JOB, maintenance.due_on, maintenance.reminders, maintenance.still_due),
        # daily at 03:00, made up for; no push: segments, tiers, ended points and coupons
        Job(membership.NIGHT, membership.due_every_night, membership.night),
        # daily at 03:30, made up for; no push: words that were kept long enough
        Job(retention.JOB, retention.due_every_night, retention.night),
        # daily at 10:30, up to 7 days late; service
        Job(membership.NOTICE, membership.due_notices, membership.notices, membership.still_due),
        # daily at 11:00, until 20:00 of the next day; service
        Job(satisfaction.JOB, satisfaction.due_on, satisfaction.questions, satisfaction.still_due),
        # at 18:00 the evening before a visit, or when it is booked before 20:00; until 3 hours before it; service
        Job(day_before.job, None, day_before.pushes, day_before.still_due),
        # 2 hours before a visit, until 45 minutes before it; service
        Job(two_hours.job, None, two_hours.pushes, two_hours.still_due),
        # 10 minutes after a visit, up to 3 days late; to staff
        Job(visit_outcome.JOB, None, visit_outcome.cards, visit_outcome.still_due),
        # as soon as a place is kept for who waits, until 5 minutes before that ends; service
        Job(waiting_offers.JOB, None, waiting_offers.offers, waiting_offers.still_due),
    )
}


def due_between(job: Job, shop: Shop, after: datetime, until: datetime) -> Iterator[Due]:
    """What fell due after one instant and not after the other, oldest first."""
    if job.due_on is None:
        return
    day, last = shop.hours.day_of(after), shop.hours.day_of(until)
    while day <= last:
        due = job.due_on(shop, day)
        if due is not None and after < due.moment <= until:
            yield due
        day += timedelta(days=1)
