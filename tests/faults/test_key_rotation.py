"""Changing the data key of many rows beside a running shop, and after a kill in the middle.

In full (`make faults`) 100,000 customers, else 3,000.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, type_coerce, update
from sqlalchemy.types import LargeBinary

from crm import db
from crm.models import Customer
from crm.services.keys import rotate
from crm.vault import KEY_ID_BYTES, new_key, vault
from tests.databases import TEST_KEY

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
FEW, MANY = 3_000, 100_000
AT_ONCE = 5_000
NEW_KEY = new_key()
# A message may wait for the rotation no longer than this beside what it takes itself.
LONGEST_WAIT_SECONDS = 2.0
ROTATING = """
import sys
from crm import db
from crm.services.keys import load_index_key, rotate
from crm.vault import vault
vault.unlock(sys.argv[2].split(","))
sessions = db.sessions(db.connect(sys.argv[1]))
load_index_key(sessions)
for count in rotate(sessions):
    print(count, flush=True)
"""


@pytest.fixture
def many(request: pytest.FixtureRequest, sessions: db.Sessions) -> int:
    """So many customers under the old key."""
    count = MANY if request.config.getoption("--full") else FEW
    for start in range(0, count, AT_ONCE):
        rows = [
            {"code": f"C{number:06}", "name": f"客人{number}", "phone": "", "created_at": NOW}
            for number in range(start, min(start + AT_ONCE, count))
        ]
        with sessions.begin() as session:
            session.execute(insert(Customer), rows)
    return count


def under_newest(sessions: db.Sessions) -> int:
    stored = func.substr(type_coerce(Customer.name, LargeBinary), 2, KEY_ID_BYTES, type_=LargeBinary)
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(Customer).where(stored == vault.newest)) or 0


def every_name_opens(sessions: db.Sessions, count: int) -> bool:
    with sessions() as session:
        return sum(1 for name in session.scalars(select(Customer.name)) if name.startswith("客人")) == count


def writes_beside(sessions: db.Sessions, stopped: threading.Event) -> Iterator[float]:
    """A shop at work: one customer after another is changed; how long each took."""
    number = 0
    while not stopped.is_set():
        began = time.perf_counter()
        with sessions.begin() as session:
            changed = {"name": f"客人{number}改", "created_at": NOW + timedelta(seconds=number)}
            session.execute(update(Customer).where(Customer.code == f"C{number:06}").values(changed))
        yield time.perf_counter() - began
        number += 1
        time.sleep(0.02)


def test_the_shop_works_on_and_every_row_is_under_the_new_key(
    sessions: db.Sessions, many: int, capsys: pytest.CaptureFixture[str]
) -> None:
    vault.unlock([NEW_KEY, TEST_KEY])
    stopped, waits = threading.Event(), list[float]()
    beside = threading.Thread(target=lambda: waits.extend(writes_beside(sessions, stopped)))
    beside.start()
    began = time.perf_counter()
    rotated = sum(rotate(sessions))
    seconds = time.perf_counter() - began
    stopped.set()
    beside.join()
    assert under_newest(sessions) == many
    vault.unlock([NEW_KEY])
    assert every_name_opens(sessions, many)
    assert max(waits) < LONGEST_WAIT_SECONDS
    with capsys.disabled():
        print(f"\n{rotated} rows in {seconds:.1f} s, {len(waits)} writes beside, the longest {max(waits):.3f} s")


def test_killed_in_the_middle_it_loses_nothing_and_goes_on(sessions: db.Sessions, many: int, database_url: str) -> None:
    command = [sys.executable, "-c", ROTATING, database_url, f"{NEW_KEY},{TEST_KEY}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ)
    assert process.stdout is not None
    done = 0
    while done < many // 3:
        done += int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    vault.unlock([NEW_KEY, TEST_KEY])
    assert many // 3 <= under_newest(sessions) < many
    assert every_name_opens(sessions, many)
    sum(rotate(sessions))
    vault.unlock([NEW_KEY])
    assert every_name_opens(sessions, many)
