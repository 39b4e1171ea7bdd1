"""A bind code typed by somebody who has a card of her own."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm.models import Staff
from crm.services.customers import by_code
from tests.crm.builders import OPERATOR
from tests.front_door import Phone, Shop
from tests.scenarios.test_linking import bind_code, card_customer, is_known_as, owners

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
    assert any("C0002 和 周芸（C0001）" in words for words in shop.words_for("wu.an"))
