"""Whether the database is as new as the program, and how it is brought there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, text

from crm import db
from crm.errors import SchemaOutdated

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
# Seconds that a second migrating process waits for the first: longer than any migration takes.
MIGRATION_WAIT_SECONDS = 120
# An advisory lock of PostgreSQL is a number; this one means "somebody migrates this database".
MIGRATION_LOCK = 7_264_911


def check_schema(engine: Engine) -> None:
    """Raises SchemaOutdated unless the database has exactly the newest revision."""
    script = ScriptDirectory.from_config(config())
    with engine.execution_options(reading=True).connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    newest = script.get_current_head()
    if present == newest:
        return
    if present is not None and present not in {revision.revision for revision in script.walk_revisions()}:
        raise SchemaOutdated(f"The database has schema {present}, newer than this program: update the program.")
    raise SchemaOutdated(f"The database has schema {present or 'none'}, {newest} is needed: run `make migrate` first.")


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database to the newest schema; a second process doing the same waits and finds it done."""
    _with_migration_lock(url, lambda cfg: command.upgrade(cfg, revision))


def downgrade(url: str, revision: str) -> None:
    """Take the database back to an older revision ("base": nothing left)."""
    _with_migration_lock(url, lambda cfg: command.downgrade(cfg, revision))


def config() -> Config:
    """Alembic's configuration, wherever the process was started."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return made


def _with_migration_lock(url: str, work: Callable[[Config], None]) -> None:
    engine = db.connect(url)
    if engine.dialect.name == "sqlite":
        Path(engine.url.database or "").parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _prepare_sqlite)
    try:
        with engine.begin() as connection:  # on SQLite this is BEGIN IMMEDIATE: the lock itself
            if connection.dialect.name == "postgresql":
                _lock_postgresql(connection)
            made = config()
            made.attributes["connection"] = connection
            work(made)
    finally:
        engine.dispose()


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # Batch mode copies a table and drops the old one: with foreign keys on, SQLite would first
    # delete its rows and all that point to them.
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute(f"PRAGMA busy_timeout={MIGRATION_WAIT_SECONDS * 1000}")


def _lock_postgresql(connection: Connection) -> None:
    connection.execute(text(f"SET LOCAL lock_timeout = '{MIGRATION_WAIT_SECONDS}s'"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
