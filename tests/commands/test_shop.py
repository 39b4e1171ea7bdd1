"""`flask shop …`: schema, keys and tables from the command line."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text

from commands import create_app
from crm.db import Sessions, connect
from crm.models import AuditEntry, Customer
from crm.services.schema import check_schema
from crm.services.tables import Accounts, tables
from crm.vault import new_key, vault
from tests.commands.conftest import Flask
from tests.crm.builders import NOW
from tests.databases import TEST_KEY

ROOT = Path(__file__).parents[2]
STORES = "code,name\nHZ01,湖滨店\nHZ02,武林店\n"


def a_file(folder: Path, content: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_migrate_brings_an_empty_database_to_the_newest_schema(
    environment: None, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    runner = create_app().test_cli_runner()
    before = runner.invoke(args=["customers", "show", "C1"])
    assert (before.exit_code, before.stderr.count("\n")) == (1, 1)
    assert "make migrate" in before.stderr
    assert runner.invoke(args=["shop", "migrate"]).exit_code == 0
    engine = connect(empty_database_url)
    check_schema(engine)
    engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_commands_are_found_from_the_root_of_the_repository(database_url: str) -> None:
    environment = {**os.environ, "DATABASE_URL": database_url, "DATA_KEYS": TEST_KEY}
    command = [sys.executable, "-m", "flask", "customers", "show", "C1"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", "Error: There is no customer C1.\n")


def test_import_counts_what_became_of_the_rows(flask: Flask, tmp_path: Path) -> None:
    path = a_file(tmp_path, STORES)
    dry = flask("shop", "import", "stores", path, "--dry-run")
    assert (dry.exit_code, "2 new, 0 changed, 0 unchanged, 0 refused (dry run" in dry.stdout) == (0, True)
    assert flask("shop", "import", "stores", path).stdout == "stores: 2 new, 0 changed, 0 unchanged, 0 refused\n"
    assert flask("shop", "import", "stores", path).stdout == "stores: 0 new, 0 changed, 2 unchanged, 0 refused\n"


def test_a_refused_row_is_named_and_the_exit_code_says_so(flask: Flask, tmp_path: Path) -> None:
    result = flask("shop", "import", "stores", a_file(tmp_path, STORES + "HZ03,\n"))
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "stores: 2 new, 0 changed, 0 unchanged, 1 refused",
        "line 4, column name: is missing, and this row is new",
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("import", "rings", "table.csv"), "There is no kind “rings”; there are stores, staff, opening_days, products"),
        (("import", "stores", "absent.csv"), "There is no file absent.csv."),
        (("export", "stores", "absent/stores.csv"), "There is no folder absent."),
        (("import", "staff", "table.csv"), "must name the columns, and userid is not there."),
    ],
)
def test_what_cannot_be_done_is_one_sentence_on_stderr(
    flask: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], sentence: str
) -> None:
    a_file(tmp_path, STORES)
    monkeypatch.chdir(tmp_path)
    result = flask("shop", *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_export_writes_the_columns_of_the_import_and_is_audited(
    flask: Flask, sessions: Sessions, tmp_path: Path
) -> None:
    flask("shop", "import", "stores", a_file(tmp_path, STORES))
    assert flask("shop", "export", "stores", tmp_path / "out.csv").stdout.startswith("stores: 2 rows in ")
    with (tmp_path / "out.csv").open(encoding="utf-8") as stream:
        assert [row["name"] for row in csv.DictReader(stream)] == ["湖滨店", "武林店"]
    with sessions() as session:
        acts = session.execute(select(AuditEntry.actor, AuditEntry.action, AuditEntry.detail)).all()
    assert ("operator", "export", "stores: 2 rows") in [tuple(act) for act in acts]


def test_rotate_keys_leaves_nothing_under_the_old_key(
    flask: Flask, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sessions.begin() as session:
        session.add(Customer(code="C1", name="周芸", phone="", created_at=NOW))
    fresh = new_key()
    monkeypatch.setenv("DATA_KEYS", f"{fresh},{TEST_KEY}")
    assert flask("shop", "rotate-keys").stdout == "1 rows are now under the newest key.\n"
    monkeypatch.setenv("DATA_KEYS", fresh)
    assert "周芸" in flask("customers", "show", "C1").stdout
    with sessions() as session:
        assert {bytes(name)[1:5] for name in session.scalars(text("SELECT name FROM customers"))} == {vault.newest}


def test_a_wrong_key_is_one_sentence(flask: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_KEYS", new_key())
    result = flask("customers", "show", "C1")
    assert (result.exit_code, result.stderr) == (1, "Error: A stored value needs a key that is not in DATA_KEYS.\n")


def test_every_kind_of_table_is_named_by_the_help_of_import() -> None:
    told = create_app().test_cli_runner().invoke(args=["shop", "import", "--help"]).output
    words = set(told.replace(",", " ").replace(".", " ").split())
    assert set(tables(ZoneInfo("Asia/Shanghai"), Accounts("oa", "corp"))) - words == set()
