"""A visit takes place: she came, she did not, and what came of it, by word or in one tap."""

from __future__ import annotations

from collections.abc import Mapping

from bot.messages import CardDone, Menu, Option, Reply, Text
from bot.router import Router, event, said, state, words
from crm.errors import NotFound
from crm.models import Appointment, AppointmentState, Outcome
from crm.services import appointments, visit_search
from crm.services.appointments import Gone
from handlers.advisor.appointments.choosing import Answer, then, with_visit
from handlers.advisor.appointments.deeds import line, visit_named
from handlers.advisor.appointments.taps import key_begins
from handlers.advisor.commands import ARRIVED, NO_SHOW, OUTCOME, any_command, first_word, rest_of, spelled
from handlers.appointment_news import DONE, OUTCOMES, take_back_outcome, who_of
from handlers.context import Visit
from handlers.filters import chose
from handlers.filters import staff as by_staff
from handlers.states import State

router = Router("visits")

# What a member of staff may type for each outcome, the first word first.
SPOKEN: Mapping[str, str] = {
    **dict.fromkeys(("成交", "成交了", "买了", "已买", "下单", "下单了", "购买"), "bought"),
    **dict.fromkeys(("喜欢", "很喜欢", "有意向", "意向", "考虑", "再考虑", "再看看"), "liked"),
    **dict.fromkeys(("试戴", "试了", "试过", "试过了", "试戴了"), "tried"),
    **dict.fromkeys(("没买", "未买", "没定", "还没定", "未成交", "没成交", "不买"), "not_yet"),
    **dict.fromkeys(("没来", "未到", "没有来"), "no_show"),
}
# Letters of a reason that are kept; a sentence or two.
REASON_CHARS = 200


@router.on(by_staff, spelled(*ARRIVED))
def arrived(visit: Visit) -> Answer:
    """`到店 A7K2M9` or `到店 周芸`."""
    who = rest_of(visit.message.text)
    return with_visit(visit, who, "arrived", "") if who else Text(visit.desk.say("schedule.arrived_how"))


@then("arrived")
def _arrived(visit: Visit, found: Appointment, _words: str) -> Reply:
    say, who = visit.desk.say, who_of(found, visit.desk.say)
    if found.state in (AppointmentState.ARRIVED, AppointmentState.DONE):
        return Text(say("schedule.arrived_twice", **who))
    if not _is_today(visit, found):
        return Text(say("schedule.not_today", line=line(visit, found), number=found.number, **who))
    try:
        appointments.arrived(visit.session, found, visit.actor, visit.now)
    except Gone:
        return Text(say("schedule.gone"))
    return Text(say("schedule.arrived", **who))


@router.on(by_staff, spelled(*NO_SHOW))
def no_show(visit: Visit) -> Answer:
    """`未到 A7K2M9`."""
    who = rest_of(visit.message.text)
    return with_visit(visit, who, "no_show", "") if who else Text(visit.desk.say("schedule.no_show_how"))


@then("no_show")
def _no_show(visit: Visit, found: Appointment, _words: str) -> Reply:
    return Text(_noted(visit, found, "no_show", ""))


@router.on(by_staff, spelled(*OUTCOME))
def outcome(visit: Visit) -> Answer:
    """`试戴结果 A7K2M9 成交`; without the result it is asked for."""
    who, rest = first_word(rest_of(visit.message.text))
    return with_visit(visit, who, "outcome", rest) if who else Text(visit.desk.say("schedule.outcome_how"))


@then("outcome")
def _outcome(visit: Visit, found: Appointment, rest: str) -> Reply:
    word, note = first_word(rest)
    if what := SPOKEN.get(word, ""):
        return _written(visit, found, what, note)
    options = tuple(Option(what, visit.desk.say(f"schedule.outcome_{what}")) for what in OUTCOMES)
    visit.dialogue.enter(State.NOTING_OUTCOME, options=list(OUTCOMES), number=found.number, note=rest)
    return Menu(visit.desk.say("schedule.outcome_ask", **who_of(found, visit.desk.say)), options)


