"""`flask deliveries list`: what went out, what did not, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from bot.clock import FixedClock
from commands.deliveries import group
from tests.databases import TEST_KEY
from tests.scheduler.town import Town, a_town


@pytest.fixture
def december(engine: Engine, clock: FixedClock, tmp_path: Path) -> Iterator[Town]:
    """The member day, with one who gets it and one who cannot."""
    with a_town(engine, clock, tmp_path) as town:
        town.consent("C1", "C2", "C6")
        town.buy("C3", "A1", "2025-12-08")
        town.at("2026-12-08T10:00").plan()
        town.deliver()
        yield town


def run(town: Town, *arguments: str) -> Result:
    url = town.engine.url.render_as_string(hide_password=False)
    return CliRunner().invoke(group, ["list", *arguments], env={"DATABASE_URL": url, "DATA_KEYS": TEST_KEY})


def test_json_is_one_array_of_objects(december: Town) -> None:
    rows = json.loads(run(december, "--format", "json").output)
    assert [(row["job"], row["customer"], row["state"]) for row in rows] == [
        ("member_day", "C1", "sent"),
        ("member_day", "C2", "sent"),
        ("member_day", "C6", "skipped"),
        ("maintenance", "C3", "sent"),
    ]
    assert rows[0] == {
        "job": "member_day",
        "due_on": "2026-12-08",
        "customer": "C1",
        "channel": "official_account",
        "state": "sent",
        "reason": "",
        "planned_at": "2026-12-08T10:00:00+08:00",
        "ended_at": "2026-12-08T10:00:00+08:00",
    }
    assert rows[2]["reason"].startswith("unreachable, because")


def test_one_job_and_since(december: Town) -> None:
    assert len(json.loads(run(december, "--format", "json", "--job", "maintenance").output)) == 1
    assert json.loads(run(december, "--format", "json", "--since", "2026-12-08T10:01").output) == []
    assert len(json.loads(run(december, "--format", "json", "--since", "2026-12-08T10:00").output)) == 4


def test_the_table_has_a_head_and_no_word_of_the_messages(december: Town) -> None:
    lines = run(december).output.splitlines()
    assert lines[0].split("\t") == ["job", "due_on", "customer", "channel", "state", "reason", "planned_at", "ended_at"]
    assert len(lines) == 5
    assert "会员日" not in "".join(lines)


def test_bad_input_is_one_sentence(december: Town) -> None:
    result = run(december, "--since", "gestern")
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert "'gestern' is no moment in time" in result.output
