"""What "我周三休息" means for the roster: rest or work, which days or weekdays, which hours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from crm.when import DAY_BEGINS, When, WhenKind, read_when

# Days of one phrase that are written down: the longest leave, with a margin.
MOST_DAYS = 60

_WORK = r"不休息|不休假|不休|不请假|不用休|来上班|要上班|正常上班|照常上班|上班|值班|在岗|到岗|销假|能来|可以来"
_REST = (
    r"不上班|不来上班|不用上班|不值班|不在岗|休息|请假|休假|调休|轮休|补休|年假|病假|事假|产假|婚假|休年假|不在店里?|不在|不来|来不了"
    r"|(?:请|休)(?:一天|半天|两天|三天|[一二三四五1-9]天)?(?:的)?(?:年|病|事|产|婚)?假|放假|出差|(?<=[一二三四五六日天号早午晚我末])休(?![闲眠])"
)
WORK, REST = re.compile(_WORK), re.compile(_REST)
_WEEKDAY = r"[一二三四五六日天1-7]"
_EVERY = r"(?:每个?|逢|固定|以后(?:每个?)?|今后(?:每个?)?|长期)"
WEEKLY = re.compile(
    rf"{_EVERY}\s*(?:我)?\s*(?P<days>(?:周|星期|礼拜){_WEEKDAY}(?:\s*(?:[、,，和及跟]|到|至|-)?\s*(?:周|星期|礼拜)?{_WEEKDAY})*)"
)
WEEKEND = re.compile(rf"{_EVERY}\s*(?:我)?\s*周末")
AFTER = re.compile(r"(?:以后|之后|过后|后|开始|起)")
BEFORE = re.compile(r"(?:以前|之前|前)")
LASTING = re.compile(
    r"(?:请假?|休假?|休息|调休|连休)\s*([0-9]{1,2}|[一二两三四五六七八九十])\s*天(?:的?[年病事产婚]?假)?"
)
# Why he is away; a customer who says so would refuse a time with it.
EXCUSE = re.compile(r"(?:(?:家里|老家|学校)?有(?:点|急|别的|私)?事|有[课会]|没空|没时间|要?加班|(?:回|去)老家|走不开)")
# Questions, and sentences about customers, shops or goods, are no roster.
_NO_ROSTER = re.compile(r"[?？吗呢么]|客户|顾客|她|门店|本店|店里?(?:几点|什么时候)|预约|营业|开门|关门|闭店|休闲")
_FILLER = re.compile(
    r"^(?:我|本人|想|要|得|需要|打算|准备|有事|申请|可能|临时|一下|[一二两三四五六七八九十半全整0-9]+天|以[后前]|之[后前]|开始|起|这|本"
    r"|了|吧|的|啊|哦|都|也|就|来|因为|由于|,|，|。|、|\s)+|[\s,，。.!！了吧]+$"
)


@dataclass(frozen=True, slots=True)
class Day:
    """One day, whole or from `first` to `last` (None: open end)."""

    day: date
    first: time | None = None
    last: time | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """`works`: there, else away. Either weekdays (1 Monday to 7, every week) or days."""

    works: bool
    weekdays: tuple[int, ...] = ()
    days: tuple[Day, ...] = ()
    note: str = ""
    # Which hours or which days is not said, it is over, or in no calendar: to be asked.
    unclear: str = ""


def is_roster(words: str) -> bool:
    """Whether somebody says about himself when he works or rests."""
    if len(words) > 60 or _NO_ROSTER.search(words):
        return False
    return bool(WORK.search(words) or REST.search(words))


def read_duty(words: str, now: datetime) -> Duty | None:
    """What is meant, seen from `now` (aware, in the shop's zone); None when no day is named."""
    works = _works(words)
    if weekdays := _weekdays(words):
        return Duty(works, weekdays=weekdays)
    said, excuse = _without_verb(words, works)
    meant = read_when(said, now, DAY_BEGINS)
    if meant.past:
        return Duty(works, unclear="past")
    if meant.impossible:
        return Duty(works, unclear="no_day")
    if meant.kind is WhenKind.NONE:
        return None
    readings = meant.alternatives if meant.kind is WhenKind.ALTS else (meant,)
    days = [day for one in readings for day in _days(one, words)]
    count = _count(words)
    if count and len(days) > count:
        return Duty(works, unclear="which")
    if count and len(days) == 1 and days[0].first is None:
        days = [Day(days[0].day + timedelta(days=number)) for number in range(count)]
    if not days:
        return Duty(works, unclear="hours")
    if "半天" in words and all(day.first is None for day in days):
        return Duty(works, unclear="half")
    return Duty(works, days=tuple(days[:MOST_DAYS]), note=_note(meant.rest) or excuse)


def _works(words: str) -> bool:
    """ "不上班" holds "上班": the longer reading decides."""
    rest, work = REST.search(words), WORK.search(words)
    if rest and work:
        return len(work[0]) > len(rest[0])
    return work is not None


def _without_verb(words: str, works: bool) -> tuple[str, str]:
    """Only the time, and what else stands there: "上班" and "有事" mean something to who reads a customer's times."""
    if LASTING.search(words):
        words = re.sub("起|开始", " ", LASTING.sub(" ", words))
    words = (WORK if works else REST).sub(" ", words, count=1)
    excuse = EXCUSE.search(words)
    return EXCUSE.sub(" ", words), excuse[0] if excuse else ""


def _weekdays(words: str) -> tuple[int, ...]:
    if WEEKEND.search(words):
        return (6, 7)
    found = WEEKLY.search(words)
    if found is None:
        return ()
    named = found["days"]
    numbers = [_number(one) for one in re.findall(rf"{_WEEKDAY}", re.sub("周|星期|礼拜", "", named))]
    if re.search("到|至|-", named) and len(numbers) == 2:
        first, last = numbers
        return tuple(range(first, last + 1)) if first <= last else (*range(first, 8), *range(1, last + 1))
    return tuple(dict.fromkeys(numbers))


def _count(words: str) -> int:
    """ "请假三天"; 0 where no number of days is said."""
    found = LASTING.search(words)
    if found is None:
        return 0
    said = found[1]
    return min(int(said) if said.isdecimal() else "零一二三四五六七八九十".find(said.replace("两", "二")), MOST_DAYS)


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else min("一二三四五六日天".index(word) + 1, 7)


def _days(meant: When, words: str) -> Iterator[Day]:
    """Each day of one reading; a minute only with "from" or "until" beside it."""
    if meant.kind is WhenKind.POINT and isinstance(meant.start, datetime):
        moment = meant.start
        if BEFORE.search(words):
            yield Day(moment.date(), None, moment.time())
        elif AFTER.search(words):
            yield Day(moment.date(), moment.time(), None)
        return
    last = meant.start if meant.end is None else meant.end
    if isinstance(meant.start, datetime) and isinstance(last, datetime):
        yield from _hours(meant.start, last)
    elif meant.start is not None and last is not None:
        count = (_date(last) - _date(meant.start)).days + 1
        yield from (Day(_date(meant.start) + timedelta(days=number)) for number in range(min(count, MOST_DAYS)))


def _hours(first: datetime, last: datetime) -> Iterator[Day]:
    if first.date() == last.date():
        yield Day(first.date(), first.time(), last.time())
        return
    count = (last.date() - first.date()).days
    yield from (Day(first.date() + timedelta(days=number)) for number in range(min(count + 1, MOST_DAYS)))


def _date(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _note(rest: str) -> str:
    """What is left when time, person and verb are taken away: "孩子家长会"."""
    left = REST.sub("", WORK.sub("", rest))
    former = ""
    while former != left:
        former, left = left, _FILLER.sub("", left)
    return left if len(left) > 1 else ""
