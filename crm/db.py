"""The database: engine, transactions, column types that both databases share."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from weakref import WeakSet

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Engine,
    Integer,
    MetaData,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from crm.durable import DurableConnection, writers_of

# How long a statement may wait for a lock: below the platform's 5 s, so that a 503 still
# reaches it in time and it pushes the message again.
LOCK_WAIT_SECONDS = 4

# Weakly: who is registered at forks for good would hold every engine that ever was.
_engines: WeakSet[Engine] = WeakSet()

BigId = BigInteger().with_variant(Integer(), "sqlite")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An instant: aware and in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every model of the CRM."""

    metadata = MetaData(naming_convention=NAMES)


def connect(url: str, *, pool_size: int = 20) -> Engine:
    """An engine for SQLite or PostgreSQL; opens nothing yet."""
    engine = _sqlite(url, pool_size) if make_url(url).get_backend_name() == "sqlite" else _postgresql(url, pool_size)
    _engines.add(engine)
    return engine


def _forget_connections() -> None:
    """A connection must not be shared across a fork: the child opens its own."""
    for engine in _engines:
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_forget_connections)


def _postgresql(url: str, pool_size: int) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,  # an error text must not carry what a customer wrote
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=LOCK_WAIT_SECONDS,
        pool_recycle=1800,
        connect_args={
            "connect_timeout": LOCK_WAIT_SECONDS,
            "options": f"-c lock_timeout={LOCK_WAIT_SECONDS}s -c timezone=UTC",
        },
    )


def _sqlite(url: str, pool_size: int) -> Engine:
    # psycopg opens and ends transactions itself; the sqlite3 module must be told not to, so
    # that BEGIN IMMEDIATE below is ours: two writers then wait instead of failing half-way.
    arguments = {"timeout": LOCK_WAIT_SECONDS, "isolation_level": None, "factory": DurableConnection}
    # As many as there are threads: an overflow connection would read the schema anew each time it is
    # opened. The one used last is used next, because its pages are still in memory.
    pool = {} if _is_memory(url) else {"pool_size": pool_size, "max_overflow": 0, "pool_use_lifo": True}
    engine = create_engine(url, hide_parameters=True, connect_args=arguments, **pool)
    path = make_url(url).database
    is_file = not _is_memory(url)

    def prepare(connection: DurableConnection, _record: Any) -> None:
        connection.writers = writers_of(str(path)) if is_file else None
        connection.patience_seconds = LOCK_WAIT_SECONDS
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-16000"):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _is_memory(url: str) -> bool:
    return make_url(url).database in (None, "", ":memory:")


def _begin_sqlite(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, DurableConnection)
    try:
        driver.begin(reading=bool(connection.get_execution_options().get("reading")))
    except sqlite3.Error as error:
        raise translated(error, "BEGIN", connection) from error


def translated(error: Exception, text: str, connection: Connection) -> Exception:
    """A driver's error as SQLAlchemy would raise it; a lost connection leaves the pool."""
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, connection.connection, None)  # type: ignore[arg-type]
    if lost:
        connection.invalidate(error)
    base = dialect.loaded_dbapi.Error
    return DBAPIError.instance(
        text, None, error, base, hide_parameters=True, connection_invalidated=lost, dialect=dialect
    )


Sessions = sessionmaker[Session]


def sessions(engine: Engine) -> Sessions:
    """The maker of sessions: `with sessions.begin() as session:` is one transaction."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads: on SQLite it does not queue behind writers."""
    with Session(engine.execution_options(reading=True), expire_on_commit=False) as session:
        yield session


def is_reachable(engine: Engine) -> bool:
    """Whether the database answers now; for `/healthz`."""
    try:
        with engine.execution_options(reading=True).connect() as connection:
            connection.execute(text("SELECT 1"))
    except Exception:  # boundary: whatever the driver raises means "not reachable"
        return False
    return True
