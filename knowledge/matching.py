"""The entries that may be meant by a question, with what speaks for each and how sure that makes us."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.entry import Entry
from knowledge.index import Closeness, Index, Vector, features
from knowledge.keywords import Keywords
from knowledge.lexicon import Lexicon
from knowledge.reading import Reader, Reading
from knowledge.segmenting import RARE_COUNT, EverydayWord
from knowledge.weighing import SHOP_SCALE, Evidence, Scale

# A word that occurs so often in everyday language (count in jieba's dictionary) says nothing about another trade.
EVERYDAY_COUNT = 60_000
RAREST = EverydayWord(RARE_COUNT, noun=True)
# Entries that are looked at closely; the right one was never further down in the sample.
LOOKED_AT = 12
# More foreign or unknown words, or more said, than this change nothing any more.
MOST_UNKNOWN, MOST_SAID = 2.0, 3.0


NO_EVIDENCE = Evidence()


@dataclass(frozen=True, slots=True)
class Match:
    """One entry with how sure it is the answer (0-1) and why."""

    entry: Entry
    confidence: float
    evidence: Evidence = NO_EVIDENCE
    # Words of other trades that the entry's own ways of asking hold.
    foreign: frozenset[str] = frozenset()


class Matcher:
    """Ranks the entries for a reading."""

    def __init__(self, reader: Reader, entries: Sequence[Entry], scale: Scale = SHOP_SCALE) -> None:
        self.entries = entries
        self._scale = scale
        self._lexicon: Lexicon = reader.lexicon
        self._everyday = reader.everyday
        asked = ((number, way) for number, entry in enumerate(entries) for way in (entry.title, *entry.ways))
        readings = [(number, reader.read(way)) for number, way in asked]
        self._index = Index(self._lexicon, readings)
        self._foreign = _foreign_words(readings, len(entries))
        self._keywords = Keywords(entries, reader.lexicon)
        for number, entry in enumerate(entries):
            ideas = {word for words, _ in entry.keywords for word in words}
            self._index.vocabulary[number].update(f"idea:{word}" for word in ideas)

    def rank(self, reading: Reading) -> list[Match]:
        """The entries that may be meant, surest first."""
        found = features(reading, self._lexicon)
        closest = self._index.closeness(found)
        keywords = self._keywords.scores(reading)
        first = sorted(
            closest.keys() | keywords.keys(),
            key=lambda number: -_first_glance(closest.get(number), keywords.get(number, 0.0)),
        )[:LOOKED_AT]
        rivals = _Rivals(first, closest, keywords)
        matches = [self._match(number, reading, found, rivals) for number in first]
        return sorted(matches, key=lambda match: -match.confidence)

    def _match(self, number: int, reading: Reading, found: Vector, rivals: "_Rivals") -> Match:
        evidence = self._evidence(number, reading, found, rivals)
        return Match(self.entries[number], self._scale.confidence(evidence), evidence, self._foreign[number])

    def _evidence(self, number: int, reading: Reading, found: Vector, rivals: "_Rivals") -> Evidence:
        near = rivals.closest.get(number) or Closeness()
        keyword = rivals.keywords.get(number, 0.0)
        coverage = self._coverage(number, found)
        names_a_piece = bool(reading.materials or reading.objects)
        return Evidence(
            whole_entry=near.whole,
            closest_three=near.three,
            keywords=keyword,
            lead_whole=near.whole - rivals.best_whole(number),
            lead_keywords=keyword - rivals.best_keyword(number),
            known_and_close=coverage.known * max(near.best, keyword),
            nowhere_known=min(MOST_UNKNOWN, coverage.nowhere),
            strange_things=0.0 if names_a_piece else min(MOST_UNKNOWN, coverage.nowhere),
            no_piece=0.0 if names_a_piece else 1.0,
            foreign=min(MOST_UNKNOWN, self._foreign_to(number, reading)),
            other_material=1.0 if self._about_others(reading.materials, self.entries[number]) else 0.0,
            said=min(MOST_SAID, coverage.said),
        )

    def _foreign_to(self, number: int, reading: Reading) -> float:
        """How many words of other trades stand in the question; one that is ours as well (a rival's name) is not."""
        strange = reading.foreign.keys() - self._foreign[number]
        return float(sum(word not in self._lexicon.surfaces for word in strange))

    def _coverage(self, number: int, found: Vector) -> "_Coverage":
        known = self._index.vocabulary[number]
        said = missed = nowhere = 0.0
        for feature, share in found.items():
            if feature.startswith("pair:") or share < 1.0:
                continue
            weight = self._importance(feature) / self._index.rarest
            said += weight
            if feature in known or self._narrower_known(feature, known):
                continue
            missed += weight
            nowhere += weight if feature not in self._index.rarity and self._is_thing(feature) else 0.0
        return _Coverage(1 - missed / said if said else 0.0, said, nowhere)

    def _is_thing(self, feature: str) -> bool:
        """A noun, or a word too rare to be anything else."""
        word = feature.partition(":")[2]
        everyday = self._everyday.get(word)
        return len(word) > 1 and (everyday is None or everyday.noun)

    def _narrower_known(self, feature: str, known: set[str]) -> bool:
        kind, _, idea = feature.partition(":")
        return kind == "idea" and any(f"idea:{wider}" in known for wider in self._lexicon.wider_ideas(idea))

    def _importance(self, feature: str) -> float:
        if feature in self._index.rarity:
            return self._index.rarity[feature]
        return self._index.rarest * self._foreignness(feature.partition(":")[2])

    def _foreignness(self, word: str) -> float:
        """0 for a word of everyday language, 1 for one that hardly occurs there."""
        count = self._everyday.get(word, RAREST).count
        if word.isascii() and len(word) < 2:
            return 0.0
        return min(1.0, max(0.0, math.log(EVERYDAY_COUNT / count) / math.log(EVERYDAY_COUNT / RARE_COUNT)))

    def _about_others(self, asked: Sequence[str], entry: Entry) -> bool:
        """Is the entry about other materials than those asked about?"""
        pairs = ((one, other) for one in asked for other in entry.materials)
        return bool(asked and entry.materials) and not any(self._lexicon.related(*pair) for pair in pairs)


@dataclass(frozen=True, slots=True)
class _Coverage:
    """The share that an entry knows of what was said; how much that was and how many things of it no entry knows."""

    known: float
    said: float
    nowhere: float


@dataclass(frozen=True, slots=True)
class _Rivals:
    """The entries that one question is between."""

    numbers: Sequence[int]
    closest: Mapping[int, Closeness]
    keywords: Mapping[int, float]

    def best_whole(self, beside: int) -> float:
        """The best likeness of the others."""
        return max(
            (self.closest[one].whole for one in self.numbers if one != beside and one in self.closest), default=0.0
        )

    def best_keyword(self, beside: int) -> float:
        """The best keywords of the others."""
        return max((self.keywords.get(one, 0.0) for one in self.numbers if one != beside), default=0.0)


def _first_glance(near: Closeness | None, keyword: float) -> float:
    return (near.best + near.whole if near else 0.0) + keyword


def _foreign_words(readings: Iterable[tuple[int, Reading]], entry_count: int) -> list[frozenset[str]]:
    found: list[set[str]] = [set() for _ in range(entry_count)]
    for number, reading in readings:
        found[number].update(reading.foreign)
    return [frozenset(words) for words in found]
