"""How much likelier each entry is asked with a question's features than all the others together.

Complement naive Bayes, after Rennie, Shih, Teevan and Karger: "Tackling the Poor Assumptions of Naive Bayes Text
Classifiers" (ICML 2003).
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Set
from copy import copy
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.lexicon import MATERIAL, Lexicon
from knowledge.reading import Reading

# The number of what nobody here answers, beside those of the entries.
FOREIGN = -1
# A wider idea (gold for pure gold) says half as much as the idea itself.
WIDER_SHARE = 0.5
# Characters and their pairs say less than an idea: they are there for wordings that no lexicon knows.
CHARACTER_SHARE = 0.6
# Two ideas together say something that neither says alone: washing silver is not washing pearls.
TOGETHER_SHARE = 0.4
# What holds for any material loses only this share for one that it was never asked about (turquoise bought back).
ANY_MATERIAL_SHARE = 0.3
# What an entry was never asked counts as if it had been asked this often: not yet is not never.
UNASKED = 0.05
_CLAUSE_ENDS = re.compile(r"[\s,?\n]+")

Vector = dict[str, float]


class Weighed(NamedTuple):
    """What a feature says against an entry that was never asked with it, and how much more for each that was."""

    unasked: float
    speaks_for: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each entry is asked with each feature, how much is said of it, and which words it is asked with."""

    asked: dict[str, dict[int, float]]
    said: dict[int, float]
    vocabulary: dict[int, set[str]]


def count(readings: Iterable[tuple[int, Reading]], lexicon: Lexicon) -> Counts:
    """The counts of these wordings, each with the number of its entry."""
    asked: dict[str, dict[int, float]] = {}
    said: dict[int, float] = defaultdict(float)
    vocabulary: dict[int, set[str]] = defaultdict(set)
    for entry, reading in readings:
        found = features(reading, lexicon)
        said[entry] += sum(found.values())
        vocabulary[entry].update(feature for feature, share in found.items() if share >= 1.0)
        for feature, share in found.items():
            counts = asked.setdefault(feature, {})
            counts[entry] = counts.get(entry, 0.0) + share
    return Counts(asked, said, vocabulary)


def features(reading: Reading, lexicon: Lexicon) -> Vector:
    """Ideas, wider ideas, ideas that stand together, plain words, characters and their pairs, each with its share."""
    found: Vector = {}
    for idea in reading.ideas:
        found[f"idea:{idea}"] = 1.0
        for wider in lexicon.wider_ideas(idea):
            found.setdefault(f"idea:{wider}", WIDER_SHARE)
    # A single letter is no word: "A\tb\tc".
    found.update({f"word:{word}": 1.0 for word in reading.words if len(word) > 1 or not word.isascii()})
    ideas = sorted(reading.ideas)
    for at, one in enumerate(ideas):
        for other in ideas[at + 1 :]:
            found[f"both:{one} {other}"] = TOGETHER_SHARE
    named = set().union(*map(_characters, reading.written))
    for characters in () if reading.completed else _characters(reading.text):
        found[f"{'made' if characters in named else 'char'}:{characters}"] = CHARACTER_SHARE
    return found


def _characters(text: str) -> set[str]:
    """The Chinese characters, and the pairs of neighbours of each clause; letters alone are words or nothing."""
    clauses = _CLAUSE_ENDS.split(text)
    pairs = {clause[at : at + 2] for clause in clauses for at in range(len(clause) - 1)}
    return {pair for pair in pairs if not pair.isascii()} | {char for char in text if "一" <= char <= "鿿"}


