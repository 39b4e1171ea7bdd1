"""What a shop adds to the written entries, live and taken back."""

from __future__ import annotations

import time

import pytest

from knowledge import Addition, Decision, Knowledge

Facts = dict[str, str]


def test_a_further_way_of_asking_leads_to_its_topic(knowledge: Knowledge, facts: Facts) -> None:
    asked = "珠子上头起了一层小麻麻"
    assert knowledge.answer(asked, facts).decision is not Decision.ANSWER
    taught = knowledge.with_overlay([Addition("pearl-care", askings=(asked,))])
    assert taught.answer(asked, facts).topics == ("pearl-care",)
    assert taught.answer(asked, facts).decision is Decision.ANSWER


def test_a_new_topic_answers_its_own_questions_and_like_ones(knowledge: Knowledge, facts: Facts) -> None:
    asked = ("店里有没有儿童区", "带小朋友来有地方玩吗")
    new = Addition("own-kids-corner", asked, "儿童区", "二楼有儿童区，孩子可以玩。")
    taught = knowledge.with_overlay([new])
    for question in ("店里有没有儿童区", "你们店有儿童区吗"):
        assert taught.answer(question, facts).topics == ("own-kids-corner",), question
    assert taught.answer("店里有没有儿童区", facts).text == new.text


def test_an_answer_of_the_shop_takes_the_place_of_the_written_one(knowledge: Knowledge, facts: Facts) -> None:
    taught = knowledge.with_overlay([Addition("pearl-restring", text="本店免费换线，随到随换。")])
    answer = taught.answer("珍珠项链多久换一次线", facts)
    assert answer.text == "本店免费换线，随到随换。"
    assert answer.long_text == ""


def test_an_answer_of_the_shop_is_said_without_the_written_points(knowledge: Knowledge, facts: Facts) -> None:
    question = "珍珠项链断线了重新穿一下多少钱"
    assert "«repair_fee»" in knowledge.answer(question, facts).text
    taught = knowledge.with_overlay([Addition("pearl-restring", text="本店免费换线，随到随换。")])
    assert taught.answer(question, facts).text == "本店免费换线，随到随换。"
    plain = taught.with_overlay([Addition("store-silver", text="放进我们送的密封袋。")])
    assert plain.answer("银镯子怎么洗，平时怎么收", facts).text.endswith("放进我们送的密封袋。")


@pytest.mark.parametrize("question", ["珍珠能用超声波洗吗", "珍珠项链可以拿去眼镜店洗吗"])
def test_a_topic_switched_off_is_never_given(knowledge: Knowledge, facts: Facts, question: str) -> None:
    switched = knowledge.with_overlay([Addition("pearl-ultrasonic", off=True)])
    assert "pearl-ultrasonic" in knowledge.answer(question, facts).topics
    assert "pearl-ultrasonic" not in switched.answer(question, facts).topics
    assert switched.by_topic("pearl-ultrasonic", facts) is None


def test_what_was_loaded_stays_as_it_was(knowledge: Knowledge, facts: Facts) -> None:
    before = knowledge.answer("珍珠发黄怎么办", facts)
    knowledge.with_overlay([Addition("pearl-yellow", text="另外的话", off=True)])
    assert knowledge.answer("珍珠发黄怎么办", facts) == before


def test_the_last_word_of_the_shop_wins(knowledge: Knowledge, facts: Facts) -> None:
    asking = "珠子起麻麻了"
    taught = knowledge.with_overlay([Addition("pearl-care", (asking,)), Addition("pearl-yellow", (asking,))])
    assert taught.answer(asking, facts).decision is not Decision.HANDOVER
    again = knowledge.with_overlay([Addition("pearl-yellow", off=True), Addition("pearl-yellow", text="好的。")])
    assert again.answer("珍珠发黄怎么办", facts).text == "好的。"


def test_other_questions_are_answered_as_before(knowledge: Knowledge, facts: Facts) -> None:
    taught = knowledge.with_overlay([Addition("own-kids", ("有儿童区吗",), text="有的。")])
    for question in ("珍珠发黄怎么办", "金戒指能改大吗", "今天金价多少"):
        assert taught.answer(question, facts).topics == knowledge.answer(question, facts).topics


def test_two_hundred_additions_are_there_at_once(knowledge: Knowledge) -> None:
    asked = [(f"第{at}号展柜在哪里", f"展柜{at}怎么走") for at in range(200)]
    additions = [Addition(f"own-{at}", both, text="在里面。") for at, both in enumerate(asked)]
    knowledge.with_overlay(additions)
    started = time.perf_counter()
    knowledge.with_overlay(additions)
    # 50 ms on a quiet core; four times that on a busy machine.
    assert time.perf_counter() - started < 0.2


def test_what_a_topic_must_never_advise_is_found_in_an_answer_of_the_shop(knowledge: Knowledge) -> None:
    assert knowledge.faults_of(Addition("pearl-ultrasonic", text="可以放超声波里洗五分钟。"))
    assert not knowledge.faults_of(Addition("pearl-ultrasonic", text="请不要用超声波。"))
    assert knowledge.faults_of(Addition("own", text="请看 {shop.nothing}"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("珍珠发黄怎么办", "真珠變黃了咋办啊"),
        ("金项链断了能修吗", "黄金链子断了可以修么"),
        ("店里有儿童区吗", "请问有没有儿童区"),
    ],
)
def test_like_questions_share_a_group(knowledge: Knowledge, one: str, other: str) -> None:
    assert knowledge.group_of(one) == knowledge.group_of(other)


@pytest.mark.parametrize(("one", "other"), [("珍珠发黄怎么办", "银发黄怎么办"), ("戒指改大", "戒指断了")])
def test_other_questions_have_another_group(knowledge: Knowledge, one: str, other: str) -> None:
    assert knowledge.group_of(one) != knowledge.group_of(other)


def test_a_follow_up_is_grouped_with_what_it_is_about(knowledge: Knowledge, facts: Facts) -> None:
    turn = knowledge.answer("翡翠可以晒太阳吗", facts).turn
    assert knowledge.group_of("珊瑚呢", turn) == knowledge.group_of("珊瑚可以晒太阳吗")
