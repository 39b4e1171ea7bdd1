"""A visit is cancelled or moved only by a plain request; whatever else she says leaves it where it is."""

from __future__ import annotations

import pytest

from tests.front_door import Phone, Shop
from tests.scenarios.booking_shop import booked, customer_of_lin, prepare

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TUESDAY, FRIDAY = "周二 10:00 湖滨店", "周五 17:00 静安店"


@pytest.fixture
def mei(shop: Shop) -> Phone:
    """She has just booked Tuesday, 24 November, at ten."""
    prepare(shop)
    phone = customer_of_lin(shop)
    phone.says("想约湖滨11月24号上午10点")
    phone.says("确认")
    assert booked(shop) == [TUESDAY]
    return phone


@pytest.fixture
def later(shop: Shop, mei: Phone) -> Phone:
    """Half an hour after the booking: nothing is open between her and the bot."""
    shop.clock.move(minutes=30)
    return mei


@pytest.fixture
def two(shop: Shop, later: Phone) -> Phone:
    """And Friday, 27 November, at five in the other shop."""
    later.says("再约一个静安11月27号下午5点")
    later.says("确认")
    shop.clock.move(minutes=30)
    assert booked(shop) == [TUESDAY, FRIDAY]
    return later


@pytest.mark.parametrize(
    "words", ["湖滨店电话多少", "24号我还是要去的", "24号那个别取消", "静安店远吗", "想约湖滨11月24号上午10点"]
)
def test_asked_which_one_to_cancel_only_its_name_is_an_answer(shop: Shop, two: Phone, words: str) -> None:
    assert "取消哪一个" in two.says("取消预约")
    two.says(words)
    assert booked(shop) == [TUESDAY, FRIDAY]


@pytest.mark.parametrize("words", ["24号的", "湖滨的", "湖滨那个", "就湖滨店那个吧", "取消24号的", "第一个吧", "1"])
def test_a_named_one_is_cancelled(shop: Shop, two: Phone, words: str) -> None:
    two.says("取消预约")
    two.says(words)
    assert booked(shop) == [FRIDAY]


@pytest.mark.parametrize("words", ["都取消", "两个都取消吧"])
def test_both_are_cancelled_when_she_says_both(shop: Shop, two: Phone, words: str) -> None:
    assert two.says(words).count("取消") >= 2
    assert booked(shop) == []


LEFT_ALONE = """
不要取消24号的
算了不取消了
不约了吧 哈哈开玩笑的
昨天网上买的那个帮我取消吧
我的订单取消了
订单帮我取消掉
退定金 取消了
那个手链帮我取消吧
我想取消
帮我取消吧
预约可以取消吗
戒指能改到13号吗
戒圈改到12号多少钱
戒指改成14号
收货改到静安店自提
自提改到静安店
换到静安店取
取货改到周六可以吗
我妈生日改到5号过了
推迟发货可以吗
改天再说
预约的东西帮我改成手链吧
我提前到了
能提前到吗
能改到周三下午三点吗
往后推送都别发了
"""


@pytest.mark.parametrize("words", LEFT_ALONE.split("\n")[1:-1])
def test_the_visit_stands_whatever_else_is_cancelled_moved_or_asked(shop: Shop, later: Phone, words: str) -> None:
    answer = later.says(words)
    assert booked(shop) == [TUESDAY]
    assert "改到什么时候" not in answer


@pytest.mark.parametrize("words", ["不要取消", "先不取消", "不要动它", "不是不来，是晚点来", "湖滨店电话多少"])
def test_who_said_that_she_cannot_come_may_keep_it(shop: Shop, later: Phone, words: str) -> None:
    later.says("我来不了了")
    later.says(words)
    assert booked(shop) == [TUESDAY]


JUST_TALK = """
今天刚好路过你们店，看到橱窗很漂亮
我周五再跟你确认一下款式
周二会下雨不
静安店远吗
我妈周四生日
"""


@pytest.mark.parametrize("words", JUST_TALK.split("\n")[1:-1])
def test_just_after_booking_a_day_or_shop_in_a_story_moves_nothing(shop: Shop, mei: Phone, words: str) -> None:
    assert "改好了" not in mei.says(words)
    assert booked(shop) == [TUESDAY]


def test_the_same_day_said_again_is_no_move_and_who_comes_along_is_kept(shop: Shop, mei: Phone) -> None:
    assert "周二 10:00 拾光里" not in mei.says("好的那周二见")
    assert "老公" in mei.says("周二我带我老公一起来")
    assert booked(shop) == [TUESDAY]


@pytest.mark.parametrize("words", ["周三吧", "改成周三", "还是周三来吧"])
def test_just_after_booking_a_bare_day_moves_it(shop: Shop, mei: Phone, words: str) -> None:
    mei.says(words)
    assert booked(shop) == ["周三 10:00 湖滨店"]


def test_a_move_that_is_asked_for_as_a_question_needs_one_word(shop: Shop, later: Phone) -> None:
    assert "改到这里吗" in later.says("能改到周三下午三点吗")
    assert booked(shop) == [TUESDAY]
    later.says("好的")
    assert booked(shop) == ["周三 15:00 湖滨店"]


@pytest.mark.parametrize("words", ["不改了", "算了还是原来的", "算了"])
def test_a_move_that_she_gives_up_leaves_the_visit(shop: Shop, later: Phone, words: str) -> None:
    later.says("改时间")
    assert "照旧" in later.says(words)
    assert booked(shop) == [TUESDAY]


def test_which_of_two_is_asked_and_the_new_time_is_not_forgotten(shop: Shop, two: Phone) -> None:
    assert "改哪一个" in two.says("改到11月25号下午三点")
    assert "改好了" in two.says("1")
    assert booked(shop) == ["周三 15:00 湖滨店", FRIDAY]
    two.says("推迟一小时")
    shop.clock.move(minutes=20)
    two.says("推迟一小时")
    two.says("2")
    assert booked(shop)[1] == "周五 18:00 静安店"


def test_on_a_sunday_sunday_may_be_a_week_from_now(shop: Shop, later: Phone) -> None:
    shop.clock.move(days=1)
    assert "哪个时间" in later.says("改到星期日下午四點")
    assert booked(shop) == [TUESDAY]
    later.says("2")
    assert booked(shop) == ["周日 16:00 湖滨店"]
