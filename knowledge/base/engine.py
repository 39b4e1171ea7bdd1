"""BaseKnowledge: another trade's questions behind the same door as our own entries."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge import conversation, small_talk
from knowledge.answers import Answer, Decision, Offer, Turn, choices
from knowledge.base import calibrating
from knowledge.base.finding import Candidate, Finder
from knowledge.base.likeness import weighted
from knowledge.base.rows import Topic, read_topics
from knowledge.deciding import MOST_OFFERS, USUAL
from knowledge.lexicon import plain_lexicon
from knowledge.weights import PLAIN

# The lead is in the likelihood already: only a rival this close is asked about.
TOO_CLOSE = 0.9
# An offered reading is at least this share as sure as the first one.
WORTH_OFFERING = 0.3


@dataclass(frozen=True, slots=True)
class Found:
    """A topic with how sure it is meant (0-1)."""

    topic: Topic
    confidence: float


class BaseKnowledge:
    """Answers from rows of a base; safe to share between threads, reads nothing after loading."""

    def __init__(self, topics: Sequence[Topic], weights: Mapping[str, float] = PLAIN) -> None:
        self._topics = list(topics)
        self._by_id = {topic.id: topic for topic in topics}
        self._likenesses = {name: weight for name, weight in weights.items() if name != "bias"}
        self._bias = weights["bias"]
        self._small_talk = plain_lexicon().small_talk
        self._finder = Finder(self._topics)
        self.bar = calibrating.bar(len(self._topics), self._best_without)

    @classmethod
    def from_tsv(cls, path: Path) -> "BaseKnowledge":
        """A base from a TSV with the columns id, question, answer. Raises EntryError."""
        return cls(read_topics(path))

    def topics(self) -> dict[str, str]:
        """Every topic with its first question."""
        return {topic.id: topic.questions[0] for topic in self._topics}

    def askings(self) -> list[tuple[str, str]]:
        """Every row's question, with its topic."""
        return [(topic.id, question) for topic in self._topics for question in topic.questions]

    def by_topic(self, topic_id: str) -> Answer | None:
        """The answer to a reading that was chosen; None when there is no such topic."""
        topic = self._by_id.get(topic_id)
        if topic is None:
            return None
        return Answer(Decision.ANSWER, (topic.id,), 1.0, topic.answer, turn=Turn(topic.id))

    def answer(self, question: str, facts: Mapping[str, str], turn: Turn | None = None) -> Answer:
        """The answer to a question; a base has no facts of a shop, and of the conversation only what was offered."""
        before = turn or Turn()
        if topic := conversation.chosen(question, before):
            return self.by_topic(topic) or Answer(Decision.HANDOVER, turn=before)
        ranked = self.rank(question)
        kind = small_talk.kind_of(question, self._small_talk)
        if kind and not (ranked and ranked[0].confidence >= USUAL.answer_from):
            return Answer(Decision.HANDOVER, turn=before, small_talk=kind)
        return _decided(ranked, before)

    def rank(self, question: str) -> list[Found]:
        """The topics that may be meant, surest first."""
        likely = [(candidate.topic, self._likely(candidate)) for candidate in self._finder.find(question)]
        found = [
            Found(self._topics[topic], calibrating.shifted(likelihood, self.bar, USUAL.answer_from))
            for topic, likelihood in likely
        ]
        return sorted(found, key=lambda one: -one.confidence)

    def _best_without(self, topic: int) -> float:
        question = self._topics[topic].questions[0]
        return max(map(self._likely, self._finder.find(question, without=topic)), default=0.0)

    def _likely(self, candidate: Candidate) -> float:
        return 1 / (1 + math.exp(-self._bias - weighted(candidate.like, self._likenesses)))


def _decided(ranked: Sequence[Found], before: Turn) -> Answer:
    first = ranked[0].confidence if ranked else 0.0
    if first < USUAL.offer_from:
        return Answer(Decision.HANDOVER, confidence=first, turn=before)
    rival = ranked[1].confidence if len(ranked) > 1 else 0.0
    if first >= USUAL.answer_from and rival < TOO_CLOSE * first:
        topic = ranked[0].topic
        return Answer(Decision.ANSWER, (topic.id,), first, topic.answer, turn=Turn(topic.id))
    worth = [one.topic for one in ranked[:MOST_OFFERS] if one.confidence >= WORTH_OFFERING * first]
    return _offered(worth, first)


def _offered(topics: Sequence[Topic], confidence: float) -> Answer:
    offers = tuple(Offer(topic.id, topic.questions[0]) for topic in topics)
    named = tuple(offer.topic for offer in offers)
    return Answer(Decision.CLARIFY, named, confidence, choices(offers), offers, turn=Turn(offered=named))