class Index:
    """What is asked of each entry, weighed; `FOREIGN` stands for the questions of nobody."""

    def __init__(self, lexicon: Lexicon, counts: Counts, any_material: Set[int] = frozenset()) -> None:
        self._any_material = any_material
        self._lexicon = lexicon
        self._asked, self._said = counts.asked, counts.said
        self.vocabulary = counts.vocabulary
        self._all = sum(self._said.values())
        self._against = {entry: self._size(said) for entry, said in self._said.items()}
        self.rarest = math.log(1 + len(self._said))
        # Weighed when first asked: most features of 15,000 wordings never are.
        self._weighed: dict[str, Weighed] = {}
        self._later: Index | None = None

    def extended(self, readings: Iterable[tuple[int, Reading]]) -> "Index":
        """The same index with further ways of asking; how often a feature stands anywhere stays, so this is quick."""
        added = Index(self._lexicon, count(readings, self._lexicon))
        longer = copy(self)
        longer._later = added
        longer._said = {
            entry: self._said.get(entry, 0.0) + added._said.get(entry, 0.0) for entry in {*self._said, *added._said}
        }
        longer._against = {entry: self._size(said) for entry, said in longer._said.items()}
        longer._weighed = {}
        longer.vocabulary = dict(self.vocabulary)
        for entry, known in added.vocabulary.items():
            longer.vocabulary[entry] = self.vocabulary.get(entry, set()) | known
        return longer

    def odds(self, found: Vector) -> dict[int, float]:
        """For each entry that shares anything with these features: the log-odds, per share, that it is meant."""
        materials = {feature: share for feature, share in found.items() if self._is_material(feature)}
        rest = {feature: share for feature, share in found.items() if feature not in materials}
        named, named_shares, unnamed = self._sums(materials)
        sums, shares, unasked = self._sums(rest)
        said = sum(found.values()) or 1.0
        odds = {}
        for entry in named.keys() | sums.keys():
            against = self._against[entry]
            of_material = named.get(entry, 0.0) + unnamed + named_shares * against
            if entry in self._any_material:
                of_material = max(ANY_MATERIAL_SHARE * of_material, of_material)
            odds[entry] = (of_material + sums.get(entry, 0.0) + unasked + shares * against) / said
        return odds

    def _is_material(self, feature: str) -> bool:
        kind, _, name = feature.partition(":")
        return kind == "made" or (kind == "idea" and self._lexicon.kinds.get(name) == MATERIAL)

    def _sums(self, found: Vector) -> tuple[dict[int, float], float, float]:
        sums: dict[int, float] = defaultdict(float)
        unasked = known = 0.0
        for feature, share in found.items():
            weighed = self._weighed.get(feature) or self._weigh(feature)
            if not weighed.speaks_for:
                continue
            known += share
            unasked += share * weighed.unasked
            for entry, weight in weighed.speaks_for:
                sums[entry] += share * weight
        return sums, known, unasked

    def rarity(self, feature: str) -> float:
        """How much it says that a question has this feature; 0 where no entry is asked with it."""
        # A word that only stands in questions of nobody is still strange to us.
        holders = len(self._asked.get(feature, {}).keys() - {FOREIGN})
        return math.log(1 + len(self._said) / holders) if holders else 0.0

    def _weigh(self, feature: str) -> "Weighed":
        counts = self._asked.get(feature, {})
        if self._later and (added := self._later._asked.get(feature)):
            counts = {entry: counts.get(entry, 0.0) + added.get(entry, 0.0) for entry in {*counts, *added}}
        everywhere = sum(counts.values())
        unasked = _log_odds(0.0, everywhere)
        speaks_for = tuple((entry, _log_odds(count, everywhere) - unasked) for entry, count in counts.items())
        self._weighed[feature] = Weighed(unasked, speaks_for)
        return self._weighed[feature]

    def _size(self, said: float) -> float:
        """What speaks against an entry that is asked in many ways: it has more chances to share something."""
        unasked = UNASKED * len(self._asked)
        return math.log(max(self._all - said, 0.0) + unasked) - math.log(said + unasked) if unasked else 0.0


def _log_odds(count: float, everywhere: float) -> float:
    return math.log(count + UNASKED) - math.log(everywhere - count + UNASKED)
