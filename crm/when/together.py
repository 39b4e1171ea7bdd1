"""Days and hours beside each other: whether both can be meant, and what they mean together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from crm.when.marks import Days, Hours, Seen, Sort

# Rounds of "the next one" in which a weekday is looked for inside a week or a month.
_ROUNDS = 60
_EARLY_DAY, _LATE_DAY = Hours(9 * 60, 12 * 60), Hours(16 * 60, 20 * 60)


def narrowed(first: Days, second: Days) -> Days | None:
    """The days in which both hold, the second and then the first taken some rounds later if need be; None: never."""
    return _within(first, second) or (_within(second, first) if second.single else None)


def _within(outer: Days, inner: Days) -> Days | None:
    for _ in range(_ROUNDS):
        if outer.first <= inner.first and inner.last <= outer.last:
            return replace(inner, again=outer.again if outer.single else None, by_weekday=False)
        if inner.first > outer.last or inner.again is None:
            return None
        inner = inner.again()
    return None


def in_that_frame(before: Days | None, days: Days) -> Days:
    """下周三或者周四, 12月26号或者27号: the second is of that week, of that month, too."""
    if before and days.by_number:
        return days if before.by_number else _in_that_month(before, days)
    return _in_that_week(before, days)


def _in_that_month(before: Days, days: Days) -> Days:
    """The same number in the month named before; as it was where that month has none or it is over."""
    later = days
    while later.again and (later.first.year, later.first.month) < (before.first.year, before.first.month):
        later = later.again()
    return later if (later.first.year, later.first.month) == (before.first.year, before.first.month) else days


def _in_that_week(before: Days | None, days: Days) -> Days:
    if before is None or not days.by_weekday or days.again is None or days.first >= before.first:
        return days
    later = days
    while later.first < before.first and later.again:
        later = later.again()
    return later if later.first.isocalendar()[:2] == before.first.isocalendar()[:2] else days


def window_of(days: Days, limit: Sort | None, seen: Seen) -> Days:
    """The days that a limit leaves: before a festival from today on, after it two weeks."""
    if limit is Sort.BEFORE:
        return Days(seen.today, max(seen.today, days.first - timedelta(days=1)))
    if limit is Sort.AFTER:
        return Days(days.last + timedelta(days=1), days.last + timedelta(weeks=2))
    return days


def nth(window: Days, weekday: Days, which: int) -> Days:
    """The first or the last of these weekdays that begins in the window; the weekday itself, when none does."""
    inside = []
    for _ in range(_ROUNDS):
        if weekday.first > window.last:
            break
        if weekday.first >= window.first:
            inside.append(weekday)
        if weekday.again is None:
            break
        weekday = weekday.again()
    return replace(inside[which] if inside else weekday, again=None, by_weekday=False)


def weekday_and_date(first: Days, second: Days) -> bool:
    """Both name one day, one by its weekday and one by its date."""
    return first.single and second.single and first.by_weekday != second.by_weekday


def both(before: Hours | None, part: Hours) -> Hours:
    """晚上下班后: the hours in which both hold."""
    if before is None:
        return part
    return Hours(max(before.first, part.first), min(before.last, part.last))


def half(part: Hours | None, sort: Sort) -> Hours:
    if part is None:
        return _EARLY_DAY if sort is Sort.EARLY else _LATE_DAY
    middle = (part.first + part.last) // 2
    return Hours(part.first, middle) if sort is Sort.EARLY else Hours(middle, part.last)
