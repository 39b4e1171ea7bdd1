"""Job satisfaction: the day after a visit, or after a service was finished, she is asked once how it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from bot.messages import Menu, Option
from crm.models import Appointment, AppointmentState, Feedback, ServiceOrder
from crm.services.claims import Claimed
from crm.services.consents import latest
from crm.services.erasure import ERASED
from crm.services.households import pieces, satisfaction
from crm.services.households.satisfaction import NOT_PLEASED, PLEASED, SO_SO
from scheduler.bodies import Notice, ServiceBody
from scheduler.planning import PEOPLE_PER_BATCH, Due, Own, ServicePush
from scheduler.shop import Shop

JOB = "satisfaction"
AT = time(11)
# What was the day before yesterday is asked about if the scheduler was away; later it is forgotten.
USEFUL_FOR, USEFUL_UNTIL = timedelta(days=1), time(20)
CAME = (AppointmentState.ARRIVED, AppointmentState.DONE)
SCORES = ((PLEASED, "score_pleased"), (SO_SO, "score_so_so"), (NOT_PLEASED, "score_not_pleased"))

# Characters that the template's field takes.
NUMBER_LENGTH = 32

ANSWERED = "she has answered already"
GONE = "there is nothing to ask about any more"


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that she is asked about; `id` orders what is read page by page. `barcode`: of the piece served."""

    id: int
    ref: str
    customer_id: int
    store_id: int | None
    head: str
    notice: str
    barcode: str = ""


def due_on(shop: Shop, day: date) -> Due:
    return Due(JOB, day, shop.hours.at(day, AT), shop.hours.at(day + USEFUL_FOR, USEFUL_UNTIL))


def questions(shop: Shop, due: Due) -> Iterator[Sequence[ServicePush]]:
    """Visits of yesterday, services finished since; the question is noted before it is planned."""
    begin = shop.hours.at(due.on - timedelta(days=1), time.min)
    end = shop.hours.at(due.on, time.min)
    for read in (_visits, _services):
        last: int | None = 0
        while last is not None:
            with shop.sessions.begin() as session:
                found = read(shop, session, begin, end, last)
                fresh = [one for one in _hers(session, found, due.on) if _put(session, one, due.moment)]
            yield [ServicePush(one.customer_id, _body(shop, one), Own(f"{JOB}:{one.ref}", due)) for one in fresh]
            last = found[-1].id if len(found) == PEOPLE_PER_BATCH else None


def still_due(session: Session, shop: Shop, row: Claimed, now: datetime) -> str | ServiceBody:
    """Not if she has said it meanwhile."""
    ref = row.key.removeprefix(f"{JOB}:")
    asked = session.scalars(select(Feedback).where(Feedback.ref == ref)).one_or_none()
    if asked is None or asked.score is not None:
        return ANSWERED
    about = _about(shop, session, ref)
    shown = about is not None and _hers(session, [about], shop.hours.day_of(now))
    return _body(shop, about) if about is not None and shown else GONE


def _put(session: Session, one: Asked, now: datetime) -> bool:
    """Also when a scheduler that died had put it and planned nothing."""
    if satisfaction.ask(session, one.ref, one.customer_id, one.store_id, now) is not None:
        return True
    asked = session.scalars(select(Feedback).where(Feedback.ref == one.ref)).one()
    return asked.score is None


def _hers(session: Session, found: Sequence[Asked], on: date) -> list[Asked]:
    """Without who was erased, and without what was done to a piece of which she must not hear yet."""
    people = list({one.customer_id for one in found})
    erased = {key for key, word in latest(session, people).items() if word.channel == ERASED}
    secret = pieces.kept_from(session, people, on)
    return [one for one in found if one.customer_id not in erased and (one.customer_id, one.barcode) not in secret]


def _body(shop: Shop, one: Asked) -> ServiceBody:
    options = tuple(Option(f"score:{one.ref}:{score}", shop.say(f"household.{key}")) for score, key in SCORES)
    number = one.ref.partition(":")[2][:NUMBER_LENGTH]
    values = {"character_string1": number, "thing2": one.notice, "phrase3": shop.say("household.ask_notice")}
    return ServiceBody(Menu(one.head, options), Notice("service_status", values))


def _about(shop: Shop, session: Session, ref: str) -> Asked | None:
    kind, _, number = ref.partition(":")
    if kind == "appointment":
        wanted = _whole_visits().where(Appointment.number == number, Appointment.state.in_(CAME))
        visit = session.scalars(wanted).one_or_none()
        return _visit(shop, visit) if visit is not None else None
    order = session.scalars(select(ServiceOrder).where(ServiceOrder.number == number)).one_or_none()
    return _service(shop, order) if order is not None and order.customer_id is not None else None


def _visits(shop: Shop, session: Session, begin: datetime, end: datetime, after: int) -> list[Asked]:
    """Where she came."""
    ended = (Appointment.ends_at >= begin, Appointment.ends_at < end, Appointment.state.in_(CAME))
    wanted = _whole_visits().where(*ended, Appointment.id > after).order_by(Appointment.id).limit(PEOPLE_PER_BATCH)
    return [_visit(shop, one) for one in session.scalars(wanted)]


def _whole_visits() -> Select[Appointment]:
    return select(Appointment).options(joinedload(Appointment.store))


def _services(shop: Shop, session: Session, begin: datetime, end: datetime, after: int) -> list[Asked]:
    then = (ServiceOrder.finished_at >= begin, ServiceOrder.finished_at < end)
    wanted = (
        select(ServiceOrder)
        .where(*then, ServiceOrder.customer_id.is_not(None), ServiceOrder.id > after)
        .order_by(ServiceOrder.id)
    )
    return [_service(shop, one) for one in session.scalars(wanted.limit(PEOPLE_PER_BATCH))]


def _visit(shop: Shop, one: Appointment) -> Asked:
    head = shop.say("household.ask_visit", store=one.store.name)
    notice = shop.say("household.ask_visit_notice")
    return Asked(one.id, f"appointment:{one.number}", one.customer_id, one.store_id, head, notice)


def _service(shop: Shop, one: ServiceOrder) -> Asked:
    assert one.customer_id is not None
    name = shop.say(f"household.service_{one.kind.value}")
    head = shop.say("household.ask_service", service=name)
    return Asked(one.id, f"service:{one.number}", one.customer_id, one.store_id, head, name, one.piece_barcode)
