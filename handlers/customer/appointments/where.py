"""Which shop she means: by name, district, street, mall, city, or habit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

USUAL = re.compile(r"老地方|上次那家|上次的?店|上次去的|老店|还是那家|常去的?(?:那家|店)|之前那家|以前那家|原来那家")
NEAR = re.compile(r"附近|最近的?(?:店|门店|一家|那家|$)|离我(?:最)?近|就近|近一?点的")
ANOTHER = re.compile(r"(?:换|别的|其他|另一?|另外一?)(?:一)?(?:家|个)(?:门?店)?|换店|别的店|其他店|换门店")
_CALLED = re.compile(r"([\u4e00-\u9fff]{2,8}?)(?:分|门|专卖)?店(?![里员长铺])")
_LEADS = re.compile(r"[去在到是约选有的来换改成想]|你们|我们")
REFUSALS = ("不是", "不去", "不要", "不在", "别去")
# Characters that the name of a shop has.
NAME_LENGTHS = range(2, 5)
_NO_NAME = re.compile(
    r"你们|我们|这|那|哪|家|本|门|到|去|来|进|实体|线下|附近|最近|旗舰|上次|老|别|其他|另|珠宝|金|首饰|个|有|分|看|想"
)
_DISTRICT = re.compile(r"[^\d]{1,4}?[区县](?!域)")
_STREET = re.compile(r"[^\d区县市]{2,8}?(?:大道|路|街|巷|弄|道)")
_BUILDING = re.compile(r"号([^\d，,（(第]{2,10})")
_INSIDE = re.compile(r"(?:[A-Za-z]?座|[一二三四五六七八九十]+[层楼]|[A-Za-z]+$)")


@dataclass(frozen=True, slots=True)
class ShopName:
    """A shop as it is found in words: what it is called, and what stands around it."""

    id: int
    label: str
    names: tuple[str, ...]
    places: tuple[str, ...]
    city: str

    @classmethod
    def of(cls, store_id: int, name: str, city: str, address: str) -> ShopName:
        label = re.split(r"[·•・|｜\s-]", name)[-1] or name
        bare = label.removesuffix("店")
        names = (name, label, bare) if len(bare) > 1 else (name, label)
        short_city = city.removesuffix("市")
        return cls(store_id, label, tuple(word.casefold() for word in names), _places(address, short_city), short_city)


@dataclass(frozen=True, slots=True)
class Where:
    """What a message says about the shop."""

    ids: tuple[int, ...] = ()
    usual: bool = False
    near: bool = False
    another: bool = False
    unknown: str = ""

    def __bool__(self) -> bool:
        return bool(self.ids or self.usual or self.near or self.another or self.unknown)


def where_in(words: str, shops: Sequence[ShopName]) -> Where:
    """The shops that fit best: names before streets and malls before cities; several when she was vague."""
    if USUAL.search(words):
        return Where(usual=True)
    ids = (
        _by_name(_without_refused(words, shops), shops)
        or _by_name(words, shops)
        or _by_place(words, shops)
        or _by_city(words, shops)
    )
    if ids:
        return Where(ids)
    if NEAR.search(words):
        return Where(near=True)
    if ANOTHER.search(words):
        return Where(another=True)
    return Where(unknown=_unknown(words))


def _without_refused(words: str, shops: Sequence[ShopName]) -> str:
    """ "武林" of "不是湖滨，武林"."""
    names = sorted((name for shop in shops for name in shop.names), key=len, reverse=True)
    for phrase in (f"{refusal}{name}" for name in names for refusal in REFUSALS):
        words = words.replace(phrase, "")
    return words


def _unknown(words: str) -> str:
    """ "徐汇" in "想去徐汇店": a name that none of ours has; "" when she names none."""
    called = _CALLED.search(words)
    name = _LEADS.split(called[1])[-1] if called else ""
    return name if len(name) in NAME_LENGTHS and not _NO_NAME.search(name) else ""


def _by_name(words: str, shops: Sequence[ShopName]) -> tuple[int, ...]:
    lengths = {shop.id: max((len(name) for name in shop.names if name in words), default=0) for shop in shops}
    longest = max(lengths.values(), default=0)
    return tuple(shop_id for shop_id, length in lengths.items() if length == longest) if longest else ()


def _by_place(words: str, shops: Sequence[ShopName]) -> tuple[int, ...]:
    return tuple(shop.id for shop in shops if any(place in words for place in shop.places))


def _by_city(words: str, shops: Sequence[ShopName]) -> tuple[int, ...]:
    return tuple(shop.id for shop in shops if shop.city and shop.city in words)


def _places(address: str, city: str) -> tuple[str, ...]:
    """District (also without its last character), street and mall of an address."""
    rest = re.sub(rf"^(?:.{{2,3}}省)?(?:{city}市?)?", "", address) if city else address
    district = _DISTRICT.match(rest)
    after = rest[district.end() :] if district else rest
    street, building = _STREET.match(after), _BUILDING.search(after)
    found = [
        *((district[0], district[0][:-1]) if district else ()),
        *((street[0],) if street else ()),
        *((_INSIDE.sub("", building[1]),) if building else ()),
    ]
    return tuple(word.casefold() for word in found if len(word) > 1)
