"""The last look before a call: is it still allowed, still useful, and which way goes now?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.messages import CardDone, Reply, Text
from bot.words import words_of
from crm.models import Customer, DeliveryState, Purpose, Staff
from crm.services.claims import Claimed
from scheduler.bodies import Notice, ServiceBody, service_body
from scheduler.calls import Call
from scheduler.jobs import JOBS
from scheduler.outcomes import Again, End
from scheduler.permission import objections
from scheduler.planning import QUIET_TOO_LONG, way_for
from scheduler.reach import reach_of
from scheduler.routes import (
    Address,
    DirectRoute,
    NoWay,
    ServiceRoute,
    Way,
    cheaper_than,
    direct_route,
    marketing_way,
)
from scheduler.shop import Shop

ERASED = "the customer was erased"
LEFT = "no longer works here"


@dataclass(frozen=True, slots=True)
class Go:
    """Make this call. `channel` goes into the row with the call's route and address."""

    call: Call
    channel: str


Step = Go | Again | End


def next_step(session: Session, shop: Shop, row: Claimed, now: datetime, *, after: str = "") -> Step:
    """What to do with a claimed push; `after`: the route that has just led nowhere."""
    match row.purpose:
        case Purpose.MARKETING:
            return _marketing(session, shop, row, now, after)
        case Purpose.SERVICE:
            return _service(session, shop, row, now, after)
        case _:
            return _direct(session, shop, row, now, after)


def marketing_objection(shop: Shop, row: Claimed, reasons: dict[int, str], now: datetime) -> Again | End | None:
    """Consent, cap and quiet hours once more; `reasons` as `permission.objections` found them."""
    if row.customer_id is None:
        return End(DeliveryState.SKIPPED, ERASED)
    if reason := reasons.get(row.customer_id):
        return End(DeliveryState.SKIPPED, reason)
    return _asleep(shop, row, now)


def _asleep(shop: Shop, row: Claimed, now: datetime) -> Again | End | None:
    """Quiet hours: it waits for their end, or is not sent at all."""
    awake = shop.hours.awake(now)
    if awake == now:
        return None
    too_late = row.not_after is not None and awake > row.not_after
    return End(DeliveryState.SKIPPED, QUIET_TOO_LONG) if too_late else Again(awake, "quiet hours")


def skipped_routes(row: Claimed, after: str) -> frozenset[str]:
    """A first attempt looks for the cheapest way anew; later ones stay where they are or go down."""
    if after:
        return cheaper_than(after) | {after}
    return cheaper_than(row.route) if row.attempts > 1 else frozenset()


def _marketing(session: Session, shop: Shop, row: Claimed, now: datetime, after: str) -> Step:
    ids = [row.customer_id] if row.customer_id is not None else []
    reasons = objections(session, shop, ids, now, besides=[row.id])
    if (objection := marketing_objection(shop, row, reasons, now)) is not None:
        return objection
    assert row.customer_id is not None
    reach = reach_of(session, shop, ids, now, besides=[row.id])[row.customer_id]
    way = marketing_way(reach, now, skip=skipped_routes(row, after))
    return _go(session, shop, row, way, service_body(row.body))


def _service(session: Session, shop: Shop, row: Claimed, now: datetime, after: str) -> Step:
    if row.customer_id is None:
        return End(DeliveryState.SKIPPED, ERASED)
    if row.job in JOBS and (asleep := _asleep(shop, row, now)) is not None:
        return asleep
    body = _body_now(session, shop, row, now)
    if isinstance(body, str):
        return End(DeliveryState.SKIPPED, body)
    reach = reach_of(session, shop, [row.customer_id], now, besides=[row.id])[row.customer_id]
    way = way_for(shop, reach, body, now, skipped_routes(row, after))
    return _go(session, shop, row, way, body)


def _body_now(session: Session, shop: Shop, row: Claimed, now: datetime) -> ServiceBody | str:
    """As it was written, or as the job writes it now. A retry says the same to the letter."""
    job = JOBS.get(row.job)
    if job is None or job.still_due is None:
        return service_body(row.body)
    fresh = job.still_due(session, shop, row, now)
    return fresh if isinstance(fresh, str) or not row.unclear else service_body(row.body)


def _direct(session: Session, shop: Shop, row: Claimed, now: datetime, after: str) -> Step:
    if after:
        return End(DeliveryState.FAILED, "there is no other way for a reply")
    if row.purpose is Purpose.STAFF and row.staff_id is not None and _has_left(session, row.staff_id):
        return End(DeliveryState.SKIPPED, LEFT)
    body = _body_now(session, shop, row, now)
    if isinstance(body, str):
        return End(DeliveryState.SKIPPED, body)
    reply = body.reply
    route = DirectRoute.CARD_DONE if isinstance(reply, CardDone) else direct_route(row.channel, bool(row.receipt))
    address = Address(row.account, row.person)
    call = Call(row.key, route.value, address, reply, code=row.receipt, again=row.attempts > 1)
    return Go(call, row.channel)


def _has_left(session: Session, staff_id: int) -> bool:
    member = session.get(Staff, staff_id)
    return member is None or member.left_at is not None


def _go(session: Session, shop: Shop, row: Claimed, way: Way | NoWay, body: ServiceBody) -> Step:
    if isinstance(way, NoWay):
        return End(DeliveryState.SKIPPED if row.attempts == 1 else DeliveryState.FAILED, way.reason)
    reply = body.reply
    if way.route is ServiceRoute.ADVISOR_TASK:
        reply = _to_pass_on(session, shop, row, reply)
    template_id = _template_id(shop, way.route, body.notice)
    notice = body.notice if template_id else None
    again = row.unclear and way.route == row.route
    call = Call(row.key, way.route.value, way.address, reply, notice, template_id, sender=way.sender, again=again)
    return Go(call, way.channel.value)


def _template_id(shop: Shop, route: str, notice: Notice | None) -> str:
    """ "" where the route has no templates."""
    match route, notice:
        case ServiceRoute.TEMPLATE, Notice(purpose=purpose):
            return shop.templates[purpose]
        case ServiceRoute.SUBSCRIPTION, Notice(subscription=purpose):
            return shop.subscriptions[purpose]
        case _:
            return ""


def _to_pass_on(session: Session, shop: Shop, row: Claimed, reply: Reply) -> Reply:
    """What the advisor reads: for whom, and the words to copy."""
    customer = session.get_one(Customer, row.customer_id)
    name = customer.name or shop.say("pushes.nameless")
    return Text(shop.say("pushes.advisor_task", customer=name, code=customer.code, words=words_of(reply)))
