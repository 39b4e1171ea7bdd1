"""Migrations make exactly the models, on both databases, from two processes at once, there and back."""

from __future__ import annotations

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from crm.db import Base, connect
from crm.errors import SchemaOutdated
from crm.services.schema import check_schema, downgrade, migrate


def test_the_migrations_make_exactly_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_migrated_database_may_be_used(engine: Engine) -> None:
    check_schema(engine)


def test_there_and_back_and_there_again(empty_database_url: str) -> None:
    migrate(empty_database_url)
    downgrade(empty_database_url, "base")
    engine = connect(empty_database_url)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    migrate(empty_database_url)
    check_schema(engine)
    engine.dispose()


@pytest.mark.parametrize("revision", ["empty", "0001"])
def test_an_older_database_is_refused_with_the_command_that_helps(empty_database_url: str, revision: str) -> None:
    if revision != "empty":
        migrate(empty_database_url, revision)
    engine = connect(empty_database_url)
    with pytest.raises(SchemaOutdated, match="make migrate"):
        check_schema(engine)
    engine.dispose()


def test_a_database_from_a_newer_program_is_refused_too(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from tomorrow'"))
    with pytest.raises(SchemaOutdated, match="update the program"):
        check_schema(engine)


def test_two_processes_may_migrate_at_once(empty_database_url: str) -> None:
    script = f"from crm.services.schema import migrate; migrate({empty_database_url!r})"
    processes = [subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE) for _ in range(3)]
    assert [(p.communicate()[1].decode(), p.returncode) for p in processes] == [("", 0)] * 3
    engine = connect(empty_database_url)
    check_schema(engine)
    engine.dispose()
