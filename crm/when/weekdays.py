"""Weekdays, weekends and weeks: 周六, 下周三, 这周末, 周一到周五, 工作日."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from crm.when.marks import DayReading, Days, NoSuchDay, NotThis, Seen, Sort, rule
from crm.when.numbers import COUNT, NUMERAL, number

_WEEK = "(?:周|星期|礼拜)"
# Weeks counted from this one; bare names mean the next such day.
_WHICH = r"(?P<which>再下个?|上上个?|上个?|下下下个?|下下个?|下个?|这个?|呢个|今个|本|当)?"
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "呢": 0, "今": 0, "下": 1, "下下": 2, "下下下": 3, "再下": 2}
_DAYS = {char: number for number, char in enumerate("一二三四五六")} | {"日": 6, "天": 6}
_DAY = "[一二三四五六日天]"
_NOT_AN_HOUR = "(?![点时:号月])"
_SATURDAY, _SUNDAY = 5, 6


def _number(written: str) -> int:
    return (int(written) - 1) % 7 if written.isdecimal() else _DAYS[written]


def span(seen: Seen, which: str | None, first: int, last: int, *, running: bool = False) -> Days:
    """From one weekday to another of a week; without `which` those that come next, or those that have begun."""
    monday = seen.today - timedelta(days=seen.today.weekday())
    if which:
        monday += timedelta(weeks=_WEEKS[which.removesuffix("个")])
        return _kept(seen, Days(monday + timedelta(days=first), monday + timedelta(days=last)))
    return _coming(seen, Days(monday + timedelta(days=first), monday + timedelta(days=last)), running=running)


def _kept(seen: Seen, days: Days) -> Days:
    """Of a named week what is still ahead; when it is over, the same days of the week after are the other reading."""
    if days.last >= seen.today:
        return Days(max(days.first, seen.today), days.last)
    week_after = Days(days.first + timedelta(weeks=1), days.last + timedelta(weeks=1))
    return replace(days, other=week_after) if week_after.last >= seen.today else days


def _coming(seen: Seen, days: Days, *, running: bool) -> Days:
    if days.first < seen.first_day and not (running and _has_begun(seen, days)):
        days = Days(days.first + timedelta(weeks=1), days.last + timedelta(weeks=1))
    return replace(_weekly(days), first=max(days.first, seen.today))


def _has_begun(seen: Seen, days: Days) -> bool:
    """On its last day nobody means the weekend that is running."""
    return days.first <= seen.first_day < days.last


def _weekly(days: Days) -> Days:
    def again() -> Days:
        return _weekly(Days(days.first + timedelta(weeks=1), days.last + timedelta(weeks=1)))

    return Days(days.first, days.last, again, by_weekday=days.single)


def _one(found: re.Match[str]) -> DayReading:
    which, day = found["which"], _number(found["day"])
    return lambda seen: span(seen, which, day, day)


def _nowhere(found: re.Match[str]) -> DayReading:
    """周八."""

    def read(seen: Seen) -> Days:
        raise NoSuchDay(found.group())

    return read


def _several(found: re.Match[str]) -> DayReading:
    which, first, last = found["which"], _number(found["first"]), _number(found["last"])
    if first >= last:
        raise NotThis(found.group())
    return lambda seen: span(seen, which, first, last)


def _weeks_on(found: re.Match[str]) -> DayReading:
    """两周后的周六: that day of the week which comes then."""
    weeks, day = number(found["n"]), _number(found["day"])

    def read(seen: Seen) -> Days:
        then = seen.today - timedelta(days=seen.today.weekday() - day) + timedelta(weeks=weeks)
        return Days(then, then)

    return read


def _each(found: re.Match[str]) -> DayReading:
    """周三四, 周一、三、五: any one of them."""
    which, days = found["which"], [_number(char) for char in found["days"] if char in _DAYS]
    if any(after <= before for before, after in pairwise(days)):
        raise NotThis(found.group())

    def read(seen: Seen) -> Days:
        only = tuple(span(seen, which, day, day).first for day in days)
        return Days(min(only), max(only), only=only)

    return read


def _weekend(found: re.Match[str]) -> DayReading:
    which = found["which"]
    return lambda seen: span(seen, which, _SATURDAY, _SUNDAY, running=True)


def _week(found: re.Match[str]) -> DayReading:
    which = found["which"]
    return lambda seen: span(seen, which, 0, _SUNDAY)


# 下周中, 下周前半段, 下半周 as first and last weekday.
_PIECES = {"中": (1, 3), "初": (0, 1), "前半": (0, 2), "上半": (0, 2), "后半": (3, 6), "下半": (3, 6)}


def _piece(found: re.Match[str]) -> DayReading:
    which, (first, last) = found["which"], _PIECES[found["piece"]]
    return lambda seen: span(seen, which, first, last)


def _workdays(found: re.Match[str]) -> DayReading:
    which = found["which"]
    return lambda seen: span(seen, which, 0, _SATURDAY - 1, running=True)


_LAST = f"{_WEEK}?(?P<last>{_DAY}|[1-7](?![0-9])){_NOT_AN_HOUR}"

RULES = (
    rule(Sort.DAY, f"(?P<n>{COUNT})个?{_WEEK}(?:以后|之后|后)的?{_WEEK}(?P<day>{_DAY})", _weeks_on, free=True),
    rule(Sort.DAY, f"{_WHICH}{_WEEK}(?P<first>{_DAY}|[1-7])(?:到|至|-|~){_LAST}", _several),
    rule(Sort.DAY, f"{_WHICH}(?:周六|星期六|礼拜六)(?:周|星期|礼拜|、)?[日天](?:两天)", _weekend),
    rule(Sort.DAY, f"{_WHICH}{_WEEK}六[日天]{_NOT_AN_HOUR}", _weekend),
    rule(Sort.DAY, f"{_WHICH}{_WEEK}(?P<days>{_DAY}{{2,4}})(?![点时:号月十百千个位件点])", _each),
    rule(
        Sort.DAY,
        f"{_WHICH}{_WEEK}(?P<days>{_DAY}(?:(?:[、/和,]|或者?){_DAY}(?=$|[、/和或，。,都也下上早晚中傍全吧呢可行来去我能有]))+)",
        _each,
    ),
    rule(Sort.DAY, f"{_WHICH}(?:的)?(?:周末|礼拜末|星期末|双休日?)(?:两天|这两天|的时候)?", _weekend),
    rule(Sort.DAY, rf"{_WHICH}(?:的)?{_WEEK}(?P<day>{_DAY}|[1-7](?=[0-9]{{1,2}}[点:时]|[^0-9年岁天块元.]|$))", _one),
    rule(Sort.DAY, rf"{_WHICH}(?<![{NUMERAL}几每]){_WEEK}(?:[八九]|[089](?![0-9.]))(?![次个天年岁百千点时])", _nowhere),
    rule(Sort.DAY, f"{_WHICH}(?:{_WEEK}的?)?(?:工作日|上班日)", _workdays),
    rule(
        Sort.DAY, f"{_WHICH}(?:{_WEEK}的?(?P<piece>[中初](?![午一二三四五六])|前半|后半|上半|下半)(?:段|周)?)", _piece
    ),
    rule(
        Sort.DAY,
        r"(?P<which>下下下个?|下下个?|下个?|这个?|本|上个?|上上个?)(?:周|星期|礼拜)(?![岁年边到])(?:里|内|之内|以内|哪天|这几天)?",
        _week,
    ),
)
