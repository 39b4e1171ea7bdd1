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
from crm.services.linking.moving import columns_about_customers
from crm.services.schema import check_schema, downgrade, migrate

A_CUSTOMER = (
    "INSERT INTO customers (id, code, name, phone, gender, birthday, birthday_calendar, birthday_leap_month,"
    " ring_size, allergies, preferences, tags, notes, created_at)"
    " VALUES (:id, :code, '', '', '', '', '', 0, '', '', '', '', '', '2026-11-21')"
)
AN_ID = (
    "INSERT INTO identities (id, account, kind, value, customer_id, remark)"
    " VALUES (:id, 'a', 'openid', :value, :id, '')"
)


def test_the_migrations_make_exactly_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_row_about_a_customer_gets_the_id_of_one_that_is_gone(engine: Engine) -> None:
    about = {column.table for column in columns_about_customers()} | {Base.metadata.tables["customers"]}
    numbered = {table.name for table in about if "id" in table.primary_key.columns}
    with engine.connect() as connection:
        made_by = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all()
    assert numbered - {name for name, sql in made_by if "AUTOINCREMENT" in sql} == set()


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
def test_rows_and_indexes_outlast_the_new_keys(empty_database_url: str) -> None:
    migrate(empty_database_url, "0009")
    engine = connect(empty_database_url)
    ours = text("SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name")
    with engine.begin() as connection:
        for number in (1, 7):
            connection.execute(text(A_CUSTOMER), {"id": number, "code": f"C{number}"})
            connection.execute(text(AN_ID), {"id": number, "value": f"o{number}"})
        before = connection.scalars(ours).all()
    migrate(empty_database_url, "0010")
    with engine.begin() as connection:
        assert connection.scalars(ours).all() == before
        assert connection.execute(text("SELECT id, customer_id FROM identities")).all() == [(1, 1), (7, 7)]
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        connection.execute(text("DELETE FROM customers WHERE id = 7"))
        assert connection.execute(text("SELECT id FROM identities")).all() == [(1,)]
        connection.execute(text(A_CUSTOMER), {"id": None, "code": "C9"})
        assert connection.scalars(text("SELECT id FROM customers ORDER BY id")).all() == [1, 8]
    engine.dispose()


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
