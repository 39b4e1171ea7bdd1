"""A browser for the whole run; a sandbox and a fresh window for each test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.browser import PATIENCE_MS
from tests.sandbox_page.stage import Opener, Stage, raised

DESKTOP = (1280, 800)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with raised(tmp_path) as stage:
        yield stage


@pytest.fixture
def opened(browser: Browser, stage: Stage) -> Iterator[Opener]:
    """Opens the page in a window of its own; a fault of its scripts fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(size: tuple[int, int] = DESKTOP, url: str | None = None, **wishes: Any) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai", **wishes
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(url or stage.url)
        expect(page.get_by_test_id("connection")).to_have_attribute("data-online", "true")
        return page

    yield open_page
    for context in contexts:
        try:
            context.close()
        except Error as error:
            faults.append(error.message)
    assert faults == []


@pytest.fixture
def page(opened: Opener) -> Page:
    return opened()
