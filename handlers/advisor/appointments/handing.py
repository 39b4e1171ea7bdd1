"""A visit goes from one colleague to another who is on duty and free then."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Menu, Option, Reply, Text
from bot.router import Router, state, words
from crm.errors import NotFound
from crm.models import Appointment, AppointmentState, Staff
from crm.services import appointments, visit_search
from crm.services.appointments import Gone, PlaceTaken
from handlers.advisor.appointments.deeds import line, visit_named
from handlers.advisor.appointments.telling import tell_if_open
from handlers.advisor.commands import HAND_OVER, first_word, rest_of, spelled
from handlers.appointment_news import JOB, take_back, tell_advisor, who_of
from handlers.context import Visit
from handlers.filters import chose
from handlers.filters import staff as by_staff
from handlers.schedule_words import moment_words
from handlers.states import State

router = Router("visit_handing")

COLLEAGUE = "colleague:"


@router.on(by_staff, state(State.HANDING_VISIT_OVER), words("取消|算了|不转了"))
def leave(visit: Visit) -> Reply:
    visit.dialogue.leave()
    return Text(visit.desk.say("schedule.hand_left"))


@router.on(by_staff, chose(State.HANDING_VISIT_OVER))
def chosen(choice: str, visit: Visit) -> Reply:
    number = str(visit.dialogue.step.get("number", ""))
    visit.dialogue.leave()
    return _hand(visit, number, visit.session.get(Staff, int(choice.removeprefix(COLLEAGUE))))


@router.on(by_staff, spelled(*HAND_OVER))
def hand_over(visit: Visit) -> Reply:
    """`转给 A7K2M9 吴安`; without a name the colleagues are listed."""
    number, name = first_word(rest_of(visit.message.text))
    if not number:
        return Text(visit.desk.say("schedule.hand_how"))
    found = visit_search.by_number(visit.session, visit.actor, number)
    if found is None:
        return Text(visit.desk.say("schedule.visit_none"))
    if found.state is not AppointmentState.BOOKED:
        return Text(visit.desk.say("schedule.gone"))
    free = _free(visit, found)
    wanted = [one for one in free if name and one.name == name]
    return _hand(visit, found.number, wanted[0]) if wanted else colleagues(visit, found, free)


def colleagues(visit: Visit, found: Appointment, free: Sequence[Staff] | None = None) -> Reply:
    """Those who are on duty and free then, as a list."""
    say = visit.desk.say
    free = _free(visit, found) if free is None else free
    when = moment_words(found.starts_at, visit.desk.shop.zone, say)
    if not free:
        return Text(say("schedule.hand_nobody", when=when, number=found.number))
    options = tuple(Option(f"{COLLEAGUE}{one.id}", one.name) for one in free[:9])
    ids = [option.id for option in options]
    visit.dialogue.enter(State.HANDING_VISIT_OVER, options=ids, number=found.number)
    return Menu(say("schedule.hand_choose", **who_of(found, say), when=when), options)


def _free(visit: Visit, found: Appointment) -> list[Staff]:
    return visit_search.free_then(visit.session, visit.desk.shop.zone, found, visit.now)


def _hand(visit: Visit, number: str, colleague: Staff | None) -> Reply:
    """Both advisors and, if her window is open, the customer are told."""
    say, session = visit.desk.say, visit.session
    try:
        found = visit_named(visit, number)
    except NotFound:
        return Text(say("schedule.visit_none"))
    if colleague is None or colleague.left_at is not None or found.state is not AppointmentState.BOOKED:
        return Text(say("schedule.gone"))
    former = found.advisor
    try:
        appointments.hand_over(session, found, colleague, visit.now)
    except PlaceTaken:
        return Text(say("schedule.busy_then", name=colleague.name))
    except Gone:
        return Text(say("schedule.gone"))
    # Whoever has a card of it still, or gets the visit back one day, must not meet an old task.
    found.version += 1
    take_back(visit.outbox, session, found, say("schedule.card_handed", advisor=colleague.name), visit.now)
    if colleague.id != visit.staff.id:
        visit.outbox.to_staff(colleague, tell_advisor(found, "handed", say, visit.desk.shop, colleague), job=JOB)
    if former is not None and former.id not in (visit.staff.id, colleague.id):
        lost = say("schedule.handed_away", **who_of(found, say), line=line(visit, found), advisor=colleague.name)
        visit.outbox.to_staff(former, Text(lost), job=JOB)
    when = moment_words(found.starts_at, visit.desk.shop.zone, say)
    tell_if_open(visit, found, Text(say("schedule.handed_customer", advisor=colleague.name, when=when)))
    return Text(say("schedule.handed", **who_of(found, say), when=when, advisor=colleague.name))
