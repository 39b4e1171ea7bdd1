"""The two calendars of a Chinese customer, solar and lunar, and the festivals she names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from lunar_python import LunarYear, Solar

# What the tables of lunar-python are checked for; dates outside raise ValueError.
FIRST_YEAR, LAST_YEAR = 1900, 2100
# Month 12 of the lunar calendar, 腊月, belongs to the New Year that follows it: its days are counted to the next year.
_LAST_MONTH = 12
_MONDAY, _WEDNESDAY, _SATURDAY, _SUNDAY = 0, 2, 5, 6


@dataclass(frozen=True, slots=True)
class LunarDate:
    """A day of the lunar calendar; `leap` tells the second of two months with the same number."""

    year: int
    month: int
    day: int
    leap: bool = False


@dataclass(frozen=True, slots=True)
class _Month:
    number: int
    leap: bool
    first: date
    days: int


@lru_cache(maxsize=512)
def _months(year: int) -> tuple[_Month, ...]:
    """The months of one lunar year in their order."""
    if not FIRST_YEAR - 1 <= year <= LAST_YEAR:
        raise ValueError(f"the lunar calendar is known from {FIRST_YEAR} to {LAST_YEAR}, not for {year}")
    found = (month for month in LunarYear.fromYear(year).getMonths() if month.getYear() == year)
    return tuple(
        _Month(abs(month.getMonth()), month.isLeap(), _day_of(month.getFirstJulianDay()), month.getDayCount())
        for month in found
    )


def _day_of(julian: float) -> date:
    solar = Solar.fromJulianDay(julian)
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def lunar_of(day: date) -> LunarDate:
    """The lunar date of a solar day; raises ValueError outside 1900–2100."""
    year = day.year if day.year >= FIRST_YEAR and day >= _months(day.year)[0].first else day.year - 1
    month = next(one for one in reversed(_months(year)) if one.first <= day)
    return LunarDate(year, month.number, (day - month.first).days + 1, month.leap)


def solar_of(lunar: LunarDate) -> date:
    """The solar day on which a lunar date is kept in its year.

    A date of a leap month is kept in the plain month where the year has no such leap month, the 30th on the 29th where
    the month is short. Raises ValueError outside 1900–2100 and for days and months that no calendar has.
    """
    if not (1 <= lunar.month <= _LAST_MONTH and 1 <= lunar.day <= 30):
        raise ValueError(f"no lunar year has a month {lunar.month} with a day {lunar.day}")
    same = [month for month in _months(lunar.year) if month.number == lunar.month]
    kept = next((month for month in same if month.leap == lunar.leap), same[0])
    return kept.first + timedelta(days=min(lunar.day, kept.days) - 1)


def solar_in(year: int, month: int, day: int) -> date:
    """The day on which a solar date is kept in that year: 29 February on the 28th of a common year."""
    if (month, day) == (2, 29):
        return date(year, 3, 1) - timedelta(days=1)
    return date(year, month, day)


def next_solar(month: int, day: int, on_or_after: date) -> date:
    """The next time a solar date comes round, that very day included; ValueError for a date no year has."""
    this_year = solar_in(on_or_after.year, month, day)
    return this_year if this_year >= on_or_after else solar_in(on_or_after.year + 1, month, day)


def next_lunar(month: int, day: int, on_or_after: date, *, leap: bool = False) -> date:
    """The next time a lunar date (of a leap month: `leap`) comes round, that very day included."""
    year = lunar_of(on_or_after).year
    return next(kept for kept in _kept(month, day, leap, year) if kept >= on_or_after)


def _kept(month: int, day: int, leap: bool, year: int) -> Iterator[date]:
    while True:
        yield solar_of(LunarDate(year, month, day, leap))
        year += 1


def next_lunar_day(day: int, on_or_after: date) -> date:
    """The next day of that number in any lunar month ("初六")."""
    if not 1 <= day <= 30:
        raise ValueError(f"no lunar month has a day {day}")
    year = lunar_of(on_or_after).year
    months = (month for one in (year, year + 1) for month in _months(one) if month.days >= day)
    return next(kept for month in months if (kept := month.first + timedelta(days=day - 1)) >= on_or_after)


@dataclass(frozen=True, slots=True)
class Festival:
    """A festival that comes once a year."""

    # Its usual name.
    name: str
    # The day in the year as it is commonly counted: 除夕 of 2027 is the eve of the New Year that begins in 2027.
    on: Callable[[int], date]
    # Days off around it, as a first and a last distance; None: people work.
    holiday: Callable[[date], tuple[int, int]] | None = None

    def next(self, on_or_after: date) -> date:
        """The next one, that very day included."""
        years = range(on_or_after.year, on_or_after.year + 3)
        return next(day for year in years if (day := self.on(year)) >= on_or_after)

    def days_off(self, day: date) -> tuple[date, date]:
        """First and last day off of the festival kept on `day`, as in most years; the shop enters a year's own."""
        first, last = self.holiday(day) if self.holiday else (0, 0)
        return day + timedelta(days=first), day + timedelta(days=last)


def _solar(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _lunar(month: int, day: int) -> Callable[[int], date]:
    return lambda year: solar_of(LunarDate(year - (month == _LAST_MONTH), month, day))


def _weekday(month: int, weekday: int, which: int) -> Callable[[int], date]:
    """The n-th Sunday (6) and so on of a month."""

    def on(year: int) -> date:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))

    return on


