"""The command line on a database of the test's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result

from commands import create_app
from tests.databases import TEST_KEY

Flask = Callable[..., Result]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ENV", "development")
    monkeypatch.setenv("DATA_KEYS", TEST_KEY)
    monkeypatch.setenv("CLOCK_URL", "")
    monkeypatch.setenv("REDIS_URL", "")


@pytest.fixture
def flask(environment: None, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """`flask("shop", "import", …)` as an operator would type it."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    runner = create_app().test_cli_runner()
    return lambda *words, **more: runner.invoke(args=[str(word) for word in words], **more)
