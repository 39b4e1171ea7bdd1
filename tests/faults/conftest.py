"""A machine to break: each experiment short in the suite, in full by `make faults`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crm.models import Role, Staff, Store
from crm.services import customers
from sandbox.config import Config, from_environment
from tests.conftest import SATURDAY_MORNING
from tests.faults.machine import Machine, a_machine
from tests.faults.mortal_postgres import MortalPostgres, mortal_postgres
from tests.faults.platform import Platform

# Advisors and their customers, of whom each advisor has one with a code for notes.
ADVISORS = [f"advisor.{number:02}" for number in range(40)]
CUSTOMERS = [f"oCustomer_{number:02}" for number in range(40)]

BOTH, LITE, LARGE = ["sqlite", "postgresql"], ["sqlite"], ["postgresql"]
# On which databases an experiment runs, in short and in full. Named are those that depend on the database.
DATABASES = {
    "test_every_answered_message_acts_once_while_web_processes_are_killed": (BOTH, BOTH),
    "test_no_delivery_is_lost_and_none_with_a_key_doubled_while_workers_are_killed": (LARGE, BOTH),
    "test_a_short_lock_makes_people_wait_and_a_long_one_is_answered_503_in_time": (BOTH, BOTH),
    "test_four_seconds_of_lock_under_load_lose_and_double_nothing": (LITE, BOTH),
    "test_two_hundred_customers_type_for_one_last_place": (BOTH, BOTH),
    "test_the_shop_works_on_and_every_row_is_under_the_new_key": (BOTH, BOTH),
    "test_killed_in_the_middle_it_loses_nothing_and_goes_on": (LITE, BOTH),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" in metafunc.fixturenames and "server" not in metafunc.fixturenames:
        short, full = DATABASES.get(metafunc.function.__name__, (LITE, LITE))
        chosen = full if metafunc.config.getoption("--full") else short
        metafunc.parametrize("database_url", chosen, indirect=True)


@pytest.fixture
def server() -> Iterator[MortalPostgres]:
    """A PostgreSQL that a test may stop; its machine then lives on it."""
    with mortal_postgres() as server:
        yield server


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of the experiment's own."""
    if "server" in request.fixturenames:
        yield request.getfixturevalue("server").url
    elif request.param == "sqlite":
        yield request.getfixturevalue("sqlite_files").new(tmp_path)
    else:
        with request.getfixturevalue("postgres").new() as url:
            yield url


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether to take all the time that the experiment deserves."""
    return bool(request.config.getoption("--full"))


@pytest.fixture
def sandbox_config(tmp_path: Path) -> Config:
    """Everybody is known to the platforms; nobody listens where the sandbox pushes to."""
    with (tmp_path / "customers.csv").open("w", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "name", "advisor_userid", "openid", "unionid", "external_userid"])
        writer.writerows([f"C{n:04}", openid, ADVISORS[n], openid, "", f"wm_{n}"] for n, openid in enumerate(CUSTOMERS))
    with (tmp_path / "staff.csv").open("w", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["userid", "name", "role", "store_code", "phone"])
        writer.writerows([userid, userid, "advisor", "HZ01", ""] for userid in ADVISORS)
    names = {"SANDBOX_PEOPLE": "customers.csv", "SANDBOX_STAFF": "staff.csv"}
    files = {name: str(tmp_path / file) for name, file in names.items()}
    config = from_environment({"SANDBOX_STATE": "", "BOT_URL": "http://127.0.0.1:9", **files})
    return replace(config, answer_limit=0.2, attempts=1, retry_pause=0.01, receipt_delay=0.0)


@pytest.fixture
def machine(database_url: str, tmp_path: Path, sandbox_config: Config) -> Iterator[Machine]:
    with a_machine(database_url, tmp_path, sandbox_config) as machine:
        settle(machine)
        yield machine


@pytest.fixture
def platform(machine: Machine) -> Platform:
    return Platform(machine.port)


def settle(machine: Machine) -> None:
    """One shop, its advisors, and for each a customer known by code but not yet by openid."""
    with machine.sessions.begin() as session:
        store = Store(code="HZ01", name="湖滨店")
        session.add(store)
        session.flush()
        for number, userid in enumerate(ADVISORS):
            advisor = Staff(userid=userid, name=f"顾问{number:02}", role=Role.ADVISOR, store_id=store.id)
            session.add(advisor)
            session.flush()
            code, name = f"N{number:04}", f"客户{number:02}"
            customers.register(
                session, SATURDAY_MORNING, code=code, name=name, advisor_id=advisor.id, store_id=store.id
            )
