"""What people do with the shop: each story begins at one of the two phones and ends in the books.

In one file, so that one process runs them all against one start of the program. Each story stands
alone, but the clock only goes on and the restart comes last.
"""

from __future__ import annotations

import sys
import time
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.end_to_end.conftest import Opener
from tests.end_to_end.desk import Desk
from tests.end_to_end.program import Program

LIN, WU = "lin.yue", "wu.an"
ZHOU, XU, SHEN, XIAOLU, AHAO = "oShop_zhouyun", "oShop_xuming", "oShop_shenjie", "oNew_xiaolu", "oNew_ahao"
# What the bot says when it will not answer, and the head of a list of readings.
NO_ANSWER, READINGS = "不敢随便回答", "点一下，或回复数字"
INVITATION = "会员日到啦"
# 周芸 bought her necklace and her bangle on this day (sample/purchases.csv).
BOUGHT = date(2025, 12, 8)
# Seconds until the platform's receipts of what was sent are in the books.
RECEIPT_SECONDS = 20


def test_a_new_customer_follows_asks_meets_her_advisor_and_opts_out(desk: Desk, program: Program) -> None:
    her, lin = desk.customer, desk.advisor
    her.belongs_to(XIAOLU)
    lin.belongs_to(LIN)
    desk.scans("林悦・顾问码")
    assert "林悦是您的专属顾问" in her.reads(0)
    assert READINGS in her.asks("珍珠")
    assert NO_ANSWER not in her.taps(1)
    assert "最后戴、最先摘" in her.asks("珍珠项链怎么保养")
    assert "已经请林悦来了" in her.asks("人工")

    lin.page.get_by_test_id("card-button").filter(has_text="我来接待").last.click()
    expect(lin.page.get_by_test_id("card-done").last).to_have_text("林悦已接待")
    lin.hears("已接通")
    her.hears("林悦来了")
    lin.says("您好，想看哪一款？")
    her.hears("林悦：您好，想看哪一款？")
    her.says("这条可以改短吗")
    lin.hears("这条可以改短吗")
    her.sends_picture()
    lin.sees_picture()
    lin.says("结束")
    her.hears("先聊到这里")

    assert "不再给您发活动和优惠消息" in her.asks("退 订")
    tapped = her.said(1)
    books = program.flask("customers", "show", XIAOLU)
    assert [one["granted"] for one in books["consents"] if one["purpose"] == "marketing"][-1] is False
    assert in_order(books) == [
        "珍珠",
        tapped,
        "珍珠项链怎么保养",
        "人工",
        "林悦来了，接下来由林悦为您服务。",
        "林悦：您好，想看哪一款？",
        "这条可以改短吗",
        "退 订",
    ]


def in_order(books: dict[str, Any]) -> list[str]:
    """What she said, and what her advisor's words became, in the order in which it is kept; the rest left out."""
    kept = books["interactions"]
    assert [one["at"] for one in kept] == sorted(one["at"] for one in kept)
    typed = [one for one in kept if one["kind"] == "text"]
    return [one["text"] for one in typed if one["direction"] == "in" or one["text"].startswith("林悦")]


def test_an_advisor_looks_a_customer_up_and_leaves_a_note(desk: Desk) -> None:
    lin = desk.advisor
    lin.belongs_to(LIN)
    shown = lin.asks("客户 周芸")
    assert "138****1208" in shown
    assert "13800001208" not in shown
    assert "已给周芸（C0001）记下" in lin.asks("备注 C0001 下次带母亲来看玉")
    assert "下次带母亲来看玉" in lin.asks("客户 1208")
    assert "没有找到" in lin.asks("客户 徐铭")
    assert "备注 C0001" in lin.asks("帮助")
    lin.belongs_to(WU)
    assert "徐铭（C0002）" in desk.advisor.asks("客户 徐铭")


def test_a_customer_is_welcomed_once_in_the_service_chat_and_answered_there(desk: Desk) -> None:
    her = desk.customer
    her.belongs_to(XU)
    her.open("kf")
    assert "欢迎来到拾光里珠宝" in her.reads(0)
    assert "铂金" in her.asks("铂金戒指怎么保养")
    her.open("oa")
    her.open("kf")
    assert "不客气" in her.asks("谢谢")
    expect(her.heard.filter(has_text="欢迎来到拾光里珠宝")).to_have_count(1)


