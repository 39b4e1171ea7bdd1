"""The entries that may be meant by a question, with what speaks for each and how sure that makes us."""

import math
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache

from knowledge.entry import Entry
from knowledge.index import FOREIGN, Index, Vector, features
from knowledge.keywords import Keywords
from knowledge.learned import Learned, claimed_words, learn
from knowledge.lexicon import Lexicon
from knowledge.reading import Reader, Reading
from knowledge.segmenting import RARE_COUNT, EverydayWord
from knowledge.weighing import Evidence, Scale
from knowledge.weights import SHOP

# A word that occurs so often in everyday language (count in jieba's dictionary) says nothing about another trade.
EVERYDAY_COUNT = 60_000
RAREST = EverydayWord(RARE_COUNT, noun=True)
# Entries that are looked at closely; the right one was never further down in the samples.
LOOKED_AT = 12
# A question that says exactly what a way of asking says (ideas and words, whatever the particles) is meant by it.
SAME_WORDS = 0.93
# Ideas and words; one alone ("珍珠") says nothing exactly.
SHORTEST_SIGNATURE = 2
# Readings of the shop's own additions that are kept: those of 2,000 topics with 60 ways of asking each. With fewer
# than are in force, every change would read all of them again (0.3 ms each).
MOST_REMEMBERED = 120_000
# More foreign or unknown words than this change nothing any more.
MOST_UNKNOWN = 2.0
# A lead in log-odds (natural) beyond this says no more; four are one point of evidence. With half
# of it questions that are nobody's look as sure as ours.
MOST_LEAD, LEAD_POINT = 16.0, 4.0
# Shares of features that make one point of length.
LENGTH_POINT = 10.0
# Log-odds of an entry that shares nothing with the question.
UNSAID = -5.0


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

    def __init__(
        self, reader: Reader, entries: Sequence[Entry], learned: Learned | None = None, scale: Scale = SHOP
    ) -> None:
        """`learned`: what the wordings teach; without it they are read now."""
        learned = learned or learn(entries, reader)
        self.entries = entries
        self._scale = scale
        self.lexicon: Lexicon = reader.lexicon
        self._everyday = reader.everyday
        # Additions are read again with every change of any of them.
        self.read = lru_cache(MOST_REMEMBERED)(reader.read)
        self._off: frozenset[int] = frozenset()
        any_material = {number for number, entry in enumerate(entries) if not entry.materials}
        self._index = Index(self.lexicon, learned.counts, any_material)
        self._foreign = learned.claimed
        self._keywords = Keywords(entries, reader.lexicon)
        # Only what the shop itself has said a question means; the written ways of asking are evidence among other.
        self._asked: dict[Signature, int] = {}
        self._word_for_word = _word_for_word(entries)

    def overlaid(self, entries: Sequence[Entry], asked: Sequence[tuple[int, str]], off: Iterable[int]) -> "Matcher":
        """The same with `entries` in place of those of the same number or behind them, and further ways of asking.

        A later way of asking goes before an older one with the same words: the shop has just said what it means.
        """
        readings = [(number, self.read(way)) for number, way in asked]
        foreign = claimed_words(readings, len(entries))
        matcher = copy(self)
        matcher.entries = entries
        matcher._off = frozenset(off)
        matcher._index = self._index.extended(readings)
        matcher._foreign = [
            words | (self._foreign[number] if number < len(self._foreign) else frozenset())
            for number, words in enumerate(foreign)
        ]
        matcher._keywords = self._keywords.extended(entries[len(self.entries) :], len(self.entries))
        matcher._asked = self._asked | _by_signature(readings)
        return matcher

    def about_strange_things(self, reading: Reading) -> bool:
        """Does it name no piece of ours, but a thing that no entry speaks of ("眼圈发黑怎么办")?"""
        if reading.materials or reading.objects:
            return False
        return any(self._is_strange(word) for word in reading.words)

    def _is_strange(self, word: str) -> bool:
        """A thing that no entry speaks of."""
        feature = f"word:{word}"
        return not self._index.rarity(feature) and (self._is_thing(feature) or self._is_small_thing(word))

    def name_things(self, words: Iterable[str]) -> bool:
        """Is one of these words a thing, and not a verb or a particle?"""
        return any(self._is_thing(f"word:{word}") or self._is_small_thing(word) for word in words)

    def _is_small_thing(self, word: str) -> bool:
        """A thing of one character: 牙, 车, 猫."""
        everyday = self._everyday.get(word)
        return len(word) == 1 and everyday is not None and everyday.noun

    @property
    def off(self) -> frozenset[int]:
        """The numbers of the entries that are never given."""
        return self._off

    def rank(self, reading: Reading) -> list[Match]:
        """The entries that may be meant, surest first."""
        found = features(reading, self.lexicon)
        odds = self._index.odds(found)
        nobodys = odds.pop(FOREIGN, UNSAID)
        keywords = self._keywords.scores(reading)
        first = sorted(
            (odds.keys() | keywords.keys()) - self._off,
            key=lambda number: -(odds.get(number, UNSAID) + keywords.get(number, 0.0)),
        )[:LOOKED_AT]
        rivals = _Rivals(first, odds, keywords, nobodys)
        same = self._asked.get(_signature(reading), self._word_for_word.get(_bare_text(reading.text), -1))
        matches = [self._match(number, reading, found, rivals, number == same) for number in first]
        return sorted(matches, key=lambda match: -match.confidence)

    def _match(self, number: int, reading: Reading, found: Vector, rivals: "_Rivals", same: bool) -> Match:
        evidence = self._evidence(number, reading, found, rivals)
        confidence = max(self._scale.confidence(evidence), SAME_WORDS if same else 0.0)
        return Match(self.entries[number], confidence, evidence, self._foreign[number])

    def _evidence(self, number: int, reading: Reading, found: Vector, rivals: "_Rivals") -> Evidence:
        odds, keyword = rivals.odds.get(number, UNSAID), rivals.keywords.get(number, 0.0)
        coverage = self._coverage(number, found)
        names_a_piece = bool(reading.materials or reading.objects)
        shares = sum(found.values())
        return Evidence(
            lead=_lead((odds - rivals.best_odds(number)) * shares),
            lead_over_nobody=_lead((odds - rivals.nobodys) * shares),
            keywords=keyword,
            lead_keywords=keyword - rivals.best_keyword(number),
            known=coverage.known,
            strange_things=0.0 if names_a_piece else min(MOST_UNKNOWN, coverage.strange),
            no_piece=0.0 if names_a_piece else 1.0,
            foreign=min(MOST_UNKNOWN, self._foreign_to(number, reading)),
            other_material=1.0 if self._about_others(reading.materials, self.entries[number]) else 0.0,
            length=shares / LENGTH_POINT,
        )

    def _foreign_to(self, number: int, reading: Reading) -> float:
        """How many words of other trades stand in the question; one that is ours as well (a rival's name) is not."""
        strange = reading.foreign.keys() - self._foreign[number]
        return float(sum(word not in self.lexicon.surfaces for word in strange))

    def _coverage(self, number: int, found: Vector) -> "_Coverage":
        known = self._index.vocabulary[number]
        said = missed = strange = 0.0
        for feature, share in found.items():
            if share < 1.0:
                continue
            weight = self._importance(feature) / self._index.rarest
            said += weight
            if feature in known or self._narrower_known(feature, known):
                continue
            missed += weight
            word = feature.partition(":")[2]
            if feature.startswith("word:") and (self._is_thing(feature) or self._is_small_thing(word)):
                strange += weight
        return _Coverage(1 - missed / said if said else 0.0, strange)

    def _is_thing(self, feature: str) -> bool:
        """A noun, or a word too rare to be anything else; letters between Chinese are as often mere fashion."""
        word = feature.partition(":")[2]
        if word.isascii() and word.isalpha():
            return False
        everyday = self._everyday.get(word)
        return len(word) > 1 and (everyday is None or everyday.noun)

    def _narrower_known(self, feature: str, known: set[str]) -> bool:
        kind, _, idea = feature.partition(":")
        return kind == "idea" and any(f"idea:{wider}" in known for wider in self.lexicon.wider_ideas(idea))

    def _importance(self, feature: str) -> float:
        rarity = self._index.rarity(feature)
        return rarity or self._index.rarest * self._foreignness(feature.partition(":")[2])

    def _foreignness(self, word: str) -> float:
        """0 for a word of everyday language, 1 for one that hardly occurs there."""
        count = self._everyday.get(word, RAREST).count
        if word.isascii() and len(word) < 2:
            return 0.0
        return min(1.0, max(0.0, math.log(EVERYDAY_COUNT / count) / math.log(EVERYDAY_COUNT / RARE_COUNT)))

    def _about_others(self, asked: Sequence[str], entry: Entry) -> bool:
        """Is the entry about other materials than those asked about?"""
        pairs = ((one, other) for one in asked for other in entry.materials)
        return bool(asked and entry.materials) and not any(self.lexicon.related(*pair) for pair in pairs)


