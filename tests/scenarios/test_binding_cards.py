"""A bind code typed by somebody who has a card of her own."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm import db
from crm.models import BindTry, Staff
from crm.services.customers import by_code
from tests.crm.builders import OPERATOR
from tests.front_door import Phone, Shop
from tests.scenarios.test_linking import bind_code, card_customer, is_known_as, owners
from tests.scenarios.test_privacy import code_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def mei(shop: Shop) -> Phone:
    phone = shop.customer("oMei")
    phone.does("subscribe", EventKey="qrscene_advisor-lin.yue")
    return phone


def test_a_card_that_contradicts_the_speakers_own_waits_for_an_advisor(shop: Shop, mei: Phone, lin: Phone) -> None:
    card_customer(shop)
    card_customer(shop, "C0002", "许安", "13900139009")
    is_known_as(shop, mei, "C0002")
    assert "先没有合在一起" in mei.says(f"绑定 {bind_code(lin)}")
    assert owners(shop)["oMei"] == "C0002"
    assert "资料对不上" in lin.says("待核对")
    assert "已合为一人" in lin.says("是同一人 1")
    assert owners(shop)["oMei"] == "C0001"


def test_two_cards_that_agree_become_one_and_both_advisors_hear_of_it(shop: Shop, mei: Phone, lin: Phone) -> None:
    card_customer(shop)
    card_customer(shop, "C0002")
    with shop.parts.sessions.begin() as session:
        other = session.scalars(select(Staff).where(Staff.userid == "wu.an")).one()
        by_code(session, OPERATOR, "C0002").advisor = other
    is_known_as(shop, mei, "C0002")
    assert "周芸" in mei.says(f"绑定 {bind_code(lin)}")
    assert owners(shop)["oMei"] == "C0001"
    assert any("绑定了公众号" in words for words in shop.words_for("lin.yue"))
    assert any("您的客户 周芸（C0002）和另一位顾客" in words for words in shop.words_for("wu.an"))


@pytest.mark.parametrize(
    ("tried", "times", "enough"), [("绑定 000000", 5, "过十分钟"), ("绑定手机 13700137000", 3, "几次了")]
)
def test_who_erases_herself_and_comes_back_goes_on_where_she_was(
    shop: Shop, mei: Phone, tried: str, times: int, enough: str
) -> None:
    for _ in range(times):
        assert enough not in mei.says(tried)
    assert "已经删除" in mei.says(code_in(mei.says("删除我的资料")))
    mei.does("unsubscribe")
    mei.does("subscribe")
    assert enough in mei.says(tried)
    with db.reading(shop.parts.engine) as session:
        tries = session.scalars(select(BindTry)).all()
    assert len(tries) == times
    assert not any(mei.person in str(vars(one)) for one in tries)
