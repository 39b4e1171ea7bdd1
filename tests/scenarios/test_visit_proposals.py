"""An advisor proposes another time; the customer decides."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.messages import Card, Menu
from tests.front_door import Phone, Shop
from tests.scenarios.visit_desk import booked, card, phone_of, register, tap, visit

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

THREE, FIVE = "2026-11-28T15:00+08:00", "2026-11-28T17:00+08:00"


@pytest.fixture(autouse=True)
def people(shop: Shop) -> None:
    register(shop)


@pytest.fixture
def yun(shop: Shop) -> Phone:
    return phone_of(shop)


@pytest.fixture
def number(shop: Shop, yun: Phone) -> str:
    return booked(shop)


def starts(shop: Shop, number: str) -> datetime:
    return visit(shop, number).starts_at


def proposal(shop: Shop) -> Menu:
    """What the customer is asked; a service push, whose way is found when it goes out."""
    return next(one for one in reversed(shop.planned()) if isinstance(one, Menu) and "visit_yes" in one.options[0].id)


def propose(shop: Shop, lin: Phone, number: str, words: str = "周六五点") -> None:
    assert tap(lin, card(shop, number), "换个时间") == "正在换时间"
    lin.says(words)


def test_the_card_offers_three_times_near_hers(shop: Shop, lin: Phone, number: str) -> None:
    tap(lin, card(shop, number), "换个时间")
    asked = shop.planned("lin.yue")[-1]
    assert isinstance(asked, Menu)
    assert len(asked.options) == 3
    assert all("11月28日 周六" in one.label and "15:00" not in one.label for one in asked.options)


@pytest.mark.parametrize("words", ["周六五点", "下周六下午五点", "1"])
def test_he_types_a_time_or_takes_an_offer_and_she_is_asked(shop: Shop, lin: Phone, number: str, words: str) -> None:
    shop.clock.move(days=2)
    tap(lin, card(shop, number), "换个时间")
    words = words.replace("下周六", "周六")
    assert "已经问周芸" in lin.says(words)
    assert "11月28日 周六 15:00" in proposal(shop).head
    assert starts(shop, number) == datetime.fromisoformat(THREE)


@pytest.mark.parametrize("words", ["可以", "好的", "行", "1"])
def test_on_yes_the_visit_moves_and_both_know(shop: Shop, lin: Phone, yun: Phone, number: str, words: str) -> None:
    shop.clock.move(days=2)
    propose(shop, lin, number)
    assert "17:00" in yun.says(words)
    assert starts(shop, number) == datetime.fromisoformat(FIVE)
    assert visit(shop, number).accepted_at is not None
    assert "答应了" in shop.words_for("lin.yue")[-1]


@pytest.mark.parametrize("words", ["不行", "不方便", "2"])
def test_on_no_it_stays_and_he_gets_a_fresh_card(shop: Shop, lin: Phone, yun: Phone, number: str, words: str) -> None:
    shop.clock.move(days=2)
    propose(shop, lin, number)
    assert "时间不变" in yun.says(words)
    assert starts(shop, number) == datetime.fromisoformat(THREE)
    fresh = shop.planned("lin.yue")[-1]
    assert isinstance(fresh, Card)
    assert tap(lin, fresh, "接受") == "林悦已接受"


def test_a_tap_answers_too_and_only_once(shop: Shop, lin: Phone, yun: Phone, number: str) -> None:
    shop.clock.move(days=2)
    propose(shop, lin, number)
    yes = proposal(shop).options[0].id
    assert "17:00" in yun.taps(yes, "可以")
    assert "已经过去" in yun.taps(yes, "可以")
    assert visit(shop, number).moves == 1


def test_a_later_proposal_takes_the_place_of_an_earlier_one(shop: Shop, lin: Phone, yun: Phone, number: str) -> None:
    shop.clock.move(days=2)
    propose(shop, lin, number)
    first = proposal(shop).options[0].id
    propose(shop, lin, number, "周六七点")
    assert "已经过去" in yun.taps(first, "可以")
    assert "19:00" in yun.says("可以")


def test_a_time_that_was_sold_meanwhile_leaves_the_visit_where_it_is(
    shop: Shop, lin: Phone, yun: Phone, number: str
) -> None:
    shop.clock.move(days=2)
    propose(shop, lin, number)
    booked(shop, "C0004", FIVE, "wu.an")
    assert "约不上了" in yun.says("可以")
    assert starts(shop, number) == datetime.fromisoformat(THREE)
    assert "刚被约走" in shop.words_for("lin.yue")[-1]


def test_yes_without_a_question_is_somebody_elses_to_answer(yun: Phone, number: str) -> None:
    assert "预约" not in yun.says("可以")


def test_the_old_card_does_not_accept_while_she_is_asked(shop: Shop, lin: Phone, number: str) -> None:
    shop.clock.move(days=2)
    old = card(shop, number)
    propose(shop, lin, number)
    assert tap(lin, old, "接受", code="RC2") == "卡片已失效"


def test_the_advisor_thinks_better_of_it(shop: Shop, lin: Phone, number: str) -> None:
    tap(lin, card(shop, number), "换个时间")
    assert "没有改动" in lin.says("算了")
    assert visit(shop, number).proposed_starts_at is None


def test_what_is_no_time_is_asked_again_and_a_command_is_a_command(shop: Shop, lin: Phone, number: str) -> None:
    tap(lin, card(shop, number), "换个时间")
    assert "没看懂这个时间" in lin.says("我再想想")
    assert "没有这个序号" in lin.says("9")
    assert "周芸（C0001）" in lin.says("客户 C0001")


def test_a_number_half_an_hour_later_is_answered_politely(shop: Shop, lin: Phone, number: str) -> None:
    tap(lin, card(shop, number), "换个时间")
    shop.clock.move(minutes=30)
    assert "已经过去" in lin.says("1")
    assert visit(shop, number).proposed_starts_at is None


def test_the_same_time_is_no_proposal(shop: Shop, lin: Phone, number: str) -> None:
    shop.clock.move(days=2)
    tap(lin, card(shop, number), "换个时间")
    assert "就是这个时间" in lin.says("周六下午三点")


def test_in_a_talk_only_a_bare_time_is_an_answer_to_us(shop: Shop, lin: Phone, yun: Phone, number: str) -> None:
    shop.clock.move(days=2)
    yun.says("人工")
    lin.says("接待")
    tap(lin, card(shop, number), "换个时间")
    lin.says("周六三点见")
    assert shop.words_for(yun.person)[-1] == "林悦：周六三点见"
    assert "已经问周芸" in lin.says("周六五点")


@pytest.mark.parametrize("words", ["今日预约", "到店 周芸", "停约", "任务", "预约 C0002", "我的班表"])
def test_a_command_about_visits_in_a_talk_never_reaches_the_customer(
    shop: Shop, lin: Phone, yun: Phone, number: str, words: str
) -> None:
    yun.says("人工")
    lin.says("接待")
    before = shop.words_for(yun.person)
    assert lin.says(words) != ""
    assert shop.words_for(yun.person) == before


def test_in_the_middle_of_something_else_yes_belongs_to_that(shop: Shop, lin: Phone, yun: Phone, number: str) -> None:
    shop.clock.move(days=2)
    propose(shop, lin, number)
    assert "1." in yun.says("退订单怎么办")
    yun.says("1")
    assert starts(shop, number) == datetime.fromisoformat(THREE)


def test_a_manager_who_proposed_hears_the_answer_too(shop: Shop, lin: Phone, yun: Phone, number: str) -> None:
    shop.clock.move(days=2)
    propose(shop, shop.member("chen.jing"), number)
    yun.says("可以")
    assert "答应了" in shop.words_for("chen.jing")[-1]
    assert "答应了" in shop.words_for("lin.yue")[-1]
