"""A time in pieces becomes a time on the calendar, the next one that is ahead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from crm.when.marks import DAY_BEGINS, DAY_ENDS, Clock, Days, Hours, Seen, Sort
from crm.when.meaning import When, WhenKind
from crm.when.phrases import Phrase

_HOUR = 60
_HALF_DAY = 12 * _HOUR
# Shops are open in the daytime: "one" to "seven" are in the afternoon and the evening.
_LAST_AFTERNOON = 7 * _HOUR + 59
# Eight and nine may be either; eight is rather the evening, no jeweller is open at eight in the morning.
_EIGHT, _TEN = 8 * _HOUR, 10 * _HOUR
_NINE = 9 * _HOUR
# Where the part of the day called noon begins.
_NOON_BEGINS = 11 * _HOUR
_DAY_BEGINS, _DAY_ENDS = DAY_BEGINS.hour * _HOUR, DAY_ENDS.hour * _HOUR
# "From the 5th on" reaches this far; beyond a month single parts of days are no longer listed.
_ONWARDS = timedelta(days=6)
# 圣诞前后.
_AROUND = timedelta(days=3)
_MOST_DAYS = 31
_ROUNDS = 3

Span = tuple[int, int | None]


def resolve(phrase: Phrase, seen: Seen) -> list[When]:
    """What one phrase means; several values where an hour belongs to several days."""
    if phrase.mark and isinstance(phrase.mark.value, timedelta):
        then = seen.now + phrase.mark.value
        within = phrase.mark.sort is Sort.WITHIN
        return [When(WhenKind.RANGE, seen.now, then) if within else When(WhenKind.POINT, then)]
    days = _shifted(phrase.days, phrase.shift, seen) if phrase.days else None
    if phrase.clock or phrase.part:
        return _with_hours(phrase, days, seen)
    return _days_alone(phrase, days, seen) if days else []


def _shifted(days: Days, shift: int, seen: Seen) -> Days:
    """中秋前一天; when that is over while the festival is not, the next one's."""
    if not shift:
        return days
    by = timedelta(days=shift)
    moved = replace(days, first=days.first + by, last=days.last + by, again=None)
    if moved.last < seen.first_day and days.again:
        return _shifted(days.again(), shift, seen)
    return moved


def _days_alone(phrase: Phrase, days: Days, seen: Seen) -> list[When]:
    if phrase.limit is Sort.AROUND:
        return [of_days(seen, Days(days.first - _AROUND, days.last + _AROUND))]
    if phrase.limit is Sort.BEFORE and days.deadline:
        return [of_days(seen, Days(seen.today, days.last))]
    if phrase.limit is Sort.BEFORE:
        return [of_days(seen, Days(min(seen.today, days.first), max(days.first - timedelta(days=1), seen.today)))]
    if phrase.limit is Sort.AFTER:
        return [of_days(seen, Days(days.last + timedelta(days=1), days.last + timedelta(days=1) + _ONWARDS))]
    if days.only:
        return [of_days(seen, Days(day, day)) for day in days.only]
    when = of_days(seen, days)
    others = [of_days(seen, other) for other in (days.other, phrase.conflict) if other]
    return [replace(when, choices=(when, *others))] if others else [when]


def of_days(seen: Seen, days: Days) -> When:
    """One day or several, as they are, flagged when they are over."""
    past = days.last < seen.today
    if days.single:
        return When(WhenKind.DAY, days.first, past=past)
    return When(WhenKind.RANGE, days.first if past else max(days.first, seen.today), days.last, past=past)


def every_day(days: Days) -> list[date]:
    """Each day of them, at most a month."""
    if days.only:
        return list(days.only)
    count = min((days.last - days.first).days + 1, _MOST_DAYS)
    return [days.first + timedelta(days=ahead) for ahead in range(count)]


def _with_hours(phrase: Phrase, days: Days | None, seen: Seen) -> list[When]:
    if phrase.limit and not phrase.clock and not phrase.part:
        return []
    if days is None:
        return _next_time(phrase, seen)
    if (days.last - days.first).days >= _MOST_DAYS:
        return [of_days(seen, days)]
    found = [_on_day(phrase, day, seen) for day in every_day(days)]
    ahead = [when for when in found if not when.past]
    if not ahead and days.again:
        return _next_round(phrase, days, seen) or found
    return ahead or found


def _next_time(phrase: Phrase, seen: Seen) -> list[When]:
    """An hour without a day: the next time that the clock shows it; each reading of its own, where it has two."""
    today, tomorrow = seen.today, seen.today + timedelta(days=1)
    todays, tomorrows = (_readings(phrase, day, seen) for day in (today, tomorrow))
    found = [after if now.past else now for now, after in zip(todays, tomorrows, strict=True)]
    return [replace(found[0], choices=tuple(found) if len(found) > 1 else ())] if found else []


def _next_round(phrase: Phrase, days: Days, seen: Seen) -> list[When]:
    for _ in range(_ROUNDS):
        if days.again is None:
            return []
        days = days.again()
        found = [when for day in every_day(days) if not (when := _on_day(phrase, day, seen)).past]
        if found:
            return found
    return []


def _on_day(phrase: Phrase, day: date, seen: Seen) -> When:
    readings = _readings(phrase, day, seen)
    ahead = [reading for reading in readings if not reading.past]
    best = (ahead or readings)[0]
    return replace(best, choices=tuple(ahead)) if len(ahead) > 1 else best


def _readings(phrase: Phrase, day: date, seen: Seen) -> list[When]:
    return [_when(span, day, phrase, seen) for span in _spans(phrase, seen)]


