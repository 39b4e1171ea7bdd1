"""What she says in the middle of a booking: a line that she takes, an answer, something new, the end of it."""

from __future__ import annotations

import re

from bot.messages import Reply, Text
from crm.models import AppointmentState
from crm.services import appointments
from handlers.context import Visit
from handlers.customer.appointments import answers, keeping, own, steps
from handlers.customer.appointments.aside import TOPIC, aside, aside_chosen, with_answer
from handlers.customer.appointments.desk import TAP, Desk
from handlers.customer.appointments.draft import moment
from handlers.customer.appointments.intent import asks_something_else, moves_something_else
from handlers.customer.appointments.times import Span, names, shift_of
from handlers.customer.appointments.understanding import Heard
from handlers.customer.wishes import compact
from handlers.states import State

CHOICE = re.compile(rf"{TAP}(?P<deed>[a-z]+)(?::(?P<first>\d{{1,10}}))?(?::(?P<second>\d{{1,10}}))?")
STANDS = (State.BOOKING, State.CONFIRMING_BOOKING, State.CHOOSING_OWN_VISIT, State.OFFERED_BOOKING)
# Nothing but an offered time: "三点那个吧".
PICKING = re.compile(r"(?:的|那个|那场|吧|好|就|选|要|可以|行|了|我|有空|方便|这个|那|约|来|去|试戴|就这个|时间)*")
_ANGRY = re.compile(r"烦死|滚|气死|什么破|有病|神经")
OF_A_SHOP = re.compile(r"远[吗不么]|多远|电话|怎么走|在哪|地址|停车|几楼")


def line(visit: Visit, choice: str) -> Reply | None:
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


def answered(desk: Desk) -> Reply | None:
    """Yes, no, something else, earlier, later: an answer to what stands open."""
    plain, confirming = desk.visit.plain, desk.visit.state == State.CONFIRMING_BOOKING
    if number := desk.dialogue.numbered(compact(plain)):  # "第一個"
        return line(desk.visit, number)
    if answers.agrees(plain, desk.visit.message.text):
        return _agreed(desk)
    question = answers.after_yes(plain) if confirming else ""
    if question and answers.asks(question) and not _about_it(desk, question):
        return with_answer(desk, _confirmed(desk), question)
    if answers.leaves_it_to_us(plain) and desk.shown:
        return desk.ask_again(desk.say("booking.kept")) if confirming else line(desk.visit, desk.shown[0])
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
        return line(desk.visit, desk.shown[0])
    return desk.ask_again(desk.say("booking.pick_one"))


def _about_it(desk: Desk, words: str) -> bool:
    """Whether these words change the place that is held."""
    return desk.hear(words).about_the_place and not asks_something_else(words)


def told(desk: Desk) -> Reply | None:
    """Something about the visit, or a question on something else."""
    plain, heard = desk.visit.plain, desk.hear()
    if picked := _picked(desk, heard):
        return picked
    asks = asks_something_else(plain) or (heard.is_thin and answers.asks(plain))
    elsewhere = heard.about_the_place and moves_something_else(plain)
    asks = asks or elsewhere or (bool(heard.where) and bool(OF_A_SHOP.search(plain)))
    if asks and (answer := aside(desk)):
        return answer
    if asks and (elsewhere or not heard.has_time):  # "湖滨店电话多少" does not choose that shop
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


def give_up(desk: Desk) -> Reply:
    """Nothing is booked; a visit that was to be moved stays as it is."""
    visit = desk.her_visit(desk.draft.appointment_id)
    if visit is not None and desk.draft.moving:
        return own.decide(desk, visit) if "取消" in desk.visit.plain else own.stay(desk, visit)
    if visit is not None:
        appointments.cancel(desk.session, visit, desk.now, by=keeping.CUSTOMER)
    desk.dialogue.leave()
    return Text(desk.say("booking.given_up"))


def not_understood(desk: Desk) -> str:
    desk.draft.misses += 2 if _ANGRY.search(desk.visit.plain) else 1
    return desk.say("booking.not_understood" if desk.draft.misses == 1 else "booking.not_understood_twice")
