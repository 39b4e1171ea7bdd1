"""Visits that she has already: list, move, cancel, change, and the waiting list."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import select

from bot.messages import Option, Reply, Text
from crm.models import Appointment, AppointmentState, WaitingState
from crm.services import appointments
from crm.services.appointments import Gone
from crm.when import WhenKind
from handlers.customer.appointments import keeping
from handlers.customer.appointments.desk import TAP, Desk
from handlers.customer.appointments.draft import seconds
from handlers.customer.appointments.intent import TIMED, Intent, intent_of
from handlers.customer.appointments.plainly import left_of, only_cancels, only_moves, only_names
from handlers.customer.appointments.steps import advance, no_such_day, take_in
from handlers.customer.appointments.times import Span, shift_of, spans_of, when_in
from handlers.customer.appointments.understanding import Heard, hear
from handlers.customer.wishes import compact
from handlers.states import State

# "把周六的 | 改到周日三点": what stands before names the visit, what stands after its new time.
_TURN = re.compile(r"改约|改期|改|换|挪|推迟|延后|延期|往后推|往前挪|提前|提早|推|延")
_ABOUT_TIME = re.compile(r"改期|改个?时间|换个?时间")
_DAY_OR_SHOP = re.compile(r"[0-9一二三四五六日天今明后]|店")
_AS_IT_WAS = re.compile(r"照旧|不变|不改|不动|保留|原来的|算了|还是去|还是来|没事")
_ALL = re.compile(r"都|全部|两个")
_WEEKDAY = re.compile(r"(?<!这)(?<!本)(?:周|星期|礼拜)[一二三四五六日天1-7]")
# "周六三点来不了了": at another hour of that day she may.
_HOUR = re.compile(r"点|:")
WEEK = timedelta(days=7)
# Her yes to a place that was held for her is understood for a day after the place is gone.
LATE = timedelta(days=1)


def about_own(desk: Desk, intent: Intent) -> Reply | None:
    """What she wants with a visit of hers; None when she has none and did not speak of one."""
    if intent is Intent.MINE:
        return listed(desk)
    if intent is Intent.STOP_WAITING:
        return _stop_waiting(desk)
    visits = booked(desk)
    if not visits:
        speaks_of_one = "约" in desk.visit.plain or _ABOUT_TIME.search(desk.visit.plain)
        return Text(desk.say("booking.mine_none")) if speaks_of_one else None
    named = _named(desk, visits)
    if intent is Intent.CANCEL and _ALL.search(desk.visit.plain) and only_cancels(_left(desk)):
        return _all_cancelled(desk, visits)
    if len(named) == 1:
        return SPOKEN[intent](desk, named[0])
    if intent is Intent.STAY:
        return stay(desk, visits[0])
    return _which(desk, intent, named or visits)


def booked(desk: Desk) -> list[Appointment]:
    """Hers that stand and have not begun."""
    return [visit for visit in desk.open_visits() if visit.state is AppointmentState.BOOKED]


def listed(desk: Desk) -> Text:
    """Every open visit with its page, and what she waits for."""
    links = desk.visit.desk.links
    lines = []
    for visit in desk.open_visits():
        if visit.state is AppointmentState.ARRIVED:
            continue
        held = visit.state is AppointmentState.HELD
        key = "booking.mine_held" if held else "booking.line"
        line = desk.say(key, when=desk.moment(visit.starts_at), store=desk.shop_label(visit.store_id))
        lines.append(desk.say("booking.link", line=line, link=links.appointment(visit.number)))
    waiting = appointments.waiting_of(desk.session, desk.customer.id)
    for entry in (one for one in waiting if one.state is WaitingState.WAITING):  # an offered place is above
        window = appointments.Window(entry.first, entry.last)
        lines.append(desk.say("booking.mine_waiting", when=desk.span(window), store=desk.shop_label(entry.store_id)))
    if not lines:
        return Text(desk.say("booking.mine_none"))
    return Text("\n".join([desk.say("booking.mine"), *lines, desk.say("booking.mine_tail")]))


def move(desk: Desk, visit: Appointment) -> Reply:
    """To the time that she named, or to one of three; asked back when her sentence holds anything else."""
    said = desk.draft.said or desk.visit.plain
    plainly = only_moves(_left(desk, said))
    away = desk.draft.away
    desk.draft = keeping.moving(desk, visit)
    desk.draft.away = away
    if later := shift_of(said):
        desk.draft.want_times([Span(visit.starts_at + later, visit.starts_at + later)], desk.zone)
        return advance(desk, ask_first=not plainly)
    words = _TURN.split(said, maxsplit=1)[-1]
    day = visit.starts_at.astimezone(desk.zone).date()
    heard = hear(words, desk.now.astimezone(desk.zone), desk.names, day)
    take_in(desk, heard)
    if heard.when.impossible:
        return no_such_day(desk)
    if heard.where and not desk.draft.windows:  # another shop at the same time
        desk.draft.want_times([Span(visit.starts_at, visit.starts_at)], desk.zone)
    if _WEEKDAY.search(compact(words)) and day != desk.today == desk.draft.day(desk.zone):
        _ask_which_week(desk)
    note = "" if desk.draft.windows or desk.draft.readings else "booking.move_when"
    return advance(desk, note, ask_first=not plainly)


def cancel(desk: Desk, visit: Appointment) -> Reply:
    """At once when she names the visit and says nothing else; otherwise she is asked."""
    names_it = "约" in desk.visit.plain or "试戴" in desk.visit.plain or desk.hear().about_the_place
    names_it = names_it or bool(TIMED.search(compact(desk.visit.plain)))
    return keeping.cancel(desk, visit) if names_it and only_cancels(_left(desk)) else decide(desk, visit)


def decide(desk: Desk, visit: Appointment) -> Reply:
    """She can't come: another time, or not at all?"""
    said = compact(desk.draft.said or desk.visit.plain)
    the_day = intent_of(said) is Intent.ABSENT and not _HOUR.search(said)
    desk.draft.said, desk.draft.away = "", seconds(visit.starts_at) if the_day else 0
    options = [
        Option(f"{TAP}{deed}:{visit.id}", desk.say(f"booking.decide_{deed}")) for deed in ("move", "cancel", "stay")
    ]
    head = desk.say("booking.decide", when=desk.moment(visit.starts_at), store=desk.shop_label(visit.store_id))
    return desk.ask(State.CHOOSING_OWN_VISIT, "when", head, options)


