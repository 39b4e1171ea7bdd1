"""What was said, booked or promised is not lost, and nothing is booked that she did not take."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm.models import AppointmentState, WaitingEntry
from handlers.customer.wishes import wants_out
from tests.front_door import Phone, Shop
from tests.scenarios.booking_shop import booked, close_shop, customer_of_lin, fill, prepare, visits
from tests.scenarios.visit_desk import card, tap

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def mei(shop: Shop) -> Phone:
    prepare(shop)
    return customer_of_lin(shop)


def waits(shop: Shop) -> int:
    with shop.parts.sessions() as session:
        return len(session.scalars(select(WaitingEntry)).all())


# Yes, once


def test_a_hold_that_ran_out_does_not_come_back_beside_what_was_booked_instead(shop: Shop, mei: Phone) -> None:
    mei.says("想约周四下午1点试戴手镯")
    shop.clock.move(minutes=20)
    mei.says("想约周五下午4点试戴手镯")
    mei.says("确认")
    shop.clock.move(minutes=20)
    mei.says("确认")
    mei.taps("booking:confirm")
    assert booked(shop) == ["周五 16:00 湖滨店"]


def test_a_second_tap_on_the_yes_says_again_what_was_booked(shop: Shop, mei: Phone) -> None:
    mei.says("想约周四下午1点试戴手镯")
    mei.taps("booking:confirm")
    assert "13:00，湖滨店见" in mei.taps("booking:confirm")
    assert booked(shop) == ["周四 13:00 湖滨店"]
    assert len(visits(shop)) == 1


@pytest.mark.parametrize("words", ["嗯？", "确认?", "可以吗", "今天天气不错"])
def test_what_is_no_yes_books_nothing(shop: Shop, mei: Phone, words: str) -> None:
    mei.says("想约周四下午1点试戴手镯")
    mei.says(words)
    assert booked(shop) == []


YES = "确定一下|行吧行吧|嗯嗯好的麻烦了|对，就这个时间|没问题，到时候见|多谢！确认！|定下来吧|可以的 我准时到|就定这个"


@pytest.mark.parametrize("words", YES.split("|"))
def test_a_yes_in_many_words_books(shop: Shop, mei: Phone, words: str) -> None:
    mei.says("想约周四下午1点试戴手镯")
    mei.says(words)
    assert booked(shop) == ["周四 13:00 湖滨店"]


@pytest.mark.parametrize("words", ["算了吧 太远了", "还是不要了", "算了"])
def test_giving_up_in_many_words_ends_it(shop: Shop, mei: Phone, words: str) -> None:
    mei.says("想约周四下午1点试戴手镯")
    assert "先不约" in mei.says(words)
    assert booked(shop) == []


@pytest.mark.parametrize("words", ["确认 顺便问下珍珠项链能碰水吗", "好的 珍珠项链能碰水吗"])
def test_a_yes_with_a_question_is_a_yes_and_the_question_is_answered(shop: Shop, mei: Phone, words: str) -> None:
    mei.says("想约周四下午1点试戴手镯")
    answer = mei.says(words)
    assert "约好了" in answer
    assert "珍珠" in answer
    assert booked(shop) == ["周四 13:00 湖滨店"]


def test_a_question_beside_a_wish_is_answered(shop: Shop, mei: Phone) -> None:
    answer = mei.says("周四下午想去静安店试戴戒指，另外珍珠项链能碰水吗")
    assert "珍珠" in answer
    assert "booking:time:2" in answer


@pytest.mark.parametrize("words", ["第三个吧", "选第三个吧", "就第三个", "第三个可以"])
def test_a_number_in_many_words_takes_its_line(shop: Shop, mei: Phone, words: str) -> None:
    mei.says("周四下午想来试戴戒指")
    assert "确认" in mei.says(words)


def test_a_question_on_another_shop_does_not_move_what_is_held(shop: Shop, mei: Phone) -> None:
    mei.says("想约周四下午1点试戴手镯")
    mei.says("静安店远吗")
    mei.says("静安店电话多少")
    mei.says("确认")
    assert booked(shop) == ["周四 13:00 湖滨店"]


@pytest.mark.parametrize("words", ["戒指能改到13号吗", "自提改到静安店", "取货改到周六可以吗", "我妈生日改到5号过了"])
def test_what_else_is_moved_does_not_move_what_is_held(shop: Shop, mei: Phone, words: str) -> None:
    mei.says("想约周四下午1点试戴手镯")
    mei.says(words)
    mei.says("确认")
    assert booked(shop) == ["周四 13:00 湖滨店"]


def test_the_shop_that_it_is_not_is_not_chosen(shop: Shop, mei: Phone) -> None:
    mei.says("想约周四下午1点试戴手镯")
    mei.says("不是湖滨，静安")
    mei.says("确认")
    assert booked(shop) == ["周四 13:00 静安店"]


# Nothing is lost


def test_opting_out_does_not_end_a_booking(shop: Shop, mei: Phone) -> None:
    mei.says("想约周四下午1点试戴手镯")
    mei.says("退订")
    mei.says("确认")
    assert booked(shop) == ["周四 13:00 湖滨店"]


def test_undecided_holds_do_not_count_as_visits(shop: Shop, mei: Phone) -> None:
    for wish in ("想约周四下午1点试戴手镯", "重新预约周五下午2点", "我想约周三下午3点"):
        mei.taps("booking:shop:1")
        mei.says(wish)
    mei.says("确认")
    assert booked(shop) == ["周三 15:00 湖滨店"]
    assert len(visits(shop, AppointmentState.HELD)) == 0


@pytest.mark.parametrize("wish", ["周一下午三点想来试戴", "周四早上六点想来试戴", "明年三月一号下午三点想来试戴"])
def test_nobody_waits_for_what_can_never_open(shop: Shop, mei: Phone, wish: str) -> None:
    close_shop(shop, 23)
    mei.says(wish)
    assert "排上候补" not in mei.says("排候补吧")
    assert waits(shop) == 0


def test_she_waits_for_each_of_two_times(shop: Shop, mei: Phone) -> None:
    fill(shop, "25T10:00", "26T20:00")
    mei.says("周三下午三点或者周四下午三点想来试戴")
    assert "或" in mei.says("排候补吧")
    assert waits(shop) == 2


def test_a_date_that_does_not_exist_is_said(shop: Shop, mei: Phone) -> None:
    assert "没有这一天" in mei.says("想约2月30号下午三点")
    assert visits(shop) == []


def test_ring_size_and_budget_belong_to_the_wish(shop: Shop, mei: Phone) -> None:
    mei.says("我想周四下午三点去湖滨试一下12分的钻戒 手寸13号 预算2万")
    mei.says("确认")
    assert booked(shop) == ["周四 15:00 湖滨店"]
    assert "手寸13号" in visits(shop)[0].wishes
    assert "预算2万" in visits(shop)[0].wishes


def test_a_wish_for_a_piece_later_is_about_the_visit_that_stands(shop: Shop, mei: Phone) -> None:
    mei.says("想约周四下午1点试戴手镯")
    mei.says("确认")
    shop.clock.move(minutes=20)
    assert "项链" in mei.says("到时候我想看看项链")
    assert len(visits(shop)) == 1


@pytest.mark.parametrize("words", ["几点来着", "我约好了吗"])
def test_when_it_was_is_told(shop: Shop, mei: Phone, words: str) -> None:
    mei.says("想约周四下午1点试戴手镯")
    mei.says("确认")
    shop.clock.move(minutes=20)
    assert "13:00" in mei.says(words)


def test_another_time_that_an_advisor_asks_for_minutes_after_the_booking_is_heard(shop: Shop, mei: Phone) -> None:
    mei.says("想约周四下午1点试戴手镯")
    mei.says("确认")
    lin = shop.member()
    tap(lin, card(shop, visits(shop)[0].number), "换个时间")
    lin.says("周四五点")
    assert "17:00" in mei.says("可以")
    assert booked(shop) == ["周四 17:00 湖滨店"]


@pytest.mark.parametrize("words", ["往后推送都别发了", "不要再推荐东西给我了"])
def test_no_more_pushes_is_heard_as_such(shop: Shop, mei: Phone, words: str) -> None:
    assert wants_out(words)
    mei.says("想约周四下午1点试戴手镯")
    mei.says("确认")
    mei.says(words)
    assert booked(shop) == ["周四 13:00 湖滨店"]


# On her way

LATE = "我可能会晚到10分钟|堵车 可能晚20分钟|我到了|我在门口|迟到了十分钟还行吗"


@pytest.mark.parametrize("words", LATE.split("|"))
def test_the_advisor_hears_that_she_is_late_or_here(shop: Shop, mei: Phone, words: str) -> None:
    mei.says("想约周日下午1点试戴手镯")
    mei.says("确认")
    shop.clock.move(hours=26)
    before = len(shop.words_for("lin.yue"))
    assert "已经告诉" in mei.says(words)
    assert words in "".join(shop.words_for("lin.yue")[before:])
    assert len(visits(shop)) == 1


def test_who_is_not_expected_now_is_not_on_her_way(shop: Shop, mei: Phone) -> None:
    mei.says("想约周四下午1点试戴手镯")
    mei.says("确认")
    before = len(shop.words_for("lin.yue"))
    shop.clock.move(minutes=20)
    mei.says("我到了")
    assert len(shop.words_for("lin.yue")) == before