def _when(span: Span, day: date, phrase: Phrase, seen: Seen) -> When:
    first, last = at(day, span[0], seen), at(day, span[1], seen) if span[1] is not None else None
    if last is None:
        return When(WhenKind.POINT, first, past=first <= seen.now)
    kind = WhenKind.RANGE if phrase.clock or phrase.limit else WhenKind.PART
    if last <= seen.now:
        return When(kind, first, last, past=True)
    return When(kind, max(first, seen.now), last)


def at(day: date, minutes: int, seen: Seen) -> datetime:
    """That minute of the day; 24:00 is the next midnight."""
    midnight = datetime.combine(day, time.min, tzinfo=seen.now.tzinfo)
    return midnight + timedelta(minutes=minutes)


def _spans(phrase: Phrase, seen: Seen) -> list[Span]:
    """The hours in minutes from midnight, the most likely reading first."""
    if phrase.clock is None:
        return [_part_span(phrase.part, phrase.limit)] if phrase.part else []
    clock = phrase.clock
    firsts = hours_of(clock, phrase.part)
    length = clock.last - clock.first if clock.last is not None else None
    return [_limited(first, length, phrase, seen) for first in firsts]


def _part_span(part: Hours, limit: Sort | None) -> Span:
    if limit is Sort.BEFORE:
        return min(_DAY_BEGINS, part.first), part.first
    if limit is Sort.AFTER:
        # From the end of a morning, from the beginning of an evening.
        return min(part.last, max(part.first, 13 * _HOUR)), max(_DAY_ENDS, part.last)
    return part.first, part.last


def _limited(first: int, length: int | None, phrase: Phrase, seen: Seen) -> Span:
    if phrase.limit is Sort.BEFORE:
        opens = seen.opens.hour * _HOUR + seen.opens.minute
        opens = opens if first > opens else _DAY_BEGINS
        # 中午十二点前 is not from eleven on: noon says which twelve is meant.
        begins = phrase.part.first if phrase.part else opens
        return min(opens if begins == _NOON_BEGINS else begins, first), first
    if phrase.limit is Sort.AFTER:
        return first, max(_DAY_ENDS, first)
    return first, None if length is None else first + length


def hours_of(clock: Clock, part: Hours | None) -> list[int]:
    """Minutes from midnight that an hour can mean, the most likely first."""
    if clock.exact:
        return [clock.first]
    if part:
        return [_nearest(clock.first, part)]
    if clock.first <= _LAST_AFTERNOON:
        return [clock.first + _HALF_DAY]
    if clock.first < _NINE:
        return [clock.first + _HALF_DAY, clock.first]
    if clock.first < _TEN:
        return [clock.first, clock.first + _HALF_DAY]
    return [clock.first]


def _nearest(minutes: int, part: Hours) -> int:
    """Of the two times a day that a clock shows this, and midnight's 12, the one in or nearest to the part."""

    def away(reading: int) -> int:
        return max(part.first - reading, reading - part.last, 0)

    return min((reading for reading in _turns(minutes)), key=away)


def _turns(minutes: int) -> list[int]:
    turns = [minutes, minutes + _HALF_DAY]
    return [minutes - _HALF_DAY, *turns] if minutes >= _HALF_DAY else turns


def from_to(first: Phrase, last: Phrase, seen: Seen) -> list[When]:
    """周六到周日, 下午两点到四点, 周六下午三点到周日上午十点."""
    begin, end = (first.clock or first.part), (last.clock or last.part)
    if begin is None or end is None:
        return _days_from_to(first, last, seen)
    if last.day_from is None and last.days and first.days:
        return _far(resolve(first, seen), resolve(last, seen))
    return _hours_from_to(first, last, seen)


def _days_from_to(first: Phrase, last: Phrase, seen: Seen) -> list[When]:
    if not first.days or not last.days:
        return resolve(first, seen) + resolve(last, seen)
    begin, end = _shifted(first.days, first.shift, seen), _shifted(last.days, last.shift, seen)
    for _ in range(60):
        if end.last > begin.first or end.again is None:
            break
        end = end.again()
    if end.last < begin.first:
        return resolve(first, seen) + resolve(last, seen)
    days = Days(begin.first, end.last)
    if last.clock or last.part:
        return _with_hours(last, days, seen)
    return [of_days(seen, days)]


def _far(first: list[When], last: list[When]) -> list[When]:
    begin, end = first[0].start, last[0].end or last[0].start
    if isinstance(begin, datetime) and isinstance(end, datetime) and begin < end:
        return [When(WhenKind.RANGE, begin, end)]
    return first + last


def _hours_from_to(first: Phrase, last: Phrase, seen: Seen) -> list[When]:
    """The second hour is the next one on the clock after the first: 十点到两点 ends at 14:00."""
    begin = hours_of(first.clock, first.part)[0] if first.clock else first.part.first if first.part else 0
    end = _end_after(begin, last)
    if first.clock and not first.clock.exact and first.part is None and last.part and last.part is not first.part:
        begin = _nearest(first.clock.first, Hours(max(0, last.part.first - 4 * _HOUR), last.part.last))
    if end <= begin:
        return resolve(first, seen) + resolve(last, seen)
    joined = replace(first, clock=Clock(begin, end, exact=True), part=None, limit=None)
    return resolve(joined, seen)


def _end_after(begin: int, last: Phrase) -> int:
    if last.clock is None:
        return last.part.last if last.part else begin
    if last.clock.exact or (last.part and last.day_from and last.part.first > begin):
        return hours_of(last.clock, last.part)[0]
    turns = sorted({*_turns(last.clock.first), last.clock.first + 2 * _HALF_DAY})
    return next((turn for turn in turns if turn > begin), begin)
