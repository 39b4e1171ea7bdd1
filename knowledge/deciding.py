"""Answer, clarify or hand over: the thresholds and their reasons."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.answers import Decision
from knowledge.matching import Match
from knowledge.reading import Reading, asks_about_it

MOST_OFFERS = 3


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Confidences (0-1) at which a decision changes; `flask knowledge thresholds FILE` tries others on a file."""

    # From here on an answer is worth more than a question back: a wrong one costs about as much as two good ones gain.
    answer_from: float = 0.5
    # When the second reading is at least this share as sure as the first, the customer tells them apart, not we.
    too_close: float = 0.8
    # Below this, the right reading is not among those we could offer more often than it is.
    offer_from: float = 0.2
    # An offered reading is at least this share as sure as the first one.
    worth_offering: float = 0.15
    # A question that names no concern ("珍珠") can't be answered, only asked back.
    vague_at_most: float = 0.5
    # A separate question inside a message must be this sure to be answered beside another one.
    beside_another: float = 0.66


USUAL = Thresholds()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision with the matches that carry it."""

    decision: Decision
    matches: tuple[Match, ...] = ()
    confidence: float = 0.0


def decide(ranked: Sequence[Match], limits: Thresholds = USUAL) -> Verdict:
    """The decision for ranked matches."""
    if not ranked or ranked[0].confidence < limits.offer_from:
        return Verdict(Decision.HANDOVER, (), ranked[0].confidence if ranked else 0.0)
    first = ranked[0]
    rival = ranked[1].confidence if len(ranked) > 1 else 0.0
    if first.confidence >= limits.answer_from and rival < limits.too_close * first.confidence:
        return Verdict(Decision.ANSWER, (first,), first.confidence)
    worth = limits.worth_offering * first.confidence
    offers = [match for match in ranked[:MOST_OFFERS] if match.confidence >= worth]
    return Verdict(Decision.CLARIFY, tuple(offers), first.confidence)


def names_a_concern(reading: Reading) -> bool:
    """Does the question say more than what the piece is made of?"""
    if reading.words or len(reading.ideas) > len(reading.materials) + len(reading.objects):
        return True
    return asks_about_it(reading)
