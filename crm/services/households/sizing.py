"""Sizes of fingers, wrists and necks, read out of a sentence: her own and those of her family."""

from __future__ import annotations

import re

from crm.models import SizeKind
from crm.services.households.relations import KEPT_AS, WHO
from crm.services.households.told import SizeTold

_SIDE = r"(?:左手|右手|左|右)?的?"
_ONE_FINGER = r"(?:大?拇指|食指|中指|无名指|小拇?指|尾指)"
_FINGER = rf"{_SIDE}(?:{_ONE_FINGER}|手指)?"
_MEASURE = r"(?:尺寸|尺码|号码|圈号|圈口|大小|手寸)"
_RING = rf"(?:手寸|指圈|戒圈|指围|{_FINGER}的?(?:戒指)?的?{_MEASURE}|戒指|{_FINGER}(?<=指))"
_NUMBER = r"(?:港码|港度|国内|国标|欧码|美码|日码)?[0-9]{1,2}(?:\.5)?|[一二]?十[一二三四五六七八九]?|[五六七八九]"
_RING_VALUE = rf"(?P<value>{_NUMBER})(?:号半?|码|#|圈)?"
_BRACELET = r"(?:手镯|镯子|手链|手串)?的?(?:手围|圈口|手腕围?|腕围|内径)"
_NECKLACE = r"(?:项链|锁骨链|链子)的?(?:长度|尺寸|长短)?|颈围|脖围"
_LENGTH = r"(?P<value>[0-9]{2}(?:\.[0-9])?)(?P<unit>厘米|公分|cm|毫米|mm|号)?(?:长)?"
# "写错了，应该是14号", "不是12号，是14号": what was told before was wrong.
_WRONG = (
    r"(?:之前|上次|刚才|你们?|我)*(?:写|记|填|说|报|登记|量|弄|搞)?(?:错|不对|有误|不准)了?(?:我|重新量了?)*(?:应该|其实|正确的|准确的)*"
    r"|(?:应该|其实)?不是[0-9一二三四五六七八九十.]{1,4}(?:号半?|码|厘米|cm|了)?(?:而|我|应该)?"
)
_IS = (
    rf"(?:{_WRONG})?(?:是|为|改成|改为|改|换成|更正为|现在是|应该是|其实是|要|戴的?是?|一般戴|平时戴|戴|量了是|就是|:)?"
)
# "手寸应该是14不是13".
_NOT_THAT = r"(?:(?:而)?不是(?:[0-9]{1,2}(?:\.5)?|[一二]?十?[一二三四五六七八九]?)(?:号半?|码|圈)?(?:的|了)*)?"
_SIZES: tuple[tuple[SizeKind, re.Pattern[str]], ...] = (
    (SizeKind.RING, re.compile(rf"{WHO}{_RING}{_IS}{_RING_VALUE}(?:的|才对)*{_NOT_THAT}")),
    (SizeKind.RING, re.compile(rf"{WHO}(?:平时|一般)?(?:戴|是){_RING_VALUE}的?(?:戒指|圈口|手寸)")),
    (SizeKind.RING, re.compile(rf"{WHO}(?:平时|一般)?戴{_RING_VALUE}的?")),
    (SizeKind.BRACELET, re.compile(rf"{WHO}(?:{_BRACELET}){_IS}{_LENGTH}(?:的|才对)*")),
    (SizeKind.NECKLACE, re.compile(rf"{WHO}(?:{_NECKLACE}){_IS}{_LENGTH}(?:的|才对)*")),
)
# "左手中指12号，右手无名指13号": each finger has its own.
_OF_A_FINGER = rf"(?:左手|右手|{_SIDE}{_ONE_FINGER})的?(?:戒指)?(?:是|戴|要)?(?:{_NUMBER})号半?"
_FINGERS = re.compile(rf"{WHO}{_OF_A_FINGER}(?:(?:和|跟|还有|以及)?{_OF_A_FINGER}){{1,3}}(?:的)?")
_EACH = re.compile(
    rf"(?P<side>左|右)?手?的?(?P<finger>{_ONE_FINGER})?的?(?:戒指)?(?:是|戴|要)?(?P<value>{_NUMBER})(?P<half>号半)?"
)
# "我的戒指改成12号" is an order to the workshop, not the size of a finger.
_RESIZED = re.compile(r"戒指的?(?:改成|改为|改|要)")
# Sizes that fingers, wrists and necks have: of the Hong Kong scale, in millimetres or centimetres.
_RANGES = {SizeKind.RING: (3, 33), SizeKind.BRACELET: (12, 70), SizeKind.NECKLACE: (30, 90)}
# Characters that the column of her own ring size takes.
OWN_LENGTH = 16


def told(words: str, asked: bool) -> SizeTold | None:
    """The size that the whole of `words` is about; `asked`: she says that it shall be remembered."""
    if (fingers := _FINGERS.fullmatch(words)) is not None:
        return _of_fingers(fingers)
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
        return SizeTold(_kept(found), kind, _value(kind, found))
    return None


def _of_fingers(found: re.Match[str]) -> SizeTold | None:
    """All of them as one size: 左中指12号、右无名指13号. None for what no hand has, or no column holds."""
    each = list(_EACH.finditer(found.string, found.end("relation") if found["relation"] else 0))
    if not all(_fits(SizeKind.RING, one["value"]) for one in each):
        return None
    value = "、".join(
        f"{one['side'] or ''}{one['finger'] or '手'}{_ring(one['value'], bool(one['half']))}" for one in each
    )
    relation = _kept(found)
    return SizeTold(relation, SizeKind.RING, value) if relation or len(value) <= OWN_LENGTH else None


def _value(kind: SizeKind, found: re.Match[str]) -> str:
    value = found["value"]
    if kind is SizeKind.RING:
        return _ring(value, "号半" in found.string[found.start("value") :])
    unit = found["unit"] or ""
    if unit in ("毫米", "mm", "号"):
        return f"{value}mm" if unit != "号" else f"{value}号"
    if unit:
        return f"{value}cm"
    return f"{value}号" if kind is SizeKind.BRACELET and float(value) > 40 else f"{value}cm"


def _ring(value: str, half: bool) -> str:
    if not re.search("[0-9]", value):
        return f"{_spelled(value)}号"
    return f"{value}号半" if half else f"{value}号"


def _fits(kind: SizeKind, value: str) -> bool:
    least, most = _RANGES[kind]
    digits = re.search(r"[0-9]+(?:\.[0-9])?", value)
    return least <= (float(digits[0]) if digits else _spelled(value)) <= most


def _spelled(word: str) -> int:
    tens, ten, ones = word.rpartition("十")
    digits = "零一二三四五六七八九"
    return (digits.index(tens or "一") * 10 if ten else 0) + (digits.index(ones) if ones else 0)


def _kept(found: re.Match[str]) -> str:
    return KEPT_AS[found["relation"]] if found["relation"] else ""
