"""The program once, a browser once, a fresh window with both phones for each story."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
)

from tests.browser import PATIENCE_MS
from tests.end_to_end.desk import Desk
from tests.end_to_end.program import Program, installed

DESKTOP = (1280, 800)
# Opens the page: size of the window, wishes of the browser context.
Opener = Callable[..., Desk]


@pytest.fixture(scope="session")
def program(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Started once for all stories; asks for the browser first, because without one there is nothing to start."""
    with installed(tmp_path_factory.mktemp("whole")) as program:
        yield program


@pytest.fixture
def opened(browser: Browser, program: Program) -> Iterator[Opener]:
    """Opens the page; whatever goes wrong in a window that is still open at the end fails the story."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(size: tuple[int, int] = DESKTOP, **wishes: Any) -> Desk:
        viewport = ViewportSize(width=size[0], height=size[1])
        context = browser.new_context(
            base_url=program.page, viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai", **wishes
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        _watch(page, faults)
        page.goto("/")
        expect(page.get_by_test_id("connection")).to_have_attribute("data-online", "true")
        return Desk(page)

    yield open_page
    # Closing a window breaks off its event stream, which is no fault of the page.
    seen = list(faults)
    for context in contexts:
        context.close()
    assert seen == []


@pytest.fixture
def desk(opened: Opener) -> Desk:
    return opened()


def _watch(page: Page, faults: list[str]) -> None:
    """Notes errors of scripts, errors in the console, requests that fail and answers of 400 and above."""

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"console: {message.text}")

    def failed(request: Request) -> None:
        faults.append(f"failed: {request.method} {request.url} {request.failure}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            faults.append(f"{response.status}: {response.url}")

    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("console", console)
    page.on("requestfailed", failed)
    page.on("response", answered)
