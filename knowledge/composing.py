"""Which is said of a material and a treatment: the sentence of the matrix, or what an entry has to say itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from knowledge import conversation, points, saying
from knowledge.answers import Answer, Decision
from knowledge.deciding import Verdict
from knowledge.entry import Entry
from knowledge.lexicon import Lexicon
from knowledge.matching import Matcher
from knowledge.matrix import Combination, Matrix
from knowledge.plainly import topic_for
from knowledge.reading import Reading

_FIRST_SENTENCE = re.compile(r"[。！；，]")


@dataclass(frozen=True, slots=True)
class Composed:
    """The sentence and the entry whose short answer stands behind it, if there is one."""

    combination: Combination
    entry: Entry | None

    @property
    def topic(self) -> str:
        """The topic under which it is given."""
        return self.entry.id if self.entry else self.combination.topic


def compose(
    reading: Reading, verdict: Verdict, matrix: Matrix, entries: Mapping[str, Entry], matcher: Matcher
) -> Composed | None:
    """None where the question names no pair, or the sure entry is about something else or says it more exactly."""
    combination = matrix.combine(reading, matcher.lexicon)
    if combination is None:
        plain = None if verdict.decision is Decision.ANSWER else topic_for(matrix, reading, matcher.lexicon)
        return Composed(plain, entries.get(plain.topic)) if plain else None
    if combination.of_several:
        return Composed(combination, None)
    if verdict.decision is not Decision.ANSWER or verdict.matches[0].entry.id == combination.general:
        return Composed(combination, entries.get(combination.topic))
    entry = verdict.matches[0].entry
    if entry.id not in combination.neighbours:
        return None
    if not combination.beyond_the_entry and _begins_with_both(entry, combination, matcher):
        return None
    return Composed(combination, entry)


def said(composed: Composed, reading: Reading, verdict: Verdict, facts: Mapping[str, str], lexicon: Lexicon) -> Answer:
    """The sentence with the entry's points or short answer behind it; after what helps now, no points."""
    entry, combination = composed.entry, composed.combination
    asked = () if entry is None or combination.beyond_the_entry else points.asked_for(entry, reading, reading, lexicon)
    turn = conversation.next_turn(reading, composed.topic, ())
    return saying.composed(combination, entry, points.sayable(asked, facts), verdict.confidence, facts, turn)


def _begins_with_both(entry: Entry, combination: Combination, matcher: Matcher) -> bool:
    """Does the written answer begin with this very material, and speak of the treatment?"""
    material, treatment = combination.ideas
    opening = matcher.read(_FIRST_SENTENCE.split(entry.short, maxsplit=1)[0])
    return material in opening.ideas and treatment in matcher.read(entry.short).ideas
