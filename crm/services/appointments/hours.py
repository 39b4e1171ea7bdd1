"""When a shop is open: the day's own entry, else the weekday's rule, else what the trade does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.models import OpeningDay, Store
from crm.services.appointments.cells import whole_cells
from crm.services.appointments.terms import CLOSES, OPENS, SLOT_MINUTES

Hours = tuple[time, time]


def hours_of(session: Session, store: Store, day: date) -> Hours | None:
    """From when to when the shop is open that day; None when it is closed."""
    own = select(OpeningDay).where(OpeningDay.store_id == store.id, OpeningDay.day == day)
    return hours_with(store, day, session.scalars(own).one_or_none())


def hours_with(store: Store, day: date, own: OpeningDay | None) -> Hours | None:
    """The same where the day's entry is known already."""
    usual = (store.opens or OPENS, store.closes or CLOSES)
    if own is None:
        return None if str(day.isoweekday()) in store.closed_weekdays else usual
    return None if own.closed else (own.opens or usual[0], own.closes or usual[1])


def visit_length(store: Store) -> timedelta:
    """How long one visit takes in this shop."""
    return timedelta(minutes=whole_cells(store.slot_minutes or SLOT_MINUTES))


def starts_between(session: Session, zone: ZoneInfo, store: Store, day: date) -> tuple[datetime, datetime] | None:
    """The first and the last moment of that day at which a visit may begin so that all of it fits into the hours.

    None when the shop is closed; the last lies before the first where it is open for less than a visit.
    """
    hours = hours_of(session, store, day)
    if hours is None:
        return None
    opens, closes = moments(hours, day, zone)
    return opens, closes - visit_length(store)


def opening_days(
    session: Session, store_ids: Iterable[int], first: date, last: date
) -> Mapping[tuple[int, date], OpeningDay]:
    """The entries of several shops and days, in one query."""
    wanted = select(OpeningDay).where(OpeningDay.store_id.in_(list(store_ids)), OpeningDay.day.between(first, last))
    return {(own.store_id, own.day): own for own in session.scalars(wanted)}


def moments(hours: Hours, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Opening and closing as instants; a shop whose closing is not after its opening closes at midnight."""
    opens, closes = hours
    midnight = datetime.combine(day + timedelta(days=1), time.min, zone)
    return datetime.combine(day, opens, zone), datetime.combine(day, closes, zone) if closes > opens else midnight


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
