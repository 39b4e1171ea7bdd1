"""How sure an entry is the answer: closeness of wording, keywords, coverage and material put together."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from knowledge.entry import Entry
from knowledge.index import Index, Vector, features
from knowledge.lexicon import Lexicon
from knowledge.reading import Reader, Reading
from knowledge.segmenting import word_frequencies

# A word that occurs so often in everyday language (count in jieba's dictionary) says nothing about another trade.
EVERYDAY_COUNT = 60_000
# A word rarer than this is as foreign as a word can be.
RARE_COUNT = 300
# Entries that are looked at closely; the right one was never further down in the sample.
LOOKED_AT = 12
# An entry about other materials than the question's is nearly always the wrong one.
OTHER_MATERIAL = 0.35
# An entry about one material, and the question names none: it may be meant.
UNNAMED_MATERIAL = 0.72
# What an uncovered word of another trade counts, against one of everyday life.
FOREIGN_WORD = 1.6


@dataclass(frozen=True, slots=True)
class Match:
    """One entry with how sure it is the answer (0-1) and why."""

    entry: Entry
    confidence: float
    closeness: float = 0.0
    keyword: float = 0.0
    coverage: float = 0.0


class Matcher:
    """Ranks the entries for a reading."""

    def __init__(self, reader: Reader, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self._reader = reader
        self._lexicon: Lexicon = reader.lexicon
        self._everyday = word_frequencies(RARE_COUNT)
        asked = ((number, way) for number, entry in enumerate(entries) for way in (entry.title, *entry.ways))
        self._index = Index(self._lexicon, [(number, reader.read(way)) for number, way in asked])
        self._by_keyword = _keyword_postings(entries)
        for number, entry in enumerate(entries):
            ideas = {word for words, _ in entry.keywords for word in words}
            self._index.vocabulary[number].update(f"idea:{word}" for word in ideas)

    def rank(self, reading: Reading) -> list[Match]:
        """The entries that may be meant, surest first."""
        found = features(reading, self._lexicon)
        closest = self._index.closest_ways(found)
        keywords = self._keyword_scores(reading)
        first = sorted(
            closest.keys() | keywords.keys(),
            key=lambda number: -(closest.get(number, (0.0, 0))[0] + keywords.get(number, 0.0)),
        )[:LOOKED_AT]
        matches = [self._match(number, reading, found, closest, keywords) for number in first]
        return sorted(matches, key=lambda match: -match.confidence)

    def _match(
        self,
        number: int,
        reading: Reading,
        found: Vector,
        closest: dict[int, tuple[float, int]],
        keywords: dict[int, float],
    ) -> Match:
        cosine, way = closest.get(number, (0.0, -1))
        closeness = max(cosine, self._spelled_alike(reading.text, way))
        keyword = keywords.get(number, 0.0)
        coverage = self._coverage(number, reading, found)
        evidence = 1 - (1 - keyword) * (1 - min(1.0, closeness * 1.1))
        confidence = evidence * (0.5 + 0.5 * coverage) * self._material_fit(reading.materials, self.entries[number])
        return Match(self.entries[number], confidence, closeness, keyword, coverage)

    def _spelled_alike(self, text: str, way: int) -> float:
        return 0.9 * fuzz.ratio(text, self._index.ways[way].text) / 100 if way >= 0 else 0.0

    def _keyword_scores(self, reading: Reading) -> dict[int, float]:
        """How sure the keywords alone make each entry; several of them add up, never beyond 1."""
        doubt: dict[int, float] = {}
        said = {wider for idea in reading.ideas for wider in (idea, *self._lexicon.wider_ideas(idea))}
        said.update(reading.words)
        for words, holders in self._by_keyword.items():
            if all(word in said or (word not in self._lexicon.kinds and word in reading.text) for word in words):
                for number, weight in holders:
                    doubt[number] = min(doubt.get(number, 1.0), 1 - weight) * (0.97 if number in doubt else 1.0)
        return {number: 1 - left for number, left in doubt.items()}

    def _coverage(self, number: int, reading: Reading, found: Vector) -> float:
        """The share of what was said that this entry speaks about."""
        known = self._index.vocabulary[number]
        covered = total = 0.0
        for feature, share in found.items():
            if feature.startswith("pair:") or share < 1.0:
                continue
            weight = self._importance(feature)
            total += weight
            covered += weight if feature in known or self._narrower_known(feature, known) else 0.0
        total += len(reading.foreign) * self._index.rarest * FOREIGN_WORD
        return covered / total if total else 0.0

    def _narrower_known(self, feature: str, known: set[str]) -> bool:
        kind, _, idea = feature.partition(":")
        return kind == "idea" and any(f"idea:{wider}" in known for wider in self._lexicon.wider_ideas(idea))

    def _importance(self, feature: str) -> float:
        if feature in self._index.rarity:
            return self._index.rarity[feature]
        return self._index.rarest * self._foreignness(feature.partition(":")[2])

    def _foreignness(self, word: str) -> float:
        """0 for a word of everyday language, 1 for one that hardly occurs there."""
        count = self._everyday.get(word, RARE_COUNT)
        if word.isascii() and len(word) < 2:
            return 0.0
        return min(1.0, max(0.0, math.log(EVERYDAY_COUNT / count) / math.log(EVERYDAY_COUNT / RARE_COUNT)))

    def _material_fit(self, asked: Iterable[str], entry: Entry) -> float:
        asked = tuple(asked)
        if not entry.materials:
            return 1.0
        if not asked:
            return UNNAMED_MATERIAL
        fits = any(self._lexicon.related(one, other) for one in asked for other in entry.materials)
        return 1.0 if fits else OTHER_MATERIAL


def _keyword_postings(entries: Sequence[Entry]) -> dict[tuple[str, ...], list[tuple[int, float]]]:
    postings: dict[tuple[str, ...], list[tuple[int, float]]] = {}
    for number, entry in enumerate(entries):
        for words, weight in entry.keywords:
            postings.setdefault(words, []).append((number, weight))
    return postings
