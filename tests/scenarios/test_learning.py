"""The shop learns: what nobody could answer is kept, answered once by staff, live everywhere, and taken back."""

from __future__ import annotations

import json
import time
from itertools import pairwise

import pytest
from sqlalchemy import select, update

from crm import db
from crm.actors import Actor
from crm.models import (
    Conversation,
    KnowledgeAddition,
    Why,
)
from crm.services.learning import questions
from crm.services.learning.questions import Kept
from tests.front_door import Phone, Shop
from tests.scenarios.school import (
    ANSWER,
    KIDS,
    KIDS_AGAIN,
    KIDS_TOO,
    SQLITE,
    addition_in,
    another_process,
    kept,
    number_of,
    teach,
)


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """A process that looks for what was taught before every message."""
    return another_process(shop, look_seconds=0)


@pytest.fixture
def chen(shop: Shop) -> Phone:
    """The manager 陈静."""
    return shop.member("chen.jing")


def test_like_questions_are_one_group_counted_by_times_and_people(shop: Shop, mei: Phone) -> None:
    mei.says(KIDS)
    mei.says(KIDS)
    shop.customer("oOther").says(KIDS_TOO)
    assert kept(shop) == [("open", 3, 2)]


@SQLITE
@pytest.mark.parametrize("words", ["手机充不进电怎么办", "你是傻子吗", "你好", "谢谢", "哈哈哈", "黄金会涨吗", "人工"])
def test_what_the_shop_cannot_learn_is_not_kept(shop: Shop, mei: Phone, words: str) -> None:
    mei.says(words)
    assert kept(shop) == []


@SQLITE
def test_what_she_writes_while_she_waits_for_a_person_is_for_the_person(shop: Shop, mei: Phone) -> None:
    mei.does("subscribe", EventKey="qrscene_advisor-lin.yue")
    mei.says("人工")
    mei.says(KIDS)
    assert kept(shop) == []


@SQLITE
def test_readings_that_she_passes_over_are_kept_and_those_she_takes_are_not(shop: Shop, mei: Phone) -> None:
    mei.says("珍珠")
    mei.says("1")
    assert kept(shop) == []
    mei.says("翡翠")
    assert "都不是" in mei.says("都不是")
    mei.says("珍珠")
    mei.says("金戒指能改大吗")
    assert kept(shop) == [("open", 1, 1)] * 2


@SQLITE
def test_five_thousand_questions_are_grouped_while_a_reader_waits(shop: Shop, mei: Phone) -> None:
    mei.says("你好")
    with shop.parts.sessions.begin() as session:
        place = session.scalars(select(Conversation.id)).one()
        began = time.process_time()
        for number in range(5_000):
            one = Kept(f"group {number % 1_000 if number % 2 else 7}", f"问题{number}", Why.UNANSWERED)
            questions.keep(session, place, [one], shop.clock.now())
        kept_in = time.process_time() - began
    with db.reading(shop.parts.engine) as session:
        began = time.process_time()
        groups = questions.open_groups(session)
        listed_in = time.process_time() - began
        assert questions.open_count(session) == 500
    assert groups[0].question.asked == 2_505
    assert all(one.question.asked >= other.question.asked for one, other in pairwise(groups))
    # Seconds of this process; half of it on a quiet machine.
    assert kept_in < 10
    assert listed_in < 0.5


def test_taught_here_it_is_answered_in_another_process_within_two_seconds_and_taken_back_again(
    shop: Shop, mei: Phone, chen: Phone
) -> None:
    there = another_process(shop).customer("oThere")
    assert ANSWER not in there.says(KIDS)
    mei.says(KIDS)
    taught = teach(chen)
    time.sleep(1.1)
    assert ANSWER in there.says(KIDS_AGAIN)
    assert ANSWER in mei.says(KIDS_TOO)
    assert "已撤回" in chen.says(f"撤回 {addition_in(taught)}")
    time.sleep(1.1)
    assert ANSWER not in there.says(KIDS)
    assert kept(shop)[0][0] == "open"


def test_those_who_asked_within_two_days_get_the_answer_once(shop: Shop, mei: Phone, chen: Phone) -> None:
    late = shop.customer("oLate")
    late.says(KIDS)
    shop.clock.move(hours=49)
    mei.says(KIDS)
    assert "1 位顾客" in teach(chen)
    assert [ANSWER in words for words in shop.words_for("oMei")] == [True]
    assert shop.words_for("oLate") == []
    chen.says("确认")
    assert len(shop.words_for("oMei")) == 1


@SQLITE
def test_who_is_with_an_advisor_by_now_is_not_interrupted(shop: Shop, mei: Phone, lin: Phone, chen: Phone) -> None:
    mei.does("subscribe", EventKey="qrscene_advisor-lin.yue")
    mei.says(KIDS)
    mei.says("人工")
    lin.says("接待")
    before = shop.words_for("oMei")
    teach(chen)
    assert shop.words_for("oMei") == before


