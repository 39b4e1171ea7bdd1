"""Which visit he means: by number or customer; several are offered as a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from bot.messages import Menu, Option, Reply, Text
from bot.router import Router
from crm.models import Appointment
from crm.services import visit_search
from handlers.appointment_news import who_of
from handlers.context import Visit
from handlers.filters import chose
from handlers.filters import staff as by_staff
from handlers.schedule_words import moment_words
from handlers.states import State

router = Router("visit_choosing")

Answer = Reply | Sequence[Reply]
# What is done with the visit once it is known; the words that stood behind it go along.
Then = Callable[[Visit, Appointment, str], Answer]
THEN: dict[str, Then] = {}


def then(name: str) -> Callable[[Then], Then]:
    """Name what is to be done, so that a dialogue can remember it while he chooses."""

    def register(deed: Then) -> Then:
        THEN[name] = deed
        return deed

    return register


def with_visit(visit: Visit, named: str, deed: str, words: str) -> Answer:
    """Do `deed` with the visit so named; with none or several that is said instead."""
    say, found = visit.desk.say, _found(visit, named)
    if not found:
        return Text(say("schedule.visit_none"))
    if len(found) == 1:
        return THEN[deed](visit, found[0], words)
    options = tuple(Option(one.number, _line(visit, one)) for one in found[:9])
    remembered: Mapping[str, Any] = {"options": [option.id for option in options], "deed": deed, "words": words}
    visit.dialogue.enter(State.CHOOSING_VISIT, **remembered)
    return Menu(say("schedule.visit_which", count=len(found)), options)


@router.on(by_staff, chose(State.CHOOSING_VISIT))
def chosen(choice: str, visit: Visit) -> Answer:
    step = visit.dialogue.step
    visit.dialogue.leave()
    found = visit_search.by_number(visit.session, visit.actor, choice)
    if found is None:
        return Text(visit.desk.say("schedule.visit_none"))
    return THEN[str(step["deed"])](visit, found, str(step.get("words", "")))


def _found(visit: Visit, named: str) -> Sequence[Appointment]:
    """Of today and later: who came this morning can still be noted in the evening."""
    zone = visit.desk.shop.zone
    morning = datetime.combine(visit.now.astimezone(zone).date(), time.min, zone)
    return visit_search.search(visit.session, visit.actor, named, morning)


def _line(visit: Visit, one: Appointment) -> str:
    say = visit.desk.say
    when = moment_words(one.starts_at, visit.desk.shop.zone, say)
    return say("schedule.visit_line", when=when, number=one.number, **who_of(one, say))
