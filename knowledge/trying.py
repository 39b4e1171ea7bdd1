"""Other thresholds tried on labelled questions: what each would gain and lose, and which is best."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from knowledge.deciding import USUAL, Thresholds
from knowledge.engine import Knowledge
from knowledge.evaluating import Labelled, Outcome, judge

# What an outcome is worth: an answer one, an offer half of it; a wrong answer costs two good ones.
WORTH = {
    Outcome.RIGHT: 1.0,
    Outcome.OFFERED: 0.5,
    Outcome.NOT_OFFERED: -0.25,
    Outcome.WRONG: -2.0,
    Outcome.FALSE_ANSWER: -2.0,
    Outcome.FALSE_OFFER: -0.25,
}
TRIED = {
    "answer_from": (0.45, 0.5, 0.55, 0.6, 0.65, 0.7),
    "too_close": (0.6, 0.7, 0.75, 0.8, 0.85, 0.9),
    "offer_from": (0.15, 0.2, 0.25, 0.3, 0.35),
    "worth_offering": (0.05, 0.1, 0.15, 0.25, 0.4),
    "vague_at_most": (0.4, 0.5, 0.6, 0.7),
    "beside_another": (0.55, 0.6, 0.66, 0.75),
}


def trials(knowledge: Knowledge, facts: Mapping[str, str], questions: Sequence[Labelled]) -> Iterator[str]:
    """For each threshold its values, one line each; `<` marks the one in use, `*` the best of them."""
    for name, values in TRIED.items():
        used = getattr(USUAL, name)
        tried = {value: _counts(knowledge, facts, questions, replace(USUAL, **{name: value})) for value in values}
        best = max(tried, key=lambda value: (_worth(tried[value]), value == used))
        yield name
        for value, counts in tried.items():
            marks = ("<" if value == used else " ") + ("*" if value == best else " ")
            yield f"  {value:<5} {marks} worth {_worth(counts):8.2f}   {_told(counts)}"


def _counts(
    knowledge: Knowledge, facts: Mapping[str, str], questions: Sequence[Labelled], limits: Thresholds
) -> Counter[Outcome]:
    return Counter(one.outcome for one in judge(knowledge.with_thresholds(limits), facts, questions))


def _worth(counts: Mapping[Outcome, int]) -> float:
    return sum(worth * counts.get(outcome, 0) for outcome, worth in WORTH.items())


def _told(counts: Mapping[Outcome, int]) -> str:
    return ", ".join(f"{outcome} {counts[outcome]}" for outcome in WORTH if counts.get(outcome))
