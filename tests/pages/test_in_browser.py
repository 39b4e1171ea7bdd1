"""The page in a real Chromium, as a thumb meets it: no scripts, phone and desktop, light and dark."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from crm.models import AppointmentState
from tests.front_door import Shop
from tests.pages.visitor import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PHONE, DESKTOP = (390, 844), (1280, 800)
SIZES = [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light")]
# What a finger hits without aiming, in pixels.
FINGER = 44
Opener = Callable[..., Page]
TARGETS = """Array.from(document.querySelectorAll("a, button, label.time, input[type=text]"), (one) => {
  const box = one.getBoundingClientRect();
  return [one.innerText, box.left, box.right, box.width, box.height];
})"""


@contextmanager
def served(shop: Shop) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, shop.app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def opened(browser: Browser, shop: Shop) -> Iterator[Opener]:
    """Opens an address in a window of its own, without scripts; what the page's own policy refuses fails the test."""
    faults: list[str] = []
    with served(shop) as base:

        def open_page(
            path: str, size: tuple[int, int] = PHONE, scheme: Literal["light", "dark"] = "light", scripts: bool = False
        ) -> Page:
            context = browser.new_context(
                base_url=base,
                viewport={"width": size[0], "height": size[1]},
                color_scheme=scheme,
                locale="zh-CN",
                java_script_enabled=scripts,
                has_touch=size == PHONE,
            )
            page = context.new_page()
            page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
            page.goto(path)
            return page

        yield open_page
        for context in browser.contexts:
            context.close()
    assert faults == []


@pytest.mark.parametrize(("size", "scheme"), SIZES)
def test_nothing_sticks_out_and_everything_can_be_hit_with_a_finger(
    opened: Opener, visitor: Visitor, size: tuple[int, int], scheme: str
) -> None:
    page = opened(visitor.address, size, scheme, scripts=True)
    for path in ("", "/times", "/cancel"):
        page.goto(visitor.address + path)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= size[0]
        for words, left, right, width, height in page.evaluate(TARGETS):
            assert 0 <= left < right <= size[0], words
            assert min(width, height) >= FINGER, (words, width, height)


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(237, 237, 237)"), ("dark", "rgb(17, 17, 17)")])
def test_it_follows_the_phone_from_light_to_dark(opened: Opener, visitor: Visitor, scheme: str, ground: str) -> None:
    page = opened(visitor.address, PHONE, scheme, scripts=True)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground


def test_she_moves_it_by_tapping(opened: Opener, visitor: Visitor) -> None:
    page = opened(visitor.address)
    page.get_by_text("改时间").tap()
    page.get_by_label("11月29日 周日").tap()
    page.locator("label", has_text="17:00").tap()
    page.get_by_text("改到这个时间").tap()
    expect(page.get_by_role("status")).to_have_text("改好了，到时见")
    expect(page.locator(".head__when")).to_contain_text("11月29日 周日")
    assert visitor.start == "2026-11-29 17:00"


def test_she_cancels_it_by_tapping_and_the_back_button_changes_nothing(opened: Opener, visitor: Visitor) -> None:
    page = opened(visitor.address)
    page.get_by_text("取消预约").tap()
    page.locator("label", has_text="临时有事").tap()
    page.get_by_text("确定取消", exact=True).tap()
    expect(page.get_by_role("heading")).to_have_text("预约已取消")
    page.go_back()
    page.go_forward()
    expect(page.get_by_role("heading")).to_have_text("预约已取消")
    visit = visitor.visit()
    assert (visit.state, visit.reason, visit.version) == (AppointmentState.CANCELLED, "临时有事", 2)
