"""The database is locked or gone: messages wait or are refused with 503, and act once in the end."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from sqlalchemy import create_engine, func, make_url, select, text

from crm import db
from crm.models import Customer, InboxRow, Interaction, Talk
from tests.faults.conftest import ADVISORS
from tests.faults.machine import Machine, until
from tests.faults.mortal_postgres import MortalPostgres
from tests.faults.platform import ANSWER_SECONDS, Platform, Pushed, at_once

# Seconds until our 503 must be there: the platform hangs up at five, and counts that as no answer.
IN_TIME = ANSWER_SECONDS


@contextmanager
def locked(machine: Machine, seconds: float) -> Iterator[None]:
    """Another connection holds the database for itself, for so long."""
    holds, over = threading.Event(), threading.Event()

    def hold() -> None:
        if make_url(machine.database_url).get_backend_name() == "sqlite":
            connection = sqlite3.connect(make_url(machine.database_url).database or "", isolation_level=None)
            connection.execute("BEGIN IMMEDIATE")
            holds.set()
            time.sleep(seconds)
            connection.execute("ROLLBACK")
            connection.close()
        else:
            with create_engine(machine.database_url).begin() as transaction:
                transaction.execute(text("LOCK TABLE inbox, conversations, interactions IN ACCESS EXCLUSIVE MODE"))
                holds.set()
                time.sleep(seconds)
        over.set()

    holder = threading.Thread(target=hold)
    holder.start()
    assert holds.wait(5)
    yield
    holder.join()


def people_write(platform: Platform, phase: str, count: int = 6) -> list[Pushed]:
    """New customers ask for a person, all at once."""
    return at_once([partial(one_asks, platform, f"o_{phase}_{number}") for number in range(count)])


def one_asks(platform: Platform, person: str) -> list[Pushed]:
    return [platform.text(person, "人工")]


def counts(machine: Machine) -> list[int]:
    with db.reading(machine.engine) as session:
        return [session.scalar(select(func.count()).select_from(model)) or 0 for model in (InboxRow, Interaction, Talk)]


def test_a_short_lock_makes_people_wait_and_a_long_one_is_answered_503_in_time(machine: Machine) -> None:
    machine.web()
    with locked(machine, 1):
        waited = people_write(Platform(machine.port, attempts=1), "short")
    assert {one.statuses[0] for one in waited} == {200}
    assert min(one.seconds[0] for one in waited) > 0.5
    with locked(machine, 5):
        refused = people_write(Platform(machine.port, pause=1), "long")
    assert {one.statuses[0] for one in refused} == {503}
    assert max(seconds for one in refused for seconds in one.seconds) < IN_TIME
    assert all(one.taken for one in refused), [one.statuses for one in refused]
    assert counts(machine) == [12, 24, 12]


def test_four_seconds_of_lock_under_load_lose_and_double_nothing(machine: Machine, full: bool) -> None:
    machine.web()
    platform, rounds = Platform(machine.port, pause=0.5), 60 if full else 12

    def writes(number: int) -> list[Pushed]:
        staff = number < 5
        person = ADVISORS[number] if staff else f"oLoad_{number}"
        words = [f"备注 N{number:04} 第<{step}>句" if staff else "退订" for step in range(rounds)]
        return [platform.text(person, one, staff=staff) for one in words]

    with locked(machine, 4):
        pushed = at_once([partial(writes, number) for number in range(15)])
    assert all(one.taken for one in pushed), [one.statuses for one in pushed if not one.taken]
    with db.reading(machine.engine) as session:
        notes = "\n".join(session.scalars(select(Customer.notes)))
    assert counts(machine)[0] == len(pushed) == 15 * rounds
    assert notes.count("句") == 5 * rounds


def healthz(machine: Machine) -> tuple[int, dict[str, str]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{machine.port}/healthz", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def test_with_the_database_gone_messages_and_health_are_503_and_all_is_well_when_it_is_back(
    server: MortalPostgres, machine: Machine
) -> None:
    machine.web()
    before = people_write(Platform(machine.port, attempts=1), "before")
    assert healthz(machine) == (200, {"database": "ok", "redis": "ok"})
    server.stop()
    during = people_write(Platform(machine.port, attempts=1), "during")
    assert {one.statuses[0] for one in during} == {503}
    assert max(one.seconds[0] for one in during) < IN_TIME
    assert healthz(machine) == (503, {"database": "away", "redis": "ok"})
    server.start()
    until(lambda: healthz(machine)[0] == 200, 20, "the web processes find the database again")
    after = people_write(Platform(machine.port, attempts=1), "after")
    assert all(one.taken for one in [*before, *after])
    machine.engine.dispose()
    assert counts(machine) == [12, 24, 12]