@SQLITE
def test_a_window_that_is_used_up_is_left_alone(shop: Shop, mei: Phone, chen: Phone) -> None:
    mei.says(KIDS)
    with shop.parts.sessions.begin() as session:
        session.execute(update(Conversation).where(Conversation.person == "oMei").values(window_left=0))
    teach(chen)
    assert shop.words_for("oMei") == []


def test_two_who_teach_one_topic_at_once_make_two_versions(shop: Shop) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from crm.services.learning import additions
    from crm.services.learning.additions import Wording

    def add(text: str) -> int:
        with shop.parts.sessions.begin() as session:
            said = Wording("pearl-care", text=text)
            return additions.add(session, Actor.operator(), said, shop.clock.now()).version

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(add, ["一。", "二。", "三。", "四。"])) == [1, 2, 3, 4]
    with db.reading(shop.parts.engine) as session:
        assert [one.version for one in additions.in_force(session)] == [4]
        assert additions.overlay_version(session) == 4


@SQLITE
def test_an_earlier_version_is_taken_back_after_the_later_one(shop: Shop, mei: Phone, chen: Phone) -> None:
    mei.says(KIDS)
    first = addition_in(teach(chen))
    mei.says("孩子在你们店能玩什么")
    number = number_of(chen.says("问题"))
    assert "请确认" in chen.says(f"归到 {number} shop-1")
    second = addition_in(chen.says("确认"))
    assert f"请先撤回 {second}" in chen.says(f"撤回 {first}")
    assert "已撤回" in chen.says(f"撤回 {second}")
    assert ANSWER in mei.says(KIDS)
    assert "已撤回" in chen.says(f"撤回{first}")
    assert "已经撤回" in chen.says(f"撤回 {first}")
    assert "没有编号" in chen.says("撤回 99")


@SQLITE
def test_an_asking_is_placed_with_an_entry_that_answers_it(shop: Shop, mei: Phone, chen: Phone) -> None:
    words = "珠珠上头起了一层小麻麻咋整"
    mei.says(words)
    mei.says("都不是")
    number = number_of(chen.says("问题"))
    offered = chen.says(f"归到 {number} 珍珠")
    assert "是哪一条" in offered
    assert "珍珠" in chen.says("1")
    assert "已生效" in chen.says("确认")
    assert "都不是" not in mei.says(words)
    with db.reading(shop.parts.engine) as session:
        addition = session.scalars(select(KnowledgeAddition)).one()
        assert json.loads(addition.askings) == [words]
        assert addition.text == ""


@SQLITE
def test_what_is_not_worth_an_answer_is_counted_and_shown_no_more(shop: Shop, mei: Phone, chen: Phone) -> None:
    mei.says(KIDS)
    assert "已忽略" in chen.says(f"忽略 {number_of(chen.says('问题'))}")
    mei.says(KIDS)
    assert "没有等待" in chen.says("问题")
    assert kept(shop) == [("dismissed", 2, 1)]


@SQLITE
def test_the_list_goes_on_on_the_next_page(shop: Shop, mei: Phone, chen: Phone) -> None:
    with shop.parts.sessions.begin() as session:
        mei_says_hello(shop, mei)
        place = session.scalars(select(Conversation.id)).one()
        for number in range(8):
            questions.keep(session, place, [Kept(f"g{number}", f"第{number}问", Why.UNANSWERED)], shop.clock.now())
    assert "共 8 个" in chen.says("问题")
    assert "问题 2" in chen.says("问题")
    assert chen.says("问题 2").count("次，") == 2
    assert "后面没有了" in chen.says("问题 3")


def mei_says_hello(shop: Shop, mei: Phone) -> None:
    with shop.parts.sessions.begin() as session:
        session.add(Conversation(channel="official_account", account=mei.door.account[2], person="oMei"))


@SQLITE
def test_the_answer_is_written_in_two_steps_and_may_be_given_up(shop: Shop, mei: Phone, chen: Phone) -> None:
    mei.says(KIDS)
    number = number_of(chen.says("问题"))
    assert "请直接发答复" in chen.says(f"回答 {number}")
    assert "没有保存" in chen.says("取消")
    chen.says(f"回答{number}")
    assert "详细：周末人多" in chen.says(f"{ANSWER}\n详细：周末人多，请先预约。")
    shop.clock.move(minutes=16)
    assert "没有保存" in chen.says("确认")
    chen.says(f"回答 {number} {ANSWER}\n详细：周末人多，请先预约。")
    chen.says("确认")
    assert "周末人多" not in mei.says(KIDS)
    assert "周末人多" in mei.says("详细")


@SQLITE
def test_a_question_on_one_material_is_not_placed_with_another_unawares(shop: Shop, mei: Phone, chen: Phone) -> None:
    mei.says("银手镯发黑怎么办")
    mei.says("没用")
    number = number_of(chen.says("问题"))
    assert "请留意" in chen.says(f"归到 {number} 翡翠平时怎么养")
    assert "请留意" not in chen.says(f"归到 {number} 银饰变黑怎么办")
