"""Jobs appointment_day_before and appointment_two_hours: a visit is remembered the evening before and shortly ahead.

Both are service notices about a contract. They keep quiet hours all the same: nobody wants to be woken for a visit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import Session

from bot.messages import Text
from crm.models import Appointment, AppointmentState
from crm.services.claims import Claimed
from scheduler.bodies import Notice, ServiceBody
from scheduler.planning import Due, Own, ServicePush
from scheduler.shop import Shop
from scheduler.visits import (
    STILL_OPEN,
    details,
    key_of,
    not_planned,
    notice_time,
    pieces_words,
    visit_of,
    visits,
    when_words,
)

# The template's purpose, as in OA_TEMPLATE_<PURPOSE> and OA_SUBSCRIBE_<PURPOSE>.
PURPOSE = "appointment_reminder"
# The evening before: work is over, tomorrow can still be arranged otherwise. Who chose her time later than
# eight in that evening knows it still.
EVENING, CHOSEN_BEFORE = time(18), time(20)
# In the morning, until so long before the visit, a reminder of the evening is still news.
DAY_BEFORE_ENDS = timedelta(hours=3)
# Shortly ahead: time to set out. Later than three quarters of an hour before she is on her way.
AHEAD, AHEAD_ENDS = timedelta(hours=2), timedelta(minutes=45)
# Who chose her time less than so long before this reminder has it still in mind.
IN_MIND = timedelta(hours=1)
# Visits that began while nothing ran get their line in the list of pushes, as skipped, for so long.
LOOK_BACK = timedelta(days=1)

# Why a planned reminder is not sent.
GONE = "the appointment does not exist any more"
MOVED = "the appointment was moved to another time"
REASONS = {
    AppointmentState.CANCELLED: "the appointment was cancelled",
    AppointmentState.ARRIVED: "she has arrived",
    AppointmentState.DONE: "she has arrived",
}
NOT_BOOKED = "the appointment is no longer booked"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One of the two.

    `soon`: the visits it may be about now. `moment`: when she is to be reminded; None: she chose the time
    too shortly before. `ends`: how long before the visit it is no longer useful.
    """

    job: str
    soon: Callable[[Shop, datetime], ColumnElement[bool]]
    moment: Callable[[Shop, Appointment], datetime | None]
    ends: timedelta

    def pushes(self, shop: Shop, due: Due) -> Iterator[Sequence[ServicePush]]:
        """Whoever is to be reminded by now and has not been, whenever that fell due."""
        now = due.moment
        booked = (STILL_OPEN, Appointment.state == AppointmentState.BOOKED, not_planned(self.job))

        def is_due(appointment: Appointment) -> bool:
            moment = self.moment(shop, appointment)
            return moment is not None and moment <= now

        for batch in visits(shop, (*booked, self.soon(shop, now)), is_due):
            yield [self._push(shop, appointment, now) for appointment in batch]

    def still_due(self, session: Session, shop: Shop, row: Claimed, now: datetime) -> str | ServiceBody:
        """The words of this moment, or why they must not be said any more."""
        appointment, is_same_time = visit_of(session, row)
        if appointment is None:
            return GONE
        if appointment.state is not AppointmentState.BOOKED:
            return REASONS.get(appointment.state, NOT_BOOKED)
        return body(shop, appointment, now) if is_same_time else MOVED

    def _push(self, shop: Shop, appointment: Appointment, now: datetime) -> ServicePush:
        moment = self.moment(shop, appointment) or now
        useful = appointment.starts_at - self.ends
        due = Due(self.job, shop.hours.day_of(moment), moment, useful)
        return ServicePush(
            appointment.customer_id, body(shop, appointment, now), Own(key_of(self.job, appointment), due)
        )


def _of_the_days(shop: Shop, now: datetime) -> ColumnElement[bool]:
    """Visits of yesterday and today, and from six in the evening on of tomorrow, chosen in time."""
    today = shop.hours.day_of(now)
    offsets = (-1, 0, 1) if now >= shop.hours.at(today, EVENING) else (-1, 0)
    return or_(*(_of_day(shop, today + timedelta(days=offset)) for offset in offsets))


def _of_day(shop: Shop, day: date) -> ColumnElement[bool]:
    before, after = timedelta(days=-1), timedelta(days=1)
    chosen = func.coalesce(Appointment.timed_at, Appointment.created_at)
    return and_(
        Appointment.starts_at >= shop.hours.at(day, time.min),
        Appointment.starts_at < shop.hours.at(day + after, time.min),
        chosen < shop.hours.at(day + before, CHOSEN_BEFORE),
    )


def _in_the_evening(shop: Shop, appointment: Appointment) -> datetime | None:
    evening = shop.hours.day_of(appointment.starts_at) - timedelta(days=1)
    chosen = _chosen_at(appointment)
    return max(shop.hours.at(evening, EVENING), chosen) if chosen < shop.hours.at(evening, CHOSEN_BEFORE) else None


def _of_the_hours(shop: Shop, now: datetime) -> ColumnElement[bool]:
    return and_(Appointment.starts_at > now - LOOK_BACK, Appointment.starts_at <= now + AHEAD)


def _shortly_ahead(shop: Shop, appointment: Appointment) -> datetime | None:
    moment = appointment.starts_at - AHEAD
    return moment if _chosen_at(appointment) <= moment - IN_MIND else None


def _chosen_at(appointment: Appointment) -> datetime:
    return appointment.timed_at or appointment.created_at


DAY_BEFORE, TWO_HOURS = "appointment_day_before", "appointment_two_hours"
day_before = Reminder(DAY_BEFORE, _of_the_days, _in_the_evening, DAY_BEFORE_ENDS)
two_hours = Reminder(TWO_HOURS, _of_the_hours, _shortly_ahead, AHEAD_ENDS)


def body(shop: Shop, appointment: Appointment, now: datetime) -> ServiceBody:
    """The words for a chat, and the fields of the template."""
    say, link = shop.say, shop.links.appointment(appointment.number)
    when, store = when_words(shop, appointment.starts_at, now), appointment.store.name
    words = say("appointment_pushes.reminder", when=when, store=store, details=details(shop, appointment), link=link)
    values = {
        "thing1": pieces_words(appointment) or say("appointment_pushes.visit"),
        "time2": notice_time(shop, appointment.starts_at),
        "thing3": store,
    }
    return ServiceBody(Text(words), Notice(PURPOSE, values, link, subscription=PURPOSE))
