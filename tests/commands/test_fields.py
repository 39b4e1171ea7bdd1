"""`flask customers field …`, `tag …` and `find`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crm.db import Sessions
from tests.commands.conftest import Flask
from tests.crm.builders import a_customer, a_shop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def people(sessions: Sessions) -> None:
    with sessions.begin() as session:
        shop = a_shop(session)
        a_customer(session, "C0001", "周芸", of=shop.lin, tags="婚戒客户")
        a_customer(session, "C0002", "徐铭", of=shop.lin, tags="婚戒客户二期")


@pytest.fixture
def club(flask: Flask) -> Flask:
    """The shop has three fields of its own."""
    assert flask("customers", "field", "add", "club", "俱乐部", "text").exit_code == 0
    assert flask("customers", "field", "add", "budget", "预算", "number").exit_code == 0
    assert flask("customers", "field", "add", "level", "级别", "choice", "--choices", "A；B").exit_code == 0
    return flask


def test_fields_are_listed_with_their_types(club: Flask) -> None:
    listed = "club\t俱乐部\ttext\t\nbudget\t预算\tnumber\t\nlevel\t级别\tchoice\tA;B\n"
    assert club("customers", "field", "list").output == listed


def test_a_value_is_set_shown_found_and_emptied(club: Flask) -> None:
    assert club("customers", "field", "set", "C0001", "club", "晨跑").output == "C0001: club = 晨跑\n"
    assert club("customers", "find", "俱乐部", "晨跑").output == "C0001\n"
    assert club("customers", "find", "club", "晨").output == ""
    shown = json.loads(club("customers", "show", "C0001").output)
    assert shown["household"]["fields"] == {"club": "晨跑"}
    club("customers", "field", "set", "C0001", "club", "")
    assert club("customers", "find", "club", "晨跑").output == ""


def test_numbers_are_found_however_they_are_written(club: Flask) -> None:
    club("customers", "field", "set", "C0001", "budget", "8000.00")
    assert club("customers", "find", "budget", "8000").output == "C0001\n"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("add", "club", "俱乐部", "text"), "There is a field club already."),
        (("add", "name", "姓名", "text"), "The table of customers has a column name already."),
        (("add", "Klub", "俱乐部", "text"), "A key has up to 32 small letters"),
        (("add", "tier", "级别", "choice"), "needs its choices"),
        (("add", "tier", "级别", "text", "--choices", "A"), "needs its choices"),
        (("set", "C0001", "budget", "viel"), "must be a number such as 12.5"),
        (("set", "C0001", "level", "C"), "must be one of A, B"),
        (("set", "C0001", "age", "3"), "There is no field age."),
        (("remove", "age", "--yes"), "There is no field age."),
    ],
)
def test_what_cannot_be_is_one_sentence(club: Flask, words: tuple[str, ...], reason: str) -> None:
    result = club("customers", "field", *words)
    assert result.exit_code == 1
    assert reason in result.output
    assert "Traceback" not in result.output


def test_a_removed_field_takes_its_values_along(club: Flask) -> None:
    club("customers", "field", "set", "C0001", "club", "晨跑")
    assert "1 customers" in club("customers", "field", "remove", "club", "--yes").output
    assert "club" not in club("customers", "field", "list").output
    assert json.loads(club("customers", "show", "C0001").output)["household"]["fields"] == {}


def test_fields_are_columns_of_the_customers_table(club: Flask, tmp_path: Path) -> None:
    table = tmp_path / "customers.csv"
    table.write_text("code,name,club,budget,level\nC0001,周芸,晨跑,8000,A\nC0003,沈洁,,12.50,C\n", encoding="utf-8")
    first = club("shop", "import", "customers", table)
    assert "0 new, 1 changed, 0 unchanged, 1 refused" in first.output
    assert "must be one of A, B" in first.output
    assert "0 changed, 1 unchanged" in club("shop", "import", "customers", table).output
    club("shop", "export", "customers", tmp_path / "out.csv")
    head, line, *_ = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert head.endswith(",notes,club,budget,level")
    assert line.endswith(",晨跑,8000,A")
    assert "0 changed, 2 unchanged" in club("shop", "import", "customers", tmp_path / "out.csv").output


def test_without_own_fields_the_table_is_the_interfaces(flask: Flask, tmp_path: Path) -> None:
    flask("shop", "export", "customers", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[0].endswith(",marketing_consent,notes")


def test_tags_are_defined_listed_and_found_exactly(flask: Flask) -> None:
    assert flask("customers", "tag", "add", "婚戒客户", "--group", "阶段").exit_code == 0
    assert flask("customers", "tag", "list").output == "婚戒客户\t阶段\n"
    assert "already" in flask("customers", "tag", "add", "婚戒客户").output
    assert "without blanks" in flask("customers", "tag", "add", "a;b").output
    assert flask("customers", "find", "tag", "婚戒客户").output == "C0001\n"
    assert flask("customers", "tag", "remove", "婚戒客户").exit_code == 0
    assert "There is no tag" in flask("customers", "tag", "remove", "婚戒客户").output
