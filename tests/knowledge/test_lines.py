"""A question a line, an answer a line."""

from __future__ import annotations

import pytest

from knowledge import Knowledge
from knowledge.lines import answer_lines


def columns(knowledge: Knowledge, facts: dict[str, str], line: str) -> list[str]:
    (answered,) = answer_lines(knowledge, facts, [line])
    assert "\n" not in answered
    return answered.split("\t")


@pytest.mark.parametrize(
    ("line", "decision", "topic"),
    [
        ("珍珠怎么保养\n", "answer", "pearl-care"),
        ("翡翠可以晒太阳吗>>>蜜蜡呢\r\n", "answer", "amber-care"),
        ("金项链发黑怎么办？另外你们几点关门？", "answer", "gold-darken|hours"),
        ("今天天气怎么样", "handover", "-"),
        ("", "handover", "-"),
        (">>>", "handover", "-"),
        ("a\tb\tc", "handover", "-"),
    ],
)
def test_a_line_has_four_columns(
    knowledge: Knowledge, facts: dict[str, str], line: str, decision: str, topic: str
) -> None:
    told = columns(knowledge, facts, line)
    assert len(told) == 4
    assert told[:2] == [decision, topic]
    assert 0 <= float(told[2]) <= 1


def test_offered_topics_are_joined_and_line_breaks_written_out(knowledge: Knowledge, facts: dict[str, str]) -> None:
    decision, topics, _, text = columns(knowledge, facts, "翡翠手镯")
    assert decision == "clarify"
    assert len(topics.split("|")) > 1
    assert "\\n1. " in text
