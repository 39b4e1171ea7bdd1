"""Which days and times a visit can be moved to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from crm.models import Appointment
from crm.services import appointments
from crm.services.appointments import Offer, Window
from crm.services.appointments.hours import hours_with, opening_days
from crm.services.appointments.terms import AHEAD
from handlers.schedule_words import day_words
from pages.desk import PageDesk

# Days of the calendar on one page: two rows of a week.
DAYS_SHOWN = 14
# More times than two weeks can have: all of them are asked for.
ALL_TIMES = 14 * 24 * 12
# Proposals when the chosen day has none: on so many other days, so many each.
OTHER_DAYS, OTHER_TIMES = 2, 4
# Where the parts of a day begin.
NOON, EVENING = time(12), time(18)


@dataclass(frozen=True, slots=True)
class Day:
    """One square of the calendar. `name`: today, the month on its first day, why it cannot be chosen, or ""."""

    value: str
    number: int
    name: str
    words: str
    may_be_chosen: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Time:
    """One time that is free. `value` goes with the form; `other_advisor`: her own is busy then."""

    value: int
    words: str
    other_advisor: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """The page of days and times, these in groups under a heading. `earlier`, `later`: days to turn to, or "".

    `none`: why the chosen day has no time, "" when it has some; the times are then the nearest others.
    """

    days: tuple[Day, ...]
    earlier: str
    later: str
    value: str
    words: str
    groups: tuple[tuple[str, tuple[Time, ...]], ...]
    none: str


def day_from(desk: PageDesk, written: str, appointment: Appointment) -> date:
    """The day that was asked for, kept within reach; the visit's own for anything unreadable."""
    try:
        wanted = date.fromisoformat(written)
    except ValueError:
        wanted = appointment.starts_at.astimezone(desk.shop.zone).date()
    return min(max(wanted, _today(desk)), _last_day(desk))


def choice_of(desk: PageDesk, session: Session, appointment: Appointment, chosen: date) -> Choice:
    """What she can choose from on this day and the days around it."""
    first = _first_shown(desk, chosen)
    shown = [first + timedelta(days=number) for number in range(DAYS_SHOWN)]
    offers = _free(desk, session, appointment, _days(desk, shown[0], shown[-1]))
    here = [offer for offer in offers if _day_of(desk, offer) == chosen]
    return Choice(
        days=_squares(desk, session, appointment, shown, {_day_of(desk, offer) for offer in offers}, chosen),
        earlier=max(first - timedelta(days=DAYS_SHOWN), _today(desk)).isoformat() if first > _today(desk) else "",
        later=(shown[-1] + timedelta(days=1)).isoformat() if shown[-1] < _last_day(desk) else "",
        value=chosen.isoformat(),
        words=day_words(chosen, desk.say),
        groups=_parts(desk, appointment, here) if here else _others(desk, appointment, offers, chosen),
        none="" if here else _why(desk, session, appointment, chosen),
    )


def offer_at(desk: PageDesk, session: Session, appointment: Appointment, start: datetime) -> Offer | None:
    """That very time, with her own advisor if he is free; None when it is not to be had."""
    found = _free(desk, session, appointment, Window(start, start))
    return next((offer for offer in found if offer.starts_at == start), None)


def _free(desk: PageDesk, session: Session, appointment: Appointment, window: Window) -> list[Offer]:
    """Every free time but the one she has; where there is none in this window, the nearest."""
    found = appointments.offers(
        session,
        desk.shop.zone,
        appointment.store,
        [window],
        desk.clock.now(),
        advisor_id=appointment.advisor_id,
        count=ALL_TIMES,
        without=appointment.id,
    )
    return [offer for offer in found if offer.starts_at != appointment.starts_at]


def _days(desk: PageDesk, first: date, last: date) -> Window:
    begins, ends = (datetime.combine(day, time.min, desk.shop.zone) for day in (first, last + timedelta(days=1)))
    return Window(begins.astimezone(UTC), ends.astimezone(UTC) - timedelta(minutes=1))


