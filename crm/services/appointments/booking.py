"""Holding, confirming, moving, changing and cancelling one appointment."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from crm.models import Appointment, AppointmentState, Customer, Store, WaitingState
from crm.services.appointments import limits, pieces, seats, served
from crm.services.appointments.book import Slot
from crm.services.appointments.errors import Gone, PlaceTaken
from crm.services.appointments.locks import lock_customer, lock_visit
from crm.services.appointments.offering import others
from crm.services.appointments.terms import AHEAD, HOLD_MINUTES, LEAD, Offer, Window, Wish

# Letters and digits that nobody confuses, spoken or written: no 0 and O, 1 and I and L, 2 and Z, 5 and S, 8 and B.
LETTERS = "34679ACDEFGHJKMNPQRTUVWXY"
NUMBER_LENGTH = 6
STAFF, WAITING_LIST = "staff:", "waiting_list"


def hold(
    session: Session,
    zone: ZoneInfo,
    customer: Customer,
    offer: Offer,
    wish: Wish,
    now: datetime,
    *,
    made_by: str = limits.CUSTOMER,
    minutes: int = HOLD_MINUTES,
) -> Appointment:
    """Keep a place while she decides. Raises PlaceTaken (with other times), TooMany, CoolingDown.

    The offer's advisor receives her, or, when he is busy by now, whoever has the least to do. Staff
    (`made_by` "staff:<userid>") may book for the same minute and during a cool-down.
    """
    lock_customer(session, customer.id)
    limits.check_open(session, customer.id, now)
    if made_by == limits.CUSTOMER:
        limits.check_cool_down(session, customer.id, now)
    store = session.get_one(Store, offer.store_id)
    until = min(now + timedelta(minutes=minutes), offer.starts_at)

    def write(advisor_id: int | None) -> Appointment:
        made = Appointment(
            number=_number(),
            customer_id=customer.id,
            store_id=store.id,
            advisor_id=advisor_id,
            starts_at=offer.starts_at,
            ends_at=offer.ends_at,
            state=AppointmentState.HELD,
            hold_until=until,
            for_whom=wish.for_whom,
            wishes=wish.words,
            made_by=made_by,
            created_at=now,
            pieces=[*pieces.wished(wish)],
        )
        session.add(made)
        return made

    lead = timedelta(0) if made_by.startswith(STAFF) else LEAD
    return _take(session, zone, store, offer, now, write, lead=lead)


def confirm(session: Session, zone: ZoneInfo, appointment: Appointment, now: datetime) -> Appointment:
    """HELD becomes BOOKED, and the pieces are set aside; twice is once.

    A hold that has run out is taken again when the time is still free. Raises PlaceTaken, TooMany, Gone.
    """
    lock_customer(session, appointment.customer_id)
    lock_visit(session, appointment)
    if appointment.state in (AppointmentState.BOOKED, AppointmentState.ARRIVED, AppointmentState.DONE):
        return appointment
    if appointment.state not in (AppointmentState.HELD, AppointmentState.LAPSED) or appointment.starts_at <= now:
        raise Gone(appointment.number)
    if not _is_held(appointment, now):
        limits.check_open(session, appointment.customer_id, now, without=appointment.id)
    if appointment.state is AppointmentState.LAPSED:
        store = session.get_one(Store, appointment.store_id)
        _take(
            session,
            zone,
            store,
            _as_offer(appointment),
            now,
            lambda who: _given_to(appointment, who),
            lead=timedelta(0),
        )
    appointment.state, appointment.booked_at, appointment.hold_until = AppointmentState.BOOKED, now, None
    appointment.closed_at, appointment.closed_by = None, ""
    appointment.timed_at = now
    appointment.version += 1
    session.flush()
    pieces.reserve(session, appointment, now)
    served.took(session, appointment, now)
    return appointment


def move(
    session: Session, zone: ZoneInfo, appointment: Appointment, offer: Offer, now: datetime, *, by: str
) -> Appointment:
    """Another time or shop for the same appointment: the old place is given up only with the new one.

    A hold begins its minutes anew. Raises PlaceTaken (the old place is kept) and Gone.
    """
    lock_visit(session, appointment)
    _check_open(appointment, now)
    store, former_store_id = session.get_one(Store, offer.store_id), appointment.store_id

    def write(advisor_id: int | None) -> Appointment:
        appointment.store_id, appointment.advisor_id = store.id, advisor_id
        appointment.starts_at, appointment.ends_at = offer.starts_at, offer.ends_at
        return appointment

    lead = timedelta(0) if by.startswith(STAFF) else LEAD
    _take(session, zone, store, offer, now, write, lead=lead, without=appointment.id)
    appointment.accepted_at = None
    appointment.proposed_starts_at = appointment.proposed_by_id = None
    appointment.moves += 1
    appointment.timed_at = now
    appointment.version += 1
    if appointment.state is AppointmentState.HELD:
        appointment.hold_until = min(now + timedelta(minutes=HOLD_MINUTES), appointment.starts_at)
    session.flush()
    session.refresh(appointment, ["store", "advisor"])
    if appointment.state is AppointmentState.BOOKED:
        pieces.follow(session, appointment, former_store_id, now)
    return appointment


def change(session: Session, appointment: Appointment, wish: Wish, now: datetime) -> Appointment:
    """What she wants to try or for whom; an empty field of the wish leaves what stands. Raises Gone."""
    lock_visit(session, appointment)
    _check_open(appointment, now)
    appointment.for_whom = wish.for_whom or appointment.for_whom
    appointment.wishes = wish.words or appointment.wishes
    if wish.style_ids or wish.piece_words:
        pieces.replace(session, appointment, wish, now)
    appointment.version += 1
    session.flush()
    return appointment


def cancel(session: Session, appointment: Appointment, now: datetime, *, by: str, reason: str = "") -> None:
    """Give place and pieces back; `by` is "customer" or "staff:<userid>". Raises Gone."""
    lock_visit(session, appointment)
    if appointment.state is not AppointmentState.HELD:
        _check_open(appointment, now)
    appointment.state, appointment.closed_at, appointment.closed_by = AppointmentState.CANCELLED, now, by
    appointment.reason = reason
    appointment.proposed_starts_at = appointment.proposed_by_id = None
    appointment.version += 1
    session.flush()
    seats.free(session, [appointment.id])
    pieces.release(session, [appointment.id], now)
    served.close_offers(session, [appointment.id], WaitingState.OVER, now)


def _take(
    session: Session,
    zone: ZoneInfo,
    store: Store,
    offer: Offer,
    now: datetime,
    write: seats.Write,
    *,
    lead: timedelta,
    without: int | None = None,
) -> Appointment:
    slot = Slot(offer.starts_at, offer.ends_at)
    if now + lead <= slot.starts_at <= now + AHEAD and slot.starts_at < slot.ends_at:
        appointment = seats.take(session, zone, store, slot, offer.advisor_id, now, write, without=without)
        if appointment is not None:
            return appointment
    wanted = [Window(slot.starts_at, slot.starts_at)]
    raise PlaceTaken(others(session, zone, store, wanted, now, advisor_id=offer.advisor_id, lead=lead, without=without))


def _given_to(appointment: Appointment, advisor_id: int | None) -> Appointment:
    appointment.advisor_id = advisor_id
    return appointment


def _as_offer(appointment: Appointment) -> Offer:
    return Offer(appointment.store_id, appointment.starts_at, appointment.ends_at, appointment.advisor_id, exact=True)


def _is_held(appointment: Appointment, now: datetime) -> bool:
    until = appointment.hold_until
    return appointment.state is AppointmentState.HELD and until is not None and until > now


def _check_open(appointment: Appointment, now: datetime) -> None:
    is_booked = appointment.state is AppointmentState.BOOKED and appointment.ends_at > now
    if not is_booked and not _is_held(appointment, now):
        raise Gone(appointment.number)


def _number() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(NUMBER_LENGTH))
