"""The index key is made once; data keys change while the program runs, even if killed half-way."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select, text

from crm.db import Sessions
from crm.errors import KeyMissing
from crm.models import Customer, WrappedKey
from crm.services.keys import load_index_key, rotate, secret_columns
from crm.vault import Vault, new_key, vault
from tests.databases import TEST_KEY

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
NEW_KEY = new_key()


@pytest.fixture
def customers(sessions: Sessions) -> list[str]:
    """Twenty-five customers closed under the test key."""
    codes = [f"C{number:03}" for number in range(25)]
    with sessions.begin() as session:
        session.add_all(Customer(code=code, name=f"客人{code}", phone="", created_at=NOW) for code in codes)
    return codes


def names(sessions: Sessions) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(Customer.name).order_by(Customer.code)))


def key_ids(sessions: Sessions) -> set[bytes]:
    statement = "SELECT name FROM customers UNION ALL SELECT birthday FROM customers"
    with sessions() as session:
        return {bytes(stored)[1:5] for stored in session.scalars(text(statement))}


def test_rotation_closes_every_value_again_under_the_newest_key(sessions: Sessions, customers: list[str]) -> None:
    vault.unlock([NEW_KEY, TEST_KEY])
    assert sum(rotate(sessions, batch=10)) == 25
    assert key_ids(sessions) == {vault.newest}
    vault.unlock([NEW_KEY])
    assert names(sessions) == [f"客人{code}" for code in customers]


def test_a_second_rotation_finds_nothing_to_do(sessions: Sessions, customers: list[str]) -> None:
    vault.unlock([NEW_KEY, TEST_KEY])
    list(rotate(sessions))
    assert list(rotate(sessions)) == []


def test_a_rotation_that_was_stopped_goes_on_where_it_stood(sessions: Sessions, customers: list[str]) -> None:
    vault.unlock([NEW_KEY, TEST_KEY])
    assert list(itertools.islice(rotate(sessions, batch=10), 1)) == [10]
    assert len(key_ids(sessions)) == 2
    assert names(sessions) == [f"客人{code}" for code in customers]
    assert sum(rotate(sessions, batch=10)) == 15
    assert key_ids(sessions) == {vault.newest}


KILLED_HALF_WAY = """
import os, signal, sys
from crm.db import connect, sessions
from crm.services.keys import rotate
from crm.vault import vault
url, *keys = sys.argv[1:]
vault.unlock(keys)
for number, _ in enumerate(rotate(sessions(connect(url)), batch=5), 1):
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_rotation_killed_with_sigkill_leaves_every_value_readable(
    sessions: Sessions, customers: list[str], database_url: str
) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED_HALF_WAY, database_url, NEW_KEY, TEST_KEY], timeout=60)
    assert killed.returncode == -9
    vault.unlock([NEW_KEY, TEST_KEY])
    assert names(sessions) == [f"客人{code}" for code in customers]
    assert sum(rotate(sessions)) == 15


def test_what_the_program_writes_during_a_rotation_is_kept(sessions: Sessions, customers: list[str]) -> None:
    vault.unlock([NEW_KEY, TEST_KEY])
    steps = rotate(sessions, batch=5)
    next(steps)
    with sessions.begin() as session:
        for customer in session.scalars(select(Customer)):
            customer.name = f"改名{customer.code}"
    list(steps)
    assert names(sessions) == [f"改名{code}" for code in customers]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_row_that_somebody_holds_is_taken_at_the_end(sessions: Sessions, customers: list[str]) -> None:
    vault.unlock([NEW_KEY, TEST_KEY])
    holder = sessions()
    held = holder.scalars(select(Customer).where(Customer.code == "C007").with_for_update()).one()
    steps = rotate(sessions)
    assert next(steps) == 24
    held.name = "正在通话"
    threading.Timer(0.3, holder.commit).start()
    assert list(steps) == [1]
    assert key_ids(sessions) == {vault.newest}
    assert "正在通话" in names(sessions)


def test_look_ups_survive_a_rotation_and_the_end_of_the_old_key(sessions: Sessions) -> None:
    before = vault.index("13800138000", "phone")
    vault.unlock([NEW_KEY, TEST_KEY])
    list(rotate(sessions))
    vault.unlock([NEW_KEY])
    load_index_key(sessions)
    assert vault.index("13800138000", "phone") == before


def test_an_old_key_taken_out_before_the_rotation_is_one_clear_sentence(sessions: Sessions) -> None:
    vault.unlock([NEW_KEY])
    with pytest.raises(KeyMissing, match="DATA_KEYS"):
        load_index_key(sessions)


def test_the_first_start_makes_the_index_key_and_the_second_finds_it(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.execute(delete(WrappedKey))
    load_index_key(sessions)
    made = vault.index("value", "kind")
    load_index_key(sessions)
    assert vault.index("value", "kind") == made


def test_who_starts_second_waits_for_the_first_and_takes_its_index_key(sessions: Sessions) -> None:
    first_index = b"the first process's index key ..."
    with sessions.begin() as session:
        session.execute(delete(WrappedKey))
    first = sessions()
    first.add(WrappedKey(purpose="blind-index", wrapped=vault.close(first_index, "wrapped_keys.wrapped")))
    first.flush()
    threading.Timer(0.3, first.commit).start()
    load_index_key(sessions)
    expected = Vault()
    expected.use_index_key(first_index)
    assert vault.index("value", "kind") == expected.index("value", "kind")


def test_every_encrypted_column_names_itself_in_its_context() -> None:
    """A value moved to another column must not open: so no two columns share a context."""
    columns = [column for columns in secret_columns().values() for column in columns]
    assert len(columns) > 5
    assert [str(column) for column in columns] == [column.type.context for column in columns]  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def forget_the_new_key() -> Iterator[None]:
    yield
    vault.unlock([TEST_KEY])
