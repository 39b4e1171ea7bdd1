"""A customer has something forgotten: one thing, a relative with all of hers, a list, her phone, everything."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm.models import Conversation, Customer, Occasion, PieceCare, Purchase, PurchaseKind, Relative, Size
from crm.services.customers import set_phone
from handlers.context import plain_text
from handlers.customer.forget_wishes import to_forget
from tests.front_door import Phone, Shop

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TOLD = "我手寸12号，我妈妈戒指15号，我妈妈生日5月3日，我女儿叫朵朵，我对镍和银过敏"


def hers(shop: Shop) -> Customer:
    with shop.parts.sessions() as session:
        return session.scalars(select(Customer)).one()


@pytest.mark.parametrize(
    ("words", "relation", "kind"),
    [
        *((words, "妈妈", "") for words in ("忘记我妈妈", "忘掉我妈妈吧", "把我妈妈忘掉", "删除我妈妈的资料")),
        *((words, "妈妈", "") for words in ("把我妈妈的信息都删了", "别记我妈妈的事了", "忘記我媽媽", "请忘记妈妈")),
        *((words, "男朋友", "") for words in ("忘记我男朋友", "忘记我前男友", "删掉我男友")),
        *((words, "", "birthday") for words in ("我不想让你们记住我的生日", "不要记我的生日", "别记我的生日了")),
        *((words, "", "birthday") for words in ("把我的生日删了", "我的生日不要记了", "忘记我的生日", "刪掉我的生日")),
        *((words, "", "skin") for words in ("把我的过敏删掉", "我的过敏删掉吧", "忘掉我的过敏", "把我的过敏记录去掉")),
        *((words, "", "skin") for words in ("忘记我对镍过敏", "把我对镍过敏删掉", "删掉镍过敏", "忘記我對鎳過敏")),
        ("忘记我女儿的名字", "女儿", "name"),
        ("把我老婆的手寸忘了吧", "太太", "ring"),
        *(
            (words, None, "")
            for words in ("忘记保养了怎么办", "我妈妈忘记保养了", "删除妈妈", "删除朋友", "忘记取戒指了")
        ),
        *(
            (words, None, "")
            for words in ("我把我的手寸忘了", "别忘记我妈妈的生日", "不要忘记我的生日", "记住我的生日")
        ),
        *((words, None, "") for words in ("删除我的预约", "忘记我的预约", "我不要生日礼物", "我老婆的生日快到了")),
    ],
)
def test_what_shall_be_forgotten_and_what_only_sounds_so(words: str, relation: str | None, kind: str) -> None:
    wish = to_forget(plain_text(words))
    assert (wish.relation if wish else None) == relation
    assert wish is None or kind in (*map(str, wish.kinds), *([] if wish.kinds else [""]))


@sqlite
def test_a_relative_is_forgotten_with_size_day_and_name(shop: Shop, mei: Phone) -> None:
    mei.says(TOLD)
    answer = mei.says("忘记我妈妈")
    assert [word for word in ("妈妈的手寸：15号", "妈妈的生日：5月3日") if word not in answer] == []
    with shop.parts.sessions() as session:
        assert [row.relation for row in session.scalars(select(Relative))] == ["女儿"]
        assert session.scalars(select(Size)).all() + session.scalars(select(Occasion)).all() == []
    assert "没有记着您妈妈" in mei.says("忘记我妈妈")
    assert "您的女儿叫朵朵" in mei.says("你们记得我什么")
    assert "您的女儿叫朵朵" in mei.says("忘记我女儿的名字")
    assert "朵朵" not in mei.says("你们记得我什么")


@sqlite
def test_a_gift_to_who_is_forgotten_is_no_surprise_for_the_giver_herself(shop: Shop, mei: Phone) -> None:
    mei.says("我老婆戒指13号")
    with shop.parts.sessions.begin() as session:
        customer, wife = session.scalars(select(Customer)).one(), session.scalars(select(Relative)).one()
        line = {"number": "S1", "line": 1, "kind": PurchaseKind.SALE, "purchased_at": shop.clock.now(), "amount": 1}
        bought = Purchase(customer_id=customer.id, name="六爪钻戒", **line)
        session.add(bought)
        session.flush()
        until = date(2026, 12, 24)
        session.add(PieceCare(purchase_id=bought.id, wearer_relative_id=wife.id, surprise_until=until))
    mei.says("忘记我老婆")
    assert "【六爪钻戒】" in mei.says("我的首饰")


@sqlite
def test_one_material_of_her_allergies_goes_or_all_of_them(shop: Shop, mei: Phone) -> None:
    mei.says(TOLD)
    assert hers(shop).allergies == "镍、银"
    assert "镍" in mei.says("忘记我对镍过敏")
    assert hers(shop).allergies == "银"
    assert "银" in mei.says("把我的过敏删掉")
    assert hers(shop).allergies == ""


@sqlite
def test_all_below_a_list_is_the_list_and_without_one_everything(shop: Shop, mei: Phone) -> None:
    mei.says(TOLD)
    mei.says("我的尺寸")
    answer = mei.says("忘记全部")
    assert "您的手寸：12号" in answer
    assert "删除我的资料" in answer
    assert "15号" not in mei.says("我的尺寸")
    assert hers(shop).allergies == "镍、银"
    mei.says("我的喜好")
    assert "没有这一条" in mei.says("忘记9")
    shop.clock.move(minutes=20)
    for words in ("忘记全部", "忘记我的一切", "把关于我的都删掉", "忘記我的一切"):
        assert "确认码" in mei.says(words)


@sqlite
def test_her_phone_goes_after_a_yes_and_stays_gone(shop: Shop, mei: Phone) -> None:
    assert "没有登记手机号" in mei.says("删除我的手机号")
    with shop.parts.sessions.begin() as session:
        set_phone(session.scalars(select(Customer)).one(), "13800138001")
    assert "138****8001" in mei.says("把我的手机号删了")
    assert "没有动" in mei.says("2")
    assert "没有动" in mei.taps("own-phone:remove")
    for words in ("别存我的手机号", "我不想让你们存我的手机号", "刪除我的手機號", "解绑手机"):
        assert "要删掉吗" in mei.says(words)
    assert "已经删掉" in mei.says("1")
    assert (hers(shop).phone, hers(shop).phone_index) == ("", None)
    assert "没有登记" in mei.says("我的资料")


@sqlite
def test_yes_and_no_are_heard_in_words_right_after_the_question(shop: Shop, mei: Phone) -> None:
    mei.says("你好")
    for yes, no in (("好", "不"), ("是的", "不用"), ("对", "不用了"), ("确定", "算了"), ("嗯 删掉吧", "先留着")):
        with shop.parts.sessions.begin() as session:
            set_phone(session.scalars(select(Customer)).one(), "13800138001")
        mei.says("删除我的手机号")
        assert "没有动" in mei.says(no), no
        mei.says("删除我的手机号")
        assert "已经删掉" in mei.says(yes), yes
    mei.says("名字改成沈洁")
    mei.says("名字改成沈小洁")
    assert "沈小洁" in mei.says("对")
    mei.says("删除我的资料")
    assert "只认确认码" in mei.says("好的")
    assert "什么都没有删除" in mei.says("不用")
    with shop.parts.sessions.begin() as session:
        set_phone(session.scalars(select(Customer)).one(), "13800138001")
    mei.says("删除我的手机号")
    mei.says("我的积分")
    mei.says("好的")
    assert hers(shop).phone == "13800138001"


@sqlite
def test_a_booking_that_an_erasure_interrupted_goes_on(shop: Shop, mei: Phone) -> None:
    mei.says("我想预约")
    asked = mei.says("忘记全部")
    assert "确认码" in asked
    assert "刚才的预约还在" in mei.says("不用了")
    with shop.parts.sessions() as session:
        assert session.scalars(select(Conversation.state)).one() == "booking"


@sqlite
def test_what_is_forgotten_is_not_brought_back(shop: Shop, mei: Phone) -> None:
    mei.says("我的手寸是11")
    mei.says("我的手寸是13")
    assert "13号" in mei.says("忘记我的手寸")
    assert "找不回来" in mei.says("撤销")
    assert hers(shop).ring_size == ""
    assert "没有新记下什么" in mei.says("撤销")


@sqlite
def test_words_about_forgetting_never_get_a_lecture(shop: Shop, mei: Phone) -> None:
    mei.says("我婆婆叫王秀英，生日腊月初八")
    mei.says("我爸爸手寸20号")
    assert "婆婆的事我都忘记了" in mei.says("忘记婆婆")
    assert "爸爸的事我都忘记了" in mei.says("忘了我爸爸")
    mei.says("性别改成女")
    assert "不再登记" in mei.says("忘记我的性别")
    assert "不再登记" in mei.says("性别改成保密")
    for words in ("忘记1", "把这些都忘记", "忘记我婆婆的戒指"):
        mei.says("我的资料")
        assert "要忘记的是哪一条" in mei.says(words)
    mei.says("我手寸12号")
    mei.says("我的尺寸")
    assert "更详细一些" in mei.says("详细")
    assert "您的手寸：12号" in mei.says("忘记1")


@sqlite
def test_a_phone_that_a_law_wants_kept_stays(shop: Shop, mei: Phone) -> None:
    mei.says("你好")
    line = {"number": "S1", "line": 1, "kind": PurchaseKind.SALE, "payment": "cash", "amount": 110_000_00}
    with shop.parts.sessions.begin() as session:
        customer = session.scalars(select(Customer)).one()
        set_phone(customer, "13800138001")
        session.add(Purchase(customer_id=customer.id, purchased_at=shop.clock.now() - timedelta(days=1), **line))
    assert "保存十年" in mei.says("删除我的手机号")
