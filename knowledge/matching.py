"""The entries that may be meant by a question, with what speaks for each and how sure that makes us."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from knowledge.entry import Entry
from knowledge.index import Closeness, Index, Vector, features
from knowledge.lexicon import Lexicon
from knowledge.reading import Reader, Reading
from knowledge.segmenting import EverydayWord, everyday_words
from knowledge.weighing import Evidence, confidence

# A word that occurs so often in everyday language (count in jieba's dictionary) says nothing about another trade.
EVERYDAY_COUNT = 60_000
# A word rarer than this is as foreign as a word can be.
RARE_COUNT = 300
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

    def __init__(self, reader: Reader, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self._lexicon: Lexicon = reader.lexicon
        self._everyday = everyday_words(RARE_COUNT)
        asked = ((number, way) for number, entry in enumerate(entries) for way in (entry.title, *entry.ways))
        readings = [(number, reader.read(way)) for number, way in asked]
        self._index = Index(self._lexicon, readings)
        self._foreign = _foreign_words(readings, len(entries))
        self._by_keyword = _keyword_postings(entries)
        for number, entry in enumerate(entries):
            ideas = {word for words, _ in entry.keywords for word in words}
            self._index.vocabulary[number].update(f"idea:{word}" for word in ideas)

    def rank(self, reading: Reading) -> list[Match]:
        """The entries that may be meant, surest first."""
        found = features(reading, self._lexicon)
        closest = self._index.closeness(found)
        keywords = self._keyword_scores(reading)
        first = sorted(
            closest.keys() | keywords.keys(),
            key=lambda number: -_first_glance(closest.get(number), keywords.get(number, 0.0)),
        )[:LOOKED_AT]
        rivals = _Rivals(first, closest, keywords)
        matches = [self._match(number, reading, found, rivals) for number in first]
        return sorted(matches, key=lambda match: -match.confidence)

    def _match(self, number: int, reading: Reading, found: Vector, rivals: "_Rivals") -> Match:
        evidence = self._evidence(number, reading, found, rivals)
        return Match(self.entries[number], confidence(evidence), evidence, self._foreign[number])

    def _evidence(self, number: int, reading: Reading, found: Vector, rivals: "_Rivals") -> Evidence:
        near = rivals.closest.get(number) or Closeness()
        coverage = self._coverage(number, found)
        at_home = bool(reading.materials or reading.objects)
        other, unnamed = self._material_fit(reading.materials, self.entries[number])
        return Evidence(
            closest_way=near.best,
            whole_entry=near.whole,
            closest_three=near.three,
            letters=self._letters(reading.text, near.way),
            keywords=rivals.keywords.get(number, 0.0),
            lead=near.best - rivals.best_other(number, lambda one: one.best),
            lead_whole=near.whole - rivals.best_other(number, lambda one: one.whole),
            lead_keywords=rivals.keywords.get(number, 0.0) - rivals.other_keyword(number),
            known=coverage.known,
            unknown_ideas=min(MOST_UNKNOWN, coverage.unknown["idea"]),
            unknown_words=min(MOST_UNKNOWN, coverage.unknown["word"]),
            unknown_things=min(MOST_UNKNOWN, coverage.unknown["thing"]),
            no_piece=0.0 if at_home else 1.0,
            nowhere_known=min(MOST_UNKNOWN, coverage.nowhere),
            strange_things=0.0 if at_home else min(MOST_UNKNOWN, coverage.nowhere),
            foreign=min(MOST_UNKNOWN, float(len(reading.foreign.keys() - self._foreign[number]))),
            other_material=other,
            unnamed_material=unnamed,
            said=min(MOST_SAID, coverage.said),
            known_and_close=coverage.known * max(near.best, rivals.keywords.get(number, 0.0)),
        )

    def _letters(self, text: str, way: int) -> float:
        return fuzz.ratio(text, self._index.ways[way].text) / 100 if way >= 0 else 0.0

    def _keyword_scores(self, reading: Reading) -> dict[int, float]:
        """How sure the keywords alone make each entry; several of them add a little, never beyond 1."""
        doubt: dict[int, float] = {}
        said = {wider for idea in reading.ideas for wider in (idea, *self._lexicon.wider_ideas(idea))}
        said.update(reading.words)
        for words, holders in self._by_keyword.items():
            if all(word in said or (word not in self._lexicon.kinds and word in reading.text) for word in words):
                for number, weight in holders:
                    doubt[number] = min(doubt.get(number, 1.0), 1 - weight) * (0.97 if number in doubt else 1.0)
        return {number: 1 - left for number, left in doubt.items()}

    def _coverage(self, number: int, found: Vector) -> "_Coverage":
        known = self._index.vocabulary[number]
        said = nowhere = 0.0
        unknown = {"idea": 0.0, "word": 0.0, "thing": 0.0}
        for feature, share in found.items():
            kind, _, word = feature.partition(":")
            if kind == "pair" or share < 1.0:
                continue
            weight = self._importance(feature) / self._index.rarest
            said += weight
            if feature not in known and not self._narrower_known(feature, known):
                thing = kind == "word" and self._is_thing(word)
                unknown["thing" if thing else kind] += weight
                nowhere += weight if thing and feature not in self._index.rarity else 0.0
        return _Coverage(1 - sum(unknown.values()) / said if said else 0.0, said, unknown, nowhere)

    def _is_thing(self, word: str) -> bool:
        """A noun, or a word too rare to be anything else."""
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

    def _material_fit(self, asked: Iterable[str], entry: Entry) -> tuple[float, float]:
        """Is the entry about other materials (1, 0), or about one that the question does not name (0, 1)?"""
        asked = tuple(asked)
        if not entry.materials:
            return 0.0, 0.0
        if not asked:
            return 0.0, 1.0
        fits = any(self._lexicon.related(one, other) for one in asked for other in entry.materials)
        return (0.0, 0.0) if fits else (1.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Coverage:
    """The share that an entry knows of what was said; the rest in rare words: said, not known here, known nowhere."""

    known: float
    said: float
    unknown: Mapping[str, float]
    nowhere: float


@dataclass(frozen=True, slots=True)
class _Rivals:
    """The entries that one question is between."""

    numbers: Sequence[int]
    closest: Mapping[int, Closeness]
    keywords: Mapping[int, float]

    def best_other(self, number: int, by: Callable[[Closeness], float]) -> float:
        others = (self.closest[other] for other in self.numbers if other != number and other in self.closest)
        return max(map(by, others), default=0.0)

    def other_keyword(self, number: int) -> float:
        return max((self.keywords.get(other, 0.0) for other in self.numbers if other != number), default=0.0)


def _first_glance(near: Closeness | None, keyword: float) -> float:
    return (near.best + near.whole if near else 0.0) + keyword


def _keyword_postings(entries: Sequence[Entry]) -> dict[tuple[str, ...], list[tuple[int, float]]]:
    postings: dict[tuple[str, ...], list[tuple[int, float]]] = {}
    for number, entry in enumerate(entries):
        for words, weight in entry.keywords:
            postings.setdefault(words, []).append((number, weight))
    return postings


def _foreign_words(readings: Iterable[tuple[int, Reading]], entry_count: int) -> list[frozenset[str]]:
    found: list[set[str]] = [set() for _ in range(entry_count)]
    for number, reading in readings:
        found[number].update(reading.foreign)
    return [frozenset(words) for words in found]
