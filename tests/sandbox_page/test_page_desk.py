"""Around the phones: the clock, the log, sizes and themes, the keyboard, a broken line."""

import contextlib
import re

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.browser import PATIENCE_MS
from tests.sandbox_page.stage import Opener, Stage, line_to

ZHOU = "oShop_zhouyun"
SIZES = [(390, 844), (768, 1024), (1280, 800), (1920, 1080)]
# The contrast of a node's words to its own ground, as WCAG counts it.
CONTRAST = """node => {
  const light = colour => {
    const linear = n => n <= .03928 ? n / 12.92 : ((n + .055) / 1.055) ** 2.4;
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(n => linear(n / 255));
    return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2];
  };
  const { color, backgroundColor } = getComputedStyle(node);
  const [low, high] = [light(color), light(backgroundColor)].sort((a, b) => a - b);
  return (high + .05) / (low + .05);
}"""


def set_clock(page: Page, stage: Stage, moment: str) -> None:
    stage.control("/clock", {"now": moment})
    expect(page.get_by_test_id("clock")).to_contain_text(f"{int(moment[8:10])}日")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-11-28T15:30:00+08:00", "2026年12月8日 周二 *10:00:0"),
        ("2026-12-08T09:59:00+08:00", "2026年12月8日 周二 *10:00:0"),
        ("2026-12-08T10:00:00+08:00", "2027年1月8日 周五 *10:00:0"),
    ],
)
def test_one_touch_goes_to_the_next_member_day(page: Page, stage: Stage, before: str, after: str) -> None:
    set_clock(page, stage, before)
    page.get_by_test_id("clock-8th").click()
    expect(page.get_by_test_id("clock")).to_contain_text(re.compile(after))
    expect(page.get_by_test_id("clock-moved")).to_be_visible()


@pytest.mark.parametrize(
    ("button", "after"),
    [
        ("clock-hour", "2026年11月29日 周日 *00:3"),
        ("clock-day", "2026年11月29日 周日 *23:3"),
        ("clock-year", "2027年11月28日 周日 *23:3"),
    ],
)
def test_the_clock_moves_by_steps(page: Page, stage: Stage, button: str, after: str) -> None:
    set_clock(page, stage, "2026-11-28T23:30:00+08:00")
    page.get_by_test_id(button).click()
    expect(page.get_by_test_id("clock")).to_contain_text(re.compile(after))


def test_the_clock_is_set_to_any_moment_and_back(page: Page) -> None:
    page.get_by_test_id("clock-field").fill("2027-02-14T09:05")
    page.get_by_test_id("clock-set").click()
    expect(page.get_by_test_id("clock")).to_contain_text(re.compile("2027年2月14日 周日 *09:05"))
    expect(page.get_by_test_id("customer-phone").locator(".status-time")).to_have_text("09:05")
    page.get_by_test_id("clock-reset").click()
    expect(page.get_by_test_id("clock-moved")).to_be_hidden()


def test_a_time_line_is_told_anew_when_the_days_go_by(page: Page, stage: Stage) -> None:
    set_clock(page, stage, "2026-11-23T14:00:00+08:00")
    stage.control(f"/control/oa/{ZHOU}/text", {"content": "在吗"})
    line = page.get_by_test_id("customer-phone").locator(".time")
    for moment, words in [("24", "昨天 14:0"), ("26", "星期一 14:0")]:
        stage.control("/clock", {"now": f"2026-11-{moment}T14:30:00+08:00"})
        expect(line).to_contain_text(words)
    stage.control("/clock", {"now": "2027-03-01T14:30:00+08:00"})
    expect(line).to_contain_text("2026年11月23日 14:0")


def test_the_log_tells_each_call_newest_first_and_filters_errors(page: Page, stage: Stage) -> None:
    stage.control(f"/control/oa/{ZHOU}/text", {"content": "在吗"})
    stage.account("/cgi-bin/message/template/send", {"touser": ZHOU, "template_id": "TPL_UNKNOWN", "data": {}})
    calls = page.get_by_test_id("call")
    expect(calls.first).to_contain_text("40037")
    expect(calls.first).to_have_attribute("data-error", "true")
    page.get_by_test_id("calls-errors").check()
    expect(calls).to_have_count(1)
    calls.first.locator("summary").click()
    expect(calls.first).to_contain_text("/cgi-bin/message/template/send")
    expect(calls.first).to_contain_text("TPL_UNKNOWN")
    page.get_by_test_id("calls-errors").uncheck()
    expect(page.get_by_test_id("calls")).to_contain_text("推送")


