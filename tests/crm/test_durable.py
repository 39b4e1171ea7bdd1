"""Writers on SQLite: one patience for the queue of threads and the queue of processes."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from crm.durable import DurableConnection, writers_of

PATIENCE_SECONDS = 5.0


def opened(path: Path) -> DurableConnection:
    arguments = {"isolation_level": None, "factory": DurableConnection, "check_same_thread": False}
    connection = sqlite3.connect(path, **arguments)
    connection.writers, connection.patience_seconds = writers_of(str(path)), PATIENCE_SECONDS
    return connection


def patience_left(connection: DurableConnection) -> float:
    return connection.execute("PRAGMA busy_timeout").fetchone()[0] / 1000


def test_who_waited_for_the_threads_waits_only_the_rest_for_other_processes(tmp_path: Path) -> None:
    first, second = opened(tmp_path / "shop.db"), opened(tmp_path / "shop.db")
    first.begin(reading=False)
    assert patience_left(first) == PATIENCE_SECONDS
    threading.Timer(0.5, first.rollback).start()
    second.begin(reading=False)
    assert 0 < patience_left(second) <= PATIENCE_SECONDS - 0.5


def test_the_whole_patience_is_back_for_the_next_transaction(tmp_path: Path) -> None:
    first, second = opened(tmp_path / "shop.db"), opened(tmp_path / "shop.db")
    first.begin(reading=False)
    threading.Timer(0.2, first.rollback).start()
    second.begin(reading=False)
    second.rollback()
    second.begin(reading=False)
    assert patience_left(second) == PATIENCE_SECONDS


def test_a_turn_that_does_not_come_is_refused_and_harms_nobody(tmp_path: Path) -> None:
    first, second = opened(tmp_path / "shop.db"), opened(tmp_path / "shop.db")
    second.patience_seconds = 0.1
    first.begin(reading=False)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        second.begin(reading=False)
    first.commit()
    second.begin(reading=False)
    second.commit()
