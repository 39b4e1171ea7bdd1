"""Festivals and the lunar calendar: 元旦假期, 中秋前一天, 腊月廿三, 大年初三, 节后."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from crm.calendar import FESTIVALS, Festival, LunarDate, lunar_of, next_holiday, next_lunar, next_lunar_day, solar_of
from crm.when.marks import DayReading, Days, NotThis, Seen, Sort, rule, said
from crm.when.numbers import NUMERAL, UP_TO_12, number

# A bare 初八 is the one of the New Year when that is this near; else the next one in any lunar month.
_NEW_YEAR_IS_NEAR = timedelta(days=45)
# How long "after the festival" lasts.
_AFTERWARDS = timedelta(days=6)
_LANTERNS = 15
_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_YEARS = {None: None, "今年": 0, "明年": 1, "后年": 2, "去年": -1}


def _on(days_of: Callable[[date], tuple[date, date]], day: Callable[[date], date], seen: Seen, since: date) -> Days:
    """The festival's days that are not over at `since`."""
    kept = day(since - timedelta(days=15))
    first, last = days_of(kept)
    if last < since:
        kept = day(kept + timedelta(days=1))
        first, last = days_of(kept)
    return Days(max(first, seen.today), last, lambda: _on(days_of, day, seen, last + timedelta(days=1)))


def _festival(found: re.Match[str]) -> DayReading:
    kept = _named(found)
    off = bool(found["off"]) or found["name"] == "过年" or bool(found["during"] and kept.holiday)
    ahead = _YEARS[said(found, "year")]

    def days_of(day: date) -> tuple[date, date]:
        return kept.days_off(day) if off else (day, day)

    def read(seen: Seen) -> Days:
        if ahead is not None:
            return Days(*days_of(kept.on(seen.today.year + ahead)))
        return _on(days_of, kept.next, seen, seen.first_day)

    return read


def _day_off(found: re.Match[str]) -> DayReading:
    """国庆3号, 五一2号: a day of the festival's month."""
    kept, day = _named(found), number(found["d"])

    def read(seen: Seen) -> Days:
        begins = kept.next(seen.first_day - timedelta(days=day))
        named = begins.replace(day=day)
        return Days(named, named)

    return read


def _named(found: re.Match[str]) -> Festival:
    return FESTIVALS[found["name"]]


def _month(written: str) -> int:
    return _MONTHS.get(written) or number(written)


def _lunar(found: re.Match[str]) -> DayReading:
    """A day of a lunar month, or a whole month ("正月里")."""
    month, leap = _month(found["m"]), bool(said(found, "leap"))
    day = found["d"]
    if not day:
        return lambda seen: _lunar_month(seen, month)
    return lambda seen: _lunar_day(seen.first_day, month, number(day.removeprefix("初")), leap)


def _lunar_day(since: date, month: int, day: int, leap: bool) -> Days:
    kept = next_lunar(month, day, since, leap=leap)
    return Days(kept, kept, lambda: _lunar_day(kept + timedelta(days=1), month, day, leap))


def _lunar_month(seen: Seen, month: int) -> Days:
    now = lunar_of(seen.today)
    if now.month == month:
        return Days(seen.today, solar_of(LunarDate(now.year, month, 30)))
    first = next_lunar(month, 1, seen.today)
    return Days(first, solar_of(LunarDate(lunar_of(first).year, month, 30)))


def _new_year(found: re.Match[str]) -> DayReading:
    """大年初三; 年二十八 is in the old year's last month."""
    written = found["d"]
    month = 1 if written.startswith("初") else 12
    return lambda seen: _lunar_day(seen.first_day, month, number(written.removeprefix("初")), False)


def _bare(found: re.Match[str]) -> DayReading:
    """初八, 廿三 without a month."""
    day = number(found["d"].removeprefix("初"))

    def read(seen: Seen) -> Days:
        coming = next_lunar_day(day, seen.first_day)
        new_year = next_lunar(1, day, seen.first_day)
        if new_year == coming or day > _LANTERNS:
            return Days(coming, coming)
        near = next_lunar(1, 1, seen.today - timedelta(days=_LANTERNS)) - seen.today <= _NEW_YEAR_IS_NEAR
        first, second = (new_year, coming) if near else (coming, new_year)
        return Days(first, first, other=Days(second, second))

    return read


def _lunar_numbered(found: re.Match[str]) -> DayReading:
    """农历12月23, 农历8.15."""
    month, day = number(found["m"]), number(found["d"].removeprefix("初"))
    if day > 30:
        raise NotThis(found.group())
    return lambda seen: _lunar_day(seen.first_day, month, day, bool(said(found, "leap")))


def _after_holiday(found: re.Match[str]) -> DayReading:
    """节后, 春节后, 过完年: the week after the days off; after New Year until the lanterns."""
    name = said(found, "name")

    def read(seen: Seen) -> Days:
        kept, day = (FESTIVALS[name], FESTIVALS[name].next(seen.today)) if name else next_holiday(seen.today)
        return after_holiday(kept, day)

    return read


def _after_new_year(found: re.Match[str]) -> DayReading:
    kept = FESTIVALS["春节"]
    return lambda seen: after_holiday(kept, kept.next(seen.today))


def after_holiday(kept: Festival, day: date) -> Days:
    first = kept.days_off(day)[1] + timedelta(days=1)
    last = day + timedelta(days=_LANTERNS - 1) if kept.name == "春节" else first + _AFTERWARDS
    return Days(first, last)


