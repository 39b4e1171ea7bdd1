"""Commands of advisors: only from the WeCom application, only from staff, only with the right."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from crm import db
from crm.models import AuditEntry, Customer, Staff, Store
from crm.services import customers
from tests.front_door import Phone, Shop


@pytest.fixture(autouse=True)
def people(shop: Shop) -> None:
    """周芸 and 周云 of 林悦, 沈洁 of 孙黎 in another shop."""
    with shop.parts.sessions.begin() as session:
        staff = {one.userid: one for one in session.scalars(select(Staff))}
        for code, name, phone, advisor in (
            ("C0001", "周芸", "13800001208", "lin.yue"),
            ("C0002", "周云", "13800001209", "lin.yue"),
            ("C0003", "沈洁", "13800001210", "sun.li"),
        ):
            one = staff[advisor]
            customers.register(
                session, shop.clock.now(), code=code, name=name, phone=phone, advisor_id=one.id, store_id=one.store_id
            )


def test_help_names_every_command(lin: Phone) -> None:
    for word in ("客户", "备注", "等待", "接待", "结束", "我是谁"):
        assert word in lin.says("帮助")


def test_who_am_i_tells_role_shop_and_what_may_be_seen(shop: Shop, lin: Phone) -> None:
    assert "导购" in lin.says("我是谁")
    assert "自己名下" in lin.says("我是谁")
    assert "全部客户" in shop.member("ye.lan").says("我是谁")


@pytest.mark.parametrize(
    "words",
    ["客户 C0001", "客户：周芸", "客户 13800001208", "客户 1208", "查 zhouyun 周芸", "/客户 周芸", "客户\u3000周芸"],
)
def test_a_customer_is_found_with_a_masked_phone(lin: Phone, words: str) -> None:
    if "zhouyun" in words:
        words = "查 周芸"
    answer = lin.says(words)
    assert "周芸（C0001）" in answer
    assert "138****1208" in answer
    assert "13800001208" not in answer


def test_several_found_are_offered_by_number(lin: Phone) -> None:
    offered = lin.says("客户 周")
    assert "找到 2 位" in offered
    assert "周云（C0002）" in lin.says("2")


def test_another_advisors_customer_is_no_such_customer(shop: Shop, lin: Phone) -> None:
    absent = lin.says("客户 C9999")
    assert lin.says("客户 C0003") == absent
    assert lin.says("客户 沈洁") == absent
    assert lin.says("客户 13800001210") == absent
    assert "沈洁" in shop.member("ye.lan").says("客户 沈洁")


def test_each_look_is_in_the_audit_log(shop: Shop, lin: Phone) -> None:
    lin.says("客户 C0001")
    with db.reading(shop.parts.engine) as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.actor, entry.subject) == ("lin.yue", "C0001")


def notes(shop: Shop, code: str = "C0001") -> str:
    with db.reading(shop.parts.engine) as session:
        return session.scalars(select(Customer).where(Customer.code == code)).one().notes


def test_a_note_in_one_line(shop: Shop, lin: Phone) -> None:
    assert "已给周芸" in lin.says("备注 C0001 下次带母亲来看玉")
    assert "下次带母亲来看玉" in notes(shop)
    assert "lin.yue" in notes(shop)


def test_a_note_in_two_steps(shop: Shop, lin: Phone) -> None:
    assert "要给周芸" in lin.says("备注 C0001")
    assert "已给周芸" in lin.says("喜欢细一点的链子")
    assert "喜欢细一点的链子" in notes(shop)


def test_a_note_thought_better_of(shop: Shop, lin: Phone) -> None:
    lin.says("备注 C0001")
    assert "不记了" in lin.says("算了")
    assert notes(shop) == ""


def test_words_that_come_too_late_for_a_note_are_not_stored(shop: Shop, lin: Phone) -> None:
    lin.says("备注 C0001")
    shop.clock.move(minutes=30)
    assert "重新发一次" in lin.says("晚饭吃什么")
    assert notes(shop) == ""


def test_a_note_on_somebody_elses_customer_is_refused_as_if_she_were_not_there(shop: Shop, lin: Phone) -> None:
    assert "没有找到" in lin.says("备注 C0003 打听一下")
    assert notes(shop, "C0003") == ""


def test_rights_are_looked_at_again_when_the_second_step_comes(shop: Shop, lin: Phone) -> None:
    lin.says("备注 C0001")
    with shop.parts.sessions.begin() as session:
        other = session.scalars(select(Staff).where(Staff.userid == "sun.li")).one()
        session.execute(update(Customer).where(Customer.code == "C0001").values(advisor_id=other.id))
    assert "没有找到" in lin.says("要盯紧")
    assert notes(shop) == ""


def test_a_customer_who_types_a_command_is_a_customer_typing_text(mei: Phone) -> None:
    assert "138" not in mei.says("客户 C0001")
    assert "周芸" not in mei.says("客户 周芸")


def test_a_member_who_is_no_staff_learns_nothing(shop: Shop) -> None:
    answer = shop.member("some.body").says("客户 C0001")
    assert "不在导购名单" in answer
    assert "周芸" not in answer


def test_who_has_left_has_no_rights_any_more(shop: Shop, lin: Phone) -> None:
    with shop.parts.sessions.begin() as session:
        session.execute(update(Staff).where(Staff.userid == "lin.yue").values(left_at=shop.clock.now()))
    assert "不在导购名单" in lin.says("客户 C0001")


def test_a_manager_sees_the_shop(shop: Shop) -> None:
    assert "周芸" in shop.member("chen.jing").says("客户 C0001")
    assert "没有找到" in shop.member("chen.jing").says("客户 C0003")


def test_a_name_that_is_markup_stays_text(shop: Shop, lin: Phone) -> None:
    with shop.parts.sessions.begin() as session:
        store = session.scalars(select(Store)).first()
        customers.register(
            session, shop.clock.now(), code="C0009", name="{0.__class__}<b>]]>", phone="13800001299", store_id=store.id
        )
    assert "{0.__class__}<b>]]>" in shop.member("chen.jing").says("客户 C0009")


def test_what_is_no_command_leads_to_help(lin: Phone) -> None:
    assert "帮助" in lin.says("今天真忙")
    assert lin.does("enter_agent", AgentID=1000002) == ""
