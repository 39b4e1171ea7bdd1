"""Parts of a day and hours: 下午, 打烊前, 三点半, 15:30, 差一刻四点, 三四点, 3-5点."""

from __future__ import annotations

import re

from crm.when.marks import Clock, Hours, NotThis, Sort, rule, said
from crm.when.not_times import HIDDEN
from crm.when.numbers import NUMERAL, UP_TO_12, UP_TO_24, UP_TO_59, number

_HOUR = 60
# Parts of a day by the hours in which customers mean them, later entries first where one name holds another.
_PARTS: tuple[tuple[str, float, float], ...] = (
    ("白天|大白天", 9, 18),
    ("凌晨|半夜|后半夜", 0, 6),
    ("(?:吃(?:过|完|了)?)?(?:晚饭|晚餐)(?:以后|之后|过后|后)|吃(?:过|完|了)(?:晚饭|晚餐)", 19, 22),
    (
        "(?:吃(?:过|完|了)?)?(?:午饭|中饭|午餐)(?:以后|之后|过后|后)|吃(?:过|完|了)(?:午饭|中饭|午餐)|午睡(?:以后|之后|后|起来)?",
        13,
        15,
    ),
    ("(?:吃)?(?:晚饭|晚餐)(?:以前|之前|前(?!后))", 17, 19),
    ("(?:吃)?(?:午饭|中饭|午餐)(?:以前|之前|前(?!后))", 10, 12),
    ("(?:吃)?(?:早饭|早餐)(?:以后|之后|后)", 9, 11),
    ("(?:下了?班|收工|忙完)(?:了)?(?:以后|之后|过后|后|的时候|时候)?(?!时间|高峰)|下班(?:时间|高峰)", 18, 22),
    ("(?:孩子)?(?:放学|放了学)(?:以后|之后|后)?", 16.5, 18.5),
    (
        "(?:快|临近|临)?(?:打烊|关门|闭店|关店|收市|打样)(?:以前|之前|前)(?:后)?|(?:快要?|临近?)(?:打烊|关门|闭店|关店)(?:的时候|时候?|时)?",
        20,
        22,
    ),
    (
        "(?:一|刚)(?:开门|开店|营业)(?:的时候|就|时)?|(?:开门|开店)(?:就|那会儿?|的时候|时|后)|上午第一个|早上第一个|第一个",
        9,
        11,
    ),
    (
        "大?清早(?:上)?|清晨|一大?早(?:上)?|大早上?|早上|早晨|早间|早起|今早|赶早|趁早(?=来|去|过)|朝头?早|晨早|透早|早浪向?",
        8,
        12,
    ),
    ("上午|午前|上半[天日晌]|头[午晌]|前半[天晌]|前晌|上昼", 9, 12),
    (
        "大?中午头?|正午|晌午头?|中昼|昼边|中浪向?|午间|午休(?:的时候|时间|时)?|(?:吃)?(?:午饭|中饭|午餐)(?:时间|时候|的时候|点|前后)|中午饭",
        11,
        14,
    ),
    ("午后|过午", 12, 15),
    ("下午|后半[天晌]|下半[天日晌]|[后下]晌|过晌(?!午)|晌后|[下晏]昼|下晡|过了中午", 13, 18),
    ("傍晚|黄昏|傍黑|[擦煞断挨]黑|挨晚|晚半晌|天黑前|太阳下山", 17, 19),
    ("晚上|晚间|夜里|夜晚|夜间|今夜|当晚|晚么晌|晚夕|暗晡|[晚夜]黑[了老]?(?![色金曜玛钻珍])|夜头|夜", 18, 22),
)
# 早 and 晚 alone are a part of the day only behind a day or before an hour.
_SHORT: tuple[tuple[str, float, float], ...] = (
    ("早|(?<=听)朝", 8, 12),
    ("晚|(?<=[今明儿])黑[了老家里]?(?![色金曜玛钻珍])", 18, 22),
    ("午", 11, 14),
)
_QUARTER = {"一": 15, "1": 15, "两": 30, "二": 30, "2": 30, "三": 45, "3": 45}
_PAIR = {char: number for number, char in enumerate("一二三四五六七八九", 1)} | {"两": 2, "十": 10}
# Minutes in which people say an hour with a dot ("下午3.30"); 12.05 is a date.
_DOTTED = "(?:00|10|15|20|30|40|45|50)"


