"""The shortest questions, of every material and every kind of piece: none of them may be too little to be answered."""

from __future__ import annotations

import pytest

from knowledge import Decision, Knowledge
from knowledge.checking import faults
from knowledge.lexicon import Lexicon
from knowledge.matrix import load_matrix
from tests.knowledge.conftest import Ask

MATERIALS = [material.ideas[0] for material in load_matrix().materials]
PIECES = ["戒指", "项链", "手链", "手镯", "耳钉", "吊坠"]


@pytest.mark.parametrize("material", MATERIALS)
def test_washing_care_and_keeping_are_answered_for_every_material(ask: Ask, lexicon: Lexicon, material: str) -> None:
    written = lexicon.written(material)[0]
    for question in ("怎么洗", "怎么保养", "怎么收"):
        answer = ask(written + question)
        assert answer.decision is Decision.ANSWER, written + question


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("asked", ["{}怎么洗", "{}怎么收", "{}坏了能修吗", "修{}多少钱", "{}能退吗", "{}松了怎么办"])
def test_what_is_usually_asked_is_answered_for_every_piece(ask: Ask, piece: str, asked: str) -> None:
    if (piece, asked) != ("吊坠", "{}松了怎么办"):  # its bail, its stone, its cord
        assert ask(asked.format(piece)).decision is Decision.ANSWER


@pytest.mark.parametrize("asked", ["{}怎么保养", "{}可以回收吗"])
def test_what_depends_on_the_material_is_asked_back(ask: Ask, asked: str) -> None:
    for piece in ("戒指", "吊坠"):
        answer = ask(asked.format(piece))
        assert (answer.decision, len(answer.offers)) == (Decision.CLARIFY, 3)


def test_a_topic_that_does_not_exist_is_a_fault(knowledge: Knowledge, lexicon: Lexicon) -> None:
    without = [entry for entry in knowledge.entries if entry.id != "store-silver"]
    found = [fault.message for fault in faults(without, lexicon, load_matrix())]
    assert any("topic store-silver does not exist" in message for message in found)
    assert {topic for topics in lexicon.usual.values() for topic in topics.values()} <= knowledge.topics().keys()
