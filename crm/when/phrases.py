"""Pieces put together: what belongs to one time, what is another, what is refused and what was corrected."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import zip_longest

from crm.when.marks import Clock, Days, Hours, Mark, NoSuchDay, Seen, Sort
from crm.when.together import both, half, in_that_frame, narrowed, nth, weekday_and_date, window_of

# Between two names of one day: "周六（28号）", "周六，就是28号".
_SAME_BREATH = re.compile(r"[，、（()是就也即那个这天,]*")
# Between two pieces that a weak "and" may join.
_WEAK = frozenset("和跟与及、/")
_GOING_ON = _WEAK | {"或", "或者", "或是", "以及"}
# So near to its hour a part of the day still belongs to it: "三点，下午".
_CLOSE = 2
# How far a refusal may stand behind what it refuses.
_REFUSAL_REACH = 8
_TIMES = frozenset({Sort.DAY, Sort.PART, Sort.CLOCK, Sort.MOMENT, Sort.WITHIN})


@dataclass(slots=True)
class Phrase:
    """One time as it was named, still in pieces."""

    first: int
    end: int
    joint: Sort | None = None
    days: Days | None = None
    conflict: Days | None = None
    shift: int = 0
    part: Hours | None = None
    clock: Clock | None = None
    mark: Mark | None = None
    limit: Sort | None = None
    # Of the weekdays that follow the first (0) or the last (-1) inside its days.
    nth: int | None = None
    # She does not want it (`Sort.REFUSED`), or takes it out of what she wants (`Sort.EXCEPT`).
    unwanted: Sort | None = None
    # Its date is in no calendar.
    impossible: bool = False
    # The refusal stands before it.
    led: bool = False
    # Where its day was taken from, when it names none itself.
    day_from: Phrase | None = field(default=None, repr=False)

    @property
    def day_alone(self) -> bool:
        return self.days is not None and not self.part and not self.clock


@dataclass(slots=True)
class Reading:
    """The times of a message in their order, and whether any time or an early one would do."""

    phrases: list[Phrase] = field(default_factory=list)
    any_time: bool = False
    soon: bool = False
    used: list[tuple[int, int]] = field(default_factory=list)


def read_phrases(marks: Iterable[Mark], plain: str, seen: Seen) -> Reading:
    """The pieces joined to times."""
    builder = _Builder(plain, seen)
    every = list(marks)
    for mark, following in zip_longest(every, every[1:]):
        builder.take(mark, following)
    return builder.reading


class _Builder:
    def __init__(self, plain: str, seen: Seen) -> None:
        self.reading = Reading()
        self._plain = plain
        self._seen = seen
        self._open: Phrase | None = None
        self._joint: Mark | None = None
        self._leaving = False

    def take(self, mark: Mark, following: Mark | None) -> None:
        if mark.sort in _TIMES:
            self._time(mark, following)
        elif mark.sort in (Sort.TO, Sort.OR):
            self._join(mark, following)
        elif mark.sort in (Sort.NOT, Sort.EXCEPT, Sort.CHANGE):
            self._joint = mark
            self._use(mark)
        elif mark.sort is Sort.LEAVING:
            self._leaving = True
            self._use(mark)
        elif mark.sort in (Sort.ANY, Sort.SOON):
            self.reading.any_time |= mark.sort is Sort.ANY
            self.reading.soon |= mark.sort is Sort.SOON
            self._use(mark)
        else:
            self._behind(mark)

    def _use(self, mark: Mark) -> None:
        self.reading.used.append((mark.first, mark.end))

    def _behind(self, mark: Mark) -> None:
        """What says something about the time before it."""
        latest = self.reading.phrases[-1] if self.reading.phrases else None
        if latest is None:
            return
        if mark.sort is Sort.REFUSED:
            self._refuse(mark, latest)
            return
        latest.end = mark.end
        self._use(mark)
        if mark.sort is Sort.BESIDES:
            # 周三以外; 不是周三就行, but not 周三就行.
            latest.unwanted = Sort.EXCEPT if latest.led or not mark.value else latest.unwanted
        elif mark.sort is Sort.SHIFT and isinstance(mark.value, int):
            latest.shift += mark.value
        elif mark.sort in (Sort.NTH, Sort.NEXT_TO) and isinstance(mark.value, int):
            latest.nth = mark.value
            if mark.sort is Sort.NEXT_TO:
                latest.limit = Sort.BEFORE if mark.value else Sort.AFTER
        elif mark.sort is Sort.EDGE and latest.days:
            day = latest.days.last if mark.value else latest.days.first
            latest.days = Days(day, day)
        elif mark.sort in (Sort.EARLY, Sort.LATE):
            latest.part = half(latest.part, mark.sort)
        else:
            latest.limit = mark.sort

    def _refuse(self, mark: Mark, latest: Phrase) -> None:
        if mark.first - latest.end > _REFUSAL_REACH or "。" in self._plain[latest.end : mark.first]:
            return
        self._use(mark)
        self._open = None
        for phrase in reversed(self.reading.phrases):
            phrase.unwanted = phrase.unwanted or Sort.REFUSED
            if phrase.joint not in (Sort.OR, Sort.TO):
                break

    def _join(self, mark: Mark, following: Mark | None) -> None:
        if not self.reading.phrases or not following:
            return
        latest, word = self.reading.phrases[-1], self._plain[mark.first : mark.end]
        close = mark.first == latest.end and mark.end == following.first
        if (mark.sort is Sort.TO or word in _WEAK) and not close:
            return
        if word == "就是":
            # 不是周六就是周日: either of them; otherwise 就是 says the same again.
            if latest.unwanted is not Sort.REFUSED:
                return
            latest.unwanted = None
        if self._joint is None or self._joint.sort in (Sort.TO, Sort.OR):
            self._joint = mark
            self._use(mark)

    def _time(self, mark: Mark, following: Mark | None) -> None:
        try:
            days = self._days(mark) if mark.sort is Sort.DAY else None
        except NoSuchDay:
            self._nowhere(mark)
            return
        if mark.sort is Sort.DAY and days is None:
            return
        self._use(mark)
        if days and self._joint and self.reading.phrases:
            days = in_that_frame(self.reading.phrases[-1].days, days)
        phrase = self._open
        if phrase is None or self._joint or not self._fits(phrase, mark, days, following):
            phrase = self._begin(mark)
        self._add(phrase, mark, days)
        phrase.end = max(phrase.end, mark.end)
        self._joint = None

    def _nowhere(self, mark: Mark) -> None:
        """A date that does not exist: hours that follow belong to it and name no time either."""
        self._use(mark)
        self._begin(mark).impossible = True
        self._joint = None

    def _days(self, mark: Mark) -> Days | None:
        """The days; None where they lie outside what our calendars know. Raises NoSuchDay."""
        if not callable(mark.value):
            return None
        try:
            return mark.value(self._seen)
        except NoSuchDay:
            raise
        except (ValueError, OverflowError):
            return None

    def _begin(self, mark: Mark) -> Phrase:
        joint, before = self._joint, self.reading.phrases[-1] if self.reading.phrases else None
        phrase = Phrase(mark.first, mark.end, joint.sort if joint else self._side_by_side(before, mark))
        if joint and joint.sort in (Sort.NOT, Sort.EXCEPT):
            phrase.unwanted, phrase.led = Sort.REFUSED if joint.sort is Sort.NOT else Sort.EXCEPT, True
        elif before and before.unwanted and self._goes_on(before, mark, joint):
            phrase.unwanted, phrase.led = before.unwanted, True
        if self._leaving:
            phrase.limit, self._leaving = Sort.AFTER, False
        if mark.sort in (Sort.PART, Sort.CLOCK):
            self._inherit(phrase, mark)
        self.reading.phrases.append(phrase)
        self._open = phrase
        return phrase

    def _side_by_side(self, before: Phrase | None, mark: Mark) -> Sort | None:
        """周六周日: either."""
        close = before is not None and before.end == mark.first
        return Sort.OR if close and mark.sort is Sort.DAY else None

    def _goes_on(self, before: Phrase, mark: Mark, joint: Mark | None) -> bool:
        """A refusal that stands before goes on over "周三和周四", "周三周四"."""
        if not before.led:
            return False
        if joint is None:
            return before.end == mark.first
        return self._plain[joint.first : joint.end] in _GOING_ON

    def _inherit(self, phrase: Phrase, mark: Mark) -> None:
        """An hour without a day is on the day named before; an hour without a part of day in the part before."""
        for before in reversed(self.reading.phrases):
            if before.days and not (before.unwanted and before.day_alone):
                phrase.days, phrase.shift, phrase.day_from = before.days, before.shift, before
                break
        latest = self.reading.phrases[-1] if self.reading.phrases else None
        if latest and latest.part and latest.clock and mark.sort is Sort.CLOCK:
            phrase.part = latest.part

    def _fits(self, phrase: Phrase, mark: Mark, days: Days | None, following: Mark | None) -> bool:
        if phrase.unwanted and mark.first != phrase.end:
            return False
        if phrase.impossible and mark.sort is Sort.DAY:
            return False
        if mark.sort is Sort.DAY and days:
            return self._day_fits(phrase, mark, days, following)
        if phrase.mark or mark.sort in (Sort.MOMENT, Sort.WITHIN) or phrase.limit:
            return False
        if mark.sort is Sort.PART:
            return self._part_fits(phrase, mark)
        return phrase.clock is None

    def _day_fits(self, phrase: Phrase, mark: Mark, days: Days, following: Mark | None) -> bool:
        if phrase.mark:
            return False
        if phrase.nth is not None:
            return True
        if phrase.limit and phrase.days:
            return False
        if phrase.days is None or phrase.day_from:
            refused_next = following is not None and following.sort is Sort.REFUSED
            return not refused_next or mark.first == phrase.end
        if narrowed(phrase.days, days):
            return True
        return bool(_SAME_BREATH.fullmatch(self._plain, phrase.end, mark.first)) and weekday_and_date(phrase.days, days)

    def _part_fits(self, phrase: Phrase, mark: Mark) -> bool:
        if not isinstance(mark.value, Hours):
            return False
        if phrase.part is None:
            return phrase.clock is None or mark.first - phrase.end <= _CLOSE
        overlap = max(phrase.part.first, mark.value.first) < min(phrase.part.last, mark.value.last)
        return overlap and (phrase.clock is None or mark.first - phrase.end <= _CLOSE)

    def _add(self, phrase: Phrase, mark: Mark, days: Days | None) -> None:
        if days:
            self._add_days(phrase, days)
        elif isinstance(mark.value, Hours):
            phrase.part = both(phrase.part, mark.value) if phrase.clock is None or phrase.part is None else phrase.part
        elif isinstance(mark.value, Clock):
            phrase.clock = mark.value
        else:
            phrase.mark = mark

    def _add_days(self, phrase: Phrase, days: Days) -> None:
        if phrase.nth is not None and phrase.days:
            phrase.days = nth(window_of(phrase.days, phrase.limit, self._seen), days, phrase.nth)
            phrase.limit = phrase.nth = None
            return
        if phrase.days is None or phrase.day_from:
            phrase.days, phrase.day_from = days, None
            return
        found = narrowed(phrase.days, days)
        if found:
            phrase.days = found
            return
        # Two dates that cannot both be meant: the one with a number holds, the other is asked back.
        phrase.days, phrase.conflict = (days, phrase.days) if phrase.days.by_weekday else (phrase.days, days)
