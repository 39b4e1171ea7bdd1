"""Whole questions through the front door: what is answered, asked back and left to a person."""

from __future__ import annotations

import pytest

from knowledge import Decision, Knowledge, Turn
from tests.knowledge.conftest import Ask


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("黄金项链发黑了怎么办", "gold-darken"),
        ("珍珠平时怎么保养", "pearl-care"),
        ("银饰变黑了怎么洗", "silver-tarnish"),
        ("培育钻石和天然钻石有什么区别", "lab-grown"),
        ("戒指太大了能改小吗", "resize-basic"),
        ("你们几点关门", "hours"),
        ("可以开发票吗", "invoice"),
        ("戒指上的钻掉了怎么办", "stone-lost"),
        ("項鍊打結了怎麼辦", "store-tangle"),
        ("翡粹怎么保养", "jadeite-care"),
        ("以旧换新怎么算", "tradein-rule"),
        ("戴金耳钉耳朵痒", "gold-allergy"),
    ],
)
def test_plain_questions_are_answered(ask: Ask, question: str, topic: str) -> None:
    answer = ask(question)
    assert (answer.decision, answer.topics) == (Decision.ANSWER, (topic,))
    assert answer.text


@pytest.mark.parametrize(
    "question",
    [
        "今天天气怎么样",
        "帮我订一张机票",
        "黄金明年会涨吗",
        "戴玉能治高血压吗",
        "戴貔貅能招财吗",
        "珍珠奶茶怎么做",
        "耳机坏了保修吗",
        "银行几点开门",
        "潮宏基和周大生哪家好",
        "你这个垃圾机器人",
        "金毛掉毛怎么办",
        "多少",
        "为什么",
        "???",
        "",
        "🙂",
    ],
)
def test_what_is_not_ours_is_left_to_a_person(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.decision is Decision.HANDOVER
    assert not answer.text


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("你好", "greeting"),
        ("哈喽呀", "greeting"),
        ("收到感谢", "thanks"),
        ("拜拜", "goodbye"),
        ("谢谢，再见", "thanks"),
    ],
)
def test_small_talk_is_named(ask: Ask, said: str, kind: str) -> None:
    assert ask(said).small_talk == kind


def test_a_greeting_before_a_question_does_not_hide_it(ask: Ask) -> None:
    assert ask("你好，珍珠怎么保养").topics == ("pearl-care",)


def test_a_bare_material_is_asked_back(ask: Ask) -> None:
    answer = ask("翡翠手镯")
    assert answer.decision is Decision.CLARIFY
    assert 1 < len(answer.offers) <= 3
    assert all(offer.title in answer.text for offer in answer.offers)


def test_an_offered_reading_is_chosen_by_its_number(ask: Ask) -> None:
    offered = ask("翡翠手镯").topics
    assert ask("翡翠手镯", "2").topics == (offered[1],)
    assert ask("翡翠手镯", "第一个").topics == (offered[0],)


def test_a_number_without_an_offer_chooses_nothing(ask: Ask) -> None:
    assert ask("2").decision is Decision.HANDOVER


@pytest.mark.parametrize(
    ("first", "then", "topic"),
    [
        ("翡翠可以晒太阳吗", "蜜蜡呢", "amber-care"),
        ("珍珠怎么保养", "那翡翠呢", "jadeite-care"),
        ("银戒指变黑怎么办", "牙膏可以吗", "toothpaste-clean"),
        ("18K金戒指可以改大吗", "要多久", "resize-basic"),
        ("你们几点开门", "停车方便吗", "address"),
    ],
)
def test_a_follow_up_inherits_what_it_leaves_out(ask: Ask, first: str, then: str, topic: str) -> None:
    assert topic in ask(first, then).topics


@pytest.mark.parametrize("then", ["银行理财怎么样", "纹身疼不疼", "明天下雨吗"])
def test_a_follow_up_about_something_else_inherits_nothing(ask: Ask, then: str) -> None:
    assert ask("银镯子怎么保养", then).decision is Decision.HANDOVER


@pytest.mark.parametrize("more", ["详细", "说详细点", "再具体一些", "能详细说说吗"])
def test_more_is_the_long_answer_to_the_same(ask: Ask, more: str) -> None:
    short, long = ask("珍珠怎么保养"), ask("珍珠怎么保养", more)
    assert long.topics == short.topics
    assert long.text == short.long_text != short.text


def test_more_without_an_answer_before_is_for_a_person(ask: Ask) -> None:
    assert ask("详细").decision is Decision.HANDOVER


def test_two_questions_in_one_message_get_both_answers(ask: Ask) -> None:
    answer = ask("金项链发黑怎么办？另外你们几点关门？")
    assert answer.topics == ("gold-darken", "hours")
    assert "\n\n" in answer.text


def test_a_story_is_not_cut_into_questions(ask: Ask) -> None:
    answer = ask("我手链的龙虾扣掉了一个小弹簧，之前掉过一次店里帮忙弄好的，这次想换个更结实的扣子")
    assert answer.topics == ("clasp-broken",)


def test_an_answer_holds_the_shops_own_facts(knowledge: Knowledge) -> None:
    assert "每天10:00–22:00" in knowledge.answer("你们几点关门", {"hours": "每天10:00–22:00"}).text


@pytest.mark.parametrize("facts", [{}, {"hours": ""}, {"hours": "  "}])
def test_a_fact_that_the_shop_has_not_told_is_for_a_person(knowledge: Knowledge, facts: dict[str, str]) -> None:
    answer = knowledge.answer("你们几点关门", facts)
    assert answer.decision is Decision.HANDOVER
    assert not answer.text


def test_a_topic_can_be_asked_for_by_name(knowledge: Knowledge, facts: dict[str, str]) -> None:
    chosen = knowledge.by_topic("pearl-care", facts)
    assert chosen is not None
    assert chosen.topics == ("pearl-care",)
    assert knowledge.by_topic("no-such-topic", facts) is None


def test_a_turn_survives_being_stored(ask: Ask) -> None:
    turn = ask("翡翠手镯").turn
    assert Turn.from_json(turn.to_json()) == turn


@pytest.mark.parametrize("stored", [None, {}, {"topic": None, "offered": "x", "materials": 3}])
def test_an_old_or_broken_turn_is_an_empty_one(stored: dict[str, object] | None) -> None:
    assert Turn.from_json(stored) == Turn()


def test_the_same_question_gets_the_same_answer(ask: Ask) -> None:
    assert ask("珍珠能用酒精擦吗") == ask("珍珠能用酒精擦吗")
