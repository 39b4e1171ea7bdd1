"""Questions about what the customer has: "我的项链能泡温泉吗"."""

from __future__ import annotations

import pytest

from knowledge import Decision, Knowledge, OwnedPiece

Facts = dict[str, str]

PEARLS = OwnedPiece("南洋白珠项链", "项链", "18K金", "珍珠")
DIAMOND = OwnedPiece("六爪钻戒", "戒指", "PT950", "钻石", "爪镶")
PLAIN = OwnedPiece("古法传承手镯", "手镯", "足金999")
GOLD_CHAIN = OwnedPiece("水波纹项链", "项链", "足金999")


def test_the_most_delicate_material_of_her_piece_decides(knowledge: Knowledge, facts: Facts) -> None:
    answer = knowledge.answer("我的项链能泡温泉吗", facts, pieces=[PEARLS, DIAMOND])
    assert answer.decision is Decision.ANSWER
    assert "南洋白珠项链" in answer.text
    assert "珍珠" in answer.text
    assert "六爪钻戒" not in answer.text


def test_each_of_two_different_pieces_is_named(knowledge: Knowledge, facts: Facts) -> None:
    answer = knowledge.answer("我的项链能用超声波洗吗", facts, pieces=[PEARLS, GOLD_CHAIN])
    assert "南洋白珠项链" in answer.text
    assert "水波纹项链" in answer.text
    assert answer.text.index("珍珠不能上超声波") < answer.text.index("水波纹项链")


@pytest.mark.parametrize(
    "question", ["我想买一条项链能泡温泉吗", "项链能泡温泉吗", "我的银项链能泡温泉吗", "我朋友的项链能泡温泉吗"]
)
def test_a_question_that_is_not_about_her_piece_is_answered_as_it_stands(
    knowledge: Knowledge, facts: Facts, question: str
) -> None:
    assert knowledge.answer(question, facts, pieces=[PEARLS]) == knowledge.answer(question, facts)


def test_a_piece_of_another_kind_says_nothing(knowledge: Knowledge, facts: Facts) -> None:
    question = "我的手镯能泡温泉吗"
    assert knowledge.answer(question, facts, pieces=[PEARLS]) == knowledge.answer(question, facts)
    assert "古法传承手镯" in knowledge.answer(question, facts, pieces=[PEARLS, PLAIN]).text


def test_the_conversation_goes_on_about_her_piece(knowledge: Knowledge, facts: Facts) -> None:
    first = knowledge.answer("我的戒指能用超声波洗吗", facts, pieces=[DIAMOND])
    assert "六爪钻戒" in first.text
    assert "铂金" in first.turn.materials


def test_a_topic_of_her_pieces_material_goes_before_a_general_one(knowledge: Knowledge, facts: Facts) -> None:
    assert knowledge.answer("我的项链断了", facts, pieces=[PEARLS]).topics == ("pearl-restring",)
    assert knowledge.answer("我的项链断了修一下多少钱", facts, pieces=[PEARLS]).topics == ("pearl-restring",)
    assert knowledge.answer("我的项链断了修一下多少钱", facts, pieces=[GOLD_CHAIN]).topics == ("chain-broken",)
