"""What a customer wants remembered, read out of her sentence: sizes, days, family, tastes, what her skin bears.

A question that is taken for a statement annoys, and a booking that is taken for a birthday loses a
visit: the whole sentence must be one of these statements, with nothing left over. The table of what
is and what is not remembered is tests/crm/households/test_reading.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from crm.models import OccasionKind, SizeKind, TasteKind
from crm.services.households import liking
from crm.services.households.days import PATTERN as DAY
from crm.services.households.days import YearDay, read_day
from crm.services.households.relations import KEPT_AS
from crm.services.households.relations import PATTERN as RELATION
from crm.services.names import has_surname, may_be_name

# Characters: nobody says one fact in a longer sentence. Facts said in one message.
LONGEST, MOST_FACTS = 60, 5


@dataclass(frozen=True, slots=True)
class SizeTold:
    """`relation` "": her own."""

    relation: str
    kind: SizeKind
    value: str


@dataclass(frozen=True, slots=True)
class DayTold:
    relation: str
    kind: OccasionKind
    label: str
    day: YearDay


@dataclass(frozen=True, slots=True)
class NameTold:
    relation: str
    called: str


@dataclass(frozen=True, slots=True)
class TastesTold:
    tastes: tuple[tuple[TasteKind, str], ...]


@dataclass(frozen=True, slots=True)
class SkinTold:
    """What her skin does not bear; `words`: the whole sentence."""

    material: str
    words: str


Told = SizeTold | DayTold | NameTold | TastesTold | SkinTold

_ASKS_US = (
    r"(?:你好|您好|请|麻烦|帮我|帮忙|给我|替我|你们?|您)*"
    r"(?:记住|记一下|记下来?|记着|记录一?下?|登记一?下?|备注一下|存一下|保存一?下?|更新一?下?|改一?下|修改一?下?|帮我记)"
)
REQUEST = re.compile(_ASKS_US)
_TAIL = re.compile(
    r"(?:(?:请|麻烦|帮我|帮忙|你们?|您)*(?:记一?下|记住|记下来?|记着|登记一?下|更新一?下|备注一下))?"
    r"(?:哦|噢|喔|啊|呀|哈|吧|了|哟|嗯|谢谢[你您]?|多谢|辛苦了?)*$"
)
# Whoever asks does not state.
_ASKING = re.compile(
    r"[?？]|吗|什么|怎么|多少|几[号月岁点]|哪|如何|能不能|可不可以|可以|是不是|要不要|有没有|呢|为啥|咋|多大"
)
_WHO = rf"(?:(?:我|咱|俺)们?(?:家)?的?(?:(?:和|跟)(?:我)?(?:{RELATION})的?)?)?(?P<relation>{RELATION})?的?"

_FINGER = r"(?:左手|右手)?的?(?:大拇指|食指|中指|无名指|小指|手指)?"
_MEASURE = r"(?:尺寸|尺码|号码|圈号|圈口|大小|手寸)"
_RING = rf"(?:手寸|指圈|戒圈|指围|{_FINGER}的?(?:戒指)?的?{_MEASURE}|戒指|{_FINGER}(?<=指))"
_RING_VALUE = (
    r"(?P<value>(?:港码|港度|国内|国标|欧码|美码|日码)?[0-9]{1,2}(?:\.5)?|[一二]?十[一二三四五六七八九]?|[五六七八九])"
    r"(?:号半?|码|#|圈)?"
)
_BRACELET = r"(?:手镯|镯子|手链|手串)?的?(?:手围|圈口|手腕围?|腕围|内径)"
_NECKLACE = r"(?:项链|锁骨链|链子)的?(?:长度|尺寸|长短)?|颈围|脖围"
_LENGTH = r"(?P<value>[0-9]{2}(?:\.[0-9])?)(?P<unit>厘米|公分|cm|毫米|mm|号)?(?:长)?"
_IS = r"(?:是|为|改成|改为|现在是|应该是|要|戴的?是?|一般戴|平时戴|戴|量了是|就是|:)?"
_SIZES: tuple[tuple[SizeKind, re.Pattern[str]], ...] = (
    (SizeKind.RING, re.compile(rf"{_WHO}{_RING}{_IS}{_RING_VALUE}(?:的)?")),
    (SizeKind.RING, re.compile(rf"{_WHO}(?:平时|一般)?(?:戴|是){_RING_VALUE}的?(?:戒指|圈口|手寸)")),
    (SizeKind.RING, re.compile(rf"{_WHO}(?:平时|一般)?戴{_RING_VALUE}的?")),
    (SizeKind.BRACELET, re.compile(rf"{_WHO}(?:{_BRACELET}){_IS}{_LENGTH}(?:的)?")),
    (SizeKind.NECKLACE, re.compile(rf"{_WHO}(?:{_NECKLACE}){_IS}{_LENGTH}(?:的)?")),
)
# "我的戒指改成12号" is an order to the workshop, not the size of a finger.
_RESIZED = re.compile(r"戒指的?(?:改成|改为|要)")
# Sizes that fingers, wrists and necks have: of the Hong Kong scale, in millimetres or centimetres.
_RANGES = {SizeKind.RING: (3, 33), SizeKind.BRACELET: (12, 70), SizeKind.NECKLACE: (30, 90)}

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
_DAY_IS = r"(?:是|在|为|就是|改成|改为|应该是|于|:)?(?:每年)?(?:的)?"
_DAYS = tuple(
    (kind, re.compile(pattern.format(who=_WHO, what=f"(?P<label>{what})", is_=_DAY_IS, day=f"(?P<spoken>{DAY})")))
    for kind, what in _KINDS
    for pattern in ("{who}{what}{is_}{day}(?:那天|的)?", "{who}(?:是)?{day}(?:是|的)?{what}(?:的)?")
)
# "农历生日是八月十五" and "纪念日是520", as they are said in other words.
_CALENDAR_FIRST = re.compile(r"(?P<calendar>农历|阴历|阳历|公历)的?(?P<what>生日|寿辰)(?:是|在|为|:)?")
_FIGURES = re.compile(r"(?<=[日是在:])(?P<month>0?[1-9]|1[0-2])(?P<day>[0-3][0-9])$")
# The day comes round every year: 去年 is no part of what it is called.
_LAST_YEAR = re.compile(r"(?:去年|前年|今年|明年|每年)的?(?=(?:结婚|订婚|求婚|恋爱)(?:周年)?纪念日)")
_MARRIED = re.compile(rf"{_WHO}(?:是|在|于)?(?P<spoken>{DAY})(?P<label>结婚|领证|订婚)(?:的)?")

_NAME = re.compile(
    rf"(?:我|咱)们?(?:家)?的?(?P<relation>{RELATION})(?:的)?(?P<titled>(?:名字|大名|小名|名)?(?:是)?(?:名叫|名字是)|(?:名字|大名|小名|名)(?:是)?叫做?)?(?(titled)|叫做?)"
    r"(?P<called>(?![我你您他她咱])[\u4e00-\u9fff]{1,4}|[a-z][a-z ]{1,15})"
)
# "我妈叫外卖", "我老公叫人来取": called for, not named.
_CALLED_FOR = re.compile(r"(?:了|不|人|车|停|吃|外卖|号|刻|救|小点|醒|门|一[个下声次])(?:.*)|.*(?:了|来|去|取|点|下)")
_DOUBLED = re.compile(r"[小大阿]?(.)\1")
# What jewellery is made of, what it is cleaned and glued with; whatever else skin does not bear is not ours to keep.
_BORNE = (
    r"(?:(?:s?925|9[0-9]{2}|纯|白|足)?银|镍|黄铜|白铜|红铜|铜|锌合金|钛合金|合金|重?金属|镀金|镀银|镀铑|包金|(?:9|14|18|22|24)?k金?(?:白金)?"
    r"|玫瑰金|黄金|足金|白金|铂金?|钯金?|金|钛钢?|不锈钢|铬|钴|锌|铅|锡|铁|钢|珍珠|翡翠|玉石?|琥珀|蜜蜡|珊瑚|贝壳|水晶|宝石|钻石|木头|皮革|皮绳"
    r"|乳胶|橡胶|硅胶|树脂|胶水|胶布|胶|粘合剂|指甲油|酒精|香水|香精|化妆品|护肤品|防晒霜|洗银水|消毒水|清洁剂|清洗液|碘伏)"
)
_MATERIALS = re.compile(
    rf"{_BORNE}(?:[和跟或]?{_BORNE})*(?:类|质|制)?的?(?:首饰|饰品|耳钉|耳环|耳针|项链|戒指|手链|材质|材料|制品)?"
)
_SKIN = (
    re.compile(
        r"我(?:的)?(?:皮肤|耳朵|手)?(?:对)(?P<material>[\u4e00-\u9fffa-z0-9]{1,8}?)(?:有点|会|很|严重|都|比较)*过敏(?:的)?"
    ),
    re.compile(r"我(?P<material>镍|银|铜|合金|金属|925银|k金|18k金|酒精)过敏(?:的)?"),
    re.compile(
        r"我(?:一)?戴(?P<material>镍|银|银饰|铜|合金|镀金|镀银|k金|18k金|925银|金属)(?:的)?(?:首饰|耳钉|耳环|项链|饰品)?"
        r"(?:就|都|会|老是|总是|容易)+(?:过敏|起疹子|发红|发痒|痒|红肿|起小?红点)"
    ),
)


def read(plain: str) -> tuple[Told, ...]:
    """What is to be remembered; () when the sentence is anything else. `plain`: without width and case."""
    if len(plain) > LONGEST or _ASKING.search(plain):
        return ()
    whole = _one(plain)
    if whole is not None:
        return (whole,)
    parts = [part for part in re.split(r"[,，;；。、\n]|(?:还有|以及)", plain) if part.strip()]
    if not 2 <= len(parts) <= MOST_FACTS:
        return ()
    asked = bool(REQUEST.match(_compact(plain)))
    told: list[Told] = []
    for part in parts:
        one = _one(part, asked=asked)
        if one is None:
            return ()
        told.append(_of_the_same(one, told[-1] if told else None, part))
    return tuple(told)


def _of_the_same(one: Told, before: Told | None, part: str) -> Told:
    """ "我婆婆叫王秀英，生日腊月初八": the second half is about her mother-in-law, too."""
    spoken_of = getattr(before, "relation", "")
    if not spoken_of or _compact(part).startswith(("我", "咱", "俺")):
        return one
    if isinstance(one, SizeTold) and not one.relation:
        return replace(one, relation=spoken_of)
    if isinstance(one, DayTold) and not one.relation and one.kind is OccasionKind.BIRTHDAY:
        return replace(one, relation=spoken_of)
    return one


def is_request(plain: str) -> bool:
    """She says in so many words that we shall remember it."""
    return REQUEST.match(_compact(plain)) is not None


def _one(plain: str, *, asked: bool = False) -> Told | None:
    compact = _compact(plain)
    words = REQUEST.sub("", compact, count=1) if REQUEST.match(compact) else compact
    asked = asked or words != compact
    if wish := liking.wish(words, asked):
        return TastesTold((wish,))
    words = _TAIL.sub("", words)
    readers: tuple[Callable[[str, bool], Told | None], ...] = (_size, _day, _name, _skin, _tastes)
    return next((found for reader in readers if (found := reader(words, asked)) is not None), None)


def _size(words: str, asked: bool) -> SizeTold | None:
    for kind, pattern in _SIZES:
        found = pattern.fullmatch(words)
        if found is None or not _fits(kind, found["value"]):
            continue
        if kind is SizeKind.RING and _RESIZED.search(words):
            return None
        whose = bool(found["relation"]) or words.startswith(("我", "咱", "俺"))
        if not (asked or whose or re.match(r"手寸|指圈|手围|圈口|颈围|手腕", words)):
            return None
        if kind is SizeKind.RING and not re.search(r"号|码|#|圈|寸|尺|大小|围", words):
            return None  # "老婆的戒指 3" may be a number of pieces
        return SizeTold(_kept(found["relation"]), kind, _size_value(kind, found))
    return None


def _size_value(kind: SizeKind, found: re.Match[str]) -> str:
    value = found["value"]
    if kind is SizeKind.RING:
        if not re.search("[0-9]", value):
            return f"{_spelled(value)}号"
        return f"{value}号半" if "号半" in found.string else f"{value}号"
    unit = found["unit"] or ""
    if unit in ("毫米", "mm", "号"):
        return f"{value}mm" if unit != "号" else f"{value}号"
    if unit:
        return f"{value}cm"
    return f"{value}号" if kind is SizeKind.BRACELET and float(value) > 40 else f"{value}cm"


def _fits(kind: SizeKind, value: str) -> bool:
    least, most = _RANGES[kind]
    digits = re.search(r"[0-9]+(?:\.[0-9])?", value)
    return least <= (float(digits[0]) if digits else _spelled(value)) <= most


def _spelled(word: str) -> int:
    tens, ten, ones = word.rpartition("十")
    digits = "零一二三四五六七八九"
    return (digits.index(tens or "一") * 10 if ten else 0) + (digits.index(ones) if ones else 0)


def _day(words: str, asked: bool) -> DayTold | None:
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


def _name(words: str, asked: bool) -> NameTold | None:
    found = _NAME.fullmatch(words)
    if found is None:
        return None
    called = found["called"].strip()
    if _CALLED_FOR.fullmatch(called) or not may_be_name(called):
        return None
    if not (found["titled"] or _DOUBLED.fullmatch(called) or (len(called) > 1 and has_surname(called))):
        return None
    return NameTold(KEPT_AS[found["relation"]], called)


def _skin(words: str, asked: bool) -> SkinTold | None:
    for found in (pattern.fullmatch(words) for pattern in _SKIN):
        if found is not None and (material := worn_material(found["material"])):
            return SkinTold(material, words)
    return None


def worn_material(words: str) -> str:
    """As the shop writes it; "" for what jewellery is not made of."""
    return words.replace("k金", "K金") if _MATERIALS.fullmatch(words) else ""


def statement(plain: str) -> str:
    """One sentence as the patterns read it; "" for a question or a story."""
    if len(plain) > LONGEST or _ASKING.search(plain):
        return ""
    return _TAIL.sub("", REQUEST.sub("", _compact(plain), count=1))


def _tastes(words: str, asked: bool) -> TastesTold | None:
    found = liking.tastes(words, asked)
    return TastesTold(found) if found else None


def _kept(relation: str | None) -> str:
    return KEPT_AS[relation] if relation else ""


def _compact(plain: str) -> str:
    """Without blanks and marks, but for those inside numbers and dates."""
    folded = unicodedata.normalize("NFKC", plain).casefold()
    return re.sub(r"[\s,，。;；!！~～、'\"“”…]|(?<![0-9])[.:](?![0-9])", "", folded)
