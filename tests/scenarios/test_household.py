"""详情: an advisor sees all of a customer that is his, and is warned of what must not be let out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm.models import (
    Appointment,
    AppointmentState,
    AuditEntry,
    Customer,
    PieceCare,
    Purchase,
    PurchaseKind,
    ServiceKind,
    ServiceOrder,
    Store,
)
from handlers.advisor.household import in_messages
from tests.front_door import Phone, Shop
from tests.scenarios.visit_desk import phone_of, register

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def people(shop: Shop) -> None:
    register(shop)


@pytest.fixture
def zhou(shop: Shop) -> Phone:
    """周芸, C0001, a customer of 林悦."""
    return phone_of(shop)


def a_full_life(shop: Shop, zhou: Phone) -> None:
    """She told, bought, came, left a piece for cleaning and was not pleased."""
    zhou.says("我手寸12号，老公的生日是农历八月十五，我对镍过敏，我喜欢玫瑰金")
    now = shop.clock.now()
    with shop.parts.sessions.begin() as session:
        hers = session.scalars(select(Customer).where(Customer.code == "C0001")).one()
        hers.tags = "婚戒客户;会员日常客"
        store = session.scalars(select(Store).where(Store.code == "HZ01")).one()
        of: dict[str, Any] = {"customer_id": hers.id, "store_id": store.id}
        sale = {**of, "line": 1, "kind": PurchaseKind.SALE, "purchased_at": now - timedelta(days=40), "amount": 100}
        session.add(
            Purchase(**sale, number="S1", name="六爪钻戒", material="18K金", gem="钻石", certificate_no="GIA-77")
        )
        session.add(
            Appointment(
                **of,
                number="A7K2M9",
                starts_at=now - timedelta(days=9),
                ends_at=now - timedelta(days=9, hours=-1),
                state=AppointmentState.DONE,
                outcome="liked",
                outcome_note="嫌圈口大",
                created_at=now,
                pieces=[],
            )
        )
        session.add(
            ServiceOrder(**of, number="F1", kind=ServiceKind.CLEANING, stage="抛光中", received_on=date(2026, 11, 20))
        )
    zhou.says("投诉：等了一个小时")


def test_everything_about_her_stands_in_one_view(shop: Shop, zhou: Phone, lin: Phone) -> None:
    a_full_life(shop, zhou)
    lin.says("阶段 C0001 备婚")
    words = lin.says("详情 C0001")
    for expected in (
        "周芸（C0001）全部资料",
        "先生：送礼对象",
        "本人的手寸：12号",
        "先生的生日：农历八月十五（下一次：2027年9月15日）",
        "1. 六爪钻戒（18K金，钻石；2026-10-12；证书号：GIA-77）",
        "本人喜欢：玫瑰金",
        "镍：过敏",
        "备婚：2026-11-21 起",
        "2026-11-12 10:00 湖滨店，喜欢，再看看，嫌圈口大",
        "2026-11-20 清洗：抛光中",
        "投诉 1：等了一个小时，待处理",
        "婚戒客户、会员日常客",
        "常用渠道：公众号",
        "营销：还没有表态",
    ):
        assert expected in words
    assert len(words.encode()) < 2048


def test_the_short_view_leads_there(zhou: Phone, lin: Phone) -> None:
    assert "详情 C0001" in lin.says("客户 C0001")


@pytest.mark.parametrize("command", ["详情", "阶段", "家人", "保密"])
def test_another_advisors_customer_is_no_such_customer(shop: Shop, zhou: Phone, command: str) -> None:
    rest = {"阶段": " 备婚", "家人": " 太太 C0003", "保密": " 1 12月24日"}.get(command, "")
    sun = shop.member("sun.li")
    assert sun.says(f"{command} C0001{rest}") == sun.says(f"{command} C9999{rest}")


@pytest.mark.parametrize(
    "words", ["详情", "阶段 C0001", "家人 C0001 太太", "家人 C0001 邻居 C0002", "保密 C0001 两 明天", "备注 C0001 -"]
)
def test_half_a_command_is_answered_with_how(zhou: Phone, lin: Phone, words: str) -> None:
    assert "请写成" in lin.says(words)


def test_each_look_is_in_the_audit_log(shop: Shop, zhou: Phone, lin: Phone) -> None:
    lin.says("详情 C0001")
    with shop.parts.sessions() as session:
        done = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "C0001")).all()
    assert "profile-whole" in done


def test_a_surprise_is_seen_by_him_with_a_warning_and_not_by_her(shop: Shop, zhou: Phone, lin: Phone) -> None:
    a_full_life(shop, zhou)
    assert "保密到 2026-12-24" in lin.says("保密 C0001 1 12月24日")
    for look in ("详情 C0001", "客户 C0001"):
        assert "惊喜到 12-24，别说漏" in lin.says(look)
    assert "六爪钻戒" not in zhou.says("我的首饰")
    shop.clock.move(days=34)
    assert "六爪钻戒" in zhou.says("我的首饰")
    for look in ("详情 C0001", "客户 C0001"):
        assert "别说漏" not in lin.says(look)
    lin.says("保密 C0001 1 2027年2月1日")
    for look in ("详情 C0001", "客户 C0001"):
        assert "惊喜到 2027-02-01，别说漏" in lin.says(look)


def test_a_relative_who_is_a_customer_is_linked_by_who_may_see_both(shop: Shop, zhou: Phone, lin: Phone) -> None:
    assert "没有找到" in lin.says("家人 C0001 妹妹 C0003")
    assert "周云是周芸的妹妹" in lin.says("家人 C0001 妹妹 C0002")
    assert "妹妹：也是本店客户" in lin.says("详情 C0001")
    assert "请写成" in lin.says("家人 C0001 妹妹 C0001")
    for dash in "-－":
        lin.says("家人 C0001 妹妹 C0002")
        assert "也是本店客户" in lin.says("详情 C0001")
        assert "不连着任何客户" in lin.says(f"家人 C0001 妹妹 {dash}")
        assert "也是本店客户" not in lin.says("详情 C0001")
    assert "本来就没有" in lin.says("家人 C0001 妹妹 -")


def test_a_surprise_is_not_let_out_by_an_answer_on_care(shop: Shop, zhou: Phone, lin: Phone) -> None:
    a_full_life(shop, zhou)
    assert "六爪钻戒" in zhou.says("我的戒指能泡温泉吗")
    lin.says("保密 C0001 1 12月24日")
    assert "六爪钻戒" not in zhou.says("我的戒指能泡温泉吗")


@pytest.mark.parametrize(
    "words",
    [
        "详情 C0001",
        "标签 C0001 备婚",
        "字段 C0001 a=b",
        "投诉",
        "处理完 1 好了",
        "家人 C0001 太太",
        "保密 C0001 1 明天",
    ],
)
def test_in_a_talk_none_of_it_reaches_the_customer(shop: Shop, zhou: Phone, lin: Phone, words: str) -> None:
    zhou.says("人工")
    lin.says("接待")
    before = len(shop.planned("oC0001"))
    assert lin.says(words) != ""
    assert len(shop.planned("oC0001")) == before


def test_a_long_view_is_cut_between_lines_and_loses_nothing() -> None:
    words = "\n".join(f"· 第{number}件首饰，足金，2026年" for number in range(200))
    parts = in_messages(words)
    assert "\n".join(parts) == words
    assert all(len(part.encode()) <= 1900 for part in parts)


def test_a_givers_own_secret_is_not_moved_in_silence_and_ended_with_a_dash(shop: Shop, zhou: Phone, lin: Phone) -> None:
    a_full_life(shop, zhou)
    assert "没有第 9 件" in lin.says("保密 C0001 9 12月24日")
    assert "不在以后了" in lin.says("保密 C0001 1 11月20日")
    assert "客户本人在对话里看不到" in lin.says("保密 C0001 1 12月24日")
    zhou.says("我为什么是金卡")
    assert "¥" not in zhou.says("我为什么是金卡会员")
    assert "不再保密" in lin.says("保密 C0001 1 -")
    zhou.says("我的首饰")
    zhou.says("送给先生，保密到12月30日")
    answer = lin.says("保密 C0001 1 2027年2月1日")
    assert "本人一直看得到" in answer
    assert "原来周芸那边说好的是到 2026-12-30" in answer
    assert "惊喜到 2027-02-01" in lin.says("详情 C0001")


def test_no_such_piece_is_hidden(shop: Shop, zhou: Phone, lin: Phone) -> None:
    assert "没有第 3 件" in lin.says("保密 C0001 3 12月24日")
    with shop.parts.sessions() as session:
        assert session.scalars(select(PieceCare)).all() == []
