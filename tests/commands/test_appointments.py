"""`flask appointments when`: time phrases in, kind, start and end out."""

from __future__ import annotations

import pytest

from tests.commands.conftest import Flask

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = "2026-11-24T10:00"


def test_one_line_for_each_phrase(flask: Flask) -> None:
    told = flask("appointments", "when", "--now", NOW, input="周六下午三点\n周六下午\n周六\n周末\n13号手寸\n")
    assert told.exit_code == 0
    assert told.output.splitlines() == [
        "point\t2026-11-28T15:00\t",
        "part\t2026-11-28T13:00\t2026-11-28T18:00",
        "day\t2026-11-28\t",
        "range\t2026-11-28\t2026-11-29",
        "none\t\t",
    ]


def test_alternatives_are_joined(flask: Flask) -> None:
    told = flask("appointments", "when", "--now", NOW, input="周六下午或者周日\n周六或者周日\n")
    assert told.output.splitlines() == [
        "alts\t2026-11-28T13:00|2026-11-29\t2026-11-28T18:00|",
        "alts\t2026-11-28|2026-11-29\t",
    ]


def test_now_may_be_of_another_zone(flask: Flask) -> None:
    told = flask("appointments", "when", "--now", "2026-11-27T23:00:00+00:00", input="今天\n")
    assert told.output == "day\t2026-11-28\t\n"


def test_any_bytes_are_a_phrase(flask: Flask) -> None:
    told = flask("appointments", "when", "--now", NOW, input=b"\xef\xbb\xbf\xe5\x91\xa8\xe5\x85\xad\r\n\xff\xfe\n\n")
    assert told.output.splitlines() == ["day\t2026-11-28\t", "none\t\t", "none\t\t"]


@pytest.mark.parametrize("now", ["tomorrow", "2026-13-01T10:00", ""])
def test_a_wrong_moment_is_one_sentence(flask: Flask, now: str) -> None:
    told = flask("appointments", "when", "--now", now, input="周六\n")
    assert told.exit_code != 0
    assert "is no moment" in told.output
    assert "Traceback" not in told.output


def test_a_wrong_setting_is_one_sentence(flask: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMEZONE", "Moon/Base")
    told = flask("appointments", "when", "--now", NOW, input="周六\n")
    assert told.exit_code == 1
    assert "TIMEZONE" in told.output
