"""Dates: 今天, 12月5号, 12.5, 5号, 下个月3号, 月底, 2026-12-05."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from crm.when.marks import DayReading, Days, NoSuchDay, NotThis, Seen, Sort, rule, said
from crm.when.numbers import NUMERAL, UP_TO_12, UP_TO_31, number

_RELATIVE = {"大前": -3, "前": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "后": 2, "大后": 3, "大大后": 4}
# Cantonese, the North, Sichuan.
_RELATIVE |= {"琴": -1, "寻": -1, "夜": -1, "听": 1, "外后": 3, "万后": 3}
# 月初, 月中, 月底 as first and last day; 0 is the last of the month.
_PIECES = {
    "初": (1, 5),
    "头": (1, 5),
    "上旬": (1, 10),
    "中旬": (11, 20),
    "中": (11, 20),
    "下旬": (21, 0),
    "底": (25, 0),
    "末": (25, 0),
    "尾": (25, 0),
}
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1, "来年": 1, "后年": 2}
_MONTHS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "呢": 0, "今": 0, "下": 1, "下下": 2}
# A leap year: any day that some year has.
_ANY_YEAR = 2024


def _next_days(found: re.Match[str]) -> DayReading:
    """明后天: one of the two."""
    ahead = _RELATIVE[found["word"]]
    return lambda seen: _either(Days(seen.today + timedelta(days=ahead), seen.today + timedelta(days=ahead + 1)))


def _today_in(found: re.Match[str]) -> DayReading:
    """下个月的今天."""
    ahead = _MONTHS[found["which"].removesuffix("个")]
    return lambda seen: _one(_in_month(seen.today, ahead, seen.today.day))


def _relative(found: re.Match[str]) -> DayReading:
    ahead = _RELATIVE[next(word for word in found.groups() if word)]
    return lambda seen: Days(seen.today + timedelta(days=ahead), seen.today + timedelta(days=ahead))


def _full(found: re.Match[str]) -> DayReading:
    year, month, day = (number(found[name]) for name in ("y", "m", "d"))
    full_year = year + 2000 if year < 100 else year
    return lambda seen: _one(_valid(full_year, month, day))


def _valid(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoSuchDay(str(error)) from None


def _nowhere(found: re.Match[str]) -> DayReading:
    """13月1日, 12月32号: it looks like a date and is none."""

    def read(seen: Seen) -> Days:
        raise NoSuchDay(found.group())

    return read


def _month_day(found: re.Match[str]) -> DayReading:
    month, day = number(found["m"]), number(found["d"])
    if day > monthrange(_ANY_YEAR, month)[1]:
        return lambda seen: _one(_valid(_ANY_YEAR, month, day))
    if year := said(found, "year"):
        return lambda seen: _one(_valid(seen.today.year + _YEARS[year], month, day))
    return lambda seen: _yearly(seen.first_day, month, day)


def _one(day: date) -> Days:
    return Days(day, day)


def _in_year(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _yearly(on_or_after: date, month: int, day: int) -> Days:
    years = (year for year in range(on_or_after.year, on_or_after.year + 9) if day <= monthrange(year, month)[1])
    kept = next(one for year in years if (one := date(year, month, day)) >= on_or_after)
    return Days(kept, kept, lambda: _yearly(kept + timedelta(days=1), month, day))


def _month_days(found: re.Match[str]) -> DayReading:
    """12月5号到8号, 12月5-8号."""
    first, last = _rising(found)
    named = said(found, "m")
    if not named:
        return lambda seen: _monthly_span(seen, first, last)
    month, more = number(named), last - first

    def read(seen: Seen) -> Days:
        _valid(_ANY_YEAR, month, last)
        return _lasting(_yearly(seen.first_day - timedelta(days=more), month, first), more)

    return read


def _lasting(days: Days, more: int) -> Days:
    again = days.again
    return Days(days.first, days.first + timedelta(days=more), lambda: _lasting(again(), more) if again else days)


def _rising(found: re.Match[str]) -> tuple[int, int]:
    first, last = number(found["first"]), number(found["last"])
    if not 0 < first < last <= 31:
        raise NotThis(found.group())
    return first, last


def _monthly_span(seen: Seen, first: int, last: int) -> Days:
    start = _monthly(seen.first_day, first)
    end = _monthly(start.first, last)
    return Days(start.first, end.first)


def _each_day(found: re.Match[str]) -> DayReading:
    """5、6号, 五六号: one of them."""
    first, last = number(found["first"]), number(found["last"])
    last += first - first % 10 if last < first and len(found["last"]) == 1 else 0
    if last != first + 1 or last > 31:
        raise NotThis(found.group())
    named = said(found, "m")
    if named:
        month = number(named)
        _valid(_ANY_YEAR, month, last)
        return lambda seen: _either(_lasting(_yearly(seen.first_day, month, first), 1))
    return lambda seen: _either(_monthly_span(seen, first, last))


def _either(days: Days) -> Days:
    return replace(days, only=(days.first, days.last))


def _day(found: re.Match[str]) -> DayReading:
    day, which = number(found["d"]), said(found, "which")
    if which is None:
        return lambda seen: _monthly(seen.first_day, day)
    ahead = _MONTHS[which.removesuffix("个")]
    return lambda seen: _one(_in_month(seen.today, ahead, day))


def _in_month(today: date, ahead: int, day: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
    return _in_year(year, month + 1, day)


def _monthly(on_or_after: date, day: int) -> Days:
    """The next month's day of that number, in months that have it."""
    months = (divmod(on_or_after.year * 12 + on_or_after.month - 1 + ahead, 12) for ahead in range(4))
    has = (date(year, month + 1, day) for year, month in months if day <= monthrange(year, month + 1)[1])
    kept = next(one for one in has if one >= on_or_after)
    return Days(kept, kept, lambda: _monthly(kept + timedelta(days=1), day), by_number=True)


