"""Who may teach, what may be said, and what never stops the answers: hostile words, broken rows, erasure."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from sqlalchemy import select, update

from crm import db
from crm.actors import Actor
from crm.models import (
    Asking,
    Conversation,
    Customer,
    KnowledgeAddition,
    KnowledgeOverlay,
    Question,
    QuestionState,
)
from crm.services.erasure import erase
from crm.services.learning import additions
from crm.services.learning.additions import Wording
from tests.front_door import Phone, Shop
from tests.scenarios.school import (
    ANSWER,
    KIDS,
    KIDS_TOO,
    SQLITE,
    addition_in,
    another_process,
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


def _askings(shop: Shop) -> list[list[str]]:
    """The ways of asking of every addition."""
    with db.reading(shop.parts.engine) as session:
        return [json.loads(one.askings) for one in session.scalars(select(KnowledgeAddition))]


def _teach_directly(shop: Shop, said: Wording) -> None:
    """Somebody else teaches, elsewhere."""
    with shop.parts.sessions.begin() as session:
        additions.add(session, Actor.operator(), said, shop.clock.now())


@SQLITE
@pytest.mark.parametrize("words", ["回答 1 好的", "归到 1 珍珠日常保养", "忽略 1", "撤回 1"])
def test_advisors_read_and_do_not_teach(shop: Shop, mei: Phone, lin: Phone, words: str) -> None:
    mei.says(KIDS)
    assert KIDS in lin.says("问题")
    assert "店长或总部" in lin.says(words)
    assert "店长或总部" not in shop.member("ye.lan").says(words)


@SQLITE
def test_a_customer_who_types_a_command_is_a_customer_typing(shop: Shop, mei: Phone) -> None:
    mei.says(KIDS)
    for words in ("问题", "回答 1 随便", "确认", "撤回 1", "知识统计"):
        mei.says(words)
    with db.reading(shop.parts.engine) as session:
        assert session.scalars(select(KnowledgeAddition)).all() == []
        assert session.get_one(Question, 1).state is QuestionState.OPEN


@SQLITE
def test_the_right_is_looked_at_again_when_it_is_confirmed(shop: Shop, mei: Phone, chen: Phone) -> None:
    from crm.models import Role, Staff

    mei.says(KIDS)
    chen.says(f"回答 {number_of(chen.says('问题'))} {ANSWER}")
    with shop.parts.sessions.begin() as session:
        session.execute(update(Staff).where(Staff.userid == "chen.jing").values(role=Role.ADVISOR))
    assert "店长或总部" in chen.says("确认")


@SQLITE
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("字" * 121, "121 字"),
        ("**可以**带孩子来", "排版符号"),
        ("请看 {shop.moon}", "没有 {shop.moon}"),
        ("请看 {0.__class__}", "没有 {0.__class__}"),
    ],
)
def test_a_text_that_may_not_be_said_is_refused_in_words(mei: Phone, chen: Phone, text: str, reason: str) -> None:
    mei.says(KIDS)
    refused = chen.says(f"回答 {number_of(chen.says('问题'))} {text}")
    assert "还不能用" in refused
    assert reason in refused
    assert "没看懂" in chen.says("确认")


@SQLITE
def test_what_an_entry_must_never_advise_is_not_taught_either(shop: Shop, mei: Phone, chen: Phone) -> None:
    mei.says("我的珍珠项链放超声波里洗几分钟合适")
    mei.says("没用")
    number = number_of(chen.says("问题"))
    refused = chen.says(f"回答 {number} 珍珠可以放超声波里洗五分钟。")
    assert "还不能用" in refused
    assert "伤到首饰" in refused
    again = chen.says(f"回答 {number} 用洗眼镜的机器洗五分钟就好。")
    assert "珍珠请不要用超声波清洗" in again
    assert "请确认" in chen.says(f"回答 {number} 请不要用超声波，用软布擦三分钟就好。")


@SQLITE
def test_a_question_is_not_placed_with_an_entry_whose_answer_would_harm(shop: Shop, mei: Phone, chen: Phone) -> None:
    mei.says("我的珍珠项链放超声波里洗几分钟合适")
    mei.says("没用")
    number = number_of(chen.says("问题"))
    assert "还不能用" in chen.says(f"归到 {number} ultrasonic-gold")
    assert "请确认" in chen.says(f"归到 {number} pearl-ultrasonic")


@SQLITE
def test_who_asked_is_masked_in_the_list_and_goes_into_no_answer(shop: Shop, mei: Phone, chen: Phone) -> None:
    mei.says("我叫李娜，店里有儿童区吗")
    shop.customer("oOther").says("店里有儿童区吗电话138 0000 1208")
    shop.customer("oThird").says(KIDS)
    listed = chen.says("问题")
    proposal = "".join(
        chen.says(f"回答 {line.split('｜')[0]} {ANSWER}") for line in listed.splitlines() if "｜" in line
    )
    for personal in ("李娜", "1208"):
        assert personal not in listed + proposal
    assert "＊＊" in listed
    assert f"问法：{KIDS}" in proposal


@SQLITE
def test_only_what_was_shown_becomes_a_way_of_asking(shop: Shop, mei: Phone, chen: Phone) -> None:
    mei.says(KIDS)
    assert f"问法：{KIDS}\n" in chen.says(f"回答 {number_of(chen.says('问题'))} {ANSWER}")
    shop.customer("oOther").says(KIDS_TOO)
    chen.says("确认")
    assert _askings(shop) == [[KIDS]]


@SQLITE
def test_the_second_who_teaches_the_same_question_reads_that_it_is_answered(
    shop: Shop, mei: Phone, chen: Phone
) -> None:
    mei.says(KIDS)
    ye = shop.member("ye.lan")
    number = number_of(chen.says("问题"))
    for teacher, text in ((chen, ANSWER), (ye, "没有儿童区。")):
        assert "请确认" in teacher.says(f"回答 {number} {text}")
    assert "已生效" in chen.says("确认")
    assert f"问题 {number} 已经归到" in ye.says("确认")
    assert ANSWER in mei.says(KIDS)


@SQLITE
def test_what_was_changed_since_it_was_shown_is_shown_again_before_it_holds(
    shop: Shop, mei: Phone, chen: Phone
) -> None:
    mei.says(KIDS)
    taught = addition_in(teach(chen))
    mei.says("孩子在你们店能玩什么")
    number = number_of(chen.says("问题"))
    chen.says(f"归到 {number} shop-1")
    _teach_directly(shop, Wording("shop-1", "儿童区", (KIDS,), "三楼有儿童区。"))
    again = chen.says("确认")
    assert "刚刚有人改过" in again
    assert "三楼有儿童区。" in again
    assert "已生效" in chen.says("确认")
    assert _askings(shop)[-1] == [KIDS, "孩子在你们店能玩什么"]
    assert "请先撤回" in chen.says(f"撤回 {taught}")


@SQLITE
def test_what_is_gone_since_it_was_shown_is_said(shop: Shop, mei: Phone, chen: Phone) -> None:
    mei.says(KIDS)
    taught = addition_in(teach(chen))
    mei.says("孩子在你们店能玩什么")
    number = number_of(chen.says("问题"))
    chen.says(f"归到 {number} shop-1")
    assert "已撤回" in shop.member("ye.lan").says(f"撤回 {taught}")
    assert "刚刚被撤回或停用了" in chen.says("确认")
    assert len(_askings(shop)) == 1


@SQLITE
def test_an_addition_to_an_entry_that_a_release_took_out_is_taken_back_and_takes_nothing_new(
    shop: Shop, mei: Phone, chen: Phone
) -> None:
    _teach_directly(shop, Wording("pearl-of-old", "", ("珍珠会想家吗",)))
    mei.says(KIDS)
    assert "pearl-of-old" not in chen.says(f"归到 {number_of(chen.says('问题'))} pearl-of-old")
    assert "已撤回编号 1（pearl-of-old）" in chen.says("撤回 1")


@SQLITE
def test_a_question_answered_again_keeps_its_ways_and_is_not_opened_by_the_old_answer(
    shop: Shop, mei: Phone, chen: Phone
) -> None:
    mei.says(KIDS)
    number = number_of(chen.says("问题"))
    first = addition_in(teach(chen))
    mei.says(KIDS)
    mei.says("没用")
    assert "请确认" in chen.says(f"归到 {number} 珍珠日常保养")
    chen.says("确认")
    assert "已撤回" in chen.says(f"撤回 {first}")
    with db.reading(shop.parts.engine) as session:
        assert session.get_one(Question, number).state is QuestionState.ANSWERED


@SQLITE
def test_hostile_words_stay_words(shop: Shop, mei: Phone, chen: Phone) -> None:
    mei.says("<a>首饰能租给剧组拍戏吗</a>{name}\u202e")
    listed = chen.says("问题")
    assert "<a" not in listed
    chen.says(f"回答 {number_of(listed)} <a href='http://evil'>点这里</a>领奖")
    chen.says("确认")
    assert "<a href='http" not in "".join(shop.words_for("oMei"))


@SQLITE
@pytest.mark.parametrize(
    "words", ["回答", "回答 12", "回答 99999999999 好", "归到", "忽略 甲", "撤回", "知识", "知识 不存在的东西xyz"]
)
def test_half_a_command_gets_a_word(chen: Phone, words: str) -> None:
    answer = chen.says(words)
    assert answer
    assert "没能处理好" not in answer


@SQLITE
def test_in_a_talk_these_are_commands_and_never_reach_the_customer(
    shop: Shop, mei: Phone, lin: Phone, chen: Phone
) -> None:
    mei.does("subscribe", EventKey="qrscene_store-HZ01")
    mei.says(KIDS)
    mei.says("人工")
    chen.says("接待")
    before = shop.words_for("oMei")
    number = number_of(chen.says("问题"))
    chen.says(f"回答 {number}")
    chen.says(ANSWER)
    assert "已生效" in chen.says("确认")
    assert shop.words_for("oMei") == before
    chen.says("好的")
    assert len(shop.words_for("oMei")) == len(before) + 1


@SQLITE
@pytest.mark.parametrize("broken", [{"askings": "no json"}, {"askings": "7"}, {"topic": "shop-none", "text": ""}])
def test_a_broken_addition_never_stops_the_answers(shop: Shop, mei: Phone, broken: dict[str, str]) -> None:
    with shop.parts.sessions.begin() as session:
        values = {"topic": "pearl-clean", "version": 1, "made_at": shop.clock.now(), "made_by": "x"}
        session.add(KnowledgeAddition(**{**values, **broken}))
        session.add(KnowledgeAddition(**{**values, "topic": "pearl-care", "text": "店里自己的答复。"}))
        session.execute(update(KnowledgeOverlay).values(version=1))
    assert "店里自己的答复" in mei.says("珍珠项链怎么保养")


def test_an_addition_under_a_lost_key_is_left_out(shop: Shop, mei: Phone) -> None:
    with shop.parts.sessions.begin() as session:
        common = {"version": 1, "made_at": shop.clock.now(), "made_by": "x"}
        session.add(KnowledgeAddition(topic="pearl-clean", text="不会读到。", **common))
        session.add(KnowledgeAddition(topic="pearl-care", text="店里自己的答复。", **common))
        session.flush()
        connection = session.connection()
        connection.exec_driver_sql(
            "UPDATE knowledge_additions SET title = "
            + ("x'0102'" if connection.dialect.name == "sqlite" else "'\\x0102'")
            + " WHERE topic = 'pearl-clean'"
        )
        session.execute(update(KnowledgeOverlay).values(version=1))
    assert "店里自己的答复" in mei.says("珍珠项链怎么保养")


def test_an_erased_customers_words_are_gone_and_the_answer_stays(shop: Shop, mei: Phone, chen: Phone) -> None:
    shop.customer("oOther").says(KIDS_TOO)
    mei.says(KIDS)
    teach(chen)
    with shop.parts.sessions.begin() as session:
        place = session.scalars(select(Conversation).where(Conversation.person == "oMei")).one()
        erase(session, Actor.operator(), session.get_one(Customer, place.customer_id), shop.clock.now())
    with db.reading(shop.parts.engine) as session:
        assert [asking.words for asking in session.scalars(select(Asking))] == [KIDS_TOO]
        addition = session.scalars(select(KnowledgeAddition)).one()
        assert json.loads(addition.askings) == [KIDS_TOO]
        assert addition.title != KIDS
    assert ANSWER in shop.customer("oThird").says(KIDS_TOO)


@SQLITE
def test_her_words_go_from_an_answer_that_was_taken_back_too(shop: Shop, mei: Phone, chen: Phone) -> None:
    mei.says(KIDS)
    chen.says(f"撤回 {addition_in(teach(chen))}")
    with shop.parts.sessions.begin() as session:
        place = session.scalars(select(Conversation).where(Conversation.person == "oMei")).one()
        erase(session, Actor.operator(), session.get_one(Customer, place.customer_id), shop.clock.now())
    assert _askings(shop) == [[]]


@SQLITE
def test_words_are_kept_for_two_years(shop: Shop, mei: Phone) -> None:
    mei.says(KIDS)
    shop.clock.move(days=731)
    shop.customer("oOther").says("孩子在你们店能玩什么")
    with db.reading(shop.parts.engine) as session:
        assert [asking.words for asking in session.scalars(select(Asking))] == ["孩子在你们店能玩什么"]


@SQLITE
@pytest.mark.parametrize("asked", [["我电话13800001208店里有儿童区吗"], ["长" * 41]])
def test_personal_words_and_stories_become_no_way_of_asking(
    shop: Shop, mei: Phone, chen: Phone, asked: Sequence[str]
) -> None:
    for words in asked:
        mei.says(words)
    with db.reading(shop.parts.engine) as session:
        numbers = list(session.scalars(select(Question.id)))
    for number in numbers:
        assert "没有可以用作问法的原话" in chen.says(f"回答 {number} {ANSWER}")
