"""What a customer wants remembered, read out of her sentence: sizes, days, family, tastes, what her skin bears.

A question that is taken for a statement annoys, and a booking that is taken for a birthday loses a
visit: the whole sentence must be one of these statements, with nothing left over. The table of what
is and what is not remembered is tests/crm/households/test_reading.py.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from crm.models import OccasionKind
from crm.services.households import bearing, liking, sizing
from crm.services.households.days import PATTERN as DAY
from crm.services.households.days import read_day
from crm.services.households.relations import KEPT_AS, WHO
from crm.services.households.relations import PATTERN as RELATION
from crm.services.households.told import DayTold, NameTold, SizeTold, SkinTold, TastesTold, Told
from crm.services.names import has_surname, may_be_name
from crm.when.writing import simplified

# Characters: nobody says one fact in a longer sentence. Facts said in one message.
LONGEST, MOST_FACTS = 60, 5

_ASKS_US = (
    r"(?:你好|您好|请|麻烦|帮我|帮忙|给我|替我|你们?|您)*"
    r"(?:记住|记一下|记下来?|记着|记录一?下?|登记一?下?|备注一下|存一下|保存一?下?|更新一?下?|改一?下|修改一?下?|帮我记)"
)
# "把我的手寸改成14号" is about what we keep, "把戒指改成14号" an order to the workshop.
_MEND = (
    r"(?:你好|您好|请|麻烦|帮我|帮忙|给我|替我|你们?|您)*"
    r"(?:把|将)(?=.{0,6}(?:手寸|指围|手围|腕围|颈围|生日|纪念日).*(?:改|换|记))"
)
REQUEST = re.compile(rf"{_ASKS_US}|{_MEND}")
_TAIL = re.compile(
    r"(?:(?:请|麻烦|帮我|帮忙|你们?|您)*(?:记一?下|记住|记下来?|记着|登记一?下|更新一?下|备注一下))?"
    r"(?:哦|噢|喔|啊|呀|哈|吧|了|啦|哟|嗯|喽|谢谢[你您]?|多谢|辛苦了?)*$"
)
# Whoever asks does not state; "什么都不" says nothing, it asks nothing.
_ASKING = re.compile(
    r"[?？]|吗|什么(?!都|也)|怎么|多少|几[号月岁点]|哪|如何|能不能|可不可以|可以|是不是|会不会|要不要|有没有|呢|为啥|咋|多大"
)
# "不对，我手寸是14": what follows is what holds.
_NO = re.compile(r"^(?:不对|错了|不是|说错了|记错了|写错了)(?:[,，。!！:：;；\s]|的|啊|呀|哦|了)+")
_BETWEEN = re.compile(r"[,，;；。、\n]|(?:还有|以及|但是?|可是|不过(?!敏))")

_BIRTHDAY = r"(?:过)?(?:生日|寿辰|大寿|出生日期|出生)"
_WEDDING = r"结婚(?:周年)?纪念日|结婚周年|结婚日子?|领证(?:纪念)?日|婚礼纪念日"
_ENGAGEMENT = r"订婚(?:周年)?纪念日|订婚日子?|求婚纪念日"
_FIRST_DATE = r"恋爱(?:周年)?纪念日|在一起(?:的)?纪念日|相识纪念日|相恋纪念日"
_OTHER = r"(?:(?![我和跟])[\u4e00-\u9fff]{2,6}纪念日|纪念日)"
_KINDS: tuple[tuple[OccasionKind, str], ...] = (
    (OccasionKind.BIRTHDAY, _BIRTHDAY),
    (OccasionKind.WEDDING, _WEDDING),
    (OccasionKind.ENGAGEMENT, _ENGAGEMENT),
    (OccasionKind.FIRST_DATE, _FIRST_DATE),
    (OccasionKind.OTHER, _OTHER),
)
# "记错了，应该是八月十六": what was told before was wrong.
WRONG = r"(?:之前|上次|刚才|你们?|我)*(?:写|记|填|说|报|登记|弄|搞)?(?:错|不对|有误)了?(?:我|其实|正确的)*"
CORRECTED = re.compile(rf"{WRONG}(?:应该)?是|改成|改为|改到|换成|更正为|应该是|其实是")
_DAY_IS = rf"(?:{WRONG})?(?:是|在|为|就是|改成|改为|改到|改|换成|更正为|应该是|应该|其实是|于|:)?(?:每年)?(?:的)?"
_DAYS = tuple(
    (kind, re.compile(pattern.format(who=WHO, what=f"(?P<label>{what})", is_=_DAY_IS, day=f"(?P<spoken>{DAY})")))
    for kind, what in _KINDS
    for pattern in ("{who}{what}{is_}{day}(?:那天|的)?", "{who}(?:是)?{day}(?:是|的)?{what}(?:的)?")
)
# "农历生日是八月十五" and "纪念日是520", as they are said in other words.
_CALENDAR_FIRST = re.compile(r"(?P<calendar>农历|阴历|阳历|公历)的?(?P<what>生日|寿辰)(?:是|在|为|:)?")
_FIGURES = re.compile(r"(?<=[日是在:])(?P<month>0?[1-9]|1[0-2])(?P<day>[0-3][0-9])$")
# The day comes round every year: 去年 is no part of what it is called.
_LAST_YEAR = re.compile(r"(?:去年|前年|今年|明年|每年)的?(?=(?:结婚|订婚|求婚|恋爱)(?:周年)?纪念日)")
_MARRIED = re.compile(rf"{WHO}(?:是|在|于)?(?P<spoken>{DAY})(?P<label>结婚|领证|订婚)(?:的)?")

_NAME = re.compile(
    rf"(?:我|咱)们?(?:家)?的?(?P<relation>{RELATION})(?:的)?(?P<titled>(?:名字|大名|小名|名)?(?:是)?(?:名叫|名字是)|(?:名字|大名|小名|名)(?:是)?叫做?)?(?(titled)|叫做?)"
    r"(?P<called>(?![我你您他她咱])[\u4e00-\u9fff]{1,4}|[a-z][a-z ]{1,15})"
)
# "我妈叫外卖", "我老公叫人来取": called for, not named.
_CALLED_FOR = re.compile(r"(?:了|不|人|车|停|吃|外卖|号|刻|救|小点|醒|门|一[个下声次])(?:.*)|.*(?:了|来|去|取|点|下)")
_DOUBLED = re.compile(r"[小大阿]?(.)\1")


def read(plain: str) -> tuple[Told, ...]:
    """What is to be remembered; () when the sentence is anything else. `plain`: without width and case."""
    if len(plain) > LONGEST or _ASKING.search(simplified(plain)):
        return ()
    if whole := _one(plain) or _one(_NO.sub("", plain, count=1)):
        return whole
    parts = [part for part in _BETWEEN.split(simplified(plain)) if part.strip()]
    if not 2 <= len(parts) <= MOST_FACTS:
        return ()
    asked = is_request(plain)
    told: list[Told] = []
    for part in parts:
        if not (found := _next(part, told[-1] if told else None, asked)):
            return ()
        told += found
    return tuple(told)


def is_request(plain: str) -> bool:
    """She says in so many words that we shall remember it."""
    return REQUEST.match(_compact(plain)) is not None


def statement(plain: str) -> str:
    """One sentence as the patterns read it; "" for a question or a story."""
    if len(plain) > LONGEST or _ASKING.search(simplified(plain)):
        return ""
    return _TAIL.sub("", REQUEST.sub("", _compact(plain), count=1))


def _next(part: str, before: Told | None, asked: bool) -> tuple[Told, ...]:
    """A half of "我婆婆叫王秀英，生日腊月初八" or "我对镍不过敏，对银过敏": of whom and what the first half was."""
    if isinstance(before, SkinTold) and (whole := bearing.going_on(_compact(part))):
        return _one(whole)
    found = _one(part, asked=asked)
    spoken_of = getattr(before, "relation", "")
    if not spoken_of or _compact(part).startswith(("我", "咱", "俺")):
        return found
    found = found or _one(f"我{spoken_of}{part}", asked=asked)
    return tuple(_of(spoken_of, one) for one in found)


def _of(relation: str, one: Told) -> Told:
    """A size or a birthday that she named nobody for is that of whom she spoke before."""
    if isinstance(one, SizeTold) and not one.relation:
        return replace(one, relation=relation)
    if isinstance(one, DayTold) and not one.relation and one.kind is OccasionKind.BIRTHDAY:
        return replace(one, relation=relation)
    return one


def _one(plain: str, *, asked: bool = False) -> tuple[Told, ...]:
    """The one thing that these words say; two for "我只对镍过敏", which says of all others that she bears them."""
    whole = _compact(plain)
    words = REQUEST.sub("", whole, count=1)
    asked = asked or words != whole
    if wish := liking.wish(words, asked):
        return (TastesTold((wish,)),)
    words = _TAIL.sub("", words)
    found = sizing.told(words, asked) or _day(words) or _name(words, plain)
    if found is not None:
        return (found,)
    if skin := bearing.told(words):
        return skin
    tastes = liking.tastes(words, asked)
    return (TastesTold(tastes),) if tastes else ()


def _day(words: str) -> DayTold | None:
    words = _LAST_YEAR.sub("", words)
    words = _FIGURES.sub(r"\g<month>.\g<day>", _CALENDAR_FIRST.sub(r"\g<what>是\g<calendar>", words))
    married = _MARRIED.fullmatch(words)
    if married is not None and (day := read_day(married["spoken"])) is not None and day.year is not None:
        kind = OccasionKind.ENGAGEMENT if married["label"] == "订婚" else OccasionKind.WEDDING
        return DayTold(_kept(married["relation"]), kind, "", day)
    for kind, pattern in _DAYS:
        found = pattern.fullmatch(words)
        day = read_day(found["spoken"]) if found else None
        if found is not None and day is not None:
            label = found["label"].removeprefix("我们").removeprefix("我") if kind is OccasionKind.OTHER else ""
            return DayTold(_kept(found["relation"]), kind, label, day)
    return None


def _name(words: str, plain: str) -> NameTold | None:
    """A name stays in the characters in which she wrote it."""
    found = _NAME.fullmatch(words)
    if found is None:
        return None
    called = found["called"].strip()
    if _CALLED_FOR.fullmatch(called) or not may_be_name(called):
        return None
    if not (found["titled"] or _DOUBLED.fullmatch(called) or (len(called) > 1 and has_surname(called))):
        return None
    at = simplified(plain.casefold()).rfind(called)
    return NameTold(KEPT_AS[found["relation"]], plain.casefold()[at : at + len(called)] if at >= 0 else called)


def _kept(relation: str | None) -> str:
    return KEPT_AS[relation] if relation else ""


def _compact(plain: str) -> str:
    """Simplified, without blanks and marks, but for those inside numbers and dates."""
    folded = simplified(unicodedata.normalize("NFKC", plain).casefold())
    return re.sub(r"[\s,，。;；!！~～、'\"“”…]|(?<![0-9])[.:](?![0-9])", "", folded)
