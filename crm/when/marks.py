"""The pieces of a time phrase and how they are found in the words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum, auto

from crm.when.numbers import NUMERAL

# From this hour on a day that is named without an hour ("周六" on a Saturday) is the next one: no visit starts later.
DAY_OVER = time(21)
# Nobody comes before or after, whatever the shop: bounds of "from three on" and "before noon".
DAY_BEGINS, DAY_ENDS = time(9), time(22)
# When shops open, unless the caller knows better.
DOORS_OPEN = time(10)


class Sort(Enum):
    """What a piece of a time phrase is."""

    DAY = auto()  # one day or several
    EDGE = auto()  # 最后一天: of the days before it the first (0) or the last (-1)
    NTH = auto()  # of the weekdays behind it the first (0) or the last (-1) within what stands before it
    NEXT_TO = auto()  # of the weekdays behind it the last before (-1) or the first after (0) what stands before it
    AROUND = auto()  # 前后: some days before and after
    SHIFT = auto()  # 第二天, 前一天: days counted from the day before it
    PART = auto()  # a part of a day
    CLOCK = auto()  # an hour
    MOMENT = auto()  # a minute counted from now
    WITHIN = auto()  # so many minutes or hours from now at most
    BEFORE = auto()  # 之前: until what stands before it
    AFTER = auto()  # 以后: from what stands before it on
    LEAVING = auto()  # 过了, 等…: from what stands behind it on
    EARLY = auto()  # 早点: the first half of a part of the day
    LATE = auto()  # 晚点
    TO = auto()  # from … to
    OR = auto()
    NOT = auto()  # what stands behind is refused
    EXCEPT = auto()  # what stands behind is taken out
    BESIDES = auto()  # what stands before is taken out
    REFUSED = auto()  # what stands before is refused
    CHANGE = auto()  # what stands behind holds instead of all before
    ANY = auto()  # any time will do
    SOON = auto()  # as soon as possible


@dataclass(frozen=True, slots=True)
class Seen:
    """The moment from which a phrase is seen, in the shop's zone, rounded up to the minute."""

    now: datetime
    # "Before three" begins here.
    opens: time = DOORS_OPEN

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def first_day(self) -> date:
        """The first day that a weekday or a date without an hour may mean."""
        return self.today + timedelta(days=self.now.time() >= DAY_OVER)


@dataclass(frozen=True, slots=True)
class Days:
    """One day or several in a row."""

    first: date
    last: date
    # The same words, one round later; None where they can only mean this once ("today", "this Wednesday").
    again: Callable[[], Days] | None = field(default=None, compare=False)
    # Another reading of the same words, to be asked back.
    other: Days | None = field(default=None, compare=False)
    # Single days between the first and the last, any one of which will do ("周三四", "周一、三、五").
    only: tuple[date, ...] = field(default=(), compare=False)
    # "By the end of it", not before it begins ("月底前").
    deadline: bool = field(default=False, compare=False)
    # Named by its weekday alone: a date beside it says which one.
    by_weekday: bool = field(default=False, compare=False)
    # Named by its number alone: a month said before holds for it, too.
    by_number: bool = field(default=False, compare=False)

    @property
    def single(self) -> bool:
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Hours:
    """A part of a day, in minutes from its midnight."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour as it was said, in minutes from midnight or noon; `last` where it is a span ("三四点")."""

    first: int
    last: int | None = None
    # Said on the 24-hour clock: nothing to guess.
    exact: bool = False


DayReading = Callable[[Seen], Days]
Value = DayReading | Hours | Clock | timedelta | int | None


@dataclass(frozen=True, slots=True)
class Mark:
    """One piece, where it stands in the words, and what it says."""

    sort: Sort
    first: int
    end: int
    value: Value = None


Read = Callable[[re.Match[str]], Value]


@dataclass(frozen=True, slots=True)
class Rule:
    """How one sort of piece is written; `read` may refuse with NotThis what the expression let through."""

    sort: Sort
    pattern: re.Pattern[str]
    read: Read
    # Only directly behind one of these.
    behind: frozenset[Sort] = frozenset()
    # Not in the middle of a longer number; a piece that ends right before is no part of it ("周六" + "三点").
    free: bool = False


def said(found: re.Match[str], name: str) -> str | None:
    """What was written in a place of the expression that not every spelling has."""
    return found.groupdict().get(name)


class NoSuchDay(ValueError):
    """A date is written that no calendar has: 2月30号, 13月1日, 周八."""


class NotThis(ValueError):
    """The words look like a rule's but are something else: the next rule is tried."""


def rule(
    sort: Sort, pattern: str, read: Read | Value = None, *, behind: Sequence[Sort] = (), free: bool = False
) -> Rule:
    """A rule with its expression compiled; a value that is no function is what every match says."""
    reader: Read = read if callable(read) else (lambda found: read)  # type: ignore[assignment]
    return Rule(sort, re.compile(pattern), reader, frozenset(behind), free)


# Before these a number has not begun.
_IN_NUMBER = re.compile(f"[{NUMERAL}.:第百千万]$|[0-9][/-]$")


class Scanner:
    """Finds the pieces from left to right; of rules that match at one place the first holds."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        bare = (re.sub(r"\(\?P<\w+>", "(?:", one.pattern.pattern) for one in rules)
        self._any = re.compile("|".join(f"(?:{pattern})" for pattern in bare))

    def marks(self, plain: str) -> Iterator[Mark]:
        """Every piece of the words in their order."""
        at, last = 0, None
        while candidate := self._any.search(plain, at):
            mark = self._mark(plain, candidate.start(), last)
            if mark:
                yield mark
                last = mark
            at = mark.end if mark else candidate.start() + 1

    def _mark(self, plain: str, at: int, last: Mark | None) -> Mark | None:
        for one in self._rules:
            joined = last is not None and last.end == at
            if one.behind and not (joined and last and last.sort in one.behind):
                continue
            if one.free and not joined and _IN_NUMBER.search(plain, max(0, at - 2), at):
                continue
            found = one.pattern.match(plain, at)
            if not found:
                continue
            try:
                return Mark(one.sort, at, found.end(), one.read(found))
            except NotThis:
                continue
        return None
