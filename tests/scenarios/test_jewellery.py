"""我的首饰: her pieces and their passports; gifts and surprises stay with whom they belong."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm.models import Customer, Identity, PieceCare, Purchase, PurchaseKind, Relative, Store
from crm.services.facts import set_fact
from tests.front_door import Phone, Shop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

RING = {
    "name": "六爪钻戒",
    "category": "戒指",
    "material": "18K金",
    "gem": "钻石",
    "setting": "爪镶",
    "certificate_no": "GIA-77",
}
PEARLS = {"name": "Akoya珍珠项链", "category": "项链", "material": "18K金", "gem": "Akoya珍珠"}


def known_as(shop: Shop, phone: Phone) -> int:
    with shop.parts.sessions() as session:
        return session.scalars(select(Identity.customer_id).where(Identity.value == phone.person)).one()


def buys(shop: Shop, phone: Phone, number: str = "S1", **fields: Any) -> int:
    """At the till of the lake store, a year and a day ago."""
    at, owner = shop.clock.now() - timedelta(days=366), known_as(shop, phone)
    with shop.parts.sessions.begin() as session:
        store = session.scalars(select(Store).where(Store.code == "HZ01")).one()
        line = Purchase(
            **{"number": number, "line": 1, "kind": PurchaseKind.SALE, "purchased_at": at, "amount": 100, **fields},
            customer_id=owner,
            store_id=store.id,
        )
        session.add(line)
        session.flush()
        return line.id


def is_linked(shop: Shop, wife: Phone) -> None:
    """The only relative is this customer."""
    customer_id = known_as(shop, wife)
    with shop.parts.sessions.begin() as session:
        session.scalars(select(Relative)).one().linked_customer_id = customer_id


@pytest.fixture
def he(shop: Shop) -> Phone:
    """Her husband, a customer too."""
    phone = shop.customer("oHusband")
    phone.says("你好")
    return phone


@pytest.fixture
def she(shop: Shop, mei: Phone) -> Phone:
    mei.says("你好")
    return mei


def test_who_bought_nothing_is_told_what_to_do(mei: Phone) -> None:
    assert "人工" in mei.says("我的首饰")


@pytest.fixture
def warranty(shop: Shop) -> None:
    """Known before the first message: facts are read anew only once in a while."""
    with shop.parts.sessions.begin() as session:
        set_fact(session, "warranty", "保修两年")


@pytest.mark.usefixtures("warranty")
def test_one_piece_is_shown_with_its_whole_passport(shop: Shop, mei: Phone) -> None:
    mei.does("subscribe")
    buys(shop, mei, **RING)
    words = mei.says("我的首饰")
    assert "【六爪钻戒】" in words
    assert "2025年11月20日购于湖滨店" in words
    assert "证书号：GIA-77" in words
    assert "材质：18K金，钻石，爪镶" in words
    assert "保养：平时用温水" in words
    assert "请不要：戴着游泳、下海；戴着泡温泉" in words
    assert "下次年度养护：2027年11月20日" in words
    assert "质保：保修两年" in words
    assert "¥" not in words


def test_several_are_listed_and_opened_by_number_or_tap(shop: Shop, she: Phone) -> None:
    buys(shop, she, **RING)
    pearls = buys(shop, she, "S2", **PEARLS)
    words = she.says("我都买过哪些首饰？")
    assert "有 2 件" in words
    assert "六爪钻戒（2025年）" in words
    assert "【六爪钻戒】" in she.says("2")
    assert "沾到香水和护肤品" in she.says("第一个")
    assert "【Akoya珍珠项链】" in she.taps(f"piece:{pearls}", "Akoya珍珠项链")


def test_a_long_list_goes_on(shop: Shop, she: Phone) -> None:
    for number in range(11):
        buys(shop, she, f"S{number}", name=f"吊坠{number}")
    assert "再看其余 3 件" in she.says("我的首饰")
    assert "吊坠0" in she.says("9")


def test_a_piece_that_came_back_or_is_somebody_elses_is_not_hers(shop: Shop, she: Phone, he: Phone) -> None:
    mine, his = buys(shop, she, **RING), buys(shop, he, "S9", **PEARLS)
    assert "不在您名下" in she.taps(f"piece:{his}")
    buys(shop, she, "R1", kind=PurchaseKind.RETURN, original_number="S1", original_line=1, name="六爪钻戒")
    assert "不在您名下" in she.taps(f"piece:{mine}")
    assert "没有登记" in she.says("我的首饰")


def test_a_gift_is_kept_with_whom_it_is_for(shop: Shop, he: Phone) -> None:
    buys(shop, he, **PEARLS)
    he.says("我的首饰")
    assert "是给妈妈的" in he.says("送给我妈的")
    assert "佩戴人：妈妈" in he.says("我的首饰")


def test_a_surprise_reaches_its_wearer_on_the_day_and_not_before(shop: Shop, she: Phone, he: Phone) -> None:
    buys(shop, he, **RING)
    he.says("我的首饰")
    assert "12月24日之前我们绝不会" in he.says("送给老婆，保密到12月24日")
    is_linked(shop, she)
    assert "惊喜保密中" in he.says("我的首饰")
    assert "没有登记" in she.says("我的首饰")
    shop.clock.move(days=32, hours=13, minutes=59)  # the 23rd, one minute to midnight
    assert "没有登记" in she.says("我的首饰")
    shop.clock.move(minutes=1)
    assert "别人送给您的" in she.says("我的首饰")


def test_a_gift_of_which_nobody_said_that_she_knows_stays_with_the_giver(shop: Shop, she: Phone, he: Phone) -> None:
    buys(shop, he, **RING)
    he.says("我的首饰")
    he.says("送给老婆")
    is_linked(shop, she)
    assert "没有登记" in she.says("我的首饰")


def test_a_surprise_bought_on_her_own_card_is_hidden_from_her(shop: Shop, she: Phone) -> None:
    bought = buys(shop, she, **RING)
    with shop.parts.sessions.begin() as session:
        session.add(PieceCare(purchase_id=bought, surprise_until=date(2026, 12, 24)))
    assert "没有登记" in she.says("我的首饰")
    assert "不在您名下" in she.taps(f"piece:{bought}")


def test_a_secret_without_wearer_or_day_is_asked_for(shop: Shop, he: Phone) -> None:
    buys(shop, he, **RING)
    he.says("我的首饰")
    assert "送给谁" in he.says("帮我保密")
    assert "保密到哪一天" in he.says("送给女朋友，先保密")
    assert "2027年2月14日之前" in he.says("保密到情人节")


@pytest.mark.parametrize(
    "words",
    [
        *("送给老婆，保密到12月24日", "送給老婆，保密到12月24號", "给我老婆的，先帮我保密到12月24日"),
        *("送给老婆，12月24日之前别告诉她", "这件送给老婆，先保密到12月24号哦"),
    ],
)
def test_without_an_open_passport_she_is_asked_which_piece(shop: Shop, he: Phone, words: str) -> None:
    buys(shop, he, **RING)
    buys(shop, he, "S2", **PEARLS)
    he.says("我的资料")
    asked = he.says(words)
    assert "选好之后才会开始保密" in asked
    with shop.parts.sessions() as session:
        assert session.scalars(select(PieceCare)).all() == []
    assert "六爪钻戒是给太太的惊喜，2026年12月24日之前我们绝不会" in he.says("2")
    assert "还在保密中，2026年12月24日之前" in he.says("送给婆婆")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("保密到12月24日", "送给谁"),
        ("帮我保密", "送给谁"),
        ("送给女朋友，先保密", "保密到哪一天"),
        ("送给女朋友，保密到2025年12月24日", "保密到哪一天"),
    ],
)
def test_no_secret_begins_before_all_of_it_is_said(shop: Shop, he: Phone, words: str, told: str) -> None:
    assert "还没有替您保密" in he.says(words)
    bought = buys(shop, he, **RING)
    he.says(words)
    assert told in he.says("1")
    assert "绝不会让对方知道" in he.says("送给女朋友，保密到12月24日")
    with shop.parts.sessions() as session:
        assert session.scalars(select(PieceCare.surprise_until)).one() == date(2026, 12, 24)
        assert session.scalars(select(PieceCare.purchase_id)).one() == bought


def test_a_secret_is_moved_and_ended_in_her_words_and_never_becomes_next_year(shop: Shop, he: Phone) -> None:
    buys(shop, he, **RING)
    he.says("我的首饰")
    for words, told in (
        ("送给老婆，保密到11月20日", "2026年11月20日不在以后了"),
        ("12月26日", "惊喜，2026年12月26日之前"),
        ("保密", "正在保密，2026年12月26日之前"),
        ("送给老婆，不要告诉她", "正在保密，2026年12月26日之前"),
        ("保密到下周五", "2026年11月27日之前"),
        ("保密到明年1月1日", "2027年1月1日之前"),
        ("保密到明天", "2026年11月22日之前"),
        ("保密到结婚纪念日", "正在保密，2026年11月22日之前"),
        ("保密到圣诞节", "2026年12月25日之前"),
        ("不用保密了", "不再保密"),
        ("取消保密", "没有在保密"),
        ("保密到圣诞节", "2026年12月25日之前"),
        ("可以告诉她了", "不再保密"),
        ("我自己戴", "您自己戴的"),
    ):
        assert told in he.says(words), words


def test_a_list_that_is_closed_says_that_nothing_is_a_secret_yet(shop: Shop, he: Phone) -> None:
    bought = buys(shop, he, **RING)
    he.says("送给老婆，保密到12月24日")
    shop.clock.move(minutes=20)
    assert "还没有替您保密" in he.says("1")
    assert "绝不会" in he.taps(f"gift:{bought}:太太:2026-12-24")


@pytest.mark.parametrize("carried", ["pieces-from:999999999999", "pieces-from:-1", "pieces-from:²", "gifts-from:99::"])
def test_a_forged_place_of_the_list_is_its_head(shop: Shop, she: Phone, carried: str) -> None:
    buys(shop, she, **RING)
    assert "六爪钻戒" in she.taps(carried)


@pytest.mark.parametrize("carried", ["gift:", "gift:0:太太:2026-12-24", "gift:{}:谁:2026-13-40", "gift:{}"])
def test_a_forged_wish_keeps_nothing_secret(shop: Shop, she: Phone, carried: str) -> None:
    she.taps(carried.format(buys(shop, she, **RING)))
    with shop.parts.sessions() as session:
        assert [care for care in session.scalars(select(PieceCare)) if care.surprise_until] == []


@pytest.mark.parametrize("words", ["我的首饰变黑了怎么办", "首饰怎么保养", "我的首饰能泡温泉吗", "首饰多少钱"])
def test_questions_are_answered_as_ever(shop: Shop, she: Phone, words: str) -> None:
    buys(shop, she, **RING)
    assert "【六爪钻戒】" not in she.says(words)


def test_an_erased_husband_leaves_no_hint_of_the_gift(shop: Shop, he: Phone) -> None:
    from crm.actors import Actor
    from crm.services.erasure import erase

    buys(shop, he, **RING)
    he.says("我的首饰")
    he.says("送给老婆")
    customer_id = known_as(shop, he)
    with shop.parts.sessions.begin() as session:
        erase(session, Actor.operator(), session.get_one(Customer, customer_id), shop.clock.now())
        assert session.scalars(select(PieceCare)).all() == []
