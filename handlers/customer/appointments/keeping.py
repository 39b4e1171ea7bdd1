"""Holding, confirming and moving a visit, and what is said when the appointment book refuses."""

from __future__ import annotations

from typing import Literal

from bot.messages import Reply, Text
from crm.models import Appointment, AppointmentState
from crm.services import appointments
from crm.services.appointments import CoolingDown, Gone, Offer, PlaceTaken, TooMany
from handlers.appointment_news import announce, tell_customer
from handlers.customer.appointments.asking import ask_confirmation, free_times, further_times, may_open, offer_times
from handlers.customer.appointments.desk import Desk
from handlers.customer.appointments.draft import Draft
from handlers.customer.appointments.times import Span
from handlers.schedule_words import day_words
from handlers.states import State

# Who moved or cancelled, in the appointment book.
CUSTOMER = "customer"


def keep(desk: Desk, offer: Offer) -> Reply:
    """Hold this place and ask for her yes; a visit that she is moving is moved at once: she has just named the time."""
    try:
        if desk.draft.moving:
            return _moved(desk, offer)
        visit = _held(desk, offer)
    except PlaceTaken as taken:
        return _somebody_was_faster(desk, offer.store_id, taken)
    except TooMany as many:
        return _too_many(desk, many)
    except CoolingDown as cooling:
        return _cooling_down(desk, cooling)
    except Gone:
        return _gone(desk)
    _settle(desk, visit)
    return ask_confirmation(desk, visit)


def confirm(desk: Desk, visit: Appointment) -> Reply:
    """Her yes: it is booked, and everybody concerned hears of it."""
    try:
        appointments.confirm(desk.session, desk.zone, visit, desk.now)
    except PlaceTaken as taken:
        desk.draft = _draft_of(desk, visit)
        return _somebody_was_faster(desk, visit.store_id, taken)
    except TooMany as many:
        return _too_many(desk, many)
    except Gone:
        return _gone(desk)
    return told(desk, visit, "new")


def change(desk: Desk, visit: Appointment) -> None:
    """Other pieces, somebody else: what the draft says now. Raises Gone."""
    appointments.change(desk.session, visit, desk.draft.wish, desk.now)


def cancel(desk: Desk, visit: Appointment, reason: str = "") -> Reply:
    """She does not come."""
    try:
        appointments.cancel(desk.session, visit, desk.now, by=CUSTOMER, reason=reason)
    except Gone:
        return _gone(desk)
    desk.dialogue.leave()
    news = desk.visit
    announce(news.outbox, desk.session, visit, "cancelled", desk.say, news.desk.shop, desk.now)
    return tell_customer(visit, "cancelled", desk.say, news.desk.shop, "")


def told(desk: Desk, visit: Appointment, what: Literal["new", "moved", "changed"]) -> Reply:
    """Staff get their card, she reads where and when; what she adds within minutes is about this visit."""
    news = desk.visit
    announce(news.outbox, desk.session, visit, what, desk.say, news.desk.shop, desk.now)
    desk.dialogue.enter(State.JUST_BOOKED, draft=_draft_of(desk, visit).written())
    link = news.desk.links.appointment(visit.number)
    return tell_customer(visit, what, desk.say, news.desk.shop, link)


def moving(desk: Desk, visit: Appointment) -> Draft:
    """A draft that gives this visit another time; its own time of day holds for another day."""
    draft = _draft_of(desk, visit)
    draft.moving, draft.windows, draft.point = True, [], 0
    return draft


def _held(desk: Desk, offer: Offer) -> Appointment:
    """A new hold, or the present one moved to where she wants it now."""
    held = desk.her_visit(desk.draft.appointment_id)
    if held is None or held.state is not AppointmentState.HELD:
        _let_go(desk)
        return appointments.hold(desk.session, desk.zone, desk.customer, offer, desk.draft.wish, desk.now)
    if (held.store_id, held.starts_at) != (offer.store_id, offer.starts_at):
        appointments.move(desk.session, desk.zone, held, offer, desk.now, by=CUSTOMER)
    return held


def _let_go(desk: Desk) -> None:
    """A place that she holds and has left undecided makes way for the next; one from the waiting list does not."""
    for visit in desk.open_visits():
        if visit.state is AppointmentState.HELD and visit.made_by == CUSTOMER:
            appointments.cancel(desk.session, visit, desk.now, by=CUSTOMER)


def _moved(desk: Desk, offer: Offer) -> Reply:
    visit = desk.her_visit(desk.draft.appointment_id)
    if visit is None:
        return _gone(desk)
    appointments.move(desk.session, desk.zone, visit, offer, desk.now, by=CUSTOMER)
    return told(desk, visit, "moved")


def _settle(desk: Desk, visit: Appointment) -> None:
    draft = desk.draft
    draft.want_store(visit.store_id)
    draft.want_times([Span(visit.starts_at, visit.starts_at)], desk.zone)
    draft.appointment_id, draft.settled = visit.id, True


def _draft_of(desk: Desk, visit: Appointment) -> Draft:
    """A visit as a draft, from which it can be talked about further."""
    draft = Draft(store_id=visit.store_id, appointment_id=visit.id, for_whom=visit.for_whom, words=visit.wishes)
    draft.want_times([Span(visit.starts_at, visit.starts_at)], desk.zone)
    draft.pieces = [[piece.words, piece.style_id or 0] for piece in visit.pieces]
    draft.moving = visit.state is not AppointmentState.HELD
    return draft


def _somebody_was_faster(desk: Desk, store_id: int, taken: PlaceTaken) -> Reply:
    store = desk.store(store_id)
    desk.draft.seen = []
    found = taken.offers or free_times(desk, store, further_times(desk))
    return offer_times(desk, store, found, desk.say("booking.times_taken"))


def _too_many(desk: Desk, many: TooMany) -> Reply:
    desk.dialogue.leave()
    lines = [desk.say("booking.line", when=desk.moment(one.starts_at), store=one.store.name) for one in many.open]
    return Text(desk.say("booking.too_many", visits="\n".join(lines)))


def _cooling_down(desk: Desk, cooling: CoolingDown) -> Reply:
    desk.dialogue.leave()
    until = day_words(cooling.until.astimezone(desk.zone).date(), desk.say)
    return Text(desk.say("booking.cooling_down", until=until))


def _gone(desk: Desk) -> Reply:
    desk.dialogue.leave()
    return Text(desk.say("booking.gone"))


def waiting(desk: Desk) -> Reply:
    """She is told when a place opens in what she wanted."""
    draft = desk.draft
    store = desk.store(draft.store_id) if draft.store_id else None
    if store is None or not draft.windows:
        return desk.ask(State.BOOKING, "when", desk.say("booking.wait_for_what"))
    possible = [window for window in draft.wanted if may_open(desk, store, window)]
    if not possible:
        return offer_times(desk, store, free_times(desk, store, draft.wanted))
    try:
        for window in possible:
            appointments.wait_for(desk.session, desk.customer, store, window, draft.wish, desk.now)
    except CoolingDown as cooling:
        return _cooling_down(desk, cooling)
    desk.dialogue.leave()
    when = desk.say("booking.or").join(desk.span(window) for window in possible)
    return Text(desk.say("booking.waiting", when=when, store=desk.shop_label(store.id)))