@router.on(by_staff, chose(State.NOTING_OUTCOME))
def chosen(choice: str, visit: Visit) -> Reply:
    step = visit.dialogue.step
    visit.dialogue.leave()
    found = visit_search.by_number(visit.session, visit.actor, str(step.get("number", "")))
    if found is None:
        return Text(visit.desk.say("schedule.visit_none"))
    return _written(visit, found, choice, str(step.get("note", "")))


@router.on(by_staff, event("template_card_event"), key_begins(DONE))
def tapped(visit: Visit) -> Answer:
    """One tap on the card that comes after the visit."""
    what, _, number = str(visit.message.fields["key"]).removeprefix(DONE).partition(":")
    found = visit_search.by_number(visit.session, visit.actor, number)
    say = visit.desk.say
    if found is None or what not in OUTCOMES:
        return (CardDone(say("schedule.card_gone")), Text(say("schedule.tap_not_yours")))
    if found.outcome or found.state is AppointmentState.NO_SHOW:
        known = found.outcome or "no_show"
        label = say(f"schedule.outcome_{known}")
        return (CardDone(label), Text(say("schedule.outcome_known", what=label, **who_of(found, say))))
    answer = _written(visit, found, what, "")
    return (CardDone(say(f"schedule.outcome_{what}")), answer)


@router.on(by_staff, state(State.SAYING_WHY_NOT_YET), words("不用|不写了|跳过|没有|算了"))
def no_reason(visit: Visit) -> Reply:
    visit.dialogue.leave()
    return Text(visit.desk.say("schedule.reason_none"))


@router.on(by_staff, state(State.SAYING_WHY_NOT_YET), said, ~any_command)
def reason(visit: Visit) -> Reply:
    """The sentence behind "not yet, because"."""
    number = str(visit.dialogue.step.get("number", ""))
    visit.dialogue.leave()
    try:
        found = visit_named(visit, number)
    except NotFound:
        return Text(visit.desk.say("schedule.visit_none"))
    note = " ".join(visit.message.text.split())[:REASON_CHARS]
    found.outcome_note = note
    return Text(visit.desk.say("schedule.reason_kept", note=note, **who_of(found, visit.desk.say)))


def _written(visit: Visit, found: Appointment, what: str, note: str) -> Reply:
    words_ = _noted(visit, found, what, note)
    if what == "not_yet" and found.outcome == "not_yet" and not found.outcome_note:
        visit.dialogue.enter(State.SAYING_WHY_NOT_YET, number=found.number)
        return Text(visit.desk.say("schedule.reason_ask", **who_of(found, visit.desk.say)))
    return Text(words_)


def _is_today(visit: Visit, found: Appointment) -> bool:
    zone = visit.desk.shop.zone
    return found.starts_at.astimezone(zone).date() == visit.now.astimezone(zone).date()


def _noted(visit: Visit, found: Appointment, what: str, note: str) -> str:
    """Write it down; what was noted before stays unless it is changed to something else."""
    say, who = visit.desk.say, who_of(found, visit.desk.say)
    has_come = found.state in (AppointmentState.ARRIVED, AppointmentState.DONE)
    if what == "no_show" and has_come:
        return say("schedule.has_come", **who)
    if found.starts_at > visit.now and not has_come:
        return say("schedule.too_early", line=line(visit, found), **who)
    try:
        if what == "no_show":
            appointments.no_show(visit.session, found, visit.actor, visit.now)
        else:
            appointments.note_outcome(visit.session, found, visit.actor, Outcome(what), note[:REASON_CHARS], visit.now)
    except Gone:
        return say("schedule.gone")
    tapped = str(visit.message.fields.get("task_id", ""))
    take_back_outcome(visit.outbox, visit.session, found, say(f"schedule.outcome_{what}"), visit.now, tapped)
    return say("schedule.outcome_noted", what=say(f"schedule.outcome_{what}"), **who)
