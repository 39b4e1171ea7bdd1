"""The way of a booking: what she said goes into the draft, and the next thing that is missing is asked."""

from __future__ import annotations

from datetime import timedelta

from bot.messages import Reply
from crm.models import AppointmentState, Store
from crm.services import appointments
from crm.services.appointments import Window
from handlers.customer.appointments import keeping
from handlers.customer.appointments.asking import (
    ask_confirmation,
    ask_near,
    ask_reading,
    ask_shop,
    free_times,
    further_times,
    offer_times,
    usual_times,
)
from handlers.customer.appointments.desk import Desk
from handlers.customer.appointments.draft import moment, seconds
from handlers.customer.appointments.times import Span, frees_the_time, is_one_day, spans_of
from handlers.customer.appointments.understanding import Heard
from handlers.states import State

# Seconds from an offered time to the next one that is later or earlier.
NEXT = 60


def advance(desk: Desk, note: str = "", *, ask_first: bool = False) -> Reply:
    """Shop, then time, then her yes. `note`: what stands above the offered times instead of the usual sentence.

    `ask_first`: a visit is moved only after she has taken the time that she named.
    """
    draft = desk.draft
    store = _settled_store(desk)
    if store is None:
        return ask_shop(desk)
    if draft.readings and (asked := ask_reading(desk, store)):
        return asked
    if draft.settled and (held := desk.her_visit(draft.appointment_id)) and held.state is AppointmentState.HELD:
        return ask_confirmation(desk, held, desk.say("booking.confirm_changed"))
    found = free_times(desk, store, draft.wanted or usual_times(desk))
    exact = next((offer for offer in found if seconds(offer.starts_at) == draft.point), None)
    if exact and ask_first:
        return offer_times(desk, store, [exact], desk.say("booking.move_there"))
    if exact:
        return keeping.keep(desk, exact)
    return offer_times(desk, store, found, _filled(desk, note, store))


def take_in(desk: Desk, heard: Heard, *, only_wishes: bool = False) -> None:
    """What she said goes into the draft; what she said before stays unless she changed it."""
    draft = desk.draft
    if heard.pieces:
        draft.want_pieces(heard.pieces.applied_to(draft.wished))
    draft.for_whom = heard.for_whom or draft.for_whom
    if heard.occasion:
        draft.add_words(heard.occasion)
    if not only_wishes:
        _take_in_shop(desk, heard)
        _take_in_time(desk, heard)


def go_on(desk: Desk, heard: Heard) -> Reply:
    """What she said inside a booking, and then the next step."""
    unknown, near = heard.where.unknown, heard.where.near
    take_in(desk, heard)
    if near and not desk.draft.store_id:
        return ask_near(desk)
    if unknown:
        return ask_shop(desk, desk.say("booking.no_such_shop", name=unknown))
    if heard.when.impossible:
        return no_such_day(desk)
    if heard.when.past and not desk.draft.windows:
        return advance(desk, "booking.past")
    held = desk.her_visit(desk.draft.appointment_id)
    if held is not None and not desk.draft.moving and (heard.pieces or heard.for_whom or heard.occasion):
        keeping.change(desk, held)
    if not heard.about_the_place and desk.visit.state == State.BOOKING and desk.shown:
        return desk.ask_again(desk.say("booking.kept"))
    return advance(desk)


def no_such_day(desk: Desk) -> Reply:
    """A date that the calendar does not have; what she may choose from instead."""
    store, note = _settled_store(desk), desk.say("booking.no_such_day")
    if store is None:
        return ask_shop(desk, note)
    return offer_times(desk, store, free_times(desk, store, desk.draft.wanted or usual_times(desk)), note)


def others(desk: Desk, windows: list[Window] | None = None, none_left: str = "") -> Reply:
    """Times that she has not seen yet: in what she wanted, else within two weeks."""
    store = _settled_store(desk)
    if store is None:
        return ask_shop(desk)
    desk.draft.settled = False
    found = free_times(desk, store, windows or desk.draft.wanted or further_times(desk))
    nothing_there = none_left and not any(offer.exact for offer in found)
    note = none_left if nothing_there else desk.say("booking.times_others", store=desk.shop_label(store.id))
    return offer_times(desk, store, found or free_times(desk, store, further_times(desk)), note)


def soonest(desk: Desk) -> Reply:
    """Today or tomorrow, the first free times."""
    desk.draft.want_times([Span(desk.now, desk.end_of(desk.today + timedelta(days=1)))], desk.zone)
    return advance(desk)


def shifted(desk: Desk, way: int) -> Reply:
    """Earlier (-1) or later (1) than what was offered or held, on the same day."""
    offered = [int(option.rsplit(":", 1)[1]) for option in desk.shown if ":time:" in option] or [desk.draft.point]
    if way > 0:
        first = moment(max(offered) + NEXT)
        return others(
            desk, [Window(first, desk.end_of(first.astimezone(desk.zone).date()))], desk.say("booking.none_later")
        )
    last = moment(min(offered) - NEXT)
    begin = last.astimezone(desk.zone).replace(hour=0, minute=0)
    return others(desk, [Window(begin.astimezone(last.tzinfo), last)], desk.say("booking.none_earlier"))


def resume(desk: Desk) -> Reply:
    """Begin again where she left off long ago: nothing is held any more, what she said still holds."""
    draft = desk.draft
    draft.settled, draft.seen, draft.appointment_id = False, [], draft.appointment_id if draft.moving else 0
    return advance(desk, "booking.resumed")


def _settled_store(desk: Desk) -> Store | None:
    """Hers to say; else the only one there is, else where she usually goes."""
    draft = desk.draft
    if not draft.store_id and not draft.stores:
        shops = desk.names.shops
        usual = desk.store(shops[0].id) if len(shops) == 1 else appointments.usual_store(desk.session, desk.customer)
        draft.store_id = usual.id if usual else 0
    return desk.store(draft.store_id) if draft.store_id else None


def _take_in_shop(desk: Desk, heard: Heard) -> None:
    where, draft = heard.where, desk.draft
    if where.usual:
        usual = appointments.usual_store(desk.session, desk.customer)
        draft.want_store(usual.id if usual else 0)
    elif len(where.ids) == 1:
        draft.want_store(where.ids[0])
    elif where.ids:
        draft.want_store(0)
        draft.stores = list(where.ids)
    elif where.another or where.unknown or where.near:
        former = draft.store_id
        draft.want_store(0)
        draft.stores = [shop.id for shop in desk.names.shops if shop.id != former or where.unknown]
        if where.another and len(draft.stores) == 1:
            draft.want_store(draft.stores[0])


def _take_in_time(desk: Desk, heard: Heard) -> None:
    when, draft, zone = heard.when, desk.draft, desk.zone
    spans = spans_of(when, zone)
    if when.choices:
        draft.want_times([], zone)
        readings = [span for choice in when.choices for span in spans_of(choice, zone)]
        draft.readings = [[seconds(span.first), seconds(span.last)] for span in readings]
    elif spans:
        keeps_time = is_one_day(when) and len(draft.span) == 2 and not frees_the_time(desk.visit.plain)
        day = spans[0].first.astimezone(zone).date()
        first, last = draft.span if keeps_time else (0, 0)
        draft.want_times([Span.on(day, (first, last), zone)] if keeps_time else spans, zone)


def _filled(desk: Desk, note: str, store: Store) -> str:
    label = desk.shop_label(store.id)
    match note:
        case "booking.move_when":
            return desk.say("booking.move_when", store=label)
        case "booking.resumed":
            return desk.say("booking.resumed", store=label)
        case "booking.past":
            return desk.say("booking.past")
    return ""