@dataclass(frozen=True, slots=True)
class _Coverage:
    """The share that an entry knows of what was said, and how many things it does not know, in rare words."""

    known: float
    strange: float


@dataclass(frozen=True, slots=True)
class _Rivals:
    """The entries that one question is between."""

    numbers: Sequence[int]
    odds: Mapping[int, float]
    keywords: Mapping[int, float]
    # The log-odds that the question is one of those for a person.
    nobodys: float

    def best_odds(self, beside: int) -> float:
        """The best log-odds of the others."""
        return max((self.odds[one] for one in self.numbers if one != beside and one in self.odds), default=UNSAID)

    def best_keyword(self, beside: int) -> float:
        """The best keywords of the others."""
        return max((self.keywords.get(one, 0.0) for one in self.numbers if one != beside), default=0.0)


def _lead(log_odds: float) -> float:
    return max(-MOST_LEAD, min(MOST_LEAD, log_odds)) / LEAD_POINT


def _word_for_word(entries: Sequence[Entry]) -> dict[str, int]:
    """The entry that is asked for in just these words."""
    return {_bare_text(words): number for number, entry in enumerate(entries) for words in entry.wordings}


def _bare_text(text: str) -> str:
    return text.strip(" ,.?!，。？！").lower()


Signature = frozenset[str]


def _signature(reading: Reading) -> Signature:
    """What a question says, without order and particles; nothing where it says too little."""
    said = frozenset((*reading.ideas, *reading.words))
    return said if len(said) >= SHORTEST_SIGNATURE else frozenset()


def _by_signature(readings: Iterable[tuple[int, Reading]]) -> dict[Signature, int]:
    """The entry whose way of asking says exactly this; -1 where several do."""
    found: dict[Signature, int] = {}
    for number, reading in readings:
        signature = _signature(reading)
        found[signature] = number if found.get(signature, number) == number else -1
    found.pop(frozenset(), None)
    return found
