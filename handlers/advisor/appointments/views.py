"""Visits of a day or a week, and how full the shops are, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from bot.messages import Reply, Text
from bot.router import Router
from crm.models import Appointment, AppointmentState, Role
from crm.services import appointments
from crm.services.appointments import DayLoad
from handlers.advisor.commands import LOAD, NEXT_WEEK, TODAY, TOMORROW, WEEK, spelled
from handlers.appointment_news import who_of
from handlers.context import Visit
from handlers.filters import staff as by_staff
from handlers.schedule_words import clipped, day_words, pieces_words

router = Router("visit_views")

DAYS = 7
# UTF-8 bytes of one text in WeCom, less what the last line needs.
BYTES = 1900
# Blocks of a bar of load, each of eight steps, and characters of pieces in one line of a list.
BAR, STEPS, PIECES_CHARS = 8, "▏▎▍▌▋▊▉█", 12
UNSEEN = (AppointmentState.CANCELLED, AppointmentState.LAPSED)


@router.on(by_staff, spelled(*TODAY))
def today(visit: Visit) -> Reply:
    return _of_day(visit, _today(visit), "schedule.today")


@router.on(by_staff, spelled(*TOMORROW))
def tomorrow(visit: Visit) -> Reply:
    return _of_day(visit, _today(visit) + timedelta(days=1), "schedule.tomorrow")


@router.on(by_staff, spelled(*WEEK))
def week(visit: Visit) -> Reply:
    """From today to Sunday; on Sunday the day itself."""
    first = _today(visit)
    return _of_days(visit, first, DAYS - first.weekday(), "schedule.week")


@router.on(by_staff, spelled(*NEXT_WEEK))
def next_week(visit: Visit) -> Reply:
    first = _today(visit) + timedelta(days=DAYS - _today(visit).weekday())
    return _of_days(visit, first, DAYS, "schedule.next_week")


@router.on(by_staff, spelled(*LOAD))
def load(visit: Visit) -> Reply:
    """One bar a day for each shop that the reader answers for."""
    say, first = visit.desk.say, _today(visit)
    if visit.actor.role == Role.ADVISOR:
        return Text(say("schedule.load_not_yours"))
    rows = appointments.load(visit.session, visit.actor, first, DAYS, visit.desk.shop.zone)
    lines: list[str] = []
    for name, days in groupby(rows, key=lambda row: row.store.name):
        lines.append(say("schedule.load_store", store=name))
        lines.extend(_load_line(visit, row) for row in days)
    return Text(within(say("schedule.load_head"), lines, lambda left: say("schedule.more_days", count=left)))


def _load_line(visit: Visit, row: DayLoad) -> str:
    say = visit.desk.say
    if row.places == 0:
        return say("schedule.load_closed", day=day_words(row.day, say))
    bar = bar_of(row.taken, row.places)
    return say("schedule.load_line", day=day_words(row.day, say), bar=bar, taken=row.taken, places=row.places)


def bar_of(taken: int, places: int) -> str:
    """One visit shows, and only a full day fills the bar."""
    whole = BAR * len(STEPS)
    full, rest = divmod(min(whole, max(taken * whole // places, min(taken, 1))), len(STEPS))
    filled = STEPS[-1] * full + (STEPS[rest - 1] if rest else "")
    return filled.ljust(BAR, "░")


def _today(visit: Visit) -> date:
    return visit.now.astimezone(visit.desk.shop.zone).date()


def _of_day(visit: Visit, day: date, key: str) -> Reply:
    say, found = visit.desk.say, _seen(visit, day, 1)
    which = say(key, day=day_words(day, say))
    if not found:
        return Text(say("schedule.none_then", when=which))
    return _told(visit, say("schedule.count_then", when=which, count=len(found)), _grouped(visit, found))


def _of_days(visit: Visit, first: date, days: int, key: str) -> Reply:
    say, zone, found = visit.desk.say, visit.desk.shop.zone, _seen(visit, first, days)
    which = say(key)
    if not found:
        return Text(say("schedule.none_then", when=which))
    lines: list[str] = []
    for day, of_day in groupby(found, key=lambda one: one.starts_at.astimezone(zone).date()):
        lines.append(day_words(day, say))
        lines.extend(_grouped(visit, list(of_day)))
    return _told(visit, say("schedule.count_then", when=which, count=len(found)), lines)


def _told(visit: Visit, head: str, lines: Iterable[str]) -> Reply:
    return Text(within(head, lines, lambda left: visit.desk.say("schedule.more_lines", count=left)))


def _seen(visit: Visit, first: date, days: int) -> list[Appointment]:
    found = appointments.of_days(visit.session, visit.actor, first, days, visit.desk.shop.zone)
    return sorted((one for one in found if one.state not in UNSEEN), key=lambda one: (one.starts_at, one.id))


def _grouped(visit: Visit, found: Sequence[Appointment]) -> Iterator[str]:
    """An advisor's as they come; a manager's under each advisor, headquarters' under each shop."""
    heads: dict[str, Callable[[Appointment], str]] = {
        Role.MANAGER: lambda one: one.advisor.name if one.advisor else visit.desk.say("schedule.nobody"),
        Role.HEADQUARTERS: lambda one: one.store.name,
    }
    head = heads.get(str(visit.actor.role))
    if head is None:
        yield from (_line(visit, one) for one in found)
        return
    for name, group in groupby(sorted(found, key=head), key=head):
        yield visit.desk.say("schedule.group", name=name)
        yield from (_line(visit, one) for one in group)


def _line(visit: Visit, one: Appointment) -> str:
    say = visit.desk.say
    at = f"{one.starts_at.astimezone(visit.desk.shop.zone):%H:%M}"
    pieces = clipped(pieces_words(one), PIECES_CHARS)
    parts = (at, who_of(one, say)["name"], pieces, state_words(visit, one), one.number)
    return say("schedule.list_line", words=" ".join(part for part in parts if part))


def state_words(visit: Visit, one: Appointment) -> str:
    """Where a visit stands, in a word."""
    if one.state is AppointmentState.DONE and one.outcome:
        return visit.desk.say(f"schedule.outcome_{one.outcome}")
    if one.state is AppointmentState.BOOKED and one.accepted_at is not None:
        return visit.desk.say("schedule.state_accepted")
    return visit.desk.say(f"schedule.state_{one.state.value}")


def within(head: str, lines: Iterable[str], more: Callable[[int], str]) -> str:
    """As many lines as one message carries; the last one says how many are left out."""
    lines, shown, size = list(lines), [head], len(head.encode())
    for number, line in enumerate(lines):
        size += len(line.encode()) + 1
        if size > BYTES:
            return "\n".join([*shown, more(len(lines) - number)])
        shown.append(line)
    return "\n".join(shown)
