"""Booking a visit by talking, message by message.

A wish to come opens a draft. Each message adds to it; the next thing that is missing is asked with
concrete answers to tap. A time that she takes is held for five minutes; one message shows everything,
one word books it. Whatever she says in between is either about the visit, a question that the
knowledge base answers, or the end of it. Visits that she has already are moved and cancelled the same way.
"""

from __future__ import annotations

import re

from bot.messages import Kind, Reply, Text
from bot.router import Filter, Router, event, field, kind, said, state
from crm.models import Appointment, AppointmentState
from crm.services import appointments
from handlers.context import Visit
from handlers.customer.appointments import answers, keeping, own, steps
from handlers.customer.appointments.aside import TOPIC, aside, aside_chosen, with_answer
from handlers.customer.appointments.asking import offer_near
from handlers.customer.appointments.desk import TAP, Desk
from handlers.customer.appointments.draft import moment
from handlers.customer.appointments.intent import Intent, asks_something_else, intent_of
from handlers.customer.appointments.on_the_way import due_now, late_or_here, told_the_shop
from handlers.customer.appointments.times import Span, names, shift_of
from handlers.customer.appointments.understanding import Heard
from handlers.customer.wishes import compact
from handlers.filters import chose, overdue, tapped, when
from handlers.filters import customer as by_customer
from handlers.states import State

router = Router("appointments")

CHOICE = re.compile(rf"{TAP}(?P<deed>[a-z]+)(?::(?P<first>\d{{1,10}}))?(?::(?P<second>\d{{1,10}}))?")
STANDS = (State.BOOKING, State.CONFIRMING_BOOKING, State.CHOOSING_OWN_VISIT, State.OFFERED_BOOKING)
in_booking = state(State.BOOKING, State.CONFIRMING_BOOKING)
numbered = Filter(lambda visit: any(chose(place).holds(visit) for place in STANDS))
# "也想看看项链", said of the visit that was just booked.
ALSO = re.compile(r"^(?:我)?(?:也|还|顺便|再)(?:想|要|看|试|加|带|备|给)")
# Nothing but an offered time: "三点那个吧".
PICKING = re.compile(r"(?:的|那个|那场|吧|好|就|选|要|可以|行|了|我|有空|方便|这个|那|约|来|去|试戴|就这个|时间)*")
OF_A_SHOP = re.compile(r"远[吗不么]|多远|电话|怎么走|在哪|地址|停车|几楼")
# Characters: as in `care`, which asks for a letter in parts.
LONGEST_QUESTION = 400
# Characters of what she adds to a booking that was just made; a longer message is about something else.
LONGEST_ADDITION = 24


@router.on(by_customer, said, tapped(TAP) | numbered)
def choose(visit: Visit, choice: str) -> Reply | None:
    """A line of ours was tapped, or its number typed; a tap counts however late it comes."""
    return _line(visit, choice)


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
        return _give_up(desk)
    if intent_of(visit.plain) is Intent.STAY:
        return desk.ask_again(desk.say("booking.kept"))
    if intent_of(visit.plain) is Intent.MINE:
        return desk.ask_again(own.listed(desk).content)
    return _answered(desk) or _told(desk) or desk.ask_again(_not_understood(desk))


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
    adds = ALSO.search(compact(visit.plain)) or (heard.pieces and not heard.about_the_place and "约" not in visit.plain)
    if intent_of(visit.plain) and not adds:
        return None
    if way := answers.shift_in(visit.plain):
        return steps.shifted(desk, way)
    if answers.says_yes(visit.plain):
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


@router.on(by_customer, said, when(lambda visit: answers.says_yes(visit.plain) or answers.refuses(visit.plain)))
def offered_place(visit: Visit) -> Reply | None:
    """Her answer to a place from the waiting list, or a "确认" that comes after the hold."""
    desk = Desk.of(visit, anew=True)
    offered = own.offered_place(desk)
    if offered is not None:
        yes = answers.says_yes(visit.plain)
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


def _line(visit: Visit, choice: str) -> Reply | None:
    """A line of a list, by its id."""
    if choice.startswith(TOPIC):
        return aside_chosen(Desk.of(visit), choice.removeprefix(TOPIC))
    found = CHOICE.fullmatch(choice)
    if found is None:
        return None
    desk = Desk.of(visit, anew=visit.state not in STANDS)
    return _done(desk, found["deed"], int(found["first"] or 0), int(found["second"] or 0))


def _done(desk: Desk, deed: str, first: int, second: int) -> Reply | None:
    """What a tapped line means."""
    match deed:
        case "shop" if any(shop.id == first for shop in desk.names.shops):
            desk.draft.want_store(first)
            return steps.advance(desk)
        case "time" if any(shop.id == first for shop in desk.names.shops):
            desk.draft.want_store(first)
            desk.draft.want_times([Span(moment(second), moment(second))], desk.zone)
            return steps.advance(desk)
        case "span":
            desk.draft.want_times([Span(moment(first), moment(second))], desk.zone)
            return steps.advance(desk)
        case "wait":
            return keeping.waiting(desk)
        case "confirm":
            return _confirmed(desk)
        case "move" | "cancel" | "decide" | "change" | "stay":
            return _deed(desk, deed, first)
    return None


