"""The inverted index: which ways of asking share ideas, words and pairs of characters with a question."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass

from knowledge.lexicon import Lexicon
from knowledge.reading import Reading

# A wider idea (gold for pure gold) says half as much as the idea itself.
WIDER_SHARE = 0.5
# A pair of characters says less than an idea: it is there for wordings that no lexicon knows.
PAIR_SHARE = 0.35
# What stands in many ways of asking an entry speaks for it, but not for each time anew (0 = once, 1 = every time).
REPEATED = 0.7
_NOT_PAIRED = re.compile(r"[\s,?\n]+")

Vector = dict[str, float]
Postings = dict[str, list[tuple[int, float]]]


@dataclass(frozen=True, slots=True)
class Way:
    """One way of asking for one entry."""

    entry: int
    vector: Vector


@dataclass(frozen=True, slots=True)
class Closeness:
    """How close an entry is: its best way of asking, the mean of the best three (or fewer), all ways as one."""

    best: float = 0.0
    three: float = 0.0
    whole: float = 0.0


def features(reading: Reading, lexicon: Lexicon) -> Vector:
    """Ideas, wider ideas, plain words and pairs of characters, each with its share."""
    found: Vector = {}
    for idea in reading.ideas:
        found[f"idea:{idea}"] = 1.0
        for wider in lexicon.wider_ideas(idea):
            found.setdefault(f"idea:{wider}", WIDER_SHARE)
    for word in reading.words:
        found[f"word:{word}"] = 1.0
    for pair in pairs(reading.text):
        found[f"pair:{pair}"] = PAIR_SHARE
    return found


def pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters of each clause."""
    parts = _NOT_PAIRED.split(text)
    return {part[at : at + 2] for part in parts for at in range(len(part) - 1)}


class Index:
    """Ways of asking, found by what they share with a question."""

    def __init__(self, lexicon: Lexicon, readings: Iterable[tuple[int, Reading]]) -> None:
        self._lexicon = lexicon
        raw = [(entry, features(reading, lexicon)) for entry, reading in readings]
        self.entry_count = max((entry for entry, _ in raw), default=-1) + 1
        self.rarity = _rarity(raw, self.entry_count)
        self.rarest = math.log(1 + self.entry_count)
        self.ways = [Way(entry, self._unit_length(found)) for entry, found in raw]
        self._postings = _postings((number, way.vector) for number, way in enumerate(self.ways))
        self._wholes = _postings(_wholes(self.ways).items())
        self.vocabulary = _vocabulary(raw, self.entry_count)
        self._later_postings: Postings = {}
        self._later_wholes: dict[int, Vector] = {}

    def extended(self, readings: Iterable[tuple[int, Reading]]) -> "Index":
        """The same index with further ways of asking; how rare a feature is stays as it was, so this is quick."""
        raw = [(entry, features(reading, self._lexicon)) for entry, reading in readings]
        later = [Way(entry, self._unit_length(found)) for entry, found in raw]
        longer = copy(self)
        longer.ways = [*self.ways, *later]
        longer.entry_count = max([self.entry_count, *(way.entry + 1 for way in later)])
        longer._later_postings = _postings((len(self.ways) + at, way.vector) for at, way in enumerate(later))
        touched = {way.entry for way in later}
        longer._later_wholes = _wholes(way for way in longer.ways if way.entry in touched)
        longer.vocabulary = [*self.vocabulary, *(set() for _ in range(longer.entry_count - self.entry_count))]
        for entry, known in zip(touched, _vocabulary_of(raw, touched), strict=True):
            longer.vocabulary[entry] = longer.vocabulary[entry] | known
        return longer

    def closeness(self, found: Vector) -> dict[int, Closeness]:
        """For each entry that shares anything with these features: how close it is."""
        asked = self._unit_length(found)
        wholes = _dot_products(asked, self._wholes)
        wholes.update((entry, _dot_product(asked, whole)) for entry, whole in self._later_wholes.items())
        nearest: dict[int, list[float]] = defaultdict(list)
        for postings in (self._postings, self._later_postings):
            for number, cosine in _dot_products(asked, postings).items():
                nearest[self.ways[number].entry].append(cosine)
        return {entry: _closeness(cosines, wholes.get(entry, 0.0)) for entry, cosines in nearest.items()}

    def _unit_length(self, found: Mapping[str, float]) -> Vector:
        weighted = {feature: share * self.rarity.get(feature, self.rarest) for feature, share in found.items()}
        length = math.sqrt(sum(weight * weight for weight in weighted.values())) or 1.0
        return {feature: weight / length for feature, weight in weighted.items()}


def _postings(vectors: Iterable[tuple[int, Vector]]) -> Postings:
    postings: Postings = defaultdict(list)
    for number, vector in vectors:
        for feature, weight in vector.items():
            postings[feature].append((number, weight))
    return dict(postings)


def _wholes(ways: Iterable[Way]) -> dict[int, Vector]:
    """All ways of asking of an entry as one vector of unit length."""
    sums: dict[int, Vector] = {}
    for way in ways:
        total = sums.setdefault(way.entry, defaultdict(float))
        for feature, weight in way.vector.items():
            total[feature] += weight
    for total in sums.values():
        total.update({feature: weight**REPEATED for feature, weight in total.items()})
        length = math.sqrt(sum(weight * weight for weight in total.values())) or 1.0
        total.update({feature: weight / length for feature, weight in total.items()})
    return sums


def _dot_products(asked: Vector, postings: Postings) -> dict[int, float]:
    dots: dict[int, float] = defaultdict(float)
    for feature, weight in asked.items():
        for number, stored in postings.get(feature, ()):
            dots[number] += weight * stored
    return dots


def _dot_product(asked: Vector, stored: Vector) -> float:
    return sum(weight * stored.get(feature, 0.0) for feature, weight in asked.items())


def _closeness(cosines: list[float], whole: float) -> Closeness:
    nearest = sorted(cosines, reverse=True)[:3]
    return Closeness(nearest[0], sum(nearest) / len(nearest), whole)


def _rarity(raw: list[tuple[int, Vector]], entry_count: int) -> dict[str, float]:
    holders: Counter[str] = Counter()
    for feature, _ in {(feature, entry) for entry, found in raw for feature in found}:
        holders[feature] += 1
    return {feature: math.log(1 + entry_count / count) for feature, count in holders.items()}


def _vocabulary(raw: list[tuple[int, Vector]], entry_count: int) -> list[set[str]]:
    return _vocabulary_of(raw, range(entry_count))


def _vocabulary_of(raw: list[tuple[int, Vector]], entries: Iterable[int]) -> list[set[str]]:
    known: dict[int, set[str]] = {entry: set() for entry in entries}
    for entry, found in raw:
        known[entry].update(feature for feature in found if not feature.startswith("pair:"))
    return list(known.values())
