"""The full path of a message against how little a webhook can do."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.requests import COURTESIES, QUESTIONS, pushes
from bench.serving import Measured, measure, server
from crm.services.schema import migrate
from tests.databases import TEST_KEY, postgres_databases

YARDSTICK = "a view that only checks the signature"
WARM, LOAD = 500, 4000


def run() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        contestants = dict(_contestants(Path(folder), stack))
        rows: dict[str, Measured] = {}
        for number, (name, (application, environment, words)) in enumerate(contestants.items()):
            first = 1_000_000 * (number + 1)
            with server(application, environment, Path(folder) / "log") as (port, pid):
                warm, load = pushes(WARM, first, words), pushes(LOAD, first + WARM, words)
                rows[name] = measure(port, pid, warm, load)
    _print(rows)


# How an application is started, its environment, and what it is asked.
Contestant = tuple[str, dict[str, str], Sequence[str]]


def _contestants(folder: Path, stack: contextlib.ExitStack) -> Iterator[tuple[str, Contestant]]:
    yield YARDSTICK, ("bench.yardsticks:signature_only()", {}, COURTESIES)
    yield "wechatpy: decrypt, parse, reply; stores nothing", ("bench.yardsticks:wechatpy_reply()", {}, COURTESIES)
    yield "WeRoBot: one handler; stores nothing", ("bench.yardsticks:werobot_reply()", {}, COURTESIES)
    sqlite = f"sqlite:///{folder / 'bench.db'}"
    migrate(sqlite)
    postgres = stack.enter_context(postgres_databases())
    for name, url in (("SQLite", sqlite), ("PostgreSQL", stack.enter_context(postgres.new()))):
        yield f"the whole path on {name}", ("wsgi:app", _environment(folder, url), COURTESIES)
        yield f"the same with a care question, {name}", ("wsgi:app", _environment(folder, url), QUESTIONS)


def _environment(folder: Path, url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "DATA_KEYS": TEST_KEY,
        "CLOCK_URL": "",
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
    }


def _print(rows: dict[str, Measured]) -> None:
    best = rows[YARDSTICK].rate
    print("\nReceiver: 2 processes x 16 threads, 16 clients, real encryption\n")
    print(f"| {'':48} | messages/s | of yardstick | CPU ms | MB a process | refused |")
    print("|---|---|---|---|---|---|")
    for name, row in rows.items():
        line = (
            f"{row.rate:10.0f} | {row.rate / best:12.2f} | {row.cpu_ms:6.2f} | {row.memory_mb:12.0f} | {row.refused:7}"
        )
        print(f"| {name:48} | {line} |")
