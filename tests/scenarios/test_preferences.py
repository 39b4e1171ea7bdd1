"""Opting out in every spelling a person would use, and back in."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm import db
from crm.models import Consent, Customer
from crm.services import consents
from crm.services.tables.beside_customers import IMPORT
from handlers.context import plain_text
from handlers.customer.wishes import wants_in, wants_out, wants_person
from tests.front_door import Phone, Shop

OUT = [
    "退订",
    "TD",
    "td",
    "Ｔ\u3000Ｄ",
    "退 订",
    "退訂",
    "退\u200b订",
    "我要退订",
    "请退订",
    "退订谢谢",
    "退订！",
    "不要再发了",
    "不要再发消息了",
    "别再发了",
    "别发了",
    "不要再给我发广告了",
    "不想再收到你们的消息",
    "取消订阅",
    "取消推送",
    "怎么退订",
    "停止推送",
    "不要再推送了",
    "别再打扰我了",
    "退订活动消息",
    "unsubscribe",
    "T.D.",
    "STOP",
    "我不想收到这些广告了",
    "请不要再给我发消息",
    "不要發了",
    "麻烦不要再发了谢谢",
    "不要再给我推送活动了",
    "ＴＤ",
    "拒收广告",
    "不要发广告",
    "以后不要再发了",
    "以后别再给我发了",
    "请以后不要再给我发消息",
    "你们不要再发了",
    "不要再发了！烦死了",
    "可不可以别再发了",
    "不要再推销了",
    "不再接收消息",
    "取消短信",
    "免打扰",
    "回TD",
    "退定",
    "別再發了",
    "請不要再發訊息",
    "不要再傳訊息",
    "取消這個訂閱",
    "退訂閱",
    "回复TD退订",
    "TD退订",
    "退订退订",
    "立即退订",
    "马上退订",
    "全部退订",
    "怎样才能退订",
    "退订会员日",
    "可以不要再发了吗",
    "烦死了别再发了",
    "不想看广告",
]
NOT_OUT = [
    "退订单怎么办",
    "我的订单要退",
    "不要金的",
    "我想订婚戒",
    "不要再磨了会坏吗",
    "取消预约",
    "别人送的戒指",
    "停止使用多久",
    "发黑了怎么办",
    "退货",
    "订阅",
    "不想要这个戒指了",
    "t",
    "不收银饰吗",
    "别的店能保养吗",
    "退订婚戒指可以吗",
    "我拒收了",
    "可以拒收吗",
    "拒收",
    "停止活动了吗",
    "停止优惠了吗",
    "关闭了吗",
    "停止了吗",
    "不想看了",
    "不想看这些",
    "我不想看这种",
    "不要看了",
    "不要收",
    "不想看到",
    "不用发了谢谢",
    "不用发消息",
    "不要接受",
    "拒绝了",
    "请停止",
    "t吗",
    "别推",
    "这款可以退订吗，订金怎么算",
    "退订金吗",
]
NOT_IN = ["继续发吧", "继续发", "可以继续发吗", "怎么订阅", "订阅吗", "dy", "接收", "好的", "收到了"]
PERSON = [
    "人工",
    "转人工",
    "人工客服",
    "我要找人工",
    "找顾问",
    "有人吗",
    "真人",
    "我想找你们店里的顾问",
    "客服在吗",
    "能转人工吗",
    "人工人工",
    "麻烦转人工好吗",
    "人工可以吗",
    "怎么转人工",
    "快转人工",
    "轉人工",
    "我要投诉",
    "请问有人工客服吗",
]
NO_PERSON = [
    "人工吗",
    "换人",
    "和人",
    "给我人",
    "有人",
    "人",
    "客人送的",
    "人工养殖珍珠好吗",
    "人工钻石值钱吗",
    "人造钻是什么",
]


@pytest.mark.parametrize("words", OUT)
def test_this_means_stop(words: str) -> None:
    assert wants_out(plain_text(words))


@pytest.mark.parametrize("words", NOT_OUT)
def test_this_does_not_mean_stop(words: str) -> None:
    assert not wants_out(plain_text(words))


@pytest.mark.parametrize(
    "words", ["恢复接收", "重新订阅", "订阅", "我要订阅", "恢复订阅活动消息", "恢復接收".replace("復", "复")]
)
def test_this_means_go_on(words: str) -> None:
    assert wants_in(plain_text(words))


@pytest.mark.parametrize("words", NOT_IN)
def test_this_does_not_mean_go_on(words: str) -> None:
    assert not wants_in(plain_text(words))


@pytest.mark.parametrize("words", PERSON)
def test_this_calls_a_person(words: str) -> None:
    assert wants_person(plain_text(words))


@pytest.mark.parametrize("words", NO_PERSON)
def test_this_calls_nobody(words: str) -> None:
    assert not wants_person(plain_text(words))


def last_word(shop: Shop) -> bool | None:
    with db.reading(shop.parts.engine) as session:
        return session.scalar(select(Consent.granted).order_by(Consent.id.desc()).limit(1))


def test_opting_out_holds_in_the_same_second_and_says_what_goes_on(shop: Shop, mei: Phone) -> None:
    assert "服务通知照常" in mei.says("退訂")
    assert last_word(shop) is False
    assert "已经退订" in mei.says("TD")


def test_opting_back_in_is_as_easy(shop: Shop, mei: Phone) -> None:
    mei.says("退订")
    mei.says("恢复接收")
    assert last_word(shop) is True


def test_an_order_is_asked_about_not_guessed(shop: Shop, mei: Phone) -> None:
    assert "退掉订单" in mei.says("退订单怎么办")
    assert last_word(shop) is None
    assert "人工" in mei.says("2")
    mei.says("退订单怎么办")
    assert "不再给您发" in mei.says("1")
    assert last_word(shop) is False


def test_the_proof_of_a_withdrawal_is_the_message_that_says_it(shop: Shop, mei: Phone) -> None:
    mei.says("退订", MsgId=4711)
    with db.reading(shop.parts.engine) as session:
        assert session.scalars(select(Consent)).one().proof == "m:4711"


@pytest.mark.parametrize(("granted", "words"), [(False, "退订"), (True, "恢复接收")])
def test_her_word_stands_for_itself_where_a_table_said_the_same(
    shop: Shop, mei: Phone, granted: bool, words: str
) -> None:
    mei.says("你好")
    with shop.parts.sessions.begin() as session:
        word = consents.grant if granted else consents.withdraw
        her = session.scalars(select(Customer.id)).one()
        word(session, her, channel=IMPORT, at=shop.clock.now(), text_version=IMPORT)
    for _ in range(2):
        mei.says(words)
    with db.reading(shop.parts.engine) as session:
        said = session.execute(select(Consent.channel, Consent.granted).order_by(Consent.id))
        assert [tuple(row) for row in said] == [(IMPORT, granted), ("official_account", granted)]
