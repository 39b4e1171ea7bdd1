"""The waiting list: who wants a full time, and who is offered a place that opens."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from crm.models import Appointment, Customer, Store, WaitingEntry, WaitingState
from crm.services.appointments import booking, limits
from crm.services.appointments.book import Book
from crm.services.appointments.errors import PlaceTaken, TooMany
from crm.services.appointments.locks import lock_customer
from crm.services.appointments.served import OPEN
from crm.services.appointments.terms import AHEAD, LEAD, WAITING_HOLD_MINUTES, Offer, Window, Wish

# Entries looked at in one sweep, oldest first: far more than a chain of shops has waiting.
SWEEP = 500


def wait_for(
    session: Session, customer: Customer, store: Store, window: Window, wish: Wish, now: datetime
) -> WaitingEntry:
    """Put her on the list of one shop; a newer wish for the same shop that overlaps replaces the older one.

    Raises CoolingDown, as a booking would.
    """
    lock_customer(session, customer.id)
    limits.check_cool_down(session, customer.id, now)
    overlapping = (WaitingEntry.first <= window.last, WaitingEntry.last >= window.first)
    hers = (WaitingEntry.customer_id == customer.id, WaitingEntry.store_id == store.id)
    waits = (WaitingEntry.state == WaitingState.WAITING, *hers, *overlapping)
    entry = session.scalars(select(WaitingEntry).where(*waits).order_by(WaitingEntry.id).limit(1)).first()
    if entry is None:
        entry = WaitingEntry(customer_id=customer.id, store_id=store.id, state=WaitingState.WAITING, created_at=now)
        session.add(entry)
    entry.first, entry.last = window.first, window.last
    entry.for_whom, entry.wishes = wish.for_whom, wish.words
    entry.pieces = json.dumps([wish.style_ids, wish.piece_words], ensure_ascii=False)
    session.flush()
    return entry


def stop_waiting(session: Session, customer: Customer, now: datetime) -> int:
    """She waits for nothing any more; returns for how much she did. A place that is held for her stays held."""
    hers = (WaitingEntry.customer_id == customer.id, WaitingEntry.state.in_(OPEN))
    closed = update(WaitingEntry).where(*hers).values(state=WaitingState.OVER, closed_at=now).returning(WaitingEntry.id)
    return len(session.scalars(closed.execution_options(synchronize_session="fetch")).all())


def waiting_of(session: Session, customer_id: int) -> Sequence[WaitingEntry]:
    """What she waits for, oldest first."""
    hers = (WaitingEntry.customer_id == customer_id, WaitingEntry.state.in_(OPEN))
    wanted = select(WaitingEntry).where(*hers).order_by(WaitingEntry.id)
    return session.scalars(wanted.options(joinedload(WaitingEntry.store))).all()


def offer_places(session: Session, zone: ZoneInfo, now: datetime) -> list[WaitingEntry]:
    """Hold a place for everybody waiting for whom one is free now, oldest first: the entries that were offered one."""
    useful = (WaitingEntry.last >= now + LEAD, WaitingEntry.first <= now + AHEAD)
    waiting = select(WaitingEntry).where(WaitingEntry.state == WaitingState.WAITING, *useful)
    wanted = waiting.order_by(WaitingEntry.id).limit(SWEEP).with_for_update(skip_locked=True, of=WaitingEntry)
    by_store: dict[int, list[WaitingEntry]] = defaultdict(list)
    for entry in session.scalars(wanted):
        by_store[entry.store_id].append(entry)
    offered = [entry for store_id in sorted(by_store) for entry in _offer(session, zone, by_store[store_id], now)]
    session.flush()
    return sorted(offered, key=lambda entry: entry.id)


def _offer(session: Session, zone: ZoneInfo, entries: list[WaitingEntry], now: datetime) -> list[WaitingEntry]:
    """One shop's entries; its book is read once and then kept up with what was just held."""
    store = session.get_one(Store, entries[0].store_id)
    windows = [Window(max(entry.first, now + LEAD), min(entry.last, now + AHEAD)) for entry in entries]
    reach = min(window.first for window in windows), max(window.last for window in windows)
    book = Book.open(session, zone, store, *reach, now)
    return [
        entry for entry, window in zip(entries, windows, strict=True) if _held(session, zone, book, entry, window, now)
    ]


def _held(
    session: Session, zone: ZoneInfo, book: Book, entry: WaitingEntry, window: Window, now: datetime
) -> Appointment | None:
    slot = next((slot for slot in book.slots(window.first, window.last) if book.is_free(slot)), None)
    if slot is None:
        return None
    customer = session.get_one(Customer, entry.customer_id)
    receiving = book.advisors(slot, customer.advisor_id)
    offer = Offer(book.store.id, slot.starts_at, slot.ends_at, receiving[0].id if receiving else None, exact=True)
    try:
        held = booking.hold(
            session,
            zone,
            customer,
            offer,
            _wish(entry),
            now,
            made_by=booking.WAITING_LIST,
            minutes=WAITING_HOLD_MINUTES,
        )
    except (PlaceTaken, TooMany):
        return None  # she stays on the list: another place may open, one of hers may end
    entry.state, entry.offered_appointment_id = WaitingState.OFFERED, held.id
    for cell, place in book.lowest_places(slot).items():
        book.take(book.store.id, cell, place, held.advisor_id)
    return held


def _wish(entry: WaitingEntry) -> Wish:
    styles, words = json.loads(entry.pieces) if entry.pieces else ((), ())
    return Wish(entry.for_whom, entry.wishes, tuple(styles), tuple(words))