def _before_holiday(found: re.Match[str]) -> DayReading:
    return lambda seen: Days(seen.today, _eve(next_holiday(seen.today + timedelta(days=1))[1]))


def _before_new_year(found: re.Match[str]) -> DayReading:
    return lambda seen: Days(seen.today, _eve(FESTIVALS["春节"].next(seen.today + timedelta(days=1))))


def _eve(day: date) -> date:
    return day - timedelta(days=1)


def _alternation(names: list[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_BARE_NUMBERS = [name for name in FESTIVALS if re.fullmatch(f"[{NUMERAL}月]+", name)]
_SHORT = [name for name in _BARE_NUMBERS if len(name) == 2 and name not in ("五一", "十一", "六一", "三八")]
_NAMES = _alternation([name for name in FESTIVALS if name not in _BARE_NUMBERS])
_NUMBERS = _alternation([name for name in _BARE_NUMBERS if name not in _SHORT])
_FREE = "(?P<off>(?:节|小)?(?:长假|小?长假|[三五七八1-9]天长?假|假期|放假|黄金周|休假|假)(?:期间|的时候|那几天|里)?)?"
_DURING = "(?P<during>(?:节)?(?:期间|那几天|那几日|几天))?(?:当[天日]|那[天日]|这[天日]|正日子)?"
_YEAR = "(?:(?P<year>今年|明年|后年|去年)的?)?"
_AFTERWARDS_WORD = "(?:以后|之后|过后|后(?![天一两二三四0-9]))"
_LUNAR_DAY = "初[一二三四五六七八九十]|十[一二三四五六七八九]|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|三十"
_HOLIDAYS = "元旦|春节|清明|五一|劳动节|端午|中秋|国庆|十一"
_ALONE = f"(?<![{NUMERAL}第.])(?<![周期拜月初年])"
_NO_UNIT = f"(?![{NUMERAL}月号日点时:个块元万千百分秒克%.])"

RULES = (
    rule(
        Sort.DAY,
        r"(?:过完|放完|等?过了)(?:大?年|春节)(?:假)?(?:以后|之后|后)?|(?<![一二三四五六七八九十两半几0-9今明去前后全])年后|春节(?:假期|长假|放假)?"
        + _AFTERWARDS_WORD,
        _after_new_year,
    ),
    rule(
        Sort.DAY,
        rf"(?:过完|放完|等?过了)(?P<name>{_HOLIDAYS})(?:节)?(?:长假|假期|假)?(?:以后|之后|后)?",
        _after_holiday,
    ),
    rule(Sort.DAY, rf"{_ALONE}(?P<name>{_HOLIDAYS})(?:节)?(?:长假|假期|放假|假)?{_AFTERWARDS_WORD}", _after_holiday),
    rule(Sort.DAY, "(?:过完节|节后|放完假|假期后|假后|长假后)(?:以后|之后)?", _after_holiday),
    rule(
        Sort.DAY,
        "(?<![一二三四五六七八九十两半几0-9今明去前后全])(?:过年前|年前|过年(?:之前|以前))|春节(?:之前|以前|前(?![一二两三四五0-9天夕后]))",
        _before_new_year,
    ),
    rule(Sort.DAY, "(?:过节前|节前|放假前|假期前)(?![一两])", _before_holiday),
    rule(
        Sort.DAY,
        rf"(?:农历|阴历|旧历|老历|古历)的?(?P<leap>闰)?(?P<m>{UP_TO_12})(?:月|[.\-/])(?P<d>{_LUNAR_DAY}|[0-9]{{1,2}})[日号]?",
        _lunar_numbered,
    ),
    rule(
        Sort.DAY,
        rf"(?:农历|阴历|旧历|老历|古历)?的?(?P<leap>闰)?(?P<m>[正冬腊])月(?:里|份)?(?P<d>{_LUNAR_DAY}|[0-9]{{1,2}})?[日号]?",
        _lunar,
    ),
    rule(Sort.DAY, rf"(?P<leap>闰)?(?P<m>{UP_TO_12})月(?P<d>初[一二三四五六七八九十])", _lunar_numbered),
    rule(
        Sort.DAY,
        r"(?:大年|年|春节|过年|新年)的?(?P<d>初[一二三四五六七八九十]|二十[一二三四五六七八九]|廿[一二三四五六七八九]|2[0-9])(?!年)",
        _new_year,
    ),
    rule(Sort.DAY, r"(?P<name>国庆|五一|十一|元旦)节?(?:假期|放假|期间)?的?(?P<d>[1-7一二三四五六七])[号日]", _day_off),
    rule(Sort.DAY, rf"{_YEAR}(?P<name>{_NAMES})(?:节日|节)?{_FREE}{_DURING}", _festival),
    rule(Sort.DAY, rf"{_YEAR}{_ALONE}(?P<name>{_NUMBERS}){_NO_UNIT}{_FREE}{_DURING}", _festival),
    rule(Sort.DAY, rf"{_ALONE}(?P<name>{_alternation(_SHORT)})(?P<off>假期|放假|长假)(?P<during>期间)?", _festival),
    rule(Sort.DAY, rf"(?:农历|阴历|旧历|老历)(?:的)?(?P<d>{_LUNAR_DAY})", _bare),
    rule(
        Sort.DAY, r"(?<![当最起月年])(?P<d>初[一二三四五六七八九十]|廿[一二三四五六七八九](?!号))(?![次步心恋])", _bare
    ),
)
