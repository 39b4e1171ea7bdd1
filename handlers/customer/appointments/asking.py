"""The questions of a booking, each with concrete answers to tap: which shop, which time, is it right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from bot.messages import Option, Reply
from crm.models import Appointment, Store
from crm.services import appointments
from crm.services.appointments import Offer, Window
from handlers.customer.appointments.desk import TAP, Desk
from handlers.customer.appointments.draft import moment, seconds
from handlers.customer.appointments.times import Span
from handlers.schedule_words import day_words, pieces_words
from handlers.speech import as_said
from handlers.states import State

# As many shops as a phone shows without scrolling; with more she names the city or sends where she is.
SHOPS_SHOWN = 6
OFFERS = 3
# When she has said nothing: not before she could be here, and in the afternoon, when most people come.
SOONEST = timedelta(hours=2)
AFTERNOON, EVENING = time(14), time(18)
SATURDAY = 6
# Where her time is taken: so many times of the same day, then the days around it, the nearest first.
SAME_DAY = 2
AROUND = (1, -1, 2, -2, 3)
# Minutes of the day at which she probably wants to come when she named a day only.
USUAL_MINUTES = (13 * 60, 18 * 60)
# What she may still tell, by whether she has named pieces and a person.
MORE = {
    (True, True): "",
    (False, False): "booking.confirm_more",
    (False, True): "booking.confirm_more_pieces",
    (True, False): "booking.confirm_more_whom",
}
# How far other times are looked for when those near her wish are used up.
FURTHER = timedelta(days=14)


def ask_shop(desk: Desk, note: str = "") -> Reply:
    """Which shop; taps where a few fit, else the name of a city or a sent location."""
    wanted = desk.draft.stores or [shop.id for shop in desk.names.shops]
    if len(wanted) > SHOPS_SHOWN:
        return desk.ask(State.BOOKING, "shop", note + desk.say("booking.shop_open"))
    stores = [desk.store(store_id) for store_id in wanted]
    options = [Option(f"{TAP}shop:{store.id}", _shop_line(desk, store)) for store in stores]
    head = _noted(desk) + _noted_time(desk) + note + desk.say("booking.shop")
    return desk.ask(State.BOOKING, "shop", head, options, desk.say("booking.shop_tail"))


def ask_near(desk: Desk) -> Reply:
    """Her location finds the nearest shops."""
    return desk.ask(State.BOOKING, "shop", desk.say("booking.send_location"))


def offer_near(desk: Desk, latitude: float, longitude: float) -> Reply:
    """The nearest three, each with its distance and today's hours."""
    on_earth = abs(latitude) <= 90 and abs(longitude) <= 180
    found = appointments.nearest(desk.session, latitude, longitude, OFFERS) if on_earth else []
    if not found:
        return ask_shop(desk)
    options = [Option(f"{TAP}shop:{store.id}", _near_line(desk, store, km)) for store, km in found]
    return desk.ask(State.BOOKING, "shop", desk.say("booking.near"), options)


def ask_reading(desk: Desk, store: Store) -> Reply | None:
    """What an ambiguous time means; None when only one reading is inside the opening hours, which then holds."""
    spans = [Window(moment(first), moment(last)) for first, last in desk.draft.readings]
    possible = [span for span in spans if _is_open(desk, store, span)] or spans[:1]
    if len(possible) == 1:
        desk.draft.windows, desk.draft.readings = [[seconds(possible[0].first), seconds(possible[0].last)]], []
        desk.draft.point = desk.draft.windows[0][0] if possible[0].first == possible[0].last else 0
        return None
    options = [Option(f"{TAP}span:{seconds(span.first)}:{seconds(span.last)}", desk.span(span)) for span in possible]
    return desk.ask(State.BOOKING, "reading", desk.say("booking.reading"), options)


