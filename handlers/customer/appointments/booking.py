"""Booking a visit by talking, message by message.

A wish to come opens a draft. Each message adds to it; the next thing that is missing is asked with
concrete answers to tap. A time that she takes is held for five minutes; one message shows everything,
one word books it. Whatever she says in between is either about the visit, a question that the
knowledge base answers, or the end of it. Visits that she has already are moved and cancelled the same way.
"""

from __future__ import annotations

import re

from bot.messages import Kind, Reply
from bot.router import Filter, Router, event, field, kind, said, state
from crm.models import Appointment
from handlers.context import Visit
from handlers.customer.appointments import answers, keeping, own, steps
from handlers.customer.appointments.aside import TOPIC, aside_chosen, with_answer
from handlers.customer.appointments.asking import offer_near
from handlers.customer.appointments.desk import TAP, Desk
from handlers.customer.appointments.inside import CHOICE, STANDS, answered, give_up, line, not_understood, told
from handlers.customer.appointments.intent import Intent, asks_something_else, intent_of
from handlers.customer.appointments.on_the_way import due_now, late_or_here, told_the_shop
from handlers.customer.wishes import compact
from handlers.filters import chose, overdue, tapped, when
from handlers.filters import customer as by_customer
from handlers.states import State

router = Router("appointments")

in_booking = state(State.BOOKING, State.CONFIRMING_BOOKING)
numbered = Filter(lambda visit: any(chose(place).holds(visit) for place in STANDS))
# "也想看看项链", said of the visit that was just booked.
ALSO = re.compile(r"^(?:我)?(?:也|还|顺便|再)(?:想|要|看|试|加|带|备|给)")
# Characters: as in `care`, which asks for a letter in parts.
LONGEST_QUESTION = 400
# Characters of what she adds to a booking that was just made; a longer message is about something else.
LONGEST_ADDITION = 24


@router.on(by_customer, said, tapped(TAP) | numbered)
def choose(visit: Visit, choice: str) -> Reply | None:
    """A line of ours was tapped, or its number typed; a tap counts however late it comes."""
    return line(visit, choice)


@router.on(by_customer, said, in_booking, tapped(TOPIC))
def read_aside(visit: Visit, choice: str) -> Reply | None:
    """One of the readings of a question that she asked in between."""
    return aside_chosen(Desk.of(visit), choice.removeprefix(TOPIC))


@router.on(by_customer, kind(Kind.LOCATION), in_booking)
def near_her(visit: Visit) -> Reply:
    """Her location finds the shop."""
    fields = visit.message.fields
    return offer_near(Desk.of(visit), float(fields.get("location_x", 0.0)), float(fields.get("location_y", 0.0)))


@router.on(by_customer, event("click"), field("key", "BOOK"))
def begin(visit: Visit) -> Reply:
    """The button at the foot of the official account."""
    return steps.advance(Desk.of(visit, anew=True))


@router.on(by_customer, event("click"), field("key", "VISITS"))
def hers(visit: Visit) -> Reply:
    """The button that shows her visits."""
    return own.listed(Desk.of(visit))


@router.on(by_customer, said, in_booking)
def go_on(visit: Visit) -> Reply | None:
    """Anything that she says in the middle of a booking."""
    desk = Desk.of(visit)
    if not visit.message.text:
        return desk.ask_again(desk.say("customer.fallback_voice"))
    if len(visit.plain) > LONGEST_QUESTION:
        return None
    kept = desk.draft.moving and own.as_it_was(visit.plain) and not desk.hear()
    if answers.gives_up(visit.plain) or kept:
        return give_up(desk)
    if intent_of(visit.plain) is Intent.STAY:
        return desk.ask_again(desk.say("booking.kept"))
    if intent_of(visit.plain) is Intent.MINE:
        return desk.ask_again(own.listed(desk).content)
    return answered(desk) or told(desk) or desk.ask_again(not_understood(desk))


