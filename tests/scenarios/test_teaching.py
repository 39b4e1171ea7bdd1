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
from tests.front_door import Phone, Shop
from tests.scenarios.school import (
    ANSWER,
    KIDS,
    KIDS_TOO,
    SQLITE,
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


@SQLITE
def test_hostile_words_stay_words(shop: Shop, mei: Phone, chen: Phone) -> None:
    mei.says("<a>首饰可以拿去走红毯吗</a>{name}\u202e")
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
