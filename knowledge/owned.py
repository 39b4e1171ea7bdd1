"""The customer's own pieces in a question: "我的项链能泡温泉吗" is about what her necklace is made of."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.lexicon import Lexicon
from knowledge.reading import Reader, Reading

# She speaks of what she has. "我想买" and "我朋友的" do not.
_HERS = re.compile(
    r"(?:我|我家|我们|俺|咱)(?:的|这|那|家的|之前|上次|去年|前年|在你|从你|跟你|买的|戴的|自己的|手上|脖子上|耳朵上)|在你们?(?:家|店|这)[^,?\n]{0,3}买的|我[^,?\n想要给朋]{0,4}买的"
)
_NOT_YET_HERS = re.compile(r"我(?:想|要|打算|准备|朋友|妈|爸|老婆|老公|婆婆|女儿|儿子|闺蜜|对象|男友|女友)")
# More pieces than this are not told apart in one answer: the most delicate of them decides.
MOST_PIECES = 3


@dataclass(frozen=True, slots=True)
class OwnedPiece:
    """A piece that the customer has, as the shop's books name it; empty where they don't say."""

    name: str
    category: str = ""
    material: str = ""
    gem: str = ""
    setting: str = ""

    @property
    def described(self) -> str:
        """Everything that the books say about it, as one text."""
        return " ".join(filter(None, (self.material, self.gem, self.setting, self.name)))


@dataclass(frozen=True, slots=True)
class OwnReading:
    """A question completed by what one or several of her pieces are made of."""

    reading: Reading
    names: tuple[str, ...]


def speaks_of_her_own(reading: Reading) -> bool:
    """Is the question about a piece she has, without saying what it is made of?"""
    if reading.materials or not reading.concerns or _NOT_YET_HERS.search(reading.text):
        return False
    return bool(_HERS.search(reading.text))


def completed(reading: Reading, pieces: Sequence[OwnedPiece], reader: Reader) -> list[OwnReading]:
    """The question once for each kind of piece that it may mean; none when her pieces say nothing about it."""
    made_of: dict[tuple[str, ...], list[str]] = {}
    for piece, materials in _meant(reading, pieces, reader):
        names = made_of.setdefault(materials, [])
        names.extend([piece.name] if piece.name not in names else [])
    if len(made_of) > MOST_PIECES:
        everything = tuple(dict.fromkeys(material for materials in made_of for material in materials))
        made_of = {everything: [name for names in made_of.values() for name in names]}
    return [OwnReading(_with(reading, materials), tuple(names)) for materials, names in made_of.items()]


def of_other_materials(said: Collection[str], readings: Sequence[OwnReading], lexicon: Lexicon) -> bool:
    """Does an answer that speaks of these materials speak of none of her pieces? Silver's black is not gold's."""
    hers = {material for own in readings for material in own.reading.materials}
    return bool(said and hers) and not any(lexicon.related(one, other) for one in said for other in hers)


def _meant(
    reading: Reading, pieces: Sequence[OwnedPiece], reader: Reader
) -> Iterator[tuple[OwnedPiece, tuple[str, ...]]]:
    for piece in pieces:
        described = reader.read(piece.described)
        kinds = {*reader.read(piece.category).objects, *described.objects}
        if described.materials and (not reading.objects or kinds & set(reading.objects)):
            yield piece, described.materials


def _with(reading: Reading, materials: tuple[str, ...]) -> Reading:
    return replace(reading, ideas=tuple(dict.fromkeys((*materials, *reading.ideas))))
