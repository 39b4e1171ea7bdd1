"""One shop's appointment book over some days: read in six queries, then asked without any."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlalchemy.orm import Session

from crm.models import OpeningDay, Role, Staff, Store
from crm.services.appointments import pages
from crm.services.appointments.cells import begin_of, cells, next_begin
from crm.services.appointments.hours import days_between, hours_with, moments, visit_length
from crm.services.appointments.terms import PLACES

ALL_DAY = (time.min, time.min)


@dataclass(frozen=True, slots=True)
class Slot:
    """A start and an end on the shop's own grid of slots, in UTC."""

    starts_at: datetime
    ends_at: datetime

    @property
    def cells(self) -> range:
        return cells(self.starts_at, self.ends_at)


@dataclass(slots=True)
class Book:
    """What is known about one shop between two moments."""

    store: Store
    zone: ZoneInfo
    staff: Sequence[Staff]
    opening: Mapping[date, OpeningDay]
    rests: set[tuple[int, int]]
    blocked: set[int] = field(default_factory=set)
    taken: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    busy: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    cells_of: Counter[tuple[int, date]] = field(default_factory=Counter)
    away: set[tuple[int, date]] = field(default_factory=set)
    works: set[tuple[int, date]] = field(default_factory=set)
    expired: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def open(
        cls,
        session: Session,
        zone: ZoneInfo,
        store: Store,
        first: datetime,
        last: datetime,
        now: datetime,
        *,
        without: int | None = None,
    ) -> Self:
        """For visits that start from `first` to `last`; `without` leaves out one appointment (the one that moves)."""
        days = days_between(first.astimezone(zone).date(), last.astimezone(zone).date())
        whole = cells(moments(ALL_DAY, days[0], zone)[0], moments(ALL_DAY, days[-1], zone)[1])
        asked: dict[str, Any] = {"store_id": store.id, "first_day": days[0], "last_day": days[-1]}
        staff = session.scalars(pages.STAFF, asked).all()
        asked["staff_ids"] = [who.id for who in staff]
        opening = {own.day: own for own in session.scalars(pages.OPENING_DAYS, asked)}
        rests = {(who, weekday) for who, weekday in session.execute(pages.RESTS, asked)}
        book = cls(store, zone, staff, opening, rests)
        book._read_absences(session.execute(pages.ABSENCES, asked))
        during = {"begin": begin_of(whole.start), "end": begin_of(whole.stop)}
        book._read_blocks(session.execute(pages.BLOCKS, asked | during), whole)
        taken = {"first_cell": whole.start, "last_cell": whole.stop - 1, "without": without or 0}
        book._read_seats(session.execute(pages.SEATS, asked | taken), now)
        return book

    def _read_absences(self, absences: Iterable[Row[int, date, time | None, time | None, bool]]) -> None:
        for staff_id, day, first, last, works in absences:
            if works:
                self.works.add((staff_id, day))
            elif first is None and last is None:
                self.away.add((staff_id, day))
            else:
                begins = datetime.combine(day, first or time.min, self.zone)
                ends = datetime.combine(day, last or time.max, self.zone)
                self.busy[staff_id].update(cells(begins, ends))

    def _read_blocks(self, blocks: Iterable[Row[int | None, datetime, datetime]], whole: range) -> None:
        for advisor_id, starts_at, ends_at in blocks:
            covered = cells(starts_at, ends_at)
            known = range(max(covered.start, whole.start), min(covered.stop, whole.stop))
            (self.blocked if advisor_id is None else self.busy[advisor_id]).update(known)

    def _read_seats(self, seats: Iterable[Row[int, int, int, int | None, int, datetime | None]], now: datetime) -> None:
        for store_id, cell, place, advisor_id, appointment_id, hold_until in seats:
            if hold_until is not None and hold_until <= now:
                self.expired[appointment_id].add(cell)
            else:
                self.take(store_id, cell, place, advisor_id)

    def take(self, store_id: int, cell: int, place: int, advisor_id: int | None) -> None:
        """Note one taken cell; an advisor may have it in another shop."""
        if store_id == self.store.id:
            self.taken[cell].add(place)
        if advisor_id is not None:
            self.busy[advisor_id].add(cell)
            self.cells_of[advisor_id, begin_of(cell).astimezone(self.zone).date()] += 1

    @property
    def places(self) -> int:
        return PLACES if self.store.try_on_places is None else self.store.try_on_places

    @property
    def slot(self) -> timedelta:
        return visit_length(self.store)

    def slots(self, first: datetime, last: datetime) -> Iterator[Slot]:
        """Every slot, taken or not, that starts in this time while the shop is open."""
        for day in days_between(first.astimezone(self.zone).date(), last.astimezone(self.zone).date()):
            for slot in self.slots_of(day):
                if first <= slot.starts_at <= last:
                    yield slot

    def slots_of(self, day: date) -> Iterator[Slot]:
        open_at = self.opening_of(day)
        if open_at is None:
            return
        start = next_begin(open_at[0])
        while start + self.slot <= open_at[1]:
            yield Slot(start, start + self.slot)
            start += self.slot

    def opening_of(self, day: date) -> tuple[datetime, datetime] | None:
        hours = hours_with(self.store, day, self.opening.get(day))
        return None if hours is None else moments(hours, day, self.zone)

    def is_open(self, slot: Slot) -> bool:
        """Whether the whole visit lies in opening hours and outside of blocks."""
        open_at = self.opening_of(slot.starts_at.astimezone(self.zone).date())
        is_inside = open_at is not None and open_at[0] <= slot.starts_at and slot.ends_at <= open_at[1]
        return is_inside and self.blocked.isdisjoint(slot.cells)

    def has_place(self, slot: Slot) -> bool:
        return all(len(self.taken.get(cell, ())) < self.places for cell in slot.cells)

    def is_free(self, slot: Slot) -> bool:
        """Open, a place, and somebody who receives her."""
        return self.is_open(slot) and self.has_place(slot) and (not self.staff or bool(self.advisors(slot)))

    def advisors(self, slot: Slot, preferred: int | None = None) -> list[Staff]:
        """Who could receive a visit: the preferred one, then whoever has the least to do that day, managers last."""
        day = slot.starts_at.astimezone(self.zone).date()
        free = [who for who in self.staff if self.is_on_duty(who, day) and self.is_idle(who.id, slot)]
        return sorted(
            free,
            key=lambda who: (who.id != preferred, who.role is Role.MANAGER, self.cells_of[who.id, day], who.id),
        )

    def is_with(self, advisor_id: int | None, slot: Slot) -> bool:
        """Whether this advisor could receive the visit."""
        return advisor_id is not None and any(who.id == advisor_id for who in self.advisors(slot))

    def is_on_duty(self, who: Staff, day: date) -> bool:
        if (who.id, day) in self.away:
            return False
        return (who.id, day.isoweekday()) not in self.rests or (who.id, day) in self.works

    def is_idle(self, staff_id: int, slot: Slot) -> bool:
        return self.busy.get(staff_id, _NOTHING).isdisjoint(slot.cells)

    def lowest_places(self, slot: Slot) -> dict[int, int]:
        """For each cell the lowest number that nobody has: two who race choose the same, and one of them loses."""
        return {cell: _lowest_free(self.taken.get(cell, _NOTHING)) for cell in slot.cells}

    def in_the_way(self, slot: Slot) -> list[int]:
        """Appointments whose hold has run out and that still sit on these cells."""
        wanted = set(slot.cells)
        return sorted(key for key, held in self.expired.items() if held & wanted)


_NOTHING: frozenset[int] = frozenset()


def _lowest_free(taken: Iterable[int]) -> int:
    place = 1
    while place in taken:
        place += 1
    return place
