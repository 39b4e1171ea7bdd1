"""A story with a question in it: which of its clauses is the question, and how sure that makes its topic."""

from collections.abc import Sequence
from dataclasses import replace

from knowledge.deciding import Thresholds
from knowledge.matching import Match
from knowledge.reading import Reading
from knowledge.splitting import clauses_of_a_story


def plain_story(question: str, reading: Reading) -> Reading:
    """A story about a piece without the words that no lexicon knows: they tell, they don't ask."""
    tells = clauses_of_a_story(question) and (reading.materials or reading.objects)
    return replace(reading, words=()) if tells else reading


def in_its_story(clause: Reading, story: Reading) -> Reading:
    """A clause with the materials and pieces of its story, where it names none itself."""
    if clause.materials or clause.objects or not clause.concerns:
        return clause
    return replace(clause, ideas=tuple(dict.fromkeys((*story.materials, *story.objects, *clause.ideas))))


def lifted(ranked: Sequence[Match], heard: Sequence[tuple[bool, Match]], limits: Thresholds) -> list[Match]:
    """The ranking of the whole story, with the topics of its clauses (does it ask? what is it about?) made surer.

    A clause may be a circumstance ("洗手洗碗也没摘过"): it makes its topic worth offering, no more. The only clause
    that asks and is sure is the story's question.
    """
    alone: dict[str, float] = {}
    for _, match in heard:
        sure = min(limits.clause_at_most, limits.clause_share * match.confidence)
        alone[match.entry.id] = max(alone.get(match.entry.id, 0.0), sure)
    if outstanding := _outstanding(heard, limits):
        alone[outstanding.entry.id] = outstanding.confidence
    surer = [
        replace(match, confidence=max(min(match.confidence, limits.clause_at_most), alone.get(match.entry.id, 0.0)))
        for match in ranked
    ]
    return sorted(surer, key=lambda match: -match.confidence)


def _outstanding(heard: Sequence[tuple[bool, Match]], limits: Thresholds) -> Match | None:
    asking = [match for asks, match in heard if asks and match.confidence >= limits.answer_from]
    if len({match.entry.id for match in asking}) != 1:
        return None
    best = max(asking, key=lambda match: match.confidence)
    return best if best.confidence >= limits.clause_stands_out else None
