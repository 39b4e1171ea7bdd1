"""Whose a text of staff is: found by what the shop gave her, never by what she calls herself."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from crm import db
from crm.models import Delivery, DeliveryState, HoldEntry
from crm.services.customers import by_code
from crm.services.tables.beside_customers import Accounts
from crm.services.tables.importing import import_table
from crm.services.tables.kinds import tables
from tests.crm.builders import OPERATOR, a_line
from tests.front_door import OA, WECOM, Phone, Shop
from tests.scenarios.test_linking import card_customer, is_known_as
from tests.scenarios.test_parting import staff_texts
from tests.scenarios.test_privacy import code_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def xu(shop: Shop) -> Phone:
    """徐铭, C0001, a customer of 林悦."""
    card_customer(shop, name="徐铭")
    phone = shop.customer("oXu")
    is_known_as(shop, phone, "C0001")
    return phone


def erases(phone: Phone) -> str:
    return phone.says(code_in(phone.says("删除我的资料")))


def is_called(phone: Phone, name: str) -> None:
    if "改好了" not in phone.says(f"我的名字改成{name}"):
        phone.says("1")


@pytest.mark.parametrize("name", ["客户", "content", "徐铭", "陈静"])
def test_a_stranger_takes_no_text_of_staff_along_whatever_she_calls_herself(
    shop: Shop, lin: Phone, xu: Phone, name: str
) -> None:
    lin.says("客户 C0001")
    lin.says("徐铭先生下午来，客户要看戒指")
    xu.says("投诉")
    xu.says("项链断了两次没人管")
    before = staff_texts(shop)
    stranger = shop.customer("oStranger")
    stranger.does("subscribe")
    is_called(stranger, name)
    stranger.says("客户")
    assert "已经删除" in erases(stranger)
    assert set(before.split("\n")) <= set(staff_texts(shop).split("\n"))
    with db.reading(shop.parts.engine) as session:
        complaint = session.scalars(select(Delivery).where(Delivery.job == "complaint")).all()
        assert [(row.state, "项链断了" in row.body) for row in complaint if not row.customer_id] != []
        assert all(row.state is DeliveryState.PLANNED for row in complaint)


def test_a_code_is_no_part_of_a_longer_one(shop: Shop, lin: Phone, xu: Phone) -> None:
    card_customer(shop, "C00010", "许安", "13900139009")
    lin.says("客户 C00010")
    assert "已经删除" in erases(xu)
    assert "许安（C00010）" in staff_texts(shop)


@pytest.mark.parametrize("called", ["徐铭", "李鬼"])
def test_every_name_that_the_shop_gave_her_goes_where_her_advisor_wrote_it(
    shop: Shop, lin: Phone, xu: Phone, called: str
) -> None:
    lin.says("徐铭先生下午来")
    shop.member("wu.an").says("徐铭记得带伞")
    is_called(xu, called)
    assert "已经删除" in erases(xu)
    left = staff_texts(shop)
    assert "徐铭先生" not in left
    assert "带伞" in left


def test_what_waits_to_be_sent_about_her_is_not_sent_and_not_broken(shop: Shop, xu: Phone) -> None:
    xu.says("投诉")
    xu.says("没人理我")
    assert "已经删除" in erases(xu)
    with db.reading(shop.parts.engine) as session:
        empty = session.scalars(select(Delivery).where(Delivery.body == "")).all()
        assert {row.state for row in session.scalars(select(Delivery)) if not row.body} == {DeliveryState.SKIPPED}
        assert empty == [] or all(row.ended_at for row in empty)


def test_what_a_law_keeps_bears_the_name_of_the_purchase(shop: Shop, xu: Phone) -> None:
    with shop.parts.sessions.begin() as session:
        bought = {"payment": "cash", "amount": 11_000_000, "purchased_at": shop.clock.now()}
        a_line(session, by_code(session, OPERATOR, "C0001"), "A-CASH", **bought)
    shop.clock.move(minutes=5)
    is_called(xu, "李鬼")
    assert "已经删除" in erases(xu)
    with db.reading(shop.parts.engine) as session:
        assert session.scalars(select(HoldEntry.name)).all() == ["徐铭"]


def imported(shop: Shop, path: Path, *lines: str) -> None:
    path.write_text("\n".join(lines), encoding="utf-8")
    table = tables(shop.parts.settings.zone, Accounts(OA[2], WECOM[2]))["customers"]
    assert import_table(shop.parts.sessions, table, path, shop.clock.now()).refused == []


def card_of(shop: Shop) -> tuple[str, ...]:
    with db.reading(shop.parts.engine) as session:
        card = by_code(session, OPERATOR, "C0001")
        return card.name, card.birthday, card.ring_size, card.allergies, card.phone, card.gender


def test_the_same_old_table_does_not_bring_back_what_she_mended_and_a_new_one_does(
    shop: Shop, xu: Phone, tmp_path: Path
) -> None:
    head = "code,name,birthday,birthday_calendar,ring_size,allergies,phone,gender"
    old = (head, "C0001,徐铭,1990-05-01,solar,12,镍,13800001128,female")
    imported(shop, tmp_path / "old.csv", *old)
    is_called(xu, "徐小铭")
    for words in ("我对镍不过敏", "手寸改成13", "忘记我的生日", "性别改成男", "删除我的手机号", "1"):
        xu.says(words)
    mended = card_of(shop)
    assert mended == ("徐小铭", "", "13", "", "", "male")
    imported(shop, tmp_path / "old.csv", *old)
    assert card_of(shop) == mended
    imported(shop, tmp_path / "new.csv", head, "C0001,徐铭,1990-05-01,solar,14,铜,13900139000,female")
    assert card_of(shop) == ("徐小铭", "", "14", "铜", "13900139000", "male")
