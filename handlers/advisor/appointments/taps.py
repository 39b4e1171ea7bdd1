"""Taps on the card of a visit: accept, another time, hand over; an old card says so and turns grey."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from bot.messages import CardDone, Menu, Reply, Text
from bot.router import Filter, Router, event
from crm.models import Appointment, AppointmentState
from crm.services import appointments, visit_search
from crm.services.appointments import Gone, Window
from handlers.advisor.appointments import handing
from handlers.advisor.appointments.deeds import PROPOSE, Deed
from handlers.advisor.appointments.telling import tell_if_open
from handlers.advisor.appointments.times import OFFERED
from handlers.advisor.appointments.timing import ask
from handlers.advisor.commands import ACCEPT, rest_of, spelled
from handlers.appointment_news import TAP, take_back, who_of
from handlers.context import Visit
from handlers.filters import staff as by_staff
from handlers.schedule_words import moment_words

router = Router("visit_cards")

# Parts of a button's key behind its beginning: what, number, version.
KEY_PARTS = 3
# Proposed are times near the one that she wanted: the same half of the day.
AROUND = timedelta(hours=4)
Answer = Reply | Sequence[Reply]


def key_begins(prefix: str) -> Filter:
    """A button whose key begins so."""
    return Filter(lambda visit: str(visit.message.fields.get("key", "")).startswith(prefix))


@router.on(by_staff, event("template_card_event"), key_begins(TAP))
def tapped(visit: Visit) -> Answer:
    """What the button says, once; or one sentence why not, and the card turns grey."""
    what, number, version = _parts(str(visit.message.fields["key"]))
    found = visit_search.by_number(visit.session, visit.actor, number)
    if found is None or what not in _BUTTONS:
        return _grey(visit, "schedule.card_gone", "schedule.tap_not_yours")
    refused = _refused(visit, found, what, version)
    return refused or _BUTTONS[what](visit, found)


@router.on(by_staff, spelled(*ACCEPT))
def accept_by_number(visit: Visit) -> Answer:
    """`接受 A7K2M9`, for a card that is grey already."""
    number = rest_of(visit.message.text)
    if not number:
        return Text(visit.desk.say("schedule.accept_how"))
    found = visit_search.by_number(visit.session, visit.actor, number)
    if found is None:
        return Text(visit.desk.say("schedule.visit_none"))
    refused = _over(visit, found)
    if refused:
        return Text(refused)
    return _accepted(visit, found)


def _parts(key: str) -> tuple[str, str, int]:
    parts = key.removeprefix(TAP).split(":")
    if len(parts) != KEY_PARTS or not parts[2].isdecimal():
        return "", "", 0
    return parts[0], parts[1], int(parts[2])


def _refused(visit: Visit, found: Appointment, what: str, version: int) -> Answer | None:
    """The sentences for a card that comes too late, twice, from somebody else, or about a visit that changed."""
    say = visit.desk.say
    if words := _over(visit, found):
        label = say("schedule.card_gone_cancelled" if _cancelled(found) else "schedule.card_over")
        return (CardDone(label), Text(words))
    if found.advisor_id not in (None, visit.staff.id) and visit.actor.role == "advisor":
        name = found.advisor.name if found.advisor else ""
        return (CardDone(say("schedule.card_other", advisor=name)), Text(say("schedule.tap_other", advisor=name)))
    if what == "accept" and found.accepted_at is not None and found.advisor_id == visit.staff.id:
        return (CardDone(say("schedule.card_accepted", advisor=visit.staff.name)), Text(say("schedule.tap_twice")))
    if found.version != version:
        when = moment_words(found.starts_at, visit.desk.shop.zone, say)
        return (CardDone(say("schedule.card_gone")), Text(say("schedule.tap_old", number=found.number, when=when)))
    return None


def _over(visit: Visit, found: Appointment) -> str:
    """Why nothing can be done with this visit any more; "" while something can."""
    say = visit.desk.say
    if _cancelled(found):
        return say("schedule.tap_cancelled", **who_of(found, say))
    if found.state is not AppointmentState.BOOKED or found.ends_at <= visit.now:
        return say("schedule.tap_past", **who_of(found, say))
    return ""


def _cancelled(found: Appointment) -> bool:
    return found.state in (AppointmentState.CANCELLED, AppointmentState.LAPSED)


def _grey(visit: Visit, label: str, words: str) -> Answer:
    return (CardDone(visit.desk.say(label)), Text(visit.desk.say(words)))


def _accept(visit: Visit, found: Appointment) -> Answer:
    answer = _accepted(visit, found)
    return (CardDone(visit.desk.say("schedule.card_accepted", advisor=visit.staff.name)), answer)


def _accepted(visit: Visit, found: Appointment) -> Reply:
    """She reads by name who receives her, once, if her window is open."""
    say, session = visit.desk.say, visit.session
    if found.accepted_at is not None and found.advisor_id == visit.staff.id:
        return Text(say("schedule.tap_twice"))
    try:
        appointments.accept(session, found, visit.staff, visit.now)
    except appointments.PlaceTaken:
        return Text(say("schedule.busy_then", name=visit.staff.name))
    except Gone:
        return Text(say("schedule.gone"))
    label = say("schedule.card_accepted", advisor=visit.staff.name)
    take_back(visit.outbox, session, found, label, visit.now, str(visit.message.fields.get("task_id", "")))
    when = moment_words(found.starts_at, visit.desk.shop.zone, say)
    told = tell_if_open(visit, found, Text(say("schedule.accepted_customer", advisor=visit.staff.name, when=when)))
    key = "schedule.accepted_told" if told else "schedule.accepted"
    return Text(say(key, **who_of(found, say), when=when))


def _time(visit: Visit, found: Appointment) -> Answer:
    """Three free times of his around hers, or his own words."""
    say, zone = visit.desk.say, visit.desk.shop.zone
    near = Window(found.starts_at - AROUND, found.starts_at + AROUND)
    offers = appointments.offers(
        *(visit.session, zone, found.store, [near], visit.now),
        advisor_id=found.advisor_id,
        count=OFFERED + 1,
        without=found.id,
    )
    offers = [offer for offer in offers if offer.starts_at != found.starts_at][:OFFERED]
    head = say("schedule.propose_ask", **who_of(found, say), when=moment_words(found.starts_at, zone, say))
    deed = Deed(PROPOSE, number=found.number)
    listed = ask(visit, deed, found.store, offers, found.advisor_id, head)
    return (CardDone(say("schedule.card_proposing")), listed)


def _hand(visit: Visit, found: Appointment) -> Answer:
    listed = handing.colleagues(visit, found)
    if not isinstance(listed, Menu):
        return (CardDone(visit.desk.say("schedule.card_nobody")), listed)
    return (CardDone(visit.desk.say("schedule.card_handing")), listed)


_BUTTONS: Mapping[str, Callable[[Visit, Appointment], Answer]] = {"accept": _accept, "time": _time, "hand": _hand}