# The library's table of a year begins with the winter solstice before it; this year's own has a Latin key.
_IN_TABLE = {"冬至": "DONG_ZHI"}


@lru_cache(maxsize=512)
def solar_term(name: str, year: int) -> date:
    """The day of a solar term ("清明", "冬至") in a year; KeyError for another word."""
    found = Solar.fromYmd(year, 6, 1).getLunar().getJieQiTable()[_IN_TABLE.get(name, name)]
    return date(found.getYear(), found.getMonth(), found.getDay())


def _term(name: str) -> Callable[[int], date]:
    return lambda year: solar_term(name, year)


def _lasting(first: int, last: int) -> Callable[[date], tuple[int, int]]:
    return lambda day: (first, last)


def _with_weekend(day: date) -> tuple[int, int]:
    """Three days where a weekend touches the festival, else the day alone, as the State Council usually has it."""
    weekday = day.weekday()
    if weekday == _SUNDAY:
        return -1, 1
    if weekday in (_MONDAY, _SATURDAY):
        return (-2, 0) if weekday == _MONDAY else (0, 2)
    return (0, _SUNDAY - weekday) if weekday > _WEDNESDAY else (0, 0)


# Each with every name by which customers call it; the first is the usual one.
_TABLE: tuple[tuple[str, Callable[[int], date], Callable[[date], tuple[int, int]] | None], ...] = (
    ("元旦 元旦节 新年第一天 阳历年", _solar(1, 1), _lasting(0, 2)),
    ("腊八 腊八节", _lunar(12, 8), None),
    ("小年 小年夜 北方小年 祭灶", _lunar(12, 23), None),
    ("南方小年", _lunar(12, 24), None),
    ("除夕 除夕夜 大年三十 年三十 年三十晚 大年夜 年夜", lambda year: _lunar(1, 1)(year) - timedelta(days=1), None),
    ("春节 大年初一 年初一 农历新年 过年 中国年", _lunar(1, 1), _lasting(-1, 6)),
    ("元宵 元宵节 上元节 灯节", _lunar(1, 15), None),
    ("龙抬头 二月二", _lunar(2, 2), None),
    ("情人节 214 西方情人节", _solar(2, 14), None),
    ("女生节 女孩节", _solar(3, 7), None),
    ("妇女节 三八 三八节 38节 女神节 女王节 三八妇女节 三八女神节 38妇女节 38女神节", _solar(3, 8), None),
    ("白色情人节", _solar(3, 14), None),
    ("清明 清明节", _term("清明"), _with_weekend),
    ("愚人节", _solar(4, 1), None),
    ("劳动节 五一 51 五一节 五一劳动节 51劳动节", _solar(5, 1), _lasting(0, 4)),
    ("青年节 五四 五四青年节", _solar(5, 4), None),
    ("母亲节", _weekday(5, _SUNDAY, 2), None),
    ("520 五二零 五二〇 网络情人节", _solar(5, 20), None),
    ("521 五二一", _solar(5, 21), None),
    ("儿童节 六一 61 六一节 六一儿童节 61儿童节", _solar(6, 1), None),
    ("端午 端午节 五月节", _lunar(5, 5), _with_weekend),
    ("618 六一八", _solar(6, 18), None),
    ("父亲节", _weekday(6, _SUNDAY, 3), None),
    ("建党节 七一", _solar(7, 1), None),
    ("建军节 八一", _solar(8, 1), None),
    ("七夕 七夕节 七夕情人节 中国情人节 乞巧节", _lunar(7, 7), None),
    ("中元节 七月半", _lunar(7, 15), None),
    ("中秋 中秋节 八月节 八月十五 团圆节", _lunar(8, 15), _with_weekend),
    ("教师节", _solar(9, 10), None),
    ("国庆 国庆节 十一 十一国庆 国庆十一 十一国庆节", _solar(10, 1), _lasting(0, 6)),
    ("重阳 重阳节 老人节", _lunar(9, 9), None),
    ("程序员节 1024", _solar(10, 24), None),
    ("万圣节 万圣夜 万圣节前夜", _solar(10, 31), None),
    ("双十一 双11 双十一节 1111 光棍节", _solar(11, 11), None),
    ("感恩节", _weekday(11, 3, 4), None),
    ("双十二 双12 1212", _solar(12, 12), None),
    ("冬至 冬至节", _term("冬至"), None),
    ("平安夜 圣诞夜 圣诞前夜", _solar(12, 24), None),
    ("圣诞 圣诞节 耶诞节", _solar(12, 25), None),
    ("跨年 跨年夜", _solar(12, 31), None),
    *((term, _term(term), None) for term in ("立春", "春分", "立夏", "夏至", "立秋", "秋分", "立冬")),
)


def _by_name() -> Iterator[tuple[str, Festival]]:
    for names, on, holiday in _TABLE:
        kept = Festival(names.split()[0], on, holiday)
        yield from ((name, kept) for name in names.split())


# Every name of every festival.
FESTIVALS: Mapping[str, Festival] = MappingProxyType(dict(_by_name()))


def next_holiday(on_or_after: date) -> tuple[Festival, date]:
    """The next festival with days off, and its day, as people mean it who say 节前 or 节后."""
    free = {one.name: one for one in FESTIVALS.values() if one.holiday}
    return min(((one, one.next(on_or_after)) for one in free.values()), key=lambda found: found[1])