def offer_times(desk: Desk, store: Store, found: Sequence[Offer], note: str = "") -> Reply:
    """Three concrete times; the waiting list where what she wants is full."""
    reason, label = _reason(desk, store, found), desk.shop_label(store.id)
    shown = found if reason in ("open", "exact") or note else _alternatives(desk, store, found)
    head = note or desk.say(f"booking.times_{reason}", store=label, **_hours(desk, store, reason))
    desk.draft.seen += [seconds(offer.starts_at) for offer in shown]
    options = [
        Option(f"{TAP}time:{store.id}:{seconds(offer.starts_at)}", desk.moment(offer.starts_at)) for offer in shown
    ]
    if reason == "full":
        options.append(Option(f"{TAP}wait", desk.say("booking.wait_line")))
    if not options:
        return desk.ask(State.BOOKING, "when", desk.say("booking.times_none", store=label))
    return desk.ask(State.BOOKING, "when", _noted(desk) + head, options, desk.say("booking.times_tail"))


def free_times(desk: Desk, store: Store, windows: Sequence[Window], count: int = OFFERS) -> list[Offer]:
    """Free times in or near these windows that she has not seen yet, her own advisor's first."""
    seen = desk.draft.seen
    found = appointments.offers(
        desk.session,
        desk.zone,
        store,
        windows,
        desk.now,
        advisor_id=desk.customer.advisor_id,
        count=count + len(seen),
        without=desk.draft.appointment_id or None,
    )
    return [offer for offer in found if seconds(offer.starts_at) not in seen][:count]


def _alternatives(desk: Desk, store: Store, nearest: Sequence[Offer]) -> list[Offer]:
    """Where the wanted time is not to be had: near it on that day, or at that time of the days around."""
    window = desk.draft.wanted[0]
    day = window.first.astimezone(desk.zone).date()
    same_day = [offer for offer in nearest if offer.starts_at.astimezone(desk.zone).date() == day][:SAME_DAY]
    minutes = Span(window.first, window.last).minutes(desk.zone) or USUAL_MINUTES
    spans = [Span.on(day + timedelta(days=away), minutes, desk.zone) for away in AROUND]
    around = free_times(desk, store, [Window(span.first, span.last) for span in spans if span.last > desk.now])
    other_days = [offer for offer in around if offer.exact and offer not in same_day]
    found = [*same_day, *other_days][:OFFERS] or list(nearest)
    return sorted(found, key=lambda offer: offer.starts_at)


def usual_times(desk: Desk) -> list[Window]:
    """When she said nothing: later today, tomorrow afternoon, the afternoon of a weekend day.

    The day on which she cannot come makes way for the next one.
    """
    today = desk.today
    away = moment(desk.draft.away).astimezone(desk.zone).date()
    saturday = today + timedelta(days=(SATURDAY - today.isoweekday()) % 7)
    weekend = saturday if saturday > today + timedelta(days=1) else saturday + timedelta(days=7)
    soon = Window(desk.now + SOONEST, desk.end_of(today))
    days = dict.fromkeys(day + timedelta(days=day == away) for day in (today + timedelta(days=1), weekend))
    afternoons = [
        Window(
            datetime.combine(day, AFTERNOON, desk.zone).astimezone(UTC),
            datetime.combine(day, EVENING, desk.zone).astimezone(UTC),
        )
        for day in days
    ]
    return [soon, *afternoons] if soon.first < soon.last and today != away else afternoons


def further_times(desk: Desk) -> list[Window]:
    """Anything within two weeks."""
    return [Window(desk.now, desk.now + FURTHER)]


