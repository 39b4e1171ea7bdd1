"""The topics of a base that may be meant by a question, and how like each is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from knowledge.base.likeness import Likeness, Rarities, likeness, weighted
from knowledge.base.postings import Postings, Rareness, best
from knowledge.base.rows import Topic
from knowledge.base.words import Asked, Words

# Rows that are looked at closely.
LOOKED_AT = 24
# Pairs of characters beside words when the rows to look at are chosen.
PAIR_SHARE = 0.5
# Rows that are kept taken apart; a row of 100,000 is seldom looked at twice.
MOST_REMEMBERED = 4_096
# What makes a first order among the rows, before weights: enough to say who leads.
GLANCE = {"both_met": 0.4, "pairs": 0.35, "spelling": 0.25}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A topic with its most like row."""

    topic: int
    like: Likeness


class Finder:
    """Finds like rows; holds their texts and what stands in them."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._words = Words()
        self._texts = [question for topic in topics for question in topic.questions]
        self._topic_of = [number for number, topic in enumerate(topics) for _ in topic.questions]
        self._word_rows, self._pair_rows = Postings(), Postings()
        characters, sounds = Rareness(), Rareness()
        for asked in map(self._words.read, self._texts):
            self._word_rows.add(asked.words)
            self._pair_rows.add(asked.pairs)
            characters.add(asked.characters)
            sounds.add(asked.sounds)
        self._word_rows.close()
        self._pair_rows.close()
        self._rarities = Rarities(self._weigh, self._pair_rows.rarity, characters, sounds)
        self._rarest = self._word_rows.rarity("")
        self._row = lru_cache(MOST_REMEMBERED)(self._read_row)

    def _read_row(self, number: int) -> Asked:
        return self._words.read(self._texts[number])

    def find(self, question: str, without: int = -1) -> list[Candidate]:
        """The like topics, most like first; the topic `without` is passed over, as if the base did not have it."""
        asked = self._words.read(question)
        scores = np.zeros(len(self._texts), dtype=np.float32)
        self._word_rows.add_scores(asked.words, scores, 1.0)
        self._pair_rows.add_scores(asked.pairs, scores, PAIR_SHARE)
        unknown = sum(says for word, says in asked.words.items() if not self._known(word, asked))
        nearest: dict[int, Likeness] = {}
        for number in best(scores, LOOKED_AT):
            topic = self._topic_of[number]
            if topic == without:
                continue
            like = likeness(asked, self._row(number), self._rarities, unknown)
            if topic not in nearest or _glance(like) > _glance(nearest[topic]):
                nearest[topic] = like
        return _with_leads(nearest)

    def _known(self, word: str, asked: Asked) -> bool:
        written = asked.written[word]
        return self._word_rows.holds(word) or (len(written) == 2 and self._pair_rows.holds(written))

    def _weigh(self, word: str, says: float) -> float:
        """The weight of a word: how rare it is here, and how much it says anywhere."""
        return self._word_rows.rarity(word) / self._rarest * math.sqrt(says)


def _glance(like: Likeness) -> float:
    return weighted(like, GLANCE)


def _with_leads(nearest: dict[int, Likeness]) -> list[Candidate]:
    order = sorted(nearest, key=lambda topic: -_glance(nearest[topic]))
    glances = [_glance(nearest[topic]) for topic in order]
    found = []
    for at, topic in enumerate(order):
        rival = glances[0] if at else (glances[1] if len(glances) > 1 else 0.0)
        found.append(Candidate(topic, replace(nearest[topic], lead=glances[at] - rival)))
    return found
