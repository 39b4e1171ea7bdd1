"""The thresholds as a table."""

from __future__ import annotations

import pytest

from knowledge.answers import Decision
from knowledge.deciding import decide
from knowledge.entry import Entry
from knowledge.matching import Match
from knowledge.weighing import Evidence
from knowledge.weights import SHOP


def ranked(*confidences: float) -> list[Match]:
    return [Match(Entry(id=f"t{number}", title="t"), sure) for number, sure in enumerate(confidences)]


@pytest.mark.parametrize(
    ("confidences", "decision", "named"),
    [
        ((), Decision.HANDOVER, 0),
        ((0.19,), Decision.HANDOVER, 0),
        ((0.2,), Decision.CLARIFY, 1),
        ((0.49, 0.01), Decision.CLARIFY, 1),
        ((0.5, 0.01), Decision.ANSWER, 1),
        ((0.9, 0.71), Decision.ANSWER, 1),
        ((0.9, 0.73), Decision.CLARIFY, 2),
        ((0.49, 0.3, 0.2, 0.19), Decision.CLARIFY, 3),
        ((0.49, 0.3, 0.07), Decision.CLARIFY, 2),
    ],
)
def test_a_ranking_is_decided(confidences: tuple[float, ...], decision: Decision, named: int) -> None:
    verdict = decide(ranked(*confidences))
    assert (verdict.decision, len(verdict.matches)) == (decision, named)


def test_no_evidence_is_no_confidence_and_all_evidence_nearly_certainty() -> None:
    assert SHOP.confidence(Evidence()) < 0.1
    full = Evidence(lead=4, lead_over_nobody=4, keywords=1, lead_keywords=1, known=1, length=3)
    assert SHOP.confidence(full) > 0.95


@pytest.mark.parametrize("against", ["foreign", "other_material", "strange_things", "no_piece"])
def test_what_speaks_against_an_entry_lowers_the_confidence(against: str) -> None:
    assert SHOP.confidence(Evidence(keywords=1, **{against: 1.0})) < SHOP.confidence(Evidence(keywords=1))
