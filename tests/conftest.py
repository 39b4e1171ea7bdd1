"""What every test may ask for: a migrated database of each kind, Redis, a clock, an open vault."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.clock import FixedClock
from crm import db
from crm.services.keys import load_index_key
from crm.vault import vault
from tests.browser import browser  # noqa: F401 - a fixture
from tests.databases import TEST_KEY, PostgresDatabases, SqliteFiles, postgres_databases, redis_server

SATURDAY_MORNING = datetime.fromisoformat("2026-11-21T10:00:00+08:00")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="the fault experiments in full length (`make faults`)")


@pytest.fixture(autouse=True)
def open_vault() -> None:
    """Every test begins with the test key alone; `engine` brings the index key of its database."""
    vault.unlock([TEST_KEY])
    vault.use_index_key(b"index key of tests without a database")


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresDatabases]:
    with postgres_databases() as databases:
        yield databases


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of this test's own, once on SQLite and once on PostgreSQL.

    `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)` keeps a test to one of them.
    """
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_files").new(tmp_path)
    else:
        with request.getfixturevalue("postgres").new() as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table: for what tests the migrations themselves."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        with request.getfixturevalue("postgres").new(empty=True) as url:
            yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = db.connect(database_url)
    load_index_key(db.sessions(made))
    yield made
    made.dispose()


@pytest.fixture
def sessions(engine: Engine) -> db.Sessions:
    return db.sessions(engine)


@pytest.fixture
def clock() -> FixedClock:
    """Stands at Saturday, 21 November 2026, ten in the morning in the shop, until it is moved."""
    return FixedClock(SATURDAY_MORNING)


@pytest.fixture(scope="session")
def _redis_server() -> Iterator[str]:
    with redis_server() as url:
        yield url


@pytest.fixture
def redis_url(_redis_server: str) -> str:
    """A real server, empty at the beginning of each test."""
    from redis import Redis

    with Redis.from_url(_redis_server) as redis:
        redis.flushdb()
    return _redis_server