def _this_month(found: re.Match[str]) -> DayReading:
    """下个月, 这个月底: a month counted from this one, or a piece of it; a bare 月初 that is over is the next one."""
    which, piece = said(found, "which"), _PIECES.get(said(found, "piece") or "", (1, 0))
    ahead = _MONTHS[(which or "这").removesuffix("个")]

    def read(seen: Seen) -> Days:
        days = _piece(_in_month(seen.today, ahead, 1), piece)
        if which is None and days.last < seen.first_day:
            days = _piece(_in_month(seen.today, 1, 1), piece)
        return replace(_ahead(seen, days), deadline=piece[1] == 0 and piece[0] > 1)

    return read


def _ahead(seen: Seen, days: Days) -> Days:
    return replace(days, first=max(days.first, seen.today)) if days.last >= seen.today else days


def _piece(first_of_month: date, piece: tuple[int, int]) -> Days:
    last = piece[1] or monthrange(first_of_month.year, first_of_month.month)[1]
    return Days(first_of_month.replace(day=piece[0]), first_of_month.replace(day=last))


def _named_month(found: re.Match[str]) -> DayReading:
    month, piece, year = number(found["m"]), _PIECES.get(said(found, "piece") or "", (1, 0)), said(found, "year")

    def read(seen: Seen) -> Days:
        if year:
            return _ahead(seen, _piece(date(seen.today.year + _YEARS[year], month, 1), piece))
        this_year = _piece(date(seen.today.year, month, 1), piece)
        if this_year.last < seen.today:
            this_year = _piece(date(seen.today.year + 1, month, 1), piece)
        return replace(_ahead(seen, this_year), deadline=piece[1] == 0 and piece[0] > 1)

    return read


def _end_of_year(found: re.Match[str]) -> DayReading:
    year = _YEARS[said(found, "year") or "今年"]
    return lambda seen: _ahead(
        seen, Days(date(seen.today.year + year, 12, 15), date(seen.today.year + year, 12, 31), deadline=True)
    )


def _nth_weekday(found: re.Match[str]) -> DayReading:
    """下个月第二个周六, 12月第一个周末."""
    which, month, nth = said(found, "which"), said(found, "m"), number(found["nth"])
    weekday = 5 if found["day"] == "末" else "一二三四五六日".index(found["day"].replace("天", "日"))

    def read(seen: Seen) -> Days:
        first = _in_month(seen.today, _MONTHS[(which or "这").removesuffix("个")], 1)
        if month:
            first = _yearly(seen.today.replace(day=1), number(month), 1).first
        day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
        return Days(day, day + timedelta(days=found["day"] == "末"))

    return read


_MONTH = r"(?P<which>上上个?|上个?|下下个?|下个?|这个?|呢个|今个|本|当)月份?的?"
_NUMBERED = f"(?P<m>{UP_TO_12})月份?的?"
_YEAR = "(?:(?P<year>今年|本年|明年|来年|后年|去年|前年)的?)?"
_DAY = f"(?P<d>{UP_TO_31})"
_TWO_DAYS = f"(?P<first>{UP_TO_31})[号日]?(?:到|至|-|~){{}}(?P<last>{UP_TO_31})[号日]"
_TWO = f"(?P<first>{UP_TO_31})(?:[号日][、/]?|[、/]|(?<=[一二三四五六七八])(?=[二三四五六七八九]))(?P<last>{UP_TO_31})"
_DIGITS = "(?<![0-9.:])"
_MONTH_DIGITS, _DAY_DIGITS = "(?:1[0-2]|0?[1-9])", "(?:3[01]|[12][0-9]|0?[1-9])"
_PIECE = "上旬|中旬|下旬|初|头|中(?!午)|底|末|尾"
_UNIT = "(?![0-9]*[点时:%克元块万kg])"
_NO_MONTH = "(?:1[3-9]|[2-9][0-9]|十[三四五六七八九])"
_NO_DAY = "(?:3[2-9]|[4-9][0-9]|三十[二三四五六七八九]|四十)"
# 后儿个, 明个 in the North, not 后儿子; 明朝, 后朝 around Shanghai, not the Ming.
_ER = "(?:儿个|个儿|儿(?![子女媳童孙科])|个(?![人月星礼周性体]))"
_MORN = "朝(?![代风那皇宫古式仿款样末初时向着阳鲜]|的(?![上下早晚中]))"
_APART, _CLEAR = "(?<![以之最然随往背目提跟面事])", "(?<![说证表声申文聪透发光])"
# As far as somebody means a year by two digits.
_SHORT_YEAR = "[23][0-9]"
_ANY_DAY = f"(?:[0-9]{{1,2}}|[{NUMERAL}]{{1,3}})"