def _deed(desk: Desk, deed: str, appointment_id: int) -> Reply:
    visit = desk.her_visit(appointment_id)
    if visit is None:
        desk.dialogue.leave()
        return Text(desk.say("booking.gone"))
    return own.DEEDS[deed](desk, visit)


def _confirmed(desk: Desk) -> Reply:
    """Her yes; tapped a second time, what it has booked is said again."""
    visit = desk.her_visit(desk.draft.appointment_id) or own.late_hold(desk)
    stands = visit or (own.just_booked(desk) if desk.visit.state not in STANDS else None)
    if stands and stands.state is AppointmentState.BOOKED:
        return own.see_you(desk, stands)
    return keeping.confirm(desk, visit) if visit else steps.advance(desk)


def _is_our_last_word(visit: Visit, offered: Appointment) -> bool:
    """Whether she has said nothing else since the place was kept: "好的" may be about that."""
    before = visit.place.last_inbound_at
    return before is None or before <= offered.created_at


def _answered(desk: Desk) -> Reply | None:
    """Yes, no, something else, earlier, later: an answer to what stands open."""
    plain, confirming = desk.visit.plain, desk.visit.state == State.CONFIRMING_BOOKING
    if number := desk.dialogue.numbered(compact(plain)):  # "第一個"
        return _line(desk.visit, number)
    if answers.says_yes(plain):
        return _agreed(desk)
    if (
        confirming
        and (question := answers.after_yes(plain))
        and answers.asks(question)
        and not _about_it(desk, question)
    ):
        return with_answer(desk, _confirmed(desk), question)
    if answers.leaves_it_to_us(plain) and desk.shown:
        return desk.ask_again(desk.say("booking.kept")) if confirming else _line(desk.visit, desk.shown[0])
    if answers.wants_the_soonest(plain):
        return steps.soonest(desk)
    if answers.wants_waiting(plain):
        return keeping.waiting(desk)
    if desk.draft.point and (later := shift_of(plain)):
        at = moment(desk.draft.point) + later
        desk.draft.want_times([Span(at, at)], desk.zone)
        return steps.advance(desk)
    if way := answers.shift_in(plain):
        return steps.shifted(desk, way)
    if answers.says_no(plain) and confirming:
        return Text(desk.say("booking.what_to_change"))
    if answers.says_no(plain) or (answers.wants_others(plain) and "店" not in plain):
        return steps.others(desk)
    return None


def _agreed(desk: Desk) -> Reply | None:
    """Her yes to what is held, or to the one time to which a visit may be moved."""
    if desk.visit.state == State.CONFIRMING_BOOKING:
        return _confirmed(desk)
    if desk.draft.moving and len(desk.shown) == 1:
        return _line(desk.visit, desk.shown[0])
    return desk.ask_again(desk.say("booking.pick_one"))


def _about_it(desk: Desk, words: str) -> bool:
    """Whether these words change the place that is held."""
    return desk.hear(words).about_the_place and not asks_something_else(words)


def _told(desk: Desk) -> Reply | None:
    """Something about the visit, or a question on something else."""
    plain, heard = desk.visit.plain, desk.hear()
    if picked := _picked(desk, heard):
        return picked
    asks = asks_something_else(plain) or (heard.is_thin and answers.asks(plain))
    asks = asks or (bool(heard.where) and bool(OF_A_SHOP.search(plain)))
    if asks and (answer := aside(desk)):
        return answer
    if asks and not heard.has_time:  # "湖滨店电话多少" does not choose that shop
        return desk.ask_again(desk.say("customer.fallback"))
    if not heard.about_the_place and answers.asks_about_pieces(plain) and (answer := aside(desk, sure=True)):
        return answer
    if not heard:
        return aside(desk)
    if heard.about_the_place or not answers.begins_with_yes(plain) or desk.visit.state != State.CONFIRMING_BOOKING:
        return steps.go_on(desk, heard)
    steps.go_on(desk, heard)  # "好的，给我妈妈看的"
    return _confirmed(desk)


def _picked(desk: Desk, heard: Heard) -> Reply | None:
    """ "三点那个", "周日的": one of the offered times and no other."""
    if not PICKING.fullmatch(heard.words):
        return None
    shown = [option.split(":")[2:] for option in desk.shown if option.startswith(f"{TAP}time:")]
    named = [
        (int(store), int(at))
        for store, at in shown
        if names(desk.visit.plain, heard.when, moment(int(at)).astimezone(desk.zone))
    ]
    return _done(desk, "time", *named[0]) if len(named) == 1 else None


def _give_up(desk: Desk) -> Reply:
    """Nothing is booked; a visit that was to be moved stays as it is."""
    visit = desk.her_visit(desk.draft.appointment_id)
    if visit is not None and desk.draft.moving:
        return own.decide(desk, visit) if "取消" in desk.visit.plain else own.stay(desk, visit)
    if visit is not None:
        appointments.cancel(desk.session, visit, desk.now, by=keeping.CUSTOMER)
    desk.dialogue.leave()
    return Text(desk.say("booking.given_up"))


def _not_understood(desk: Desk) -> str:
    desk.draft.misses += 1
    return desk.say("booking.not_understood" if desk.draft.misses == 1 else "booking.not_understood_twice")
