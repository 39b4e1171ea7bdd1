"""The inverted index: which ways of asking share ideas, words and pairs of characters with a question."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge.lexicon import Lexicon
from knowledge.reading import Reading

# A wider idea (gold for pure gold) says half as much as the idea itself.
WIDER_SHARE = 0.5
# A pair of characters says less than an idea: it is there for wordings that no lexicon knows.
PAIR_SHARE = 0.35
# Words that no entry holds weigh like the rarest ones, unless everyday language is full of them.
_NOT_PAIRED = re.compile(r"[\s,?\n]+")

Vector = dict[str, float]


@dataclass(frozen=True, slots=True)
class Way:
    """One way of asking for one entry."""

    entry: int
    text: str
    vector: Vector


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
        raw = [(entry, reading.text, features(reading, lexicon)) for entry, reading in readings]
        self.entry_count = max((entry for entry, _, _ in raw), default=-1) + 1
        self.rarity = _rarity(raw, self.entry_count)
        self.rarest = math.log(1 + self.entry_count)
        self.ways = [Way(entry, text, self._unit_length(found)) for entry, text, found in raw]
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, way in enumerate(self.ways):
            for feature, weight in way.vector.items():
                self._postings[feature].append((number, weight))
        self.vocabulary = _vocabulary(raw, self.entry_count)

    def weight_of(self, feature: str) -> float:
        """How much a feature says; one that no entry holds weighs as the rarest."""
        return self.rarity.get(feature, self.rarest)

    def closest_ways(self, found: Vector) -> dict[int, tuple[float, int]]:
        """For each entry that shares anything: cosine of its closest way of asking, and which way that is."""
        dots: dict[int, float] = defaultdict(float)
        for feature, weight in self._unit_length(found).items():
            for number, stored in self._postings.get(feature, ()):
                dots[number] += weight * stored
        best: dict[int, tuple[float, int]] = {}
        for number, cosine in dots.items():
            entry = self.ways[number].entry
            if entry not in best or cosine > best[entry][0]:
                best[entry] = (cosine, number)
        return best

    def _unit_length(self, found: Mapping[str, float]) -> Vector:
        weighted = {feature: share * self.weight_of(feature) for feature, share in found.items()}
        length = math.sqrt(sum(weight * weight for weight in weighted.values())) or 1.0
        return {feature: weight / length for feature, weight in weighted.items()}


def _rarity(raw: list[tuple[int, str, Vector]], entry_count: int) -> dict[str, float]:
    holders: Counter[str] = Counter()
    for feature, _ in {(feature, entry) for entry, _, found in raw for feature in found}:
        holders[feature] += 1
    return {feature: math.log(1 + entry_count / count) for feature, count in holders.items()}


def _vocabulary(raw: list[tuple[int, str, Vector]], entry_count: int) -> list[set[str]]:
    known: list[set[str]] = [set() for _ in range(entry_count)]
    for entry, _, found in raw:
        known[entry].update(feature for feature in found if not feature.startswith("pair:"))
    return known