RULES = (
    rule(Sort.DAY, rf"(?P<y>(?:19|20)[0-9]{{2}})(?:年|[-/.])(?P<m>{UP_TO_12})(?:月|[-/.]){_DAY}[日号]?", _full),
    rule(Sort.DAY, r"(?<![0-9])(?P<y>20[0-9]{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12][0-9]|3[01])(?![0-9])", _full),
    rule(
        Sort.DAY,
        rf"{_DIGITS}(?P<y>{_SHORT_YEAR})[-/.](?P<m>{_MONTH_DIGITS})[-/.](?P<d>{_DAY_DIGITS})[日号]?(?![0-9]|[-/.:][0-9]|[点%克])",
        _full,
        free=True,
    ),
    rule(Sort.DAY, rf"{_DIGITS}(?P<y>[0-9]{{2}})年(?P<m>{UP_TO_12})月{_DAY}[日号]?", _full),
    rule(Sort.DAY, f"{_NO_MONTH}月份?的?{_ANY_DAY}[号日]", _nowhere, free=True),
    rule(Sort.DAY, f"{UP_TO_12}月份?的?{_NO_DAY}[号日]", _nowhere, free=True),
    rule(Sort.DAY, f"{_NO_DAY}[号日](?=[早晚]|[上下中]午|[0-9]{{1,2}}[点:])", _nowhere, free=True),
    rule(Sort.DAY, f"{_NUMBERED}{_TWO_DAYS.format('(?![0-9]+月)')}", _month_days, free=True),
    rule(Sort.DAY, f"{_NUMBERED}{_TWO}[号日]", _each_day, free=True),
    rule(Sort.DAY, f"{_YEAR}{_NUMBERED}{_DAY}(?:[号日]|(?![{NUMERAL}点时:个]))", _month_day, free=True),
    rule(
        Sort.DAY,
        f"(?:{_MONTH}|{_NUMBERED})?(?:的)?第(?P<nth>[一二三四1-4])个(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])",
        _nth_weekday,
    ),
    rule(Sort.DAY, f"{_YEAR}{_NUMBERED}(?P<piece>{_PIECE})?(?:里|期间)?", _named_month, free=True),
    rule(Sort.DAY, rf"{_MONTH}今[天日]", _today_in),
    rule(Sort.DAY, f"{_MONTH}{_DAY}(?:[号日]|(?![{NUMERAL}点时:个天]))", _day),
    rule(Sort.DAY, f"{_MONTH}(?P<piece>{_PIECE})?(?:里|内|之内|以内)?", _this_month),
    rule(Sort.DAY, "(?<![个半岁0-9一二三四五六七八九十])月(?P<piece>初|中(?!午)|底|末|尾)", _this_month),
    rule(Sort.DAY, "(?P<year>今年|明年)的?年?[底末]|年底|年末|岁末", _end_of_year),
    rule(Sort.DAY, f"{_TWO_DAYS.format('')}", _month_days, free=True),
    rule(Sort.DAY, f"{_TWO}号", _each_day, free=True),
    rule(
        Sort.DAY,
        rf"(?P<m>{_MONTH_DIGITS})[./-](?P<d>{_DAY_DIGITS})[号日]?(?![0-9]|[./:][0-9]|-[0-9]+(?![0-9]*[./月-])|[点时%])",
        _month_day,
        free=True,
    ),
    rule(Sort.DAY, rf"{_DAY}(?:号|日(?![子常元游用]))", _day, free=True),
    rule(Sort.DAY, r"(?P<word>今|明)(?:天?或?者?[和、/]?)(?:明|后)(?:两?[天日]|两天都)", _next_days),
    rule(
        Sort.DAY,
        f"(?P<word>大大后|大后|外后|万后|{_APART}后|大前|{_APART}前)(?:[天日](?!气|生|然)|{_ER}|{_MORN})",
        _relative,
    ),
    rule(Sort.DAY, f"(?P<word>昨|今|{_CLEAR}明)(?:[天日](?!然|生)|{_ER}|{_MORN})", _relative),
    rule(Sort.DAY, "(?P<word>听|琴|寻)日(?![本语文剧系])|(?P<north>夜)(?:儿个|个儿?(?![人月星礼周]))", _relative),
    rule(Sort.DAY, f"(?P<word>昨|今|{_CLEAR}明|后)(?=[早晚晨夜黑])|(?P<south>听)(?=[晚朝](?![会辈阳]))", _relative),
)
