"""A customer sees, mends, takes along and erases what the shop keeps of her, in the chat."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from crm import db
from crm.models import AuditEntry, Customer, Identity, Interaction, PurchaseKind
from crm.services import consents, customers
from tests.crm.builders import a_line
from tests.front_door import Phone, Shop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def card(shop: Shop, mei: Phone) -> Customer:
    """梅 follows, has a card and an advisor."""
    mei.does("subscribe", EventKey="qrscene_advisor-lin.yue", Ticket="t")
    with shop.parts.sessions.begin() as session:
        customer = session.scalars(select(Customer)).one()
        customer.code = "C0001"
        customers.set_name(session, customer, "梅芳")
        customers.set_phone(customer, "13800138000")
        customer.birthday, customer.birthday_calendar, customer.ring_size = "1990-05-01", "solar", "12"
        return customer


def only_one(shop: Shop) -> Customer:
    with shop.parts.sessions() as session:
        return session.scalars(select(Customer)).one()


def now_of(shop: Shop) -> Customer:
    with db.reading(shop.parts.engine) as session:
        return session.scalars(select(Customer).where(Customer.code == "C0001")).one()


def acts(shop: Shop) -> list[tuple[str, str]]:
    with db.reading(shop.parts.engine) as session:
        return [(row.actor, row.action) for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def code_in(words: str) -> str:
    found = re.search(r"确认码 (\d{4})", words)
    assert found
    return found[1]


class TestSeeing:
    def test_what_is_known_is_told_in_plain_words_with_the_phone_masked(
        self, shop: Shop, mei: Phone, card: Customer
    ) -> None:
        told = mei.says("你们知道我什么")
        for words in ("梅芳", "138****8000", "1990年5月1日", "手寸：12", "首饰：0 件", "不接收", "2026年11月21日"):
            assert words in told
        assert "13800138000" not in told
        assert ("customer", "own-record") in acts(shop)

    def test_more_of_it_is_one_word_away(self, mei: Phone, card: Customer) -> None:
        mei.says("我的资料")
        assert "林悦" in mei.says("详细")
        assert "林悦" not in mei.says("详细")

    def test_nobody_known_is_told_so(self, mei: Phone) -> None:
        assert "没有登记" in mei.says("我的资料")


class TestMending:
    @pytest.mark.parametrize("words", ["名字改成王小梅", "我的名字是王小梅", "名字写错了，我叫王小梅"])
    def test_a_name(self, shop: Shop, mei: Phone, card: Customer, words: str) -> None:
        assert "要改成王小梅吗" in mei.says(words)
        assert now_of(shop).name == "梅芳"
        mei.says("1")
        assert now_of(shop).name == "王小梅"
        assert ("customer", "correct-name") in acts(shop)

    def test_a_name_told_in_passing_is_asked_about(self, shop: Shop, mei: Phone, card: Customer) -> None:
        asked = mei.says("我叫王小梅")
        assert "梅芳" in asked
        assert now_of(shop).name == "梅芳"
        mei.says("2")
        assert now_of(shop).name == "梅芳"
        mei.says("我叫王小梅")
        mei.says("1")
        assert now_of(shop).name == "王小梅"

    def test_without_a_name_a_known_surname_is_taken_at_once(self, shop: Shop, mei: Phone) -> None:
        assert "您的称呼是王小梅" in mei.says("名字改成王小梅")
        assert only_one(shop).name == "王小梅"

    def test_without_a_name_any_other_is_asked_about(self, shop: Shop, mei: Phone) -> None:
        assert "要记成星海吗" in mei.says("我的名字是星海")
        assert only_one(shop).name == ""
        mei.says("1")
        assert only_one(shop).name == "星海"

    @pytest.mark.parametrize("words", ["名字是刻在戒指内壁", "名字改成双面刻", "我叫方便面"])
    def test_talk_about_engraving_changes_no_name(self, shop: Shop, mei: Phone, card: Customer, words: str) -> None:
        assert "要改成" not in mei.says(words)
        assert now_of(shop).name == "梅芳"

    def test_a_birthday_of_either_calendar(self, shop: Shop, mei: Phone, card: Customer) -> None:
        assert "农历1990年八月十五" in mei.says("生日改成农历1990年八月十五")
        assert (now_of(shop).birthday, now_of(shop).birthday_calendar) == ("1990-08-15", "lunar")
        mei.says("我的生日改为1991年6月2日")
        assert (now_of(shop).birthday, now_of(shop).birthday_calendar) == ("1991-06-02", "solar")

    @pytest.mark.parametrize("words", ["生日改成5月1日", "生日改成1990年13月1日", "生日改成2090年1月1日"])
    def test_no_birthday_that_cannot_be(self, shop: Shop, mei: Phone, card: Customer, words: str) -> None:
        assert "年月日" in mei.says(words)
        assert now_of(shop).birthday == "1990-05-01"

    def test_never_a_phone_by_mere_claim(self, shop: Shop, mei: Phone, card: Customer) -> None:
        assert "绑定手机" in mei.says("手机号改成13900139000")
        assert now_of(shop).phone == "13800138000"


class TestErasing:
    def test_the_code_erases_and_says_goodbye(self, shop: Shop, mei: Phone, card: Customer) -> None:
        mei.says("珍珠怎么保养")
        asked = mei.says("删除我的资料")
        assert "不能恢复" in asked
        assert now_of(shop).name == "梅芳"
        assert "已经删除" in mei.says(code_in(asked))
        erased = now_of(shop)
        assert (erased.name, erased.phone, erased.birthday) == ("", "", "")
        assert ("customer", "erase") in acts(shop)
        with db.reading(shop.parts.engine) as session:
            assert session.scalars(select(Identity)).all() == []
            said = session.scalars(select(Interaction.text).where(Interaction.customer_id == card.id))
            assert set(said) == {""}

    def test_advisor_and_manager_are_told_without_content(self, shop: Shop, mei: Phone, card: Customer) -> None:
        mei.says(code_in(mei.says("删除我的资料")))
        for person in ("lin.yue", "chen.jing"):
            (told,) = [words for words in shop.words_for(person) if "删除" in words]
            assert "C0001" in told
            assert "梅芳" not in told

    def test_who_writes_again_is_somebody_new(self, shop: Shop, mei: Phone, card: Customer) -> None:
        mei.says(code_in(mei.says("删除我的资料")))
        assert "没有登记" in mei.says("我的资料")
        with db.reading(shop.parts.engine) as session:
            (identity,) = session.scalars(select(Identity)).all()
            assert identity.customer_id != card.id

    def test_a_wrong_code_erases_nothing_and_ends_the_matter(self, shop: Shop, mei: Phone, card: Customer) -> None:
        code = code_in(mei.says("删除我的资料"))
        wrong = f"{(int(code) + 1) % 10_000:04}"
        assert "不对" in mei.says(wrong)
        mei.says(code)
        assert now_of(shop).name == "梅芳"

    def test_after_two_minutes_the_code_is_nothing(self, shop: Shop, mei: Phone, card: Customer) -> None:
        code = code_in(mei.says("删除我的资料"))
        shop.clock.move(seconds=121)
        assert "两分钟" in mei.says(code)
        assert now_of(shop).name == "梅芳"

    def test_another_word_stops_it(self, shop: Shop, mei: Phone, card: Customer) -> None:
        code = code_in(mei.says("删除我的资料"))
        assert "没有删除" in mei.says("算了")
        mei.says(code)
        assert now_of(shop).name == "梅芳"

    def test_somebody_elses_code_is_no_code(self, shop: Shop, mei: Phone, card: Customer) -> None:
        code = code_in(mei.says("删除我的资料"))
        shop.customer("oOther").says(code)
        assert now_of(shop).name == "梅芳"

    def test_what_a_law_keeps_is_said_before_and_after(self, shop: Shop, mei: Phone, card: Customer) -> None:
        with shop.parts.sessions.begin() as session:
            line = a_line(session, card, "N1", amount=150_000_00, payment="cash")
            assert line.kind is PurchaseKind.SALE
        asked = mei.says("删除我的资料")
        assert "1 笔" in asked
        assert "反洗钱" in asked
        assert "1 笔" in mei.says(code_in(asked))


class TestLess:
    def test_one_a_month_and_back(self, shop: Shop, mei: Phone, card: Customer) -> None:
        mei.says("恢复接收")
        assert "最多" in mei.says("少发一点")
        assert "每月最多 1 条" in mei.says("我的资料")
        with db.reading(shop.parts.engine) as session:
            assert consents.wanting_fewer(session, [card.id]) == {card.id}
            assert consents.has_marketing_consent(session, card.id)
        assert "已经" in mei.says("别发这么多")
        assert "恢复正常" in mei.says("正常发")
        with db.reading(shop.parts.engine) as session:
            assert consents.wanting_fewer(session, [card.id]) == set()

    def test_back_to_normal_is_still_nothing_for_who_opted_out(self, mei: Phone, card: Customer) -> None:
        for words in ("恢复接收", "少发一点", "退订"):
            mei.says(words)
        assert "还是不会给您发" in mei.says("正常发")

    def test_nothing_to_lessen_for_who_gets_nothing(self, mei: Phone, card: Customer) -> None:
        assert "没有订阅" in mei.says("少发一点")

    def test_the_words_that_she_saw_are_kept_with_the_word_that_she_gave(
        self, shop: Shop, mei: Phone, card: Customer
    ) -> None:
        answers = [mei.says(words) for words in ("恢复接收", "少发一点", "退订", "恢复接收")]
        with db.reading(shop.parts.engine) as session:
            ledger = consents.ledger(session, card.id)
        assert [text.words if text else "" for _, text in ledger] == answers
        assert len({text.version for _, text in ledger if text}) == 3
