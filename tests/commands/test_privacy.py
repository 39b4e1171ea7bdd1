"""The operator's side of privacy: consents with their words, erasures after a restore, incidents."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from crm import db
from crm.actors import Actor
from crm.models import Customer, Tombstone, TombstoneSign
from crm.services import audit, consents, customers
from tests.commands.conftest import Flask
from tests.crm.builders import NOW, a_customer, a_line

ALL = ("--since", "2026-11-01")
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def stones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "tombstones"
    monkeypatch.setenv("TOMBSTONES_FILE", str(path))
    return path


@pytest.fixture
def card(sessions: db.Sessions) -> None:
    with sessions.begin() as session:
        customer = a_customer(session, "C0001", "徐铭", phone="13800138000")
        a_line(session, customer, "N1", amount=150_000_00, payment="cash", purchased_at=NOW - timedelta(days=9))


def test_consents_are_printed_with_the_words_that_she_saw(flask: Flask, sessions: db.Sessions, card: None) -> None:
    with sessions.begin() as session:
        customer = session.scalars(select(Customer)).one()
        version = consents.version_of(session, "每月几条，\n回复退订即止。", NOW)
        consents.grant(session, customer.id, channel="kf", at=NOW, text_version=version)
        consents.withdraw(session, customer.id, channel="kf", at=NOW, text_version="2026-11")
    lines = flask("customers", "consents", "C0001").output.splitlines()
    assert lines == [
        f"2026-11-21T10:00:00+08:00\tmarketing\tyes\tkf\t{version}",
        "    每月几条，",
        "    回复退订即止。",
        "2026-11-21T10:00:00+08:00\tmarketing\tno\tkf\t2026-11",
    ]


def test_a_changed_wording_is_another_version_and_the_old_one_stays(sessions: db.Sessions, card: None) -> None:
    with sessions.begin() as session:
        versions = [consents.version_of(session, words, NOW) for words in ("甲", "乙", "甲")]
    assert versions[0] == versions[2] != versions[1]


def test_an_erasure_holds_after_a_restore(
    flask: Flask, sessions: db.Sessions, card: None, stones: Path, database_url: str
) -> None:
    told = flask("customers", "erase", "C0001", "--yes").output
    assert "C0001 is erased" in told
    assert "1 lines of cash purchases" in told
    assert len(stones.read_text().splitlines()) == 1
    shown = json.loads(flask("customers", "show", "C0001").output)
    assert [(held["name"], held["until"][:10]) for held in shown["held_by_law"]] == [("徐铭", "2036-11-12")]
    with sessions.begin() as session:
        session.execute(delete(TombstoneSign))
        session.execute(delete(Tombstone))
        customers.set_name(session, session.scalars(select(Customer)).one(), "徐铭")
    assert flask("customers", "reapply-erasures").output == "1 customers are erased again.\n"
    assert flask("customers", "reapply-erasures", stones).output == "0 customers are erased again.\n"
    with sessions() as session:
        assert session.scalars(select(Customer.name)).one() == ""


def test_health_says_that_a_restored_backup_forgot(
    sessions: db.Sessions, flask: Flask, card: None, stones: Path
) -> None:
    from assembly import health, open_parts
    from settings import Settings

    flask("customers", "erase", "C0001", "--yes")
    parts = open_parts(Settings.load())
    assert "erasures" not in health(parts)
    with sessions.begin() as session:
        session.execute(delete(TombstoneSign))
        session.execute(delete(Tombstone))
    assert "reapply-erasures" in health(parts)["erasures"]


def test_a_missing_or_strange_file_is_one_sentence(flask: Flask, stones: Path) -> None:
    answer = flask("customers", "reapply-erasures")
    assert (answer.exit_code, "There is no file" in answer.output) == (1, True)
    stones.write_text("hello\n")
    assert "line 1 is no erasure" in flask("customers", "reapply-erasures").output


def test_a_file_that_cannot_be_written_is_one_sentence_and_she_is_erased(
    flask: Flask, sessions: db.Sessions, card: None, stones: Path
) -> None:
    stones.mkdir()
    answer = flask("customers", "erase", "C0001", "--yes")
    assert (answer.exit_code, "Erasures cannot be" in answer.output) == (1, True)
    with sessions() as session:
        assert session.scalars(select(Customer.name)).one() == ""


def test_a_damaged_file_does_not_stop_the_shop(flask: Flask, card: None, stones: Path) -> None:
    from assembly import health, open_or_stop
    from settings import Settings

    stones.write_text("hello\n")
    assert "line 1" in health(open_or_stop(Settings.load()))["erasures"]


class TestIncidents:
    @pytest.fixture(autouse=True)
    def acts(self, sessions: db.Sessions) -> None:
        lin, wu = Actor("lin.yue", "program"), Actor("wu.an", "program")
        with sessions.begin() as session:
            for hours, actor, action, code in (
                (0, lin, "profile", "C0001"),
                (1, lin, "reveal-phone", "C0001"),
                (2, lin, "profile", "C0001"),
                (3, wu, "profile", "C0002"),
                (4, wu, "export", audit.NOBODY),
            ):
                audit.note(session, NOW + timedelta(hours=hours), actor, action, code, "warum")

    def lines(self, flask: Flask, *options: str) -> list[list[str]]:
        return [line.split("\t") for line in flask("shop", "incidents", *options).output.splitlines()]

    def test_say_whose_data_by_whom_when_and_how_often(self, flask: Flask) -> None:
        assert [line[2:] for line in self.lines(flask, *ALL)] == [
            ["1", "wu.an", "export", "-"],
            ["1", "wu.an", "profile", "C0002"],
            ["2", "lin.yue", "profile", "C0001"],
            ["1", "lin.yue", "reveal-phone", "C0001"],
        ]
        last, first = self.lines(flask, *ALL)[2][:2]
        assert datetime.fromisoformat(last) - datetime.fromisoformat(first) == timedelta(hours=2)

    def test_of_one_customer_name_also_what_concerned_everybody(self, flask: Flask) -> None:
        assert {line[4] for line in self.lines(flask, "--customer", "C0001")} == {"profile", "reveal-phone", "export"}

    def test_of_one_actor_since_a_moment_one_by_one(self, flask: Flask) -> None:
        found = self.lines(flask, "--actor", "lin.yue", "--since", "2026-11-21T11:00", "--each")
        assert [line[1:] for line in found] == [
            ["lin.yue", "profile", "C0001", "warum"],
            ["lin.yue", "reveal-phone", "C0001", "warum"],
        ]

    def test_refuse_a_moment_that_is_none(self, flask: Flask) -> None:
        answer = flask("shop", "incidents", "--since", "gestern")
        assert (answer.exit_code, "is no moment" in answer.output) == (1, True)
