"""Labelled questions of all kinds, written without looking at the entries: how well they are answered."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from knowledge import Knowledge
from knowledge.evaluating import Judged, Outcome, judge, read_labelled
from knowledge.segmenting import python_segmenter, rust_segmenter

HERE = Path(__file__).parent
QUESTIONS = HERE / "questions.tsv"
FILES = ("questions.tsv", "blind_tune.tsv", "tune.tsv", "blind_held_out.tsv", "blind_second.tsv")
# Shares. What we measure is in docs/knowledge.md; these leave room for new entries beside the old ones.
LEAST_RIGHT, LEAST_RIGHT_OR_OFFERED = 0.82, 0.92
MOST_WRONG, MOST_FALSE = 0.05, 0.05


@pytest.fixture(scope="module", params=FILES)
def judged(knowledge: Knowledge, facts: dict[str, str], request: pytest.FixtureRequest) -> list[Judged]:
    return list(judge(knowledge, facts, read_labelled(HERE / request.param)))


def shares(judged: list[Judged], *, to_answer: bool) -> Counter[Outcome]:
    chosen = [one.outcome for one in judged if ("NONE" not in one.asked.topics) == to_answer]
    counts = Counter(chosen)
    return Counter({outcome: count / len(chosen) for outcome, count in counts.items()})


def test_most_questions_are_answered_right(judged: list[Judged]) -> None:
    inside = shares(judged, to_answer=True)
    assert inside[Outcome.RIGHT] >= LEAST_RIGHT
    assert inside[Outcome.RIGHT] + inside[Outcome.OFFERED] >= LEAST_RIGHT_OR_OFFERED


def test_wrong_and_false_answers_are_rare(judged: list[Judged]) -> None:
    assert shares(judged, to_answer=True)[Outcome.WRONG] <= MOST_WRONG
    assert shares(judged, to_answer=False)[Outcome.FALSE_ANSWER] <= MOST_FALSE


def test_both_segmenters_cut_alike() -> None:
    own = ["古法金", "转运珠", "洗银水"]
    rust, python = rust_segmenter(own), python_segmenter(own)
    for one in read_labelled(QUESTIONS)[::8]:
        assert rust(one.question) == python(one.question)