def _today(desk: PageDesk) -> date:
    return desk.clock.now().astimezone(desk.shop.zone).date()


def _last_day(desk: PageDesk) -> date:
    return (desk.clock.now() + AHEAD).astimezone(desk.shop.zone).date()


def _day_of(desk: PageDesk, offer: Offer) -> date:
    return offer.starts_at.astimezone(desk.shop.zone).date()


def _first_shown(desk: PageDesk, chosen: date) -> date:
    """A Monday: this week's, or two, four … weeks later, so that the chosen day is shown."""
    monday = _today(desk) - timedelta(days=_today(desk).weekday())
    return monday + timedelta(days=(chosen - monday).days // DAYS_SHOWN * DAYS_SHOWN)


def _squares(
    desk: PageDesk, session: Session, appointment: Appointment, shown: Sequence[date], free: set[date], chosen: date
) -> tuple[Day, ...]:
    store = appointment.store
    own = opening_days(session, [store.id], shown[0], shown[-1])
    return tuple(
        Day(
            value=day.isoformat(),
            number=day.day,
            name=_name(desk, day, day in free, hours_with(store, day, own.get((store.id, day))) is not None),
            words=day_words(day, desk.say),
            may_be_chosen=day in free,
            chosen=day == chosen,
        )
        for day in shown
    )


def _name(desk: PageDesk, day: date, is_free: bool, is_open: bool) -> str:
    """The one word that a square has room for."""
    if day == _today(desk):
        return desk.say("page.today")
    # The last day within reach ends at this hour of today: nothing free does not make it full.
    if not _today(desk) < day < _last_day(desk) or is_free:
        return desk.say("page.month", month=day.month) if day.day == 1 else ""
    return desk.say("page.full" if is_open else "page.closed")


def _why(desk: PageDesk, session: Session, appointment: Appointment, day: date) -> str:
    window = _days(desk, day, day)
    why = appointments.why_none(session, desk.shop.zone, appointment.store, window, desk.clock.now())
    return desk.say(f"page.none_{why or 'full'}")


def _parts(
    desk: PageDesk, appointment: Appointment, offers: Iterable[Offer]
) -> tuple[tuple[str, tuple[Time, ...]], ...]:
    """Morning, afternoon, evening; those that have a time."""
    parts: dict[str, list[Time]] = {}
    for offer in offers:
        local = offer.starts_at.astimezone(desk.shop.zone)
        part = "morning" if local.time() < NOON else "afternoon" if local.time() < EVENING else "evening"
        parts.setdefault(desk.say(f"page.part_{part}"), []).append(_time(appointment, offer, local))
    return tuple((name, tuple(times)) for name, times in parts.items())


def _others(
    desk: PageDesk, appointment: Appointment, offers: Iterable[Offer], chosen: date
) -> tuple[tuple[str, tuple[Time, ...]], ...]:
    """The nearest days that have times, of two alike the later first; from each a few, spread over it."""
    by_day: dict[date, list[Offer]] = {}
    for offer in offers:
        by_day.setdefault(_day_of(desk, offer), []).append(offer)
    nearest = sorted(by_day, key=lambda day: (abs(day - chosen), day < chosen))[:OTHER_DAYS]
    return tuple(
        (
            day_words(day, desk.say),
            tuple(
                _time(appointment, offer, offer.starts_at.astimezone(desk.shop.zone)) for offer in _some(by_day[day])
            ),
        )
        for day in sorted(nearest)
    )


def _some(offers: Sequence[Offer]) -> list[Offer]:
    step = max(1, -(-len(offers) // OTHER_TIMES))
    return list(offers[::step])


def _time(appointment: Appointment, offer: Offer, local: datetime) -> Time:
    own = appointment.advisor_id
    return Time(int(offer.starts_at.timestamp()), f"{local:%H:%M}", own is not None and offer.advisor_id != own)
