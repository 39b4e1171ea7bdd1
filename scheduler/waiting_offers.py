"""Job waiting_list_offer: a place that opens is offered to whoever has waited longest, and kept while she answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from bot.messages import Text
from crm import db
from crm.models import Appointment, AppointmentState, Delivery, DeliveryState, WaitingEntry, WaitingState
from crm.services import appointments
from crm.services.claims import Claimed
from scheduler.appointments import PURPOSE
from scheduler.bodies import Notice, ServiceBody
from scheduler.planning import Due, Fence, Own, ServicePush
from scheduler.shop import Shop
from scheduler.visits import key_of, not_planned, notice_time, visit_of, visits, when_words

JOB = "waiting_list_offer"
# She has to read it and to answer: with less time left the next one is asked.
TIME_TO_ANSWER = timedelta(minutes=5)

OVER = "the place is no longer kept for her"
# An offer that reached nobody.
UNHEARD = (DeliveryState.SKIPPED, DeliveryState.FAILED)

log = structlog.get_logger("appointments")


def offers(shop: Shop, due: Due) -> Iterator[Sequence[ServicePush]]:
    """Whoever has a place kept and does not know it yet."""
    now = due.moment
    kept = (*_offered(), Appointment.hold_until > now, not_planned(JOB))
    for batch in visits(shop, kept, lambda appointment: True):
        yield [_push(shop, appointment, now) for appointment in batch]


def still_due(session: Session, shop: Shop, row: Claimed, now: datetime) -> str | ServiceBody:
    """The offer as it stands now, unless she has it already or it has run out."""
    appointment, _ = visit_of(session, row)
    return body(shop, appointment, now) if appointment is not None and _is_kept(appointment, now) else OVER


def body(shop: Shop, appointment: Appointment, now: datetime) -> ServiceBody:
    """The words for a chat, and the fields of the template: what she asked to be told."""
    when, store = when_words(shop, appointment.starts_at, now), appointment.store.name
    until = (appointment.hold_until or now).astimezone(shop.hours.zone)
    words = shop.say("appointment_pushes.offer", when=when, store=store, until=f"{until:%H:%M}")
    values = {
        "thing1": shop.say("appointment_pushes.offer_notice"),
        "time2": notice_time(shop, appointment.starts_at),
        "thing3": store,
    }
    return ServiceBody(Text(words), Notice(PURPOSE, values, shop.links.appointment(appointment.number)))


def tend(shop: Shop, now: datetime, fence: Fence) -> None:
    """End what has run out and keep places for those who wait; where nothing is to do, nothing is written."""
    _give_up_unheard(shop, now, fence)
    with db.reading(shop.engine) as session:
        has_lapsed, is_awaited = _has_lapsed(session, now), _is_awaited(session, now)
    if has_lapsed:
        with shop.sessions.begin() as session:
            fence(session)
            log.info("holds lapsed", count=appointments.lapse(session, now))
    # Nobody is woken for a place, and one that is kept overnight serves nobody.
    if is_awaited and not shop.hours.is_quiet(now):
        with shop.sessions.begin() as session:
            fence(session)
            offered = appointments.offer_places(session, shop.hours.zone, now)
        if offered:
            log.info("places offered", count=len(offered))


def release(shop: Shop, now: datetime, fence: Fence) -> None:
    """Pieces that were set aside for visits that are over go back into stock."""
    with shop.sessions.begin() as session:
        fence(session)
        appointments.release_past(session, now)


def _push(shop: Shop, appointment: Appointment, now: datetime) -> ServicePush:
    assert appointment.hold_until is not None
    due = Due(JOB, shop.hours.day_of(now), now, appointment.hold_until - TIME_TO_ANSWER)
    return ServicePush(appointment.customer_id, body(shop, appointment, now), Own(key_of(JOB, appointment), due))


def _offered() -> tuple[ColumnElement[bool], ...]:
    to_her = exists().where(
        WaitingEntry.offered_appointment_id == Appointment.id, WaitingEntry.state == WaitingState.OFFERED
    )
    return Appointment.state == AppointmentState.HELD, to_her


def _is_kept(appointment: Appointment, now: datetime) -> bool:
    until = appointment.hold_until
    return appointment.state is AppointmentState.HELD and until is not None and now < until


def _has_lapsed(session: Session, now: datetime) -> bool:
    held = select(Appointment.id).where(Appointment.state == AppointmentState.HELD, Appointment.hold_until <= now)
    past = select(WaitingEntry.id).where(WaitingEntry.state == WaitingState.WAITING, WaitingEntry.last < now)
    return any(session.scalar(wanted.limit(1)) is not None for wanted in (held, past))


def _is_awaited(session: Session, now: datetime) -> bool:
    waits = select(WaitingEntry.id).where(WaitingEntry.state == WaitingState.WAITING, WaitingEntry.last > now)
    return session.scalar(waits.limit(1)) is not None


def _give_up_unheard(shop: Shop, now: datetime, fence: Fence) -> None:
    """Nobody is reached by her ways: her hold ends now, and the place is the next one's."""
    with db.reading(shop.engine) as session:
        kept = session.scalars(select(Appointment).where(*_offered(), Appointment.hold_until > now)).all()
        keys = {key_of(JOB, appointment): appointment.id for appointment in kept}
        told = select(Delivery.key).where(Delivery.key.in_(list(keys)), Delivery.state.in_(UNHEARD))
        unheard = [keys[key] for key in session.scalars(told)] if keys else []
    if not unheard:
        return
    with shop.sessions.begin() as session:
        fence(session)
        for appointment_id in unheard:
            appointment = session.get_one(Appointment, appointment_id, with_for_update=True)
            if _is_kept(appointment, now):
                appointment.hold_until = now
