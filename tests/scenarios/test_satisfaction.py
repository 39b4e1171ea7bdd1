"""How was it: one tap or word; what was not right reaches the manager at once and is closed by him."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.models import Complaint, ComplaintState, Customer, Feedback, Store, Talk
from crm.services.households import satisfaction
from tests.front_door import Phone, Shop
from tests.scenarios.visit_desk import phone_of, register

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REF = "appointment:A7K2M9"


@pytest.fixture
def zhou(shop: Shop) -> Phone:
    """周芸, a customer of 林悦 in the lake store."""
    register(shop)
    return phone_of(shop)


@pytest.fixture
def asked(shop: Shop, zhou: Phone) -> Phone:
    """She was asked this morning about yesterday's visit."""
    with shop.parts.sessions.begin() as session:
        hers = session.scalars(select(Customer).where(Customer.code == "C0001")).one()
        store = session.scalars(select(Store).where(Store.code == "HZ01")).one()
        satisfaction.ask(session, REF, hers.id, store.id, shop.clock.now())
    return zhou


def score(shop: Shop) -> int | None:
    with shop.parts.sessions() as session:
        return session.scalars(select(Feedback.score)).one()


def complaints(shop: Shop) -> list[Complaint]:
    with shop.parts.sessions() as session:
        return list(session.scalars(select(Complaint).order_by(Complaint.id)))


def test_one_tap_is_enough(shop: Shop, asked: Phone) -> None:
    assert "谢谢" in asked.taps(f"score:{REF}:3", "满意")
    assert score(shop) == 3
    assert complaints(shop) == []


@pytest.mark.parametrize(("words", "kept"), [("满意", 3), ("1", 3), ("一般", 2), ("不满意", 1), ("3", 1), ("很差", 1)])
def test_a_word_or_the_number_of_the_line_is_the_same(shop: Shop, asked: Phone, words: str, kept: int) -> None:
    asked.says(words)
    assert score(shop) == kept


def test_it_is_answered_once(shop: Shop, asked: Phone) -> None:
    asked.taps(f"score:{REF}:3", "满意")
    assert "已经收到过" in asked.taps(f"score:{REF}:1", "不满意")
    assert score(shop) == 3
    assert complaints(shop) == []


def test_nobody_answers_for_somebody_else_and_days_later_the_word_means_nothing(shop: Shop, asked: Phone) -> None:
    shop.customer("oOther").taps(f"score:{REF}:1", "不满意")
    assert score(shop) is None
    shop.clock.move(days=3)
    asked.says("满意")
    assert score(shop) is None


def test_without_a_question_the_same_words_are_answered_as_ever(shop: Shop, zhou: Phone) -> None:
    for words in ("满意", "1", "3", "一般"):
        zhou.says(words)
    with shop.parts.sessions() as session:
        assert session.scalars(select(Feedback)).all() == []
    assert complaints(shop) == []


def test_so_so_asks_for_a_word_and_keeps_it(shop: Shop, asked: Phone) -> None:
    assert "哪里可以更好" in asked.says("一般")
    assert "记下了" in asked.says("灯光太暗，看不清钻石")
    with shop.parts.sessions() as session:
        assert session.scalars(select(Feedback.words)).one() == "灯光太暗，看不清钻石"


def test_so_so_and_then_a_question_is_a_question(shop: Shop, asked: Phone) -> None:
    asked.says("一般")
    assert "记下了" not in asked.says("珍珠项链怎么保养")


def test_not_pleased_is_with_the_manager_at_once_and_her_reason_follows(shop: Shop, asked: Phone) -> None:
    assert "店长已经收到通知" in asked.taps(f"score:{REF}:1", "不满意")
    first = shop.words_for("chen.jing")
    assert "周芸（C0001），湖滨店" in first[0]
    assert "处理完 1" in first[0]
    assert "转给店长" in asked.says("等了一个小时没人理")
    assert "等了一个小时没人理" in shop.words_for("chen.jing")[1]
    assert complaints(shop)[0].words == "等了一个小时没人理"
    assert shop.words_for("lin.yue") == []


@pytest.mark.parametrize("words", ["我要投诉", "投诉", "投诉：戒指刻错字了", "我要投诉你们"])
def test_a_complaint_needs_no_question(shop: Shop, zhou: Phone, words: str) -> None:
    assert "店长" in zhou.says(words)
    assert len(complaints(shop)) == 1
    assert len(shop.words_for("chen.jing")) == 1


@pytest.mark.parametrize("words", ["投诉电话是多少", "怎么投诉", "不满意可以退吗"])
def test_a_question_about_complaints_is_none(shop: Shop, zhou: Phone, words: str) -> None:
    zhou.says(words)
    assert complaints(shop) == []


def test_where_a_shop_has_no_manager_headquarters_read_it(shop: Shop, zhou: Phone) -> None:
    shen = phone_of(shop, "C0003")
    shen.says("投诉：戒指刻错字了")
    assert "静安店" in shop.words_for("ye.lan")[0]
    assert shop.words_for("chen.jing") == []