def _hours(first: float, last: float) -> Hours:
    return Hours(int(first * _HOUR), int(last * _HOUR))


def _clock(found: re.Match[str]) -> Clock:
    hour, minutes = number(found["h"]), _minutes(found)
    if said(found, "half_day"):
        hour = hour % 12 + (12 if found["half_day"].startswith("p") else 0)
    if hour * _HOUR + minutes > 24 * _HOUR:
        raise NotThis(found.group())
    exact = hour > 12 or hour == 0 or found["h"].startswith("0") or bool(said(found, "half_day"))
    first = hour * _HOUR + minutes
    if said(found, "over"):
        return Clock(first, first + (_HOUR // 2 if minutes else _HOUR), exact)
    return Clock(first, None, exact)


def _minutes(found: re.Match[str]) -> int:
    if said(found, "half"):
        return 30
    if quarter := said(found, "quarter"):
        return _QUARTER[quarter]
    return number(found["m"]) if said(found, "m") else 0


def _short_of(found: re.Match[str]) -> Clock:
    """差一刻四点, 四点差五分."""
    short = _QUARTER[found["quarter"]] if said(found, "quarter") else number(found["m"])
    hour = number(found["h"])
    return Clock(hour * _HOUR - short, None, hour > 12)


def _on_the_dial(found: re.Match[str]) -> Clock:
    """三点三个字, 三点搭九: each figure of the dial is five minutes (Cantonese)."""
    figure = number(found["n"]) if said(found, "n") else number(found["m"])
    if not 0 < figure < 12:
        raise NotThis(found.group())
    hour = number(found["h"])
    return Clock(hour * _HOUR + 5 * figure, None, hour > 12)


def _pair(found: re.Match[str]) -> Clock:
    """三四点, 十一二点."""
    ten = 10 if said(found, "ten") else 0
    first, last = ten + _one(found["first"]), ten + _one(found["last"])
    if last != first + 1:
        raise NotThis(found.group())
    return Clock(first * _HOUR, last * _HOUR, first > 12)


def _one(written: str) -> int:
    return int(written) if written.isdecimal() else _PAIR[written]


def _from_to(found: re.Match[str]) -> Clock:
    """3-5点, 三到五点, 下午2-4: one 点 for both."""
    first, last = number(found["h"]) * _HOUR, number(found["last"]) * _HOUR + (30 if said(found, "half") else 0)
    if said(found, "half_day") == "pm":
        first, last = (hour + 12 * _HOUR if hour < 12 * _HOUR else hour for hour in (first, last))
    if last <= first:
        last += 12 * _HOUR
    if not first < last <= 24 * _HOUR:
        raise NotThis(found.group())
    return Clock(first, last, first > 12 * _HOUR)


_H = f"(?P<h>{UP_TO_24})"
_MINUTES = (
    "(?:[0-5][0-9]|[二三四五]十[一二三四五六七八九]?|十[一二三四五六七八九]|[零〇][一二三四五六七八九]"
    f"|十(?![{NUMERAL}])|(?:[0-9]|[一二三四五六七八九])(?=分))"
)
_POINT = "(?:点钟?|时(?!候|间|尚|常|刻|代))"
_NOT_A_POINT = "(?!钻|[0-9]?克|几克|儿|赞)"
_TAIL = "[搭踏]?(?:整|正)?"
_TO = "(?:点钟?|:00)?(?:到|至|-|~)"

# Tried before the dates: 3.30 behind a day or a part of it is an hour.
DOTTED = (
    rule(Sort.CLOCK, rf"(?P<h>[01]?[0-9]|2[0-4])\.(?P<m>{_DOTTED})(?![0-9])", _clock, behind=(Sort.DAY, Sort.PART)),
)

RULES = (
    *(rule(Sort.PART, pattern, _hours(first, last)) for pattern, first, last in _PARTS),
    rule(Sort.EARLY, rf"(?:稍微|尽量|稍)?早(?:一点|{HIDDEN * 2}|点儿?|一些|些)(?!钟)", behind=(Sort.PART, Sort.DAY)),
    rule(Sort.LATE, rf"(?:稍微|尽量|稍)?晚(?:一点|{HIDDEN * 2}|点儿?|一些|些)(?!钟)", behind=(Sort.PART, Sort.DAY)),
    *(rule(Sort.PART, pattern, _hours(first, last), behind=(Sort.DAY,)) for pattern, first, last in _SHORT),
    *(
        rule(Sort.PART, rf"(?:{pattern})(?=(?:[01]?[0-9]|2[0-4]|[{NUMERAL}]{{1,3}})[点时:])", _hours(first, last))
        for pattern, first, last in _SHORT
    ),
    rule(Sort.CLOCK, rf"差(?:(?P<quarter>一)刻|(?P<m>{UP_TO_59})分)钟?(?:就|到)?{_H}{_POINT}", _short_of),
    rule(Sort.CLOCK, rf"{_H}{_POINT}差(?:(?P<quarter>一)刻|(?P<m>{UP_TO_59})分)钟?", _short_of, free=True),
    rule(
        Sort.CLOCK,
        r"(?P<ten>十)?(?P<first>[0-9一二两三四五六七八九十])(?:[、/,]|(?<![0-9])(?![0-9]))(?P<last>1?[0-9]|[一二两三四五六七八九十])点(?:多|来)?钟?(?![半多0-9]|[一三]刻)",
        _pair,
        free=True,
    ),
    rule(
        Sort.CLOCK, rf"{_H}{_TO}(?P<last>{UP_TO_24}){_POINT}(?P<half>半)?(?:之间|中间)?(?![0-9])", _from_to, free=True
    ),
    rule(Sort.CLOCK, rf"{_H}(?:到|至|-|~)(?P<last>{UP_TO_24})(?P<half_day>am|pm)", _from_to, free=True),
    rule(
        Sort.CLOCK,
        rf"{_H}(?:到|至|-|~)(?P<last>{UP_TO_24})(?![0-9号日月.:点/])",
        _from_to,
        behind=(Sort.PART,),
    ),
    rule(
        Sort.CLOCK,
        r"(?P<h>[01]?[0-9]|2[0-4])[:：](?P<m>[0-5][0-9])(?::[0-5][0-9])?(?P<half_day>am|pm)?(?![0-9])",
        _clock,
        free=True,
    ),
    rule(Sort.CLOCK, r"(?P<h>[01]?[0-9]|2[0-4])(?P<half_day>am|pm)", _clock, free=True),
    rule(Sort.CLOCK, rf"{_H}{_POINT}(?:(?P<n>{UP_TO_12})个字|[搭踏](?P<m>{UP_TO_12}))", _on_the_dial, free=True),
    rule(
        Sort.CLOCK,
        rf"{_H}{_POINT}{_NOT_A_POINT}{_TAIL}(?:(?P<half>半)|(?P<quarter>[一三1-3])刻|过?(?P<m>{_MINUTES})分?(?!之)|过几分|过)?钟?(?P<over>多|几分|出头|来钟)?",
        _clock,
        free=True,
    ),
    rule(Sort.CLOCK, r"(?P<h>1[0-2]|[1-9])(?=[，。吧可行好呢]|$)", _clock, behind=(Sort.PART,)),
)
