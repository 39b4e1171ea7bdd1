"""Times that she wants, as spans in which a visit may start."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.when import When, WhenKind, read_when, windows_of

# Words that name a day; what else is a time is a time of the day that is talked about.
_DAY = re.compile(
    r"今|明|后天|昨|前天|周|星期|礼拜|天后|月|节|元旦|国庆|五一|除夕|七夕|中秋|圣诞|春节|初[一二三四五六七八九十]|[0-9一二三四五六七八九十]\s*[号日]|[0-9]\s*[-/.]\s*[0-9]"
)
# "周日几点都行" takes back the time of day that she wanted before.
_ANY_TIME = re.compile(r"都行|都可以|全天|一整天|随便|随时|什么时候|几点都|任何时间")

# "推迟一小时", "提前半个小时".
_SHIFT = re.compile(
    r"(?P<way>推迟|延后|延迟|晚|往后|提前|提早|早|往前)(?:推|挪|延|改|到|来)?"
    r"(?:(?P<count>[半一1两2二三3])(?P<half>个半)?个?(?:小时|钟头)|(?P<minutes>[1-9][05]|三十|四十五?|二十|十五?)分钟?)"
)
_HOURS = {"半": 30, "一": 60, "1": 60, "两": 120, "2": 120, "二": 120, "三": 180, "3": 180}
_MINUTES = {"十": 10, "十五": 15, "二十": 20, "三十": 30, "四十": 40, "四十五": 45}
_EARLIER = ("提前", "提早", "早", "往前")


@dataclass(frozen=True, slots=True)
class Span:
    """First and last start time, UTC."""

    first: datetime
    last: datetime

    @property
    def is_point(self) -> bool:
        return self.first == self.last

    def minutes(self, zone: ZoneInfo) -> tuple[int, int] | None:
        """Minutes of the day, when it is a part of one day; None for whole days."""
        first, last = self.first.astimezone(zone), self.last.astimezone(zone)
        whole = (first.time(), last.hour, last.minute) == (time.min, 23, 59)
        if first.date() != last.date() or whole:
            return None
        return first.hour * 60 + first.minute, last.hour * 60 + last.minute

    @classmethod
    def on(cls, day: date, minutes: tuple[int, int], zone: ZoneInfo) -> Span:
        """These minutes of that day."""
        midnight = datetime.combine(day, time.min, zone)
        first, last = (midnight + timedelta(minutes=count) for count in minutes)
        return cls(first.astimezone(UTC), last.astimezone(UTC))


def when_in(words: str, now: datetime, day: date | None) -> When:
    """What time she names; an hour alone is one of the `day` that is talked about. `now` in the shop's zone."""
    when = read_when(words, now)
    if day is None or when.kind is WhenKind.NONE or not isinstance(when.start, datetime) or _DAY.search(words):
        return when
    return read_when(f"{day.month}月{day.day}日{words}", now)


def spans_of(when: When, zone: ZoneInfo) -> list[Span]:
    return [Span(first, last) for first, last in windows_of(when, zone)]


def is_one_day(when: When) -> bool:
    """A day was named and no time of it."""
    return when.kind is WhenKind.DAY and not isinstance(when.start, datetime)


def frees_the_time(words: str) -> bool:
    """Any time of the day will do."""
    return bool(_ANY_TIME.search(words))


def shift_of(words: str) -> timedelta | None:
    """By how much she wants to come later (or earlier: negative) than was said; None when she does not say so."""
    found = _SHIFT.search(words)
    if found is None:
        return None
    hours = _HOURS[found["count"]] + (30 if found["half"] else 0) if found["count"] else 0
    minutes = found["minutes"] or "0"
    away = timedelta(minutes=hours + (int(minutes) if minutes.isdigit() and minutes.isascii() else _MINUTES[minutes]))
    return -away if found["way"] in _EARLIER else away


def names(words: str, when: When, offered: datetime) -> bool:
    """Whether an offered time (in the shop's zone) is what she names: by its day alone, or by its hour alone."""
    if is_one_day(when):
        return when.start == offered.date()
    hour_alone = when.kind is WhenKind.POINT and isinstance(when.start, datetime) and not _DAY.search(words)
    readings = (when, *when.choices) if hour_alone else ()
    return any(isinstance(one.start, datetime) and one.start.time() == offered.time() for one in readings)
