"""A customer asks what is hers: tier, points, coupons, the next member day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm.models import Coupon, Customer, Purchase, PurchaseKind
from crm.services.membership import points
from handlers.customer.membership import next_member_day
from tests.front_door import Phone, Shop

TODAY = date(2026, 11, 21)


def hers(shop: Shop) -> Customer:
    with shop.parts.sessions() as session:
        return session.scalars(select(Customer)).one()


def buys(shop: Shop, yuan: int, number: str = "S1", days_ago: int = 3) -> None:
    at = shop.clock.now() - timedelta(days=days_ago)
    line = {"number": number, "line": 1, "kind": PurchaseKind.SALE, "purchased_at": at, "amount": yuan * 100}
    with shop.parts.sessions.begin() as session:
        session.add(Purchase(customer_id=hers(shop).id, **line))


def test_somebody_new_reads_how_it_begins(mei: Phone) -> None:
    words = mei.says("我的权益")
    assert "您是普通会员" in words
    assert "再消费 ¥10,000，就是银卡会员" in words
    assert "积分：0 分" in words
    assert "暂时没有" in words
    assert "下一个会员日：12月8日" in words


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "words",
    [
        "我的权益",
        "会员权益",
        "我的会员等级",
        "积分查询",
        "我有多少积分",
        "还有多少积分",
        "查一下我的积分",
        "优惠券",
        "我的优惠券",
        "我有什么优惠券吗",
        "我现在是什么会员",
        "会员等级",
        "我的积分还剩多少",
    ],
)
def test_it_is_asked_for_in_many_words(mei: Phone, words: str) -> None:
    assert "下一个会员日" in mei.says(words)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("words", ["积分能换什么首饰保养", "怎么成为会员", "会员日是哪天", "优惠券怎么用"])
def test_questions_about_it_are_answered_as_ever(mei: Phone, words: str) -> None:
    assert "您是普通会员" not in mei.says(words)


def test_a_purchase_of_this_morning_counts_at_once(shop: Shop, mei: Phone) -> None:
    mei.says("你好")
    buys(shop, 12_800)
    words = mei.says("我的权益")
    assert "您是银卡会员，有效期到2027年11月21日" in words
    assert "工费九五折" in words
    assert "再消费 ¥37,200，就是金卡会员" in words


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_points_that_end_soon_are_named_and_ended_ones_are_gone(shop: Shop, mei: Phone) -> None:
    mei.says("你好")
    with shop.parts.sessions.begin() as session:
        customer = session.get_one(Customer, hers(shop).id)
        for number, (count, ends) in enumerate([(1000, None), (280, TODAY + timedelta(days=40)), (55, TODAY)]):
            points.earn(session, customer, count, f"E{number}", "消费", shop.clock.now(), expires_on=ends)
    assert "积分：1,335 分，其中 335 分将在2026年11月21日起陆续到期" in mei.says("积分")
    shop.clock.move(days=1)
    assert "积分：1,280 分，其中 280 分将在2026年12月31日起" in mei.says("积分")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_coupons_that_hold_are_listed_and_the_rest_is_counted(shop: Shop, mei: Phone) -> None:
    mei.says("你好")
    with shop.parts.sessions.begin() as session:
        owner = hers(shop).id
        fields = {"value": 200_00, "condition": "满2000元可用", "valid_to": date(2026, 12, 31)}
        session.add(Coupon(coupon_no="K0", customer_id=owner, title="生日礼券", **fields))
        session.add(Coupon(coupon_no="K9", customer_id=owner, title="过期的", valid_to=TODAY - timedelta(days=1)))
        session.add_all(Coupon(coupon_no=f"K{n}", customer_id=owner, title="免费抛光") for n in range(1, 7))
    words = mei.says("我的优惠券")
    assert "优惠券 7 张" in words
    assert "·生日礼券 ¥200，满2000元可用，2026年12月31日前有效" in words
    assert "还有 2 张" in words
    assert "过期的" not in words


@pytest.mark.parametrize(
    ("today", "day", "next_one"),
    [
        (date(2026, 11, 8), 8, date(2026, 11, 8)),
        (date(2026, 11, 9), 8, date(2026, 12, 8)),
        (date(2026, 12, 31), 28, date(2027, 1, 28)),
        (date(2027, 1, 31), 28, date(2027, 2, 28)),
    ],
)
def test_the_next_member_day_is_today_or_the_first_that_comes(today: date, day: int, next_one: date) -> None:
    assert next_member_day(today, day) == next_one


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("words", "told"),
    [
        *((words, "满 ¥10,000 就是银卡会员") for words in ("我为什么是银卡", "我為什麼是銀卡會員", "为什么我是银卡呢")),
        *((words, "满 ¥10,000 就是银卡会员") for words in ("我的等级是怎么算的", "我怎么没升级", "为什么我不是金卡")),
        *((words, "再消费 ¥37,200，就是金卡会员") for words in ("我怎么才能升级", "怎么升金卡", "离金卡还差多少")),
        *(
            (words, "再消费 ¥37,200，就是金卡会员")
            for words in ("消费多少可以升级", "金卡会员要消费多少", "还差多少能升级")
        ),
        ("为什么是红枫叶", "您现在在“青竹”这一组"),
        ("我为什么是青竹", "不影响价格和权益"),
    ],
)
def test_why_a_tier_is_hers_and_what_is_missing(shop: Shop, mei: Phone, words: str, told: str) -> None:
    mei.says("你好")
    buys(shop, 12_800)
    answer = mei.says(words)
    assert told in answer
    assert "潜力" not in answer


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("words", ["为什么是黑色的", "戒指怎么升级", "怎么成为会员", "改圈要多少钱", "为什么会掉色"])
def test_other_reasons_are_not_about_tiers(mei: Phone, words: str) -> None:
    assert "您现在是普通会员" not in mei.says(words)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_tier_that_is_held_says_until_when(shop: Shop, mei: Phone) -> None:
    mei.says("你好")
    buys(shop, 12_800, days_ago=360)
    assert "满 ¥10,000 就是银卡会员" in mei.says("我为什么是银卡")
    shop.clock.move(days=30)
    assert "为您保留，现在有效期到2027年11月21日。近 12 个月是 ¥0" in mei.says("我为什么是银卡")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("words", ["分层 {}", "为什么 {}", "为什么是青竹 {}", "/分层 {}", "为什么{}"])
def test_her_advisor_reads_why(shop: Shop, mei: Phone, lin: Phone, words: str) -> None:
    mei.does("subscribe", EventKey="qrscene_advisor-lin.yue")
    buys(shop, 12_800)
    answer = lin.says(words.format(hers(shop).code))
    assert "分层：青竹（近 12 个月 ¥12,800" in answer
    assert "跟进：" in answer
    assert "没有找到" in lin.says(words.format("C9999"))