def ask_confirmation(desk: Desk, appointment: Appointment, note: str = "") -> Reply:
    """Everything in one message: one word, and it is hers."""
    say, store = desk.say, appointment.store
    wanted, whom = pieces_words(appointment), as_said(appointment.for_whom)
    lines = [
        note or say("booking.confirm_head"),
        desk.full_moment(appointment.starts_at),
        say("booking.confirm_where", store=store.name, address=store.address),
        say("booking.confirm_with", advisor=appointment.advisor.name) if appointment.advisor else "",
        say("booking.confirm_pieces", pieces=wanted) if wanted else "",
        say("booking.confirm_for", whom=whom) if whom else "",
    ]
    more = MORE[bool(wanted), bool(whom)]
    tail = "\n".join(part for part in (say(more) if more else "", say("booking.confirm_tail")) if part)
    options = [Option(f"{TAP}confirm", say("booking.confirm_line"))]
    return desk.ask(State.CONFIRMING_BOOKING, "confirm", "\n".join(line for line in lines if line), options, tail)


def _noted(desk: Desk) -> str:
    """What she would like to see, repeated once: she was understood."""
    if desk.visit.state == State.BOOKING or not desk.draft.pieces or desk.draft.moving:
        return ""
    return desk.say("booking.noted", pieces="、".join(piece.words for piece in desk.draft.wished))


def _noted_time(desk: Desk) -> str:
    """When she wants to come, repeated while the shop is asked: she was understood."""
    wanted = desk.draft.wanted
    return desk.say("booking.noted_time", when=desk.span(wanted[0])) if len(wanted) == 1 else ""


def _reason(desk: Desk, store: Store, found: Sequence[Offer]) -> str:
    """Why these times and not the wanted ones; the last part of a sentence's name."""
    windows = desk.draft.wanted
    if not windows:
        return "open"
    if any(offer.exact for offer in found):
        return "exact"
    why = appointments.why_none(desk.session, desk.zone, store, windows[0], desk.now)
    if why == "closed" and _hours_on(desk, store, windows[0]) is not None:
        return "full" if _is_open(desk, store, windows[0]) else "outside"
    return why or "near"


def may_open(desk: Desk, store: Store, window: Window) -> bool:
    """Whether a place may open in this window: not past, not beyond the furthest day, within the hours."""
    why = appointments.why_none(desk.session, desk.zone, store, window, desk.now)
    return why not in ("past", "too_far") and (why != "closed" or _is_open(desk, store, window))


def _hours(desk: Desk, store: Store, reason: str) -> dict[str, str]:
    day = desk.draft.wanted[0].first.astimezone(desk.zone).date() if desk.draft.wanted else desk.today
    if reason == "closed":
        return {"day": day_words(day, desk.say)}
    if reason != "outside":
        return {}
    hours = appointments.hours_of(desk.session, store, day)
    starts = appointments.starts_between(desk.session, desk.zone, store, day)
    if hours is None or starts is None:
        return {}
    latest = starts[1].astimezone(desk.zone)
    return {"opens": f"{hours[0]:%H:%M}", "closes": f"{hours[1]:%H:%M}", "latest": f"{latest:%H:%M}"}


def _hours_on(desk: Desk, store: Store, window: Window) -> tuple[time, time] | None:
    return appointments.hours_of(desk.session, store, window.first.astimezone(desk.zone).date())


def _is_open(desk: Desk, store: Store, span: Window) -> bool:
    """Whether a whole visit fits in that begins in this span."""
    day = span.first.astimezone(desk.zone).date()
    starts = appointments.starts_between(desk.session, desk.zone, store, day)
    return starts is not None and span.last >= desk.now and span.first <= starts[1] and span.last >= starts[0]


def _shop_line(desk: Desk, store: Store) -> str:
    label = desk.shop_label(store.id)
    street = re.sub(rf"^{re.escape(store.city)}市?|(?<=号).*", "", store.address)
    return desk.say("booking.shop_line", store=label, address=street) if street else label


def _near_line(desk: Desk, store: Store, km: float) -> str:
    hours = appointments.hours_of(desk.session, store, desk.today)
    today = (
        desk.say("booking.near_hours", opens=f"{hours[0]:%H:%M}", closes=f"{hours[1]:%H:%M}")
        if hours
        else desk.say("booking.near_closed")
    )
    return desk.say("booking.near_line", store=desk.shop_label(store.id), km=f"{km:.1f}", hours=today)