def change(desk: Desk, visit: Appointment) -> Reply:
    """Other pieces, or for somebody else."""
    heard = desk.hear(desk.draft.said)
    desk.draft = keeping.moving(desk, visit)
    take_in(desk, heard, only_wishes=True)
    try:
        keeping.change(desk, visit)
    except Gone:
        return Text(desk.say("booking.gone"))
    return keeping.told(desk, visit, "changed")


def see_you(desk: Desk, visit: Appointment) -> Reply:
    """Her "好的" after everything is settled."""
    store = desk.shop_label(visit.store_id)
    return Text(desk.say("booking.see_you", when=desk.moment(visit.starts_at), store=store))


def stay(desk: Desk, visit: Appointment) -> Reply:
    desk.dialogue.leave()
    store = desk.shop_label(visit.store_id)
    return Text(desk.say("booking.stays", when=desk.moment(visit.starts_at), store=store))


def offered_place(desk: Desk) -> Appointment | None:
    """The place from the waiting list that is held for her now."""
    held = [visit for visit in desk.open_visits() if visit.state is AppointmentState.HELD]
    return next((visit for visit in held if visit.made_by == "waiting_list"), None)


def late_hold(desk: Desk) -> Appointment | None:
    """The last place that was held for her and that she let go by."""
    hers = (Appointment.customer_id == desk.customer.id, Appointment.starts_at > desk.now)
    recent = (
        Appointment.state.in_((AppointmentState.HELD, AppointmentState.LAPSED)),
        Appointment.created_at > desk.now - LATE,
    )
    last = desk.session.scalars(select(Appointment).where(*hers, *recent).order_by(Appointment.id.desc())).first()
    latest = just_booked(desk)
    # What she has booked since took the place of what she let go by.
    outdated = last and latest and latest.booked_at and latest.booked_at >= last.created_at
    return None if outdated else last


def just_booked(desk: Desk) -> Appointment | None:
    """The visit that she said yes to last, of those that stand."""
    return max(booked(desk), key=lambda visit: visit.booked_at or visit.created_at, default=None)


def refuse_place(desk: Desk, visit: Appointment) -> Reply:
    """She does not want the place that was offered."""
    appointments.cancel(desk.session, visit, desk.now, by=keeping.CUSTOMER)
    return Text(desk.say("booking.place_refused"))


def _stop_waiting(desk: Desk) -> Reply:
    offered = offered_place(desk)
    if offered is not None:
        return refuse_place(desk, offered)
    stopped = appointments.stop_waiting(desk.session, desk.customer, desk.now)
    return Text(desk.say("booking.stopped_waiting" if stopped else "booking.not_waiting"))


def _which(desk: Desk, intent: Intent, visits: Sequence[Appointment]) -> Reply:
    """One of several, or the only one when she named a day on which she has none."""
    deed = TAPS[intent]
    desk.draft.said = desk.visit.plain
    options = [
        Option(
            f"{TAP}{deed}:{visit.id}",
            desk.say("booking.line", when=desk.moment(visit.starts_at), store=desk.shop_label(visit.store_id)),
        )
        for visit in visits
    ]
    return desk.ask(State.CHOOSING_OWN_VISIT, "when", desk.say(f"booking.which_{deed}"), options)


