"""Staff name a time for a visit: in words, or as a number of the list of free ones."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Menu, Reply, Text
from bot.router import Router, said, state, words
from crm.models import Store
from crm.services import visit_search
from crm.services.appointments import Offer, PlaceTaken
from crm.when import When, WhenKind, read_when
from handlers.advisor.appointments import times
from handlers.advisor.appointments.deeds import Deed, do
from handlers.advisor.commands import any_command
from handlers.advisor.duty_phrases import is_roster
from handlers.context import Visit
from handlers.dialogue import number_in
from handlers.filters import chose, overdue, when
from handlers.filters import staff as by_staff
from handlers.states import State

router = Router("visit_times")

overdue_here = when(lambda visit: visit.dialogue.overdue == State.NAMING_VISIT_TIME)
# "我周三休息" names a day too, but not for a visit.
says_roster = when(lambda visit: is_roster(visit.plain))
WHY = {"closed", "full", "past", "too_far"}


@router.on(by_staff, state(State.NAMING_VISIT_TIME), words("取消|算了|不约了|不改了|放弃"))
def leave(visit: Visit) -> Reply:
    visit.dialogue.leave()
    return Text(visit.desk.say("schedule.time_left"))


@router.on(by_staff, chose(State.NAMING_VISIT_TIME))
def chosen(choice: str, visit: Visit) -> Reply | Sequence[Reply]:
    """A number of the list."""
    deed = Deed.of(visit.dialogue.step)
    visit.dialogue.leave()
    return _done(visit, deed, times.read(choice))


@router.on(by_staff, state(State.NAMING_VISIT_TIME), said, ~any_command, ~says_roster)
def named(visit: Visit) -> Reply | Sequence[Reply] | None:
    """A time in his own words; what is none is somebody else's to answer."""
    step = visit.dialogue.step
    if number_in(visit.plain):
        return Text(visit.desk.say("schedule.time_number"))
    meant = read_when(visit.message.text, visit.now.astimezone(visit.desk.shop.zone))
    if meant.kind is WhenKind.NONE:
        return Text(visit.desk.say("schedule.no_such_day" if meant.impossible else "schedule.time_unread"))
    store = visit.session.get_one(Store, int(step["store"]))
    return at(visit, Deed.of(step), store, meant, step.get("advisor"))


@router.on(by_staff, overdue(State.NAMING_VISIT_TIME, State.CHOOSING_VISIT, State.HANDING_VISIT_OVER))
def number_too_late(visit: Visit) -> Reply:
    visit.dialogue.leave()
    return Text(visit.desk.say("schedule.time_over"))


@router.on(by_staff, said, ~any_command, ~says_roster, overdue_here)
def time_too_late(visit: Visit) -> Reply | None:
    """A time that comes after the question was forgotten: said, not acted upon."""
    meant = read_when(visit.message.text, visit.now.astimezone(visit.desk.shop.zone))
    if meant.kind is WhenKind.NONE:
        return None
    visit.dialogue.leave()
    return Text(visit.desk.say("schedule.time_over"))


def at(visit: Visit, deed: Deed, store: Store, meant: When, advisor_id: int | None) -> Reply | Sequence[Reply]:
    """Do it at the minute he named when that is free, else show what is."""
    if meant.past:
        return ask(visit, deed, store, (), advisor_id, visit.desk.say("schedule.why_past"))
    moving = visit_search.by_number(visit.session, visit.actor, deed.number) if deed.number else None
    without = moving.id if moving else None
    found = times.look(
        visit.session, visit.desk.shop.zone, store, meant, visit.now, advisor_id=advisor_id, without=without
    )
    if found.exact is not None:
        return _done(visit, deed, found.exact)
    why = visit.desk.say(f"schedule.why_{found.why}") if found.why in WHY else ""
    return ask(visit, deed, store, found.offers, advisor_id, why)


def ask(
    visit: Visit, deed: Deed, store: Store, offers: Sequence[Offer], advisor_id: int | None, why: str = ""
) -> Reply:
    """Show free times and wait for a number or for other words."""
    say, zone = visit.desk.say, visit.desk.shop.zone
    options = tuple(times.option_of(offer, visit.session, zone, say) for offer in offers)
    visit.dialogue.enter(
        State.NAMING_VISIT_TIME,
        options=[option.id for option in options],
        store=store.id,
        advisor=advisor_id,
        **deed.remembered(),
    )
    if not options:
        return Text("\n".join(part for part in (why, say("schedule.time_how")) if part))
    head = "\n".join(part for part in (why, say("schedule.time_choose", store=store.name)) if part)
    return Menu(head, options, say("schedule.time_or"))


def _done(visit: Visit, deed: Deed, offer: Offer) -> Reply | Sequence[Reply]:
    """Do it; when somebody was faster the other free times are shown."""
    try:
        done = do(visit, deed, offer)
    except PlaceTaken as taken:
        store = visit.session.get_one(Store, offer.store_id)
        return ask(visit, deed, store, taken.offers, offer.advisor_id, visit.desk.say("schedule.why_taken"))
    if visit.state == State.NAMING_VISIT_TIME:
        visit.dialogue.leave()
    return done
