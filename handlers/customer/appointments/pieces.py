"""Which pieces she would like to see: kinds, materials and styles of the catalogue in her words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# The catalogue's categories, and how customers call them.
_KINDS = {
    "戒指": "对戒|情侣戒|钻戒|婚戒|订婚戒|求婚戒|金戒|玉戒|排戒|戒指|指环|戒子",
    "手镯": "手镯|镯子|金镯子?|玉镯子?|银镯子?|镯",
    "项链": "锁骨链|毛衣链|套链|项链|颈链|链子|细链",
    "吊坠": "吊坠|坠子|挂坠|金牌|平安扣|长命锁|如意锁|无事牌|观音|佛公",
    "耳饰": "耳环|耳钉|耳坠|耳饰|耳线|耳夹|耳圈",
    "手链": "手链|手串|手绳|转运珠|脚链",
}
_SETS = "三金|五金|四金|四大件|套装|套系|全套|首饰|金饰|珠宝"
_MATERIALS = (
    "古法黄金|古法金|古法|足金|千足金|黄金|纯金|18k金?|14k金?|k金|玫瑰金|铂金|白金|pt950|足银|纯银|925银?|银|3d硬金|5g黄?金|3d|5g|硬金|金镶玉|金"
    "|akoya珍珠|akoya|南洋珍珠|南洋金珠|南洋|大溪地黑?珍珠|大溪地|淡水珍珠|淡水|澳白|黑珍珠|珍珠|翡翠|和田玉|玉"
    "|培育钻石?|莫桑钻|莫桑石|钻石|满钻|单钻|碎钻|彩钻|粉钻|黄钻|裸钻|钻|红宝石?|蓝宝石?|海蓝宝|祖母绿|彩宝|宝石|碧玺|蜜蜡|琥珀|绿松石|南红|玛瑙|水晶|贝母|珊瑚|欧泊"
)
_LOOKS = (
    "龙凤|花丝|珐琅|錾刻|哑光|拉丝|光面|六爪|四爪|微镶|群镶|素圈|素面|素|开口|实心|空心|复古|简约|结婚|订婚|求婚|生日|情侣|男士|女士|男款|女款|男|女|宝宝|儿童"
    "|[一两三0-9.]+克拉的?|[0-9]+分的?|细|粗|小|大|轻|新款|新"
)
# Stones and crafts that are a wish by themselves; "金" and "玉" alone are too little.
_ALONE = (
    "古法黄金|古法金|黄金|铂金|翡翠|和田玉|珍珠|澳白|钻石|培育钻石?|裸钻|红宝石?|蓝宝石?|祖母绿|彩宝|碧玺|蜜蜡"
    "|琥珀|南红"
)
_KIND_WORDS = "|".join(sorted((word for words in _KINDS.values() for word in words.split("|")), key=len, reverse=True))
WISH = re.compile(rf"(?:(?:{_MATERIALS}|{_LOOKS})的?)*(?:{_KIND_WORDS}|{_SETS})|(?:{_ALONE})(?:首饰|饰品)?")
STYLE_NO = re.compile(r"(?<![a-z0-9])([a-z]{1,4})-?([0-9]{3,8})(?![0-9])")
# What is left of a style's name when this is taken away makes it different from the others.
_COMMON = re.compile(
    rf"{_MATERIALS}|{_KIND_WORDS}|{_SETS}|[六四]爪|[男女]?款|排钻|单只|一对|串珠|链|戒|镯|牌|坠|珠|[（）()·\s]"
)
_NOT = re.compile(r"(?:不(?:想|要|用|再|打算)?(?:看|试|试戴|选|挑|要)|别看|不考虑)(?P<what>[^，,。;；看试换改]{1,12})")
INSTEAD = re.compile(r"换成|改成|换看|改看|换个|改|还是(?:看|试|要)|就看|只看|只试")
# Characters of a name that must be found before it counts as named.
SHORTEST_NAME = 2
# Share of the distinctive words that she must have said.
NAMED_ENOUGH = 0.6
# A visit shows a few pieces well, not a window of them.
MOST_PIECES = 6


@dataclass(frozen=True, slots=True)
class StyleName:
    """A style as it is found in words: its number, and what no other name has."""

    id: int
    number: str
    name: str
    category: str
    distinct: str

    @classmethod
    def of(cls, style_id: int, number: str, name: str, category: str) -> StyleName:
        return cls(style_id, number.casefold().replace("-", ""), name, category, _COMMON.sub("", name.casefold()))


@dataclass(frozen=True, slots=True)
class Piece:
    """Something she would like to see: her words, or a style's name with its id (0: none)."""

    words: str
    style_id: int = 0


