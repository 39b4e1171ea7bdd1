"""What a check finds, fault by fault, and that the shop's own content has none."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from knowledge import Decision, Knowledge
from knowledge.checking import LONGEST_SHORT_ANSWER, advising_clauses, faults
from knowledge.entry import Entry
from knowledge.lexicon import Lexicon
from knowledge.matrix import Matrix, load_matrix

GOOD = Entry(
    id="pearl-care",
    title="珍珠日常保养",
    ways=tuple(f"珍珠怎么保养{number}" for number in range(8)),
    keywords=((("珍珠",), 0.8),),
    materials=("珍珠",),
    short="戴后用软布擦净。不要用酒精擦。",
    long="戴后用软布擦净，单独收好。",
    never=("酒精",),
    source="GIA",
    checked=date(2026, 11, 1),
    file="pearls.yaml",
    line=12,
)


def test_a_good_entry_has_no_fault(lexicon: Lexicon) -> None:
    assert faults([GOOD], lexicon) == []


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"short": ""}, "has no answer"),
        ({"ways": ("珍珠怎么保养",)}, "1 ways of asking"),
        ({"keywords": ()}, "no keywords"),
        ({"source": ""}, "no source"),
        ({"checked": None}, "no date of check"),
        ({"short": "擦" * (LONGEST_SHORT_ANSWER + 1)}, "at most 120 are read"),
        ({"long": "擦" * 601}, "at most 600 are read"),
        ({"short": "可以用酒精擦一擦。"}, "advises what it must never"),
        ({"long": "先擦净。再用酒精泡。"}, "advises what it must never"),
        ({"never": ("(",)}, "can't be read"),
        ({"short": "费用是{shop.pearl_fee}。"}, "unknown fact {shop.pearl_fee}"),
        ({"short": "费用是{shop.hours。"}, "unknown fact"),
        ({"short": "**戴后**擦净。"}, "markdown"),
        ({"related": ("no-such-topic",)}, "related topic no-such-topic does not exist"),
        ({"materials": ("木头",)}, "material 木头 is not in the lexicon"),
    ],
)
def test_a_fault_is_found_with_its_place(lexicon: Lexicon, fault: dict[str, object], message: str) -> None:
    found = faults([replace(GOOD, **fault)], lexicon)  # type: ignore[arg-type]
    assert len(found) == 1
    assert message in found[0].message
    assert (found[0].file, found[0].line) == ("pearls.yaml", 12)


def test_an_id_is_used_once(lexicon: Lexicon) -> None:
    again = replace(GOOD, ways=tuple(f"另一种问法{number}" for number in range(8)), line=40)
    assert [(fault.line, "used twice" in fault.message) for fault in faults([GOOD, again], lexicon)] == [(40, True)]


def test_a_way_of_asking_leads_to_one_topic(lexicon: Lexicon) -> None:
    other = replace(GOOD, id="pearl-clean", ways=("珍珠怎么保养３", *(f"洗法{number}" for number in range(8))), line=40)
    found = faults([GOOD, other], lexicon)
    assert [fault.line for fault in found] == [40]
    assert "is a way of pearl-care too" in found[0].message


def test_a_matrix_that_answers_under_an_unknown_topic_is_a_fault(lexicon: Lexicon) -> None:
    matrix = load_matrix()
    pearl = next(material for material in matrix.materials if material.name == "珍珠")
    found = faults([GOOD], lexicon, Matrix(matrix.treatments, (pearl,)))
    assert found
    assert {fault.file for fault in found} == {"matrix.yaml"}
    assert {fault.line for fault in found} == {pearl.line}


@pytest.mark.parametrize(
    ("text", "advising"),
    [
        ("用软布擦，不要用酒精。", ["用软布擦"]),
        ("别用牙膏、砂纸。可以用温水。", ["可以用温水"]),
        ("珍珠怕汗、酸。", []),
    ],
)
def test_only_clauses_that_advise_count(text: str, advising: list[str]) -> None:
    assert list(advising_clauses(text)) == advising


def test_the_shops_own_content_has_no_fault(knowledge: Knowledge) -> None:
    assert [f"{fault.file}:{fault.line}: {fault.message}" for fault in knowledge.check()] == []


def test_no_answer_says_what_its_topic_must_never(knowledge: Knowledge, facts: dict[str, str]) -> None:
    """Over all the ways of asking, so that composed answers and pairs of answers are met too."""
    said = 0
    for entry in knowledge.entries:
        patterns = [re.compile(pattern) for pattern in entry.never]
        for way in entry.ways[:4]:
            answer = knowledge.answer(way, facts)
            if answer.decision is not Decision.ANSWER or entry.id not in answer.topics:
                continue
            said += 1
            for clause in advising_clauses(answer.text):
                assert not [pattern.pattern for pattern in patterns if pattern.search(clause)], (way, clause)
    assert said > len(knowledge.entries)
