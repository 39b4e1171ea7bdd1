"""Times counted from now: 3天后, 过两天, 半小时后, 三天内, 这几天; and how words limit a time: 之前, 以后, 第二天."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from crm.when.marks import DayReading, Days, Seen, Sort, rule, said
from crm.when.numbers import COUNT, NUMERAL, number

_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7}
_ABOUT = {
    "几": (3, 7),
    "一两": (1, 2),
    "两三": (2, 3),
    "三四": (3, 4),
    "三五": (3, 5),
    "四五": (4, 5),
    "1-2": (1, 2),
    "2-3": (2, 3),
}
_HALF_MONTH = 15
# 这两天, 这几天, 最近几天: how far they reach.
_SOON = {"两": 1, "几": 3}


def _counted(found: re.Match[str]) -> tuple[int, int, str]:
    written, unit = found["n"], found["unit"]
    if written in _ABOUT:
        return (*_ABOUT[written], unit)
    count = 0 if written == "半" else number(written)
    return count, count, unit


def _ahead(today: date, count: int, unit: str) -> date:
    if unit in _DAYS:
        return today + timedelta(days=count * _DAYS[unit])
    return _months(today, count * (12 if unit == "年" else 1))


def _months(today: date, count: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + count, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _later(seen: Seen, found: re.Match[str]) -> tuple[date, date]:
    first, last, unit = _counted(found)
    if found["n"] == "半":
        half = seen.today + timedelta(days=_HALF_MONTH) if unit == "月" else _months(seen.today, 6)
        return half, half
    more = timedelta(days=_HALF_MONTH if said(found, "half") else 0)
    return _ahead(seen.today, first, unit) + more, _ahead(seen.today, last, unit) + more


def _after(found: re.Match[str]) -> DayReading:
    return lambda seen: Days(*_later(seen, found))


def _within(found: re.Match[str]) -> DayReading:
    return lambda seen: Days(seen.today, _later(seen, found)[1])


def _ago(found: re.Match[str]) -> DayReading:
    def read(seen: Seen) -> Days:
        _, last, unit = _counted(found)
        back = _months(seen.today, -6) if found["n"] == "半" else _ahead(seen.today, -last, unit)
        return Days(min(back, seen.today - timedelta(days=1)), min(back, seen.today - timedelta(days=1)))

    return read


def _these(found: re.Match[str]) -> DayReading:
    return lambda seen: Days(seen.today, seen.today + timedelta(days=_SOON[found["n"]]))


def _minutes(found: re.Match[str]) -> timedelta:
    unit, written = found["unit"], found["n"]
    each = 15 if unit == "刻" else 1 if unit.startswith("分") else 60
    count = 0.5 if written == "半" else number(written) + (0.5 if said(found, "half") else 0)
    if unit.startswith("分") and written == "半":
        return timedelta(minutes=1)
    return timedelta(minutes=count * each)


def _shift(found: re.Match[str]) -> int:
    written = said(found, "n")
    count = number(written) if written else 1
    return -count if found["way"] == "前" else count


_N = rf"(?P<n>几|一两|两三|三四|三五|四五|1-2|2-3|半|{COUNT})[来多]?"
_UNIT = "个?(?P<half>半)?个?(?P<unit>天|日|周|星期|礼拜|月|年)"
_LATER = "(?:时间)?(?:以后|之后|过后|后(?!天))"
_MINUTE_UNIT = "个?(?P<half>半)?(?P<unit>小时|钟头|分钟|分|刻)钟?(?P<half2>半)?"
_FREE = f"(?<![{NUMERAL}.第初周期拜])"
_COME = "(?:到|来|过来|过去|去|能|就|左右)"
# A limit may be part of another word: 前天, 前面, 后来.
_BEFORE = "(?:的?(?:以前|之前)|前(?![天面后台辈男女者晌半一两二三0-9]))"
_AFTER = "(?:的?(?:以后|之后|过后|往后)|后(?![天面来悔期台续晌半])|起|开始)"
_LIMITED = (Sort.DAY, Sort.BEFORE, Sort.AFTER)

RULES = (
    rule(Sort.MOMENT, rf"(?:再?过|等)?(?:大概|大约|差不多)?{_FREE}{_N}{_MINUTE_UNIT}(?:左右)?{_LATER}", _minutes),
    rule(Sort.MOMENT, rf"(?:再过|过|再等){_N}{_MINUTE_UNIT}(?:左右)?", _minutes),
    rule(Sort.MOMENT, rf"{_FREE}{_N}{_MINUTE_UNIT}(?={_COME}*(?:到|来|过来|过去))", _minutes),
    rule(Sort.WITHIN, rf"{_FREE}{_N}{_MINUTE_UNIT}(?:以内|之内|内)", _minutes),
    rule(
        Sort.MOMENT,
        "(?:现在|马上|立刻|立马|这会儿?|此刻|这就)(?=就?(?:能|可以|想|要)?(?:不能)?(?:过?来|过?去|到店|出发|约|预约|试))",
        timedelta(0),
    ),
    rule(Sort.DAY, rf"(?:再过|再等|过|等|隔)?{_FREE}{_N}{_UNIT}{_LATER}", _after),
    rule(Sort.DAY, rf"(?:再过|过|等|隔)(?:个)?{_N}{_UNIT}(?!生日|节|来)", _after),
    rule(Sort.DAY, rf"(?:未来|今后|接下来)?{_FREE}{_N}{_UNIT}(?:以内|之内|内|里)", _within),
    rule(Sort.DAY, rf"{_FREE}{_N}{_UNIT}(?:以前|之前|前)", _ago),
    rule(Sort.DAY, "(?:这|最?近)(?P<n>[两几])[天日]", _these),
    rule(Sort.NEXT_TO, "的?前(?:面|的)?(?:那|最后一|一)个(?=周|星期|礼拜)", -1, behind=(Sort.DAY,)),
    rule(Sort.NEXT_TO, "的?后(?:面|的)?(?:那|第一|一)个(?=周|星期|礼拜)", 0, behind=(Sort.DAY,)),
    rule(Sort.NTH, "的?(?:第一|头一|下一|最近的?一)个(?=周|星期|礼拜)", 0, behind=_LIMITED),
    rule(Sort.NTH, "的?最后一?个?(?=周|星期|礼拜)", -1, behind=_LIMITED),
    rule(Sort.EDGE, "的?最后一[天日]", -1, behind=(Sort.DAY,)),
    rule(Sort.EDGE, "的?(?:第一|头一?)[天日]", 0, behind=(Sort.DAY,)),
    rule(Sort.AROUND, "前后", behind=(Sort.DAY,)),
    rule(Sort.SHIFT, r"的?(?:(?:第|隔)(?P<way>二)天|次日|(?P<x>后)一[天日]|隔天)", lambda found: 1, behind=(Sort.DAY,)),
    rule(Sort.SHIFT, r"的?第三天", 2, behind=(Sort.DAY,)),
    rule(Sort.SHIFT, r"的?(?P<way>前|后)(?P<n>[一两二三四五1-9])[天日]", _shift, behind=(Sort.DAY,)),
    rule(Sort.SHIFT, r"的?(?:前夕|前夜)", -1, behind=(Sort.DAY,)),
    rule(
        Sort.SHIFT,
        r"的?(?P<way>前|后)(?P<week>)一(?:周|个?星期|个?礼拜)",
        lambda found: -7 if found["way"] == "前" else 7,
        behind=(Sort.DAY,),
    ),
    rule(Sort.AFTER, "(?:才|就)?(?:下班|放学|下课|收工)(?:以后|之后|后)?", behind=(Sort.CLOCK,)),
    rule(Sort.BEFORE, _BEFORE, behind=(Sort.DAY, Sort.PART, Sort.CLOCK)),
    rule(Sort.AFTER, _AFTER, behind=(Sort.DAY, Sort.PART, Sort.CLOCK)),
    rule(Sort.LEAVING, "(?:过了|过完|等过)(?=[0-9一二三四五六七八九十周星礼这下本明后腊正元中清端国圣])"),
)
