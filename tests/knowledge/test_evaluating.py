"""Labelled questions are judged by what was answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import Answer, Decision, Knowledge
from knowledge.errors import EntryError
from knowledge.evaluating import Labelled, Outcome, judge, outcome_of, read_labelled, report


@pytest.mark.parametrize(
    ("right", "decision", "topics", "outcome"),
    [
        ("a", Decision.ANSWER, ("a",), Outcome.RIGHT),
        ("a|b", Decision.ANSWER, ("b",), Outcome.RIGHT),
        ("a", Decision.ANSWER, ("c",), Outcome.WRONG),
        ("a", Decision.CLARIFY, ("c", "a"), Outcome.OFFERED),
        ("a", Decision.CLARIFY, ("c",), Outcome.NOT_OFFERED),
        ("a", Decision.HANDOVER, (), Outcome.HANDED_OVER),
        ("NONE", Decision.HANDOVER, (), Outcome.KEPT_BACK),
        ("NONE", Decision.CLARIFY, ("a",), Outcome.FALSE_OFFER),
        ("NONE", Decision.ANSWER, ("a",), Outcome.FALSE_ANSWER),
    ],
)
def test_an_answer_is_judged(right: str, decision: Decision, topics: tuple[str, ...], outcome: Outcome) -> None:
    assert outcome_of(Labelled("?", frozenset(right.split("|")), "plain"), Answer(decision, topics)) is outcome


def test_a_report_counts_by_outcome_and_by_kind(knowledge: Knowledge, facts: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "questions.tsv"
    file.write_text(
        "question\ttopic_id\tkind\n珍珠怎么保养\tpearl-care\tplain\n翡翠可以晒太阳吗>>>蜜蜡呢\tamber-care\tfollowup\n"
        "今天天气怎么样\tNONE\tnone\n珍珠怎么保养\thours\tplain\n",
        encoding="utf-8-sig",
    )
    lines = list(report(list(judge(knowledge, facts, read_labelled(file)))))
    assert "4 (3 to answer, 1 for a person)" in lines[0]
    assert "66.7% (2 of 3)" in lines[1]
    assert "66.7% (2 of 3)" in lines[2]
    assert "33.3% (1 of 3)" in lines[4]
    assert "0.0% (0 of 1)" in lines[5]
    assert any("plain" in line and "right 1, wrong 1" in line for line in lines)


@pytest.mark.parametrize(("content", "message"), [("question\tkind\nx\ty\n", "needs the columns"), ("", "needs the")])
def test_a_file_without_labels_is_refused(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "questions.tsv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(EntryError, match=message):
        read_labelled(file)
