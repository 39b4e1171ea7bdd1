"""A real Chromium for the tests of pages: one for the whole run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync"]
# Real workers on two noisy cores: patience costs nothing when a test passes.
PATIENCE_MS = 20_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Skips, saying so, on a machine without Chromium; fails there when REQUIRE_CHROMIUM is set (`.ci/run`)."""
    if CHROMIUM is None:
        missing = "Chromium is not installed on this machine: pages are not tested here"
        (pytest.fail if os.environ.get("REQUIRE_CHROMIUM") else pytest.skip)(missing)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