def test_the_manager_closes_it_and_she_is_told_what_was_done(shop: Shop, zhou: Phone) -> None:
    zhou.says("投诉：戒指刻错字了")
    chen = shop.member("chen.jing")
    assert "1. 11-21 10:00 周芸（C0001）戒指刻错字了" in chen.says("投诉")
    assert "记为处理完" in chen.says("处理完 1 已道歉并重新刻字")
    assert "没有待处理" in chen.says("投诉")
    assert "没有这件" in chen.says("处理完 1 再来一次")
    (closed,) = complaints(shop)
    assert (closed.state, closed.remedy, closed.closed_by) == (
        ComplaintState.CLOSED,
        "已道歉并重新刻字",
        "staff:chen.jing",
    )
    told = [reply for reply in shop.planned() if "湖滨店已经处理：已道歉并重新刻字" in str(reply)]
    assert len(told) == 1


def test_advisors_and_other_shops_close_nothing(shop: Shop, zhou: Phone, lin: Phone) -> None:
    shen = phone_of(shop, "C0003")
    shen.says("投诉：戒指刻错字了")
    assert "店长或总部" in lin.says("处理完 1 没事")
    assert "没有这件" in shop.member("chen.jing").says("处理完 1 没事")
    assert "记为处理完" in shop.member("ye.lan").says("处理完 1 已致电")


def test_a_complaint_of_another_day_is_another_one(shop: Shop, zhou: Phone) -> None:
    zhou.says("投诉：戒指刻错字了")
    shop.clock.move(minutes=30)
    zhou.says("谢谢，已经解决了")
    assert complaints(shop)[0].words == "戒指刻错字了"
    assert timedelta(0) < shop.clock.now() - complaints(shop)[0].at


@pytest.mark.parametrize("words", ["我要人工", "找人工客服", "叫你们店长来", "人工"])
def test_while_she_complains_a_person_is_one_word_away(shop: Shop, zhou: Phone, words: str) -> None:
    zhou.says("我要投诉")
    assert "一并转给店长" not in zhou.says(words)
    with shop.parts.sessions() as session:
        assert session.scalars(select(Talk)).one().closed_at is None
    assert complaints(shop)[0].words == ""


def test_she_says_no_more_and_the_manager_knows_it(shop: Shop, zhou: Phone) -> None:
    zhou.says("我要投诉")
    assert "不再往下记" in zhou.says("算了，不投诉了")
    assert "不投诉了" in shop.words_for("chen.jing")[1]
    zhou.says("戒指很漂亮的")
    assert complaints(shop)[0].words == ""


@pytest.mark.parametrize("words", ["谢谢", "好的", "好的谢谢", "我想周六下午去试戴戒指", "珍珠项链怎么保养"])
def test_what_is_no_complaint_is_not_added_to_it(shop: Shop, zhou: Phone, words: str) -> None:
    zhou.says("我要投诉")
    assert "一并转给店长" not in zhou.says(words)
    assert complaints(shop)[0].words == ""


@pytest.mark.parametrize("words", ["我的戒指刻错字了", "店长态度很差", "等了一个小时没人理"])
def test_what_was_wrong_is_added(shop: Shop, zhou: Phone, words: str) -> None:
    zhou.says("我要投诉")
    assert "一并转给店长" in zhou.says(words)
    assert complaints(shop)[0].words == words


def test_ten_minutes_later_it_is_over(shop: Shop, zhou: Phone) -> None:
    zhou.says("我要投诉")
    shop.clock.move(minutes=9)
    zhou.says("刻错字了")
    shop.clock.move(minutes=11)
    zhou.says("戒指真漂亮啊")
    assert complaints(shop)[0].words == "刻错字了"


@pytest.mark.parametrize(
    ("words", "told"),
    [("满意", "满意就好"), ("非常满意", "满意就好"), ("不满意", "回复“投诉”"), ("不太满意", "回复“投诉”")],
)
def test_a_judgement_that_nobody_asked_for_is_answered(shop: Shop, zhou: Phone, words: str, told: str) -> None:
    zhou.says("珍珠项链怎么保养")
    assert told in zhou.says(words)
    assert complaints(shop) == []


def test_a_tap_about_what_she_was_never_asked_is_told_so(shop: Shop, asked: Phone) -> None:
    assert "没有找到这条评价" in shop.customer("oOther").taps(f"score:{REF}:1", "不满意")
    assert "没有找到这条评价" in asked.taps("score:appointment:NONE:3", "满意")
    assert score(shop) is None


def test_a_remedy_is_words_and_no_markup(shop: Shop, zhou: Phone) -> None:
    zhou.says("投诉 项链断了")
    shop.member("ye.lan").says(f"处理完 {complaints(shop)[0].id} <a href='https://x.cn'>已修</a>")
    told = [str(reply) for reply in shop.planned() if "已经处理" in str(reply)]
    assert "已修" in told[0]
    assert "<a" not in told[0]


def test_a_word_counts_also_while_something_else_is_open(shop: Shop, asked: Phone) -> None:
    asked.says("我的首饰")
    asked.says("我的尺寸")
    assert "谢谢" in asked.says("满意")
    assert score(shop) == 3
