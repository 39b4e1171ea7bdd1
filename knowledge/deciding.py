"""Answer, clarify or hand over: the thresholds and their reasons."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.answers import Decision
from knowledge.matching import Match
from knowledge.reading import Reading

# From here on an answer is worth more than a question back: a wrong one costs about as much as two good ones gain.
ANSWER_FROM = 0.55
# When the second reading is at least this share as sure as the first, the customer tells them apart, not we.
TOO_CLOSE = 0.7
# Below this, the right reading is not among those we could offer more often than it is.
OFFER_FROM = 0.25
# An offered reading is at least this share as sure as the first one.
WORTH_OFFERING = 0.15
MOST_OFFERS = 3
# A question that names no concern ("珍珠") can't be answered, only asked back.
VAGUE_AT_MOST = 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision with the matches that carry it."""

    decision: Decision
    matches: tuple[Match, ...] = ()
    confidence: float = 0.0


def decide(ranked: Sequence[Match]) -> Verdict:
    """The decision for ranked matches."""
    if not ranked or ranked[0].confidence < OFFER_FROM:
        return Verdict(Decision.HANDOVER, (), ranked[0].confidence if ranked else 0.0)
    first = ranked[0]
    rival = ranked[1].confidence if len(ranked) > 1 else 0.0
    if first.confidence >= ANSWER_FROM and rival < TOO_CLOSE * first.confidence:
        return Verdict(Decision.ANSWER, (first,), first.confidence)
    offers = [match for match in ranked[:MOST_OFFERS] if match.confidence >= WORTH_OFFERING * first.confidence]
    return Verdict(Decision.CLARIFY, tuple(offers), first.confidence)


def names_a_concern(reading: Reading) -> bool:
    """Does the question say more than what the piece is made of?"""
    return bool(reading.words) or len(reading.ideas) > len(reading.materials) + len(reading.objects)