def test_who_adds_an_advisor_is_welcomed_before_the_code_dies(desk: Desk) -> None:
    her = desk.customer
    her.belongs_to(AHAO)
    her.open("contact")
    desk.page.get_by_test_id("add-card").get_by_test_id("scan").click()
    desk.page.get_by_test_id("code-option").filter(has_text="企业微信名片").filter(has_text="林悦").click()
    assert "我是拾光里珠宝的林悦" in her.reads(0)


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_is_whole_on_every_window(opened: Opener, size: tuple[int, int], theme: str) -> None:
    """Errors in its console and requests that fail are looked for in every story (conftest)."""
    desk = opened(size, color_scheme=theme)
    expect(desk.page.locator("html")).to_have_attribute("data-theme", theme)
    desk.customer.belongs_to(XU)
    assert "我在" in desk.customer.asks("你好")
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if desk.page.get_by_test_id("pane-advisor").is_visible():
        desk.page.get_by_test_id("pane-advisor").click()
    desk.advisor.belongs_to(WU)
    assert "吴安（wu.an）" in desk.advisor.asks("我是谁")


def test_the_clock_brings_member_day_and_one_reminder_for_both_pieces(desk: Desk, program: Program) -> None:
    her = desk.customer
    her.belongs_to(AHAO)
    if desk.page.get_by_test_id("follow-card").is_visible():
        desk.page.get_by_test_id("follow").click()
    her.asks("恢复接收")
    her.asks("退 订")
    her.belongs_to(ZHOU)

    member_day = desk.goes_to_member_day()
    her.hears(INVITATION)
    anniversary = next_anniversary(member_day)
    if anniversary != member_day:
        desk.goes_to(anniversary)
    reminder = desk.page.locator("[data-testid=message][data-type=template]")
    expect(reminder).to_have_count(1)
    expect(reminder).to_contain_text("Akoya珍珠项链等2件")

    rows = settled(program, member_day, anniversary)
    assert [(job, row["state"]) for (job, code), row in rows.items() if code == "C0001"] == [
        ("member_day", "delivered"),
        ("maintenance", "delivered"),
    ]
    assert ("member_day", "C0003") not in rows
    second_pass = program.run(sys.executable, "-m", "scheduler", "run-due", "--at", f"{anniversary}T10:00:00+08:00")
    assert {line.split("\t")[1] for line in second_pass.splitlines()} == {"nothing"}
    assert settled(program, member_day, anniversary) == rows
    expect(reminder).to_have_count(1)
    for person in (SHEN, XIAOLU, AHAO):
        her.belongs_to(person)
        expect(her.heard.filter(has_text=INVITATION)).to_have_count(0)


def next_anniversary(after: date) -> date:
    """The next day, not before `after`, on which both pieces were bought a number of 365-day years ago."""
    years = -((BOUGHT - after).days // 365)
    return BOUGHT + timedelta(days=365 * years)


def settled(program: Program, *days: date) -> dict[tuple[str, str], dict[str, Any]]:
    """What these days brought, by job and customer, when all that was sent has its receipt; one row each."""
    due = {day.isoformat() for day in days}
    until = time.monotonic() + RECEIPT_SECONDS
    while True:
        rows = [row for row in program.flask("deliveries", "list", "--format", "json") if row["due_on"] in due]
        planned = [row for row in rows if row["job"] in ("member_day", "maintenance")]
        account = [row for row in planned if row["channel"] == "official_account"]
        if all(row["state"] == "delivered" for row in account) or time.monotonic() > until:
            break
    found = {(row["job"], row["customer"]): row for row in planned}
    assert len(found) == len(planned)
    assert {row["state"] for row in planned} <= {"delivered", "sent", "waiting_confirm", "skipped"}
    return found


def test_a_list_that_was_open_when_everything_stopped_still_takes_a_number(opened: Opener, program: Program) -> None:
    desk = opened()
    desk.customer.belongs_to(ZHOU)
    offered = desk.customer.asks("珍珠")
    assert [f"{number}." in offered for number in (1, 2, 3)] == [True] * 3
    desk.page.context.close()

    assert program.stop() == 0
    assert program.left_over() == []
    assert not (program.folder / "var" / "redis.sock").exists()
    program.start()

    desk = opened()
    desk.customer.belongs_to(ZHOU)
    desk.customer.hears(READINGS)
    answer = desk.customer.asks("2")
    assert READINGS not in answer
    assert NO_ANSWER not in answer
    assert answer == desk.customer.taps(1)
