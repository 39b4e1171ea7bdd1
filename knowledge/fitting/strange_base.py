"""The weights for bases of other trades, fitted on our own content read as if nothing were known of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from knowledge.base.finding import Candidate, Finder
from knowledge.base.likeness import NAMES, as_row
from knowledge.base.rows import Topic
from knowledge.entry import Entry
from knowledge.fitting.disturbing import Disturber, exchanged
from knowledge.fitting.regression import fit
from knowledge.lexicon import Lexicon

SEED = 7
# Of every five topics one is left out: its ways of asking are the near foreign questions.
LEFT_OUT = 5
# Rows of a topic in the base; some bases have one way of asking, some have several.
FEWEST_ROWS, MOST_ROWS = 1, 3
# Other ways of asking for a topic, asked of the base; they are further from its rows than most paraphrases.
OTHER_WAYS = 2
# What each kind of question counts; they are as frequent in a shop's life as this says, not as they are easily made.
SHARES = {"again": 1.0, "other way": 0.6, "left out": 0.5, "exchanged": 0.4, "far": 1.0}
# Candidates of one question that the weights are fitted on; those further down are never near.
LOOKED_AT = 5
HELD_BACK = 2.0
AGAINST = {"question_lacks", "row_lacks", "exchanged", "other_kind", "other_number", "other_negation", "unknown"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the number of its topic (-1 for none) and how it was made."""

    question: str
    topic: int
    kind: str


def weights(entries: Sequence[Entry], lexicon: Lexicon, foreign: Sequence[str]) -> dict[str, float]:
    """The weight of each likeness and, as "bias", where the scale begins."""
    random = Random(SEED)
    known = [entry for at, entry in enumerate(entries) if at % LEFT_OUT]
    topics, spare = _split(known, random)
    finder = Finder(topics)
    left_out = [entry for at, entry in enumerate(entries) if not at % LEFT_OUT]
    asked = [*_asked(topics, spare, lexicon, random), *_far(left_out, foreign)]
    rows, right, shares = [], [], []
    for one in asked:
        for candidate in finder.find(one.question)[:LOOKED_AT]:
            rows.append(as_row(candidate.like))
            right.append(_is_right(candidate, one))
            shares.append(SHARES[one.kind])
    return _sensible(rows, right, shares)


def _sensible(rows: Sequence[Sequence[float]], right: Sequence[bool], shares: Sequence[float]) -> dict[str, float]:
    """Fitted weights without those of the wrong sign: a lack that speaks for a row is chance, or our content's."""
    names = list(NAMES)
    while True:
        columns = [NAMES.index(name) for name in names]
        found = fit([[row[column] for column in columns] for row in rows], right, shares, HELD_BACK)
        weights = {name: round(float(value), 2) for name, value in zip((*names, "bias"), found, strict=True)}
        wrong = [name for name in names if (weights[name] < 0) != (name in AGAINST)]
        if not wrong:
            return weights
        names.remove(max(wrong, key=lambda name: abs(weights[name])))


def _is_right(candidate: Candidate, one: Asked) -> bool:
    return candidate.topic == one.topic


def _split(entries: Sequence[Entry], random: Random) -> tuple[list[Topic], list[tuple[str, ...]]]:
    topics: list[Topic] = []
    spare: list[tuple[str, ...]] = []
    for entry in entries:
        ways = list(entry.ways)
        random.shuffle(ways)
        kept = random.randint(FEWEST_ROWS, MOST_ROWS)
        topics.append(Topic(entry.id, tuple(ways[:kept]), entry.short))
        spare.append(tuple(ways[kept : kept + OTHER_WAYS]))
    return topics, spare


def _asked(
    topics: Sequence[Topic], spare: Sequence[tuple[str, ...]], lexicon: Lexicon, random: Random
) -> Iterator[Asked]:
    disturber = Disturber(random, [question for topic in topics for question in topic.questions])
    for number, topic in enumerate(topics):
        for question in topic.questions:
            yield Asked(disturber.again(question), number, "again")
            if other := exchanged(question, lexicon, random):
                yield Asked(other, -1, "exchanged")
        yield from (Asked(question, number, "other way") for question in spare[number])


def _far(left_out: Sequence[Entry], foreign: Sequence[str]) -> Iterator[Asked]:
    yield from (Asked(way, -1, "left out") for entry in left_out for way in entry.ways[:6])
    yield from (Asked(question, -1, "far") for question in foreign)