@dataclass(frozen=True, slots=True)
class Pieces:
    """What a message says about pieces: wanted, no longer wanted, and whether it replaces what was said before."""

    wanted: tuple[Piece, ...] = ()
    dropped: tuple[str, ...] = ()
    instead: bool = False

    def __bool__(self) -> bool:
        return bool(self.wanted or self.dropped)

    def applied_to(self, before: Iterable[Piece]) -> tuple[Piece, ...]:
        """What she wants to see now, at most six, the newest kept."""
        kept = [] if self.instead and self.wanted else [piece for piece in before if not self._drops(piece)]
        together = dict.fromkeys([*(piece for piece in kept if not self._names_better(piece)), *self.wanted])
        return tuple(together)[-MOST_PIECES:]

    def _drops(self, piece: Piece) -> bool:
        return any(gone in piece.words or kind_of(gone) == kind_of(piece.words) != "" for gone in self.dropped)

    def _names_better(self, piece: Piece) -> bool:
        """ "手镯", said before, is what she now calls "古法手镯"."""
        return any(piece.words != new.words and new.words.endswith(piece.words) for new in self.wanted)


def pieces_in(words: str, styles: Sequence[StyleName]) -> Pieces:
    """What she says about pieces; `words` simplified and in lower case, without the time phrase."""
    refused = [found["what"] for found in _NOT.finditer(words)]
    dropped = tuple(found[0] for what in refused for found in WISH.finditer(what))
    said = _NOT.sub("，", words)
    wishes = [found[0].strip("的") for found in WISH.finditer(said)]
    named = styles_in(said, [kind for wish in wishes if (kind := kind_of(wish))], styles)
    rest = [wish for wish in wishes if not any(_is_meant(wish, style) for style in named)]
    wanted = [*(Piece(style.name, style.id) for style in named), *(Piece(wish) for wish in dict.fromkeys(rest))]
    return Pieces(tuple(wanted), dropped, bool(INSTEAD.search(words)))


def styles_in(words: str, kinds: Sequence[str], styles: Sequence[StyleName]) -> list[StyleName]:
    """The styles that she names by number or by name; none when the name fits several designs."""
    numbers = {"".join(found.groups()) for found in STYLE_NO.finditer(words)}
    by_number = [style for style in styles if style.number in numbers]
    if by_number:
        return by_number
    fitting = [(named, style) for style in styles if (named := _named(words, style, kinds))[0] >= NAMED_ENOUGH]
    best = max((named for named, _ in fitting), default=None)
    chosen = [style for named, style in fitting if named == best]
    return chosen if len({style.distinct for style in chosen}) == 1 else []


def kind_of(words: str) -> str:
    """The catalogue's category of what she calls a piece; "" for a stone or a set."""
    kinds = ((kind, word) for kind, names in _KINDS.items() for word in re.findall(names, words))
    return max(kinds, key=lambda pair: len(pair[1]), default=("", ""))[0]


def _named(words: str, style: StyleName, kinds: Sequence[str]) -> tuple[float, int]:
    """How much of the style's distinctive name stands in her words: as a share of it, and in characters."""
    whole = style.distinct
    if len(whole) < SHORTEST_NAME or (kinds and style.category not in kinds):
        return 0.0, 0
    runs = (whole[start:end] for start in range(len(whole)) for end in range(start + SHORTEST_NAME, len(whole) + 1))
    longest = max((len(run) for run in runs if run in words), default=0)
    return longest / len(whole), longest


def _is_meant(wish: str, style: StyleName) -> bool:
    return kind_of(wish) in (style.category, "")