def _named(desk: Desk, visits: Sequence[Appointment]) -> list[Appointment]:
    """Those that fit how she calls it: number, time, day, shop; all of them when she says "it"."""
    plain = desk.visit.plain
    by_number = [visit for visit in visits if visit.number.casefold() in plain]
    if by_number:
        return by_number
    before = _TURN.split(plain, maxsplit=1)[0] if _TURN.search(plain) else plain
    when = when_in(before, desk.now.astimezone(desk.zone), None)
    if when.kind is WhenKind.NONE:
        shops = hear(before, desk.now.astimezone(desk.zone), desk.names).where.ids
        return [visit for visit in visits if not shops or visit.store_id in shops]
    return [visit for visit in visits if any(_falls_into(visit, span) for span in spans_of(when, desk.zone))]


def _falls_into(visit: Appointment, span: Span) -> bool:
    return span.first <= visit.starts_at <= span.last


def picked(desk: Desk, lines: Sequence[tuple[str, int]]) -> Reply | None:
    """Her words for one of the lines (what to do, which visit) that stand open; None when they fit none."""
    plain = compact(desk.visit.plain)
    visits = {number: visit for _, number in lines if (visit := desk.her_visit(number))}
    if len(visits) == 1 and len(lines) > 1:
        return _decided(desk, plain, next(iter(visits.values())))
    deed, left = lines[0][0], _left(desk)
    if deed == "cancel" and _ALL.search(plain) and (only_cancels(left) or _ALL.sub("", left) in ("", "要")):
        return _all_cancelled(desk, list(visits.values()))
    # "湖滨店电话多少" names a shop as well: only a sentence that does nothing but name one is an answer.
    if not only_names(left) and not (deed == "cancel" and only_cancels(left)):
        return None
    named = _named(desk, list(visits.values())) if _DAY_OR_SHOP.search(plain) or left != plain else []
    return DEEDS[deed](desk, named[0]) if len(named) == 1 else None


def _all_cancelled(desk: Desk, visits: Sequence[Appointment]) -> Reply:
    told = [keeping.cancel(desk, visit) for visit in visits]
    return Text("\n\n".join(one.content for one in told if isinstance(one, Text)))


def _left(desk: Desk, words: str = "") -> str:
    """Her sentence without times and shops, before and after the word that moves a visit."""
    said = words or desk.visit.plain
    turn = _TURN.search(said)
    parts = (said[: turn.start()], said[turn.start() :]) if turn else (said,)
    heard = "".join(left_of(desk.hear(part).words, desk.names.shops) for part in parts)
    return TIMED.sub("", heard)  # also "周日来不了", which names no time to come


def same_or_other(desk: Desk, visit: Appointment, heard: Heard) -> Reply | None:
    """A time or shop, said just after booking: what stands, something instead, or no word on the visit at all."""
    spans = spans_of(heard.when, desk.zone)
    other_shop = bool(heard.where) and visit.store_id not in heard.where.ids
    left = _left(desk)
    if not other_shop and (not spans or any(_falls_into(visit, span) for span in spans)):
        if heard.for_whom or heard.pieces:
            return change(desk, visit)
        return see_you(desk, visit) if only_moves(left.replace("见", "").replace("到时候", "")) else None
    return move(desk, visit) if only_moves(left) else None


def _ask_which_week(desk: Desk) -> None:
    """Said on a Sunday of a visit on another day, "周日" may be today or a week from now."""
    spans = [Span(window.first, window.last) for window in desk.draft.wanted]
    both = [*spans, *(Span(span.first + WEEK, span.last + WEEK) for span in spans)]
    desk.draft.want_times([], desk.zone)
    desk.draft.readings = [[seconds(span.first), seconds(span.last)] for span in both]


def _decided(desk: Desk, plain: str, visit: Appointment) -> Reply | None:
    """Another time, not at all, or as it was."""
    intent, left = intent_of(desk.visit.plain), _left(desk)
    if intent is Intent.STAY:
        return stay(desk, visit)
    if intent is Intent.MOVE or (desk.hear().about_the_place and only_moves(left)):
        return move(desk, visit)
    if only_cancels(left):
        return keeping.cancel(desk, visit)
    return stay(desk, visit) if as_it_was(plain) else None


def as_it_was(plain: str) -> bool:
    """Nothing shall be changed after all."""
    return bool(_AS_IT_WAS.search(plain))


# What the tapped lines call these deeds.
DEEDS: dict[str, Callable[[Desk, Appointment], Reply]] = {
    "move": move,
    "cancel": keeping.cancel,
    "decide": decide,
    "change": change,
    "stay": stay,
}
SPOKEN: dict[Intent, Callable[[Desk, Appointment], Reply]] = {
    Intent.MOVE: move,
    Intent.CANCEL: cancel,
    Intent.ABSENT: decide,
    Intent.CHANGE: change,
    Intent.STAY: stay,
}
TAPS = {Intent.MOVE: "move", Intent.CANCEL: "cancel", Intent.ABSENT: "decide", Intent.CHANGE: "change"}
