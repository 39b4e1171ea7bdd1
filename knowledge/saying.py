"""From matches to answers: texts with the shop's facts, offered readings, a person where a fact is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.answers import Answer, Decision, Offer, Turn, choices
from knowledge.entry import Entry, Point
from knowledge.facts import fill_in
from knowledge.matching import Match
from knowledge.matrix import Combination
from knowledge.owned import OwnReading
from knowledge.points import told

# More names than this make a list nobody reads.
MOST_NAMED = 2
LEFT_OPEN = "另外您问的“{question}”，我没有把握，怕说错。可以换个说法单独再问我一次，或回复“人工”请顾问来答。"
MARKS = " ?？。，,!！~"


@dataclass(frozen=True, slots=True)
class Found:
    """A match with what the question asks of it in particular."""

    match: Match
    points: tuple[Point, ...] = ()


def said(found: Sequence[Found], facts: Mapping[str, str], turn: Turn, again: bool = False) -> Answer:
    """What these entries say, one after the other; a person where one of them can't be given.

    `again`: the short answer was given just before; the points are enough.
    """
    texts = [told(one.match.entry, one.points, facts, again) for one in found]
    confidence = min(one.match.confidence for one in found)
    if not all(texts):
        return Answer(Decision.HANDOVER, confidence=confidence, turn=turn)
    return Answer(
        decision=Decision.ANSWER,
        topics=tuple(one.match.entry.id for one in found),
        confidence=confidence,
        text="\n\n".join(texts),
        long_text=fill_in(found[0].match.entry.long, facts) if len(found) == 1 and not again else "",
        turn=turn,
    )


def composed(
    combination: Combination,
    entry: Entry | None,
    points: Sequence[Point],
    confidence: float,
    facts: Mapping[str, str],
    turn: Turn,
) -> Answer:
    """The verdict on material and treatment, with the topic's points or else its short answer behind it."""
    further = "".join(fill_in(point.say, facts) for point in points)
    if entry and not further:
        further = fill_in(entry.short, facts)
    return Answer(
        decision=Decision.ANSWER,
        topics=(entry.id if entry else combination.topic,),
        confidence=max(combination.confidence, confidence),
        text="\n\n".join(filter(None, [combination.text, further])),
        long_text=fill_in(entry.long, facts) if entry else "",
        turn=turn,
    )


def with_open_question(answer: Answer, question: str) -> Answer:
    """The answer with the second question that it leaves open, if there is one: nothing is dropped in silence."""
    if not question or not answer.text:
        return answer
    return replace(answer, text=f"{answer.text}\n\n{LEFT_OPEN.format(question=question.strip(MARKS))}")


def offered(matches: Sequence[Match], confidence: float, turn: Turn) -> Answer:
    """Up to three readings to choose from."""
    offers = tuple(Offer(match.entry.id, match.entry.title) for match in matches)
    return Answer(
        decision=Decision.CLARIFY,
        topics=tuple(offer.topic for offer in offers),
        confidence=confidence,
        text=choices(offers),
        offers=offers,
        turn=turn,
    )


def about_her_own(answers: Sequence[tuple[OwnReading, Answer]]) -> Answer:
    """What was found for each of her pieces, said under their names; the last one stays the subject."""
    texts = [f"您的{_named(own.names)}：{answer.text}" for own, answer in answers]
    last = answers[-1][1]
    return Answer(
        decision=Decision.ANSWER,
        topics=tuple(dict.fromkeys(topic for _, answer in answers for topic in answer.topics)),
        confidence=min(answer.confidence for _, answer in answers),
        text="\n\n".join(dict.fromkeys(texts)),
        long_text=last.long_text if len(answers) == 1 else "",
        turn=last.turn,
    )


def _named(names: Sequence[str]) -> str:
    shown = "、".join(f"「{name}」" for name in names[:MOST_NAMED])
    return shown if len(names) <= MOST_NAMED else f"{shown}等{len(names)}件"
