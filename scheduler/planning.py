"""Who is due for what, by which way, or why not: one row per job, person and due date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.codec import to_json
from bot.messages import Reply
from crm import db
from crm.models import Delivery, DeliveryState, JobMark, Purpose
from crm.services.claims import LATE
from crm.services.deliveries import NewDelivery, plan
from scheduler.bodies import ServiceBody
from scheduler.permission import objections
from scheduler.reach import reach_of
from scheduler.routes import NoWay, Way, marketing_way, service_way
from scheduler.shop import Shop

# Customers decided and written together: some 100 ms of the one writer that SQLite has, so that
# no message waits longer than a person notices.
PEOPLE_PER_BATCH = 500

QUIET_TOO_LONG = "quiet hours last until it is no longer useful"

# Called inside every transaction that plans; raises when another scheduler acts now.
Fence = Callable[[Session], None]


@dataclass(frozen=True, slots=True)
class Due:
    """One moment of one job: what fell due at `moment` is of use until `not_after`."""

    job: str
    on: date
    moment: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class MarketingPush:
    """The same words for everybody; there is no field in which a template could stand."""

    customer_id: int
    reply: Reply


@dataclass(frozen=True, slots=True)
class ServicePush:
    """What concerns this customer's pieces or contracts."""

    customer_id: int
    body: ServiceBody


Push = MarketingPush | ServicePush


@dataclass(frozen=True, slots=True)
class Planned:
    """What one transaction wrote: ids still to be delivered, and how many rows of each state."""

    ids: list[int]
    states: Counter[str]


def write_plan(
    shop: Shop, due: Due, batches: Iterable[Sequence[Push]], now: datetime, fence: Fence
) -> Iterator[Planned]:
    """Plan batch after batch, each in a short transaction; the mark moves with the last one.

    Killed half-way, the next run begins again and the unique keys leave out what is there.
    """
    rows: list[NewDelivery] | None = None
    for batch in batches:
        if rows is not None:
            yield _write(shop, rows, fence)
        rows = decide(shop, due, batch, now)
    yield _write(shop, rows or [], fence, due)


def decide(shop: Shop, due: Due, batch: Sequence[Push], now: datetime) -> list[NewDelivery]:
    """The rows of one batch; reads only."""
    people = {push.customer_id for push in batch}
    with db.reading(shop.engine) as session:
        reach = reach_of(session, shop, people, now)
        wants = {push.customer_id for push in batch if isinstance(push, MarketingPush)}
        objecting = objections(session, shop, wants, now) if wants else {}
    rows = []
    for push in batch:
        known = reach[push.customer_id]
        if isinstance(push, MarketingPush):
            way, purpose, body = marketing_way(known, now), Purpose.MARKETING, to_json(push.reply)
        else:
            has_template = push.body.notice is not None and push.body.notice.purpose in shop.templates
            way, purpose = service_way(known, now, has_template=has_template), Purpose.SERVICE
            body = push.body.to_json()
        rows.append(_row(shop, due, push.customer_id, purpose, body, way, objecting.get(push.customer_id, ""), now))
    return rows


def _row(
    shop: Shop, due: Due, customer_id: int, purpose: Purpose, body: str, way: Way | NoWay, objection: str, now: datetime
) -> NewDelivery:
    not_before = shop.hours.awake(max(now, due.moment))
    reason = objection or _why_not(due, way, not_before, now)
    found = way if isinstance(way, Way) else None
    return NewDelivery(
        key=f"{due.job}:{customer_id}:{due.on.isoformat()}",
        job=due.job,
        due_on=due.on,
        purpose=purpose,
        customer_id=customer_id,
        body=body,
        planned_at=now,
        not_before=not_before,
        not_after=due.not_after,
        route=found.route.value if found else "",
        channel=found.channel.value if found else "",
        account=found.address.account if found else "",
        person=found.address.person if found else "",
        state=DeliveryState.SKIPPED if reason else DeliveryState.PLANNED,
        reason=reason,
    )


def _why_not(due: Due, way: Way | NoWay, not_before: datetime, now: datetime) -> str:
    if now > due.not_after:
        return f"{LATE}: it was due on {due.on.isoformat()}"
    if isinstance(way, NoWay):
        return way.reason
    return QUIET_TOO_LONG if not_before > due.not_after else ""


def _write(shop: Shop, rows: list[NewDelivery], fence: Fence, finished: Due | None = None) -> Planned:
    with shop.sessions.begin() as session:
        fence(session)
        new = set(plan(session, rows))
        if finished is not None:
            move_mark(session, finished.job, finished.moment)
        written = session.execute(select(Delivery.id, Delivery.state).where(Delivery.id.in_(new))).all()
    open_ids = sorted(row.id for row in written if row.state is DeliveryState.PLANNED)
    return Planned(open_ids, Counter(row.state.value for row in written))


def move_mark(session: Session, job: str, until: datetime) -> None:
    """Everything of this job up to that moment is planned; a mark never moves back."""
    maker = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    mark = maker(JobMark).values(job=job, until=until)
    later = JobMark.until < mark.excluded.until
    session.execute(mark.on_conflict_do_update(index_elements=["job"], set_={"until": until}, where=later))
