"""Which times are free: a few concrete offers, or why there are none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from crm.models import Store
from crm.services.appointments.book import Book, Slot
from crm.services.appointments.terms import AHEAD, LEAD, OFFERS, Offer, Window

# How far around the nearest times are looked for, until there are enough; then everywhere.
NEAR = (timedelta(days=1), timedelta(days=14))


def offers(
    session: Session,
    zone: ZoneInfo,
    store: Store,
    windows: Sequence[Window],
    now: datetime,
    *,
    advisor_id: int | None = None,
    count: int = OFFERS,
    lead: timedelta = LEAD,
    without: int | None = None,
) -> list[Offer]:
    """Free times in their order: inside the windows and spread over them; where none is left, the nearest.

    Without windows the soonest. Times at which `advisor_id` is free come before others, and the
    offer names who would receive her. `without`: an appointment that would give its place up (it moves).
    """
    whole = Window(now + lead, now + AHEAD)
    wanted = [clipped for window in windows if (clipped := _clipped(window, whole))]
    if wanted:
        book = _open(session, zone, store, wanted, now, without)
        inside = [[slot for slot in book.slots(window.first, window.last) if book.is_free(slot)] for window in wanted]
        if found := _chosen(book, inside, advisor_id, count):
            return _as_offers(book, found, advisor_id, exact=True)
    near = wanted or list(windows) or [Window(whole.first, whole.first)]
    found_near = others(session, zone, store, near, now, advisor_id=advisor_id, count=count, lead=lead, without=without)
    return found_near if windows else [replace(offer, exact=True) for offer in found_near]


def others(
    session: Session,
    zone: ZoneInfo,
    store: Store,
    near: Sequence[Window],
    now: datetime,
    *,
    advisor_id: int | None = None,
    count: int = OFFERS,
    lead: timedelta = LEAD,
    without: int | None = None,
) -> list[Offer]:
    """The free times nearest to these windows, for whoever cannot have one of those."""
    whole = Window(now + lead, now + AHEAD)
    for reach in _reaches(near, whole):
        book = _open(session, zone, store, [reach], now, without)
        free = [slot for slot in book.slots(reach.first, reach.last) if book.is_free(slot)]
        if len(free) >= count or reach == whole:
            return _as_offers(book, _nearest(free, near, count), advisor_id, exact=False)
    return []


def why_none(
    session: Session, zone: ZoneInfo, store: Store, window: Window, now: datetime
) -> Literal["closed", "full", "past", "too_far", ""]:
    """Why nothing starts in this window; "" when something does, or could but for the shop's grid of slots."""
    if window.last < now + LEAD:
        return "past"
    if window.first > now + AHEAD:
        return "too_far"
    book = Book.open(session, zone, store, window.first, window.last, now)
    slots = [slot for slot in book.slots(max(window.first, now + LEAD), window.last) if book.is_open(slot)]
    near = [slot for slot in slots if slot.starts_at <= now + AHEAD]
    if any(book.is_free(slot) for slot in near):
        return ""
    if slots:
        return "full" if near else "too_far"
    visits = (Slot(window.first, window.first + book.slot), Slot(window.last, window.last + book.slot))
    return "" if any(book.is_open(visit) for visit in visits) else "closed"


def _clipped(window: Window, whole: Window) -> Window | None:
    inside = Window(max(window.first, whole.first), min(window.last, whole.last))
    return inside if inside.first <= inside.last else None


def _open(
    session: Session, zone: ZoneInfo, store: Store, windows: Sequence[Window], now: datetime, without: int | None
) -> Book:
    first, last = min(window.first for window in windows), max(window.last for window in windows)
    return Book.open(session, zone, store, first, last, now, without=without)


def _reaches(near: Sequence[Window], whole: Window) -> Iterable[Window]:
    first, last = min(window.first for window in near), max(window.last for window in near)
    for far in NEAR:
        if around := _clipped(Window(first - far, last + far), whole):
            yield around
    yield whole


def _chosen(book: Book, inside: Sequence[Sequence[Slot]], advisor_id: int | None, count: int) -> list[Slot]:
    """Those with her own advisor first, filled up with others; each window gives in turn."""
    own = [[slot for slot in slots if book.is_with(advisor_id, slot)] for slots in inside]
    rest = [[slot for slot in slots if not book.is_with(advisor_id, slot)] for slots in inside]
    in_turn = chain(
        _in_turn([_spread(slots, count) for slots in own]), _in_turn([_spread(slots, count) for slots in rest])
    )
    return list(dict.fromkeys(in_turn))[:count]


def _spread(slots: Sequence[Slot], count: int) -> list[Slot]:
    """Some of them, evenly over the whole, the first among them."""
    if len(slots) <= count:
        return list(slots)
    return [slots[number * len(slots) // count] for number in range(count)]


def _in_turn(groups: Sequence[Sequence[Slot]]) -> Iterable[Slot]:
    return (slot for round_ in zip_longest(*groups) for slot in round_ if slot is not None)


def _nearest(free: Sequence[Slot], near: Sequence[Window], count: int) -> list[Slot]:
    """The smallest distance to any window; of two alike the later one, since people are late rather than early."""

    def distance(slot: Slot) -> tuple[timedelta, float]:
        return min(window.distance(slot.starts_at) for window in near), -slot.starts_at.timestamp()

    return sorted(free, key=distance)[:count]


def _as_offers(book: Book, slots: Iterable[Slot], advisor_id: int | None, *, exact: bool) -> list[Offer]:
    made = []
    for slot in sorted(slots, key=lambda slot: slot.starts_at):
        receiving = book.advisors(slot, advisor_id)
        who = receiving[0].id if receiving else None
        made.append(Offer(book.store.id, slot.starts_at, slot.ends_at, who, exact))
    return made
