"""Who is due for what, by which way, or why not: one row per job, person and due date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.codec import to_json
from bot.messages import Channel, Reply
from crm import db
from crm.models import Delivery, DeliveryState, JobMark, Purpose
from crm.services.claims import LATE
from crm.services.deliveries import NewDelivery, plan
from scheduler.bodies import Notice, ServiceBody
from scheduler.permission import objections
from scheduler.reach import reach_of
from scheduler.routes import NoWay, Reach, Way, marketing_way, service_way
from scheduler.shop import Shop

# Customers decided and written together: some 100 ms of the one writer that SQLite has, so that
# no message waits longer than a person notices.
PEOPLE_PER_BATCH = 500

# How old the reason of a message to staff may be for it to come inside quiet hours: they were at work then.
FRESH = timedelta(hours=1)

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
class Own:
    """What a push has of its own where a job has many moments in a day; `key` is unique for good."""

    key: str
    due: Due


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
    own: Own | None = None


@dataclass(frozen=True, slots=True)
class StaffPush:
    """To a member of staff, through the WeCom application."""

    staff_id: int
    userid: str
    reply: Reply
    own: Own


Push = MarketingPush | ServicePush | StaffPush


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


def write_found(
    shop: Shop, due: Due, batches: Iterable[Sequence[Push]], now: datetime, fence: Fence
) -> Iterator[Planned]:
    """As `write_plan` for a job without a calendar: no mark moves, and where nobody was found nothing is written."""
    for batch in batches:
        if batch:
            yield _write(shop, decide(shop, due, batch, now), fence)


def decide(shop: Shop, due: Due, batch: Sequence[Push], now: datetime) -> list[NewDelivery]:
    """The rows of one batch; reads only."""
    people = {push.customer_id for push in batch if not isinstance(push, StaffPush)}
    with db.reading(shop.engine) as session:
        reach = reach_of(session, shop, people, now) if people else {}
        wants = {push.customer_id for push in batch if isinstance(push, MarketingPush)}
        objecting = objections(session, shop, wants, now) if wants else {}
    rows = []
    for push in batch:
        match push:
            case StaffPush():
                rows.append(_staff_row(shop, push, now))
            case MarketingPush(customer_id, reply):
                way, objection = marketing_way(reach[customer_id], now), objecting.get(customer_id, "")
                own = _daily(due, customer_id)
                rows.append(_row(shop, own, customer_id, Purpose.MARKETING, to_json(reply), way, objection, now))
            case ServicePush(customer_id, body, its_own):
                found = way_for(shop, reach[customer_id], body, now)
                own = its_own or _daily(due, customer_id)
                rows.append(_row(shop, own, customer_id, Purpose.SERVICE, body.to_json(), found, "", now))
    return rows


def way_for(shop: Shop, reach: Reach, body: ServiceBody, now: datetime, skip: Collection[str] = ()) -> Way | NoWay:
    """The cheapest way for this service notice, by the templates that the shop has for it."""
    notice = body.notice or Notice("")
    subscription = shop.subscriptions.get(notice.subscription, "")
    return service_way(reach, now, has_template=notice.purpose in shop.templates, subscription=subscription, skip=skip)


def _daily(due: Due, customer_id: int) -> Own:
    """One push of this job to this person on this day."""
    return Own(f"{due.job}:{customer_id}:{due.on.isoformat()}", due)


def _row(
    shop: Shop, own: Own, customer_id: int, purpose: Purpose, body: str, way: Way | NoWay, objection: str, now: datetime
) -> NewDelivery:
    due = own.due
    not_before = shop.hours.awake(max(now, due.moment))
    reason = objection or _why_not(due, way, not_before, now)
    found = way if isinstance(way, Way) else None
    return NewDelivery(
        key=own.key,
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


def _staff_row(shop: Shop, push: StaffPush, now: datetime) -> NewDelivery:
    """Staff read it at once while it is fresh; what is made up for later waits until nobody sleeps."""
    due = push.own.due
    not_before = now if now - due.moment <= FRESH else shop.hours.awake(now)
    late = f"{LATE}: it was due on {due.on.isoformat()}" if not_before > due.not_after else ""
    return NewDelivery(
        key=push.own.key,
        job=due.job,
        due_on=due.on,
        purpose=Purpose.STAFF,
        staff_id=push.staff_id,
        body=to_json(push.reply),
        planned_at=now,
        not_before=not_before,
        not_after=due.not_after,
        channel=Channel.WECOM.value,
        account=shop.wecom_account,
        person=push.userid,
        state=DeliveryState.SKIPPED if late else DeliveryState.PLANNED,
        reason=late,
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