def test_what_happened_while_the_line_was_down_is_shown_after_it(opened: Opener, stage: Stage) -> None:
    with line_to(stage.port) as line:
        page = opened(url=f"http://127.0.0.1:{line.port}")
        line.cut()
        expect(page.get_by_test_id("connection")).to_have_attribute("data-online", "false")
        stage.control(f"/control/oa/{ZHOU}/text", {"content": "断线时说的"})
        line.mend()
        expect(page.get_by_test_id("connection")).to_have_attribute("data-online", "true", timeout=20_000)
        messages = page.get_by_test_id("customer-messages").get_by_test_id("message")
        expect(messages).to_contain_text(["断线时说的"])
        expect(page.get_by_test_id("calls")).to_contain_text("推送")


def test_an_answer_that_breaks_off_in_the_middle_is_asked_for_again(browser: Browser, stage: Stage) -> None:
    stage.control(f"/control/oa/{ZHOU}/text", {"content": "在吗"})
    with contextlib.closing(browser.new_page()) as page:
        faults: list[Error] = []
        page.on("pageerror", lambda error: faults.append(error))
        half = {"status": 200, "content_type": "application/json", "body": '{"calls": [{"id": 1, '}
        page.route("**/control/calls*", lambda route: route.fulfill(**half), times=1)
        page.goto(stage.url)
        expect(page.get_by_test_id("connection")).to_have_attribute("data-online", "true", timeout=PATIENCE_MS)
        expect(page.get_by_test_id("calls")).to_contain_text("推送")
        assert faults == []


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_window(opened: Opener, stage: Stage, size: tuple[int, int]) -> None:
    stage.control(f"/control/oa/{ZHOU}/text", {"content": "长" * 300 + "https://shop.test/" + "a" * 200})
    page = opened(size)
    expect(page.get_by_test_id("customer-messages").get_by_test_id("message")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.get_by_test_id("customer-messages").evaluate("e => e.scrollWidth <= e.clientWidth")


def test_a_small_window_shows_one_pane_at_a_time(opened: Opener, stage: Stage) -> None:
    page = opened((390, 844))
    customer, advisor, log = (page.get_by_test_id(name) for name in ("customer-phone", "advisor-phone", "call-log"))
    expect(customer).to_be_visible()
    expect(advisor).to_be_hidden()
    stage.to_member("lin.yue", "text", {"content": "有顾客找您"})
    expect(page.get_by_test_id("pane-advisor").locator(".dot")).to_be_visible()
    page.get_by_test_id("pane-advisor").click()
    expect(advisor.get_by_test_id("message")).to_contain_text(["有顾客找您"])
    expect(customer).to_be_hidden()
    expect(page.get_by_test_id("pane-advisor").locator(".dot")).to_have_count(0)
    page.get_by_test_id("pane-calls").click()
    expect(log).to_be_visible()


def test_the_clock_can_be_moved_on_a_small_window(opened: Opener) -> None:
    page = opened((390, 844))
    expect(page.get_by_test_id("clock-8th")).to_be_hidden()
    page.get_by_test_id("clock").click()
    page.get_by_test_id("clock-8th").click()
    expect(page.get_by_test_id("clock")).to_contain_text("8日")


def test_the_page_is_dark_when_the_system_is_and_the_button_overrules(opened: Opener) -> None:
    page = opened(color_scheme="dark")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    page.get_by_test_id("theme").click()
    expect(root).to_have_attribute("data-theme", "light")
    page.reload()
    expect(root).to_have_attribute("data-theme", "light")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_stand_out_from_their_ground(opened: Opener, stage: Stage, theme: str) -> None:
    stage.bot.text = "您好"
    stage.control(f"/control/oa/{ZHOU}/text", {"content": "你好"})
    page = opened(color_scheme=theme)
    for who in ("me", "them"):
        bubble = page.locator(f"[data-testid=message][data-from={who}] .bubble").first
        assert bubble.evaluate(CONTRAST) >= 4.5


def test_every_button_and_field_has_a_name(page: Page) -> None:
    page.get_by_test_id("plus").click()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, input, textarea, select, [role=img]')]
          .filter(node => !(node.getAttribute('aria-label') || node.textContent.trim() || node.closest('label')))
          .map(node => node.outerHTML)"""
    )
    assert nameless == []


def test_a_sheet_is_worked_by_keys_alone_and_gives_the_focus_back(page: Page) -> None:
    switch = page.get_by_test_id("persona-customer")
    switch.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("sheet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("sheet")).to_have_count(0)
    expect(switch).to_be_focused()


def test_who_wants_no_motion_gets_none(opened: Opener) -> None:
    page = opened(reduced_motion="reduce")
    page.get_by_test_id("persona-customer").click()
    assert page.get_by_test_id("sheet").evaluate("e => getComputedStyle(e).animationName") == "none"


def test_the_page_asks_nothing_of_other_machines(opened: Opener, stage: Stage) -> None:
    asked: list[str] = []
    page = opened()
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    expect(page.get_by_test_id("connection")).to_have_attribute("data-online", "true")
    assert asked
    assert [url for url in asked if not url.startswith((stage.url, "data:"))] == []
