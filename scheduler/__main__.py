"""Composition root of the scheduler process, and of `python -m scheduler run-due`."""

from __future__ import annotations

import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import click
import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import OperationalError, TimeoutError

from assembly import Parts, open_or_stop, open_parts
from bot.clock import FixedClock
from bot.watch import set_up_logging
from crm import db
from crm.errors import CrmError
from crm.services import delivery_list
from delivery_parts import platforms_of, shop_of
from scheduler import waiting_offers
from scheduler.delivery import Courier, new_owner
from scheduler.errors import BadRequest, SchedulerError
from scheduler.jobs import JOBS, Job
from scheduler.lease import Leadership
from scheduler.run import Counts, plan_due
from scheduler.standing import Standing
from scheduler.waking import waker
from settings import Settings

# Seconds between two ticks: due work, rows with a deadline, kept places, lost rows, advisors' tasks.
PLAN_SECONDS, HURRY_SECONDS, TEND_SECONDS, SWEEP_SECONDS, ASK_SECONDS = 5, 1, 20, 30, 600

# Moments that `--at` takes; beyond them the calendar's arithmetic ends.
YEARS = range(2000, 2101)

log = structlog.get_logger("scheduler")


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Without a command: the standing scheduler. Any number may run; one acts."""
    if context.invoked_subcommand is None:
        stand()


@main.command("run-due")
@click.option("--at", "moment", metavar="ISO", default="", help="Take this moment as now (default: the clock).")
@click.option("--job", "job_id", default="", help=f"Only this job: {', '.join(JOBS)}.")
def run_due_command(moment: str, job_id: str) -> None:
    """Plan everything due and deliver it in this process; a second run sends nothing."""
    # The counts are the output; what is logged beside them goes to stderr.
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
    try:
        jobs = _jobs(job_id)
        parts = open_parts(Settings.load())
        now = _instant(moment, parts)
        for line in run_due(parts, now, jobs, job_id):
            click.echo(line)
    except (SchedulerError, CrmError) as error:
        raise click.ClickException(str(error)) from None
    except (OperationalError, TimeoutError) as error:
        raise click.ClickException(f"The database cannot be used: {' '.join(str(error).split())[:200]}") from None


def run_due(parts: Parts, now: datetime, jobs: tuple[Job, ...], only: str = "") -> list[str]:
    """One line per job and outcome: `job<TAB>state<TAB>count`."""
    shop, clock = shop_of(parts), FixedClock(now)
    leadership = Leadership(parts.sessions, new_owner())
    leadership.acquire(seize=True)
    counts: Counts = Counter()
    try:
        if only in ("", waiting_offers.JOB):
            waiting_offers.tend(shop, now, leadership.fence)
            waiting_offers.release(shop, now, leadership.fence)
        for job, planned in plan_due(shop, now, leadership.fence, jobs):
            counts.update({(job, state): n for state, n in planned.states.items() if state != "planned"})
        counts += Courier(shop, platforms_of(parts, clock), clock).deliver(job=only)
    finally:
        leadership.release()
    counts.update(_waiting(parts, only))
    idle = {(job.id, "nothing"): 0 for job in jobs if not any(key[0] == job.id for key in counts)}
    return [f"{job}\t{state}\t{count}" for (job, state), count in sorted({**counts, **idle}.items())]


def _waiting(parts: Parts, only: str) -> Counts:
    """What is planned and not yet over, such as what will be tried again."""
    with db.reading(parts.engine) as session:
        return Counter(
            {key: count for key, count in delivery_list.open_by_job(session).items() if only in ("", key[0])}
        )


def stand() -> None:
    """Tick until SIGTERM or Ctrl-C; a tick that runs is finished first."""
    set_up_logging()
    standing = _standing(open_or_stop(Settings.load()))
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    ticks = BackgroundScheduler(executors={"default": ThreadPoolExecutor(4)}, timezone=UTC)
    for seconds, tick in _ticks(standing):
        ticks.add_job(_guarded(tick), "interval", seconds=seconds, max_instances=1, coalesce=True)
    standing.plan()
    ticks.start()
    log.info("scheduler started", holder=standing.leadership.holder)
    stopped.wait()
    ticks.shutdown(wait=True)
    standing.leadership.release()
    log.info("scheduler stopped")


def _ticks(standing: Standing) -> tuple[tuple[int, Callable[[], None]], ...]:
    return (
        (PLAN_SECONDS, standing.plan),
        (HURRY_SECONDS, standing.hurry),
        (TEND_SECONDS, standing.tend),
        (SWEEP_SECONDS, standing.sweep),
        (ASK_SECONDS, standing.ask),
    )


def _guarded(tick: Callable[[], None]) -> Callable[[], None]:
    """A database that is away costs a tick, not the process; the next tick catches up."""

    def guarded() -> None:
        try:
            tick()
        except (OperationalError, TimeoutError) as error:
            log.warning("tick missed", tick=tick.__name__, error=str(error).splitlines()[0])

    return guarded


def _standing(parts: Parts) -> Standing:
    shop, platforms = shop_of(parts), platforms_of(parts)
    courier = Courier(shop, platforms, parts.clock)
    leadership = Leadership(parts.sessions, new_owner())
    return Standing(shop, platforms, parts.clock, leadership, waker(parts.redis), courier)


def _jobs(job_id: str) -> tuple[Job, ...]:
    if job_id and job_id not in JOBS:
        raise BadRequest(f"There is no job {job_id!r}; there are: {', '.join(JOBS)}.")
    return (JOBS[job_id],) if job_id else tuple(JOBS.values())


def _instant(text: str, parts: Parts) -> datetime:
    """ISO; without an offset it is the shop's time."""
    if not text:
        return parts.clock.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadRequest(f"{text!r} is no moment in time; write for example 2026-12-08T10:00:00+08:00.") from None
    if moment.year not in YEARS:
        raise BadRequest(f"{text!r} lies outside the years {YEARS[0]} to {YEARS[-1]}.")
    return moment if moment.tzinfo else moment.replace(tzinfo=parts.settings.zone)


if __name__ == "__main__":
    main()