@router.on(by_customer, said, state(State.CHOOSING_OWN_VISIT))
def pick_own(visit: Visit) -> Reply | None:
    """Which of her visits, or what with it, in words instead of a number."""
    desk = Desk.of(visit)
    lines = [found for option in desk.shown if (found := CHOICE.fullmatch(option)) and found["first"]]
    return own.picked(desk, [(line["deed"], int(line["first"])) for line in lines])


@router.on(by_customer, said, state(State.JUST_BOOKED))
def after_booking(visit: Visit) -> Reply | None:
    """Within minutes after a booking: "改成周日吧", "给我妈妈看的"; anything else is not about it."""
    desk = Desk.of(visit)
    booked = desk.her_visit(desk.draft.appointment_id)
    if booked is None or asks_something_else(visit.plain):
        return None
    heard = desk.hear()
    if "取消" in visit.plain and not intent_of(visit.plain):  # an order, a bracelet
        return None
    adds = ALSO.search(compact(visit.plain)) or (heard.pieces and not heard.about_the_place and "约" not in visit.plain)
    if intent_of(visit.plain) and not adds:
        return None
    if way := answers.shift_in(visit.plain):
        return steps.shifted(desk, way)
    if _agrees(visit):
        return None if own.offered_place(desk) else own.see_you(desk, booked)
    if answers.gives_up(visit.plain):
        return None if own.offered_place(desk) else own.decide(desk, booked)
    if len(compact(visit.plain)) > LONGEST_ADDITION or "吗" in visit.plain:
        return None
    if heard.about_the_place and not adds:
        return own.same_or_other(desk, booked, heard)
    return own.change(desk, booked) if heard and not heard.about_the_place else None


@router.on(by_customer, said, when(lambda visit: intent_of(visit.plain) is Intent.BOOK))
def wish(visit: Visit) -> Reply:
    """ "周六下午想试戴古法手镯"."""
    desk = Desk.of(visit, anew=True)
    if visit.state == State.OFFERED_BOOKING:
        desk.draft.want_store(int(visit.dialogue.step.get("store_id", 0)))
    words, question = answers.besides(visit.plain)
    reply = steps.go_on(desk, desk.hear(words))
    return with_answer(desk, reply, question) if question else reply


@router.on(by_customer, said, when(lambda visit: intent_of(visit.plain) not in (Intent.NONE, Intent.BOOK)))
def about_own(visit: Visit) -> Reply | None:
    """ "我的预约", "把周六的改到周日三点", "周六来不了了"."""
    return own.about_own(Desk.of(visit, anew=True), intent_of(visit.plain))


@router.on(by_customer, said, when(lambda visit: _agrees(visit) or answers.refuses(visit.plain)))
def offered_place(visit: Visit) -> Reply | None:
    """Her answer to a place from the waiting list, or a "确认" that comes after the hold."""
    desk = Desk.of(visit, anew=True)
    offered = own.offered_place(desk)
    if offered is not None:
        yes = _agrees(visit)
        if yes and not (answers.says_so_firmly(visit.plain) or _is_our_last_word(visit, offered)):
            return None
        return keeping.confirm(desk, offered) if yes else own.refuse_place(desk, offered)
    late = own.late_hold(desk) if compact(visit.plain).startswith("确认") else None
    return keeping.confirm(desk, late) if late else None


@router.on(by_customer, said, when(lambda visit: bool(late_or_here(visit.plain))))
def on_her_way(visit: Visit) -> Reply | None:
    """ "我可能晚到10分钟", "我到了": about the visit that begins now."""
    desk = Desk.of(visit)
    expected = due_now(desk, own.booked(desk))
    return told_the_shop(desk, expected) if expected else None


@router.on(by_customer, said, overdue(State.BOOKING, State.CONFIRMING_BOOKING))
def too_late(visit: Visit) -> Reply:
    """A number for times that were offered a while ago."""
    return steps.resume(Desk.of(visit))


def _agrees(visit: Visit) -> bool:
    return answers.agrees(visit.plain, visit.message.text)


def _is_our_last_word(visit: Visit, offered: Appointment) -> bool:
    """Whether she has said nothing else since the place was kept: "好的" may be about that."""
    before = visit.place.last_inbound_at
    return before is None or before <= offered.created_at
