"""A million customers: segments over a whole night and a quiet one, and look-ups, beside bare scans."""

from __future__ import annotations

import contextlib
import itertools
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Table, func, insert, select, text
from sqlalchemy.orm import Session

from crm import db
from crm.actors import Actor
from crm.models import Customer, Identity, IdentityKind, NameIndex, Purchase, PurchaseKind
from crm.services import blind, customers, identities
from crm.services.keys import load_index_key
from crm.services.membership.policy import load_policy
from crm.services.membership.standings import recompute
from crm.services.schema import migrate
from crm.vault import vault
from tests.databases import TEST_KEY, postgres_databases

PEOPLE = 1_000_000
PURCHASES_EACH = 2
# Rows of one INSERT while filling: large enough that the round trips don't count.
CHUNK = 20_000
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
LOOK_UPS = 200
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超秀霞平刚桂英华玉兰云龙飞鹏雪梅文辉力宇晨雨欣悦涵子轩梓浩然诗语"


def run() -> None:
    """Print the table for both databases."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = stack.enter_context(postgres_databases())
        sqlite = f"sqlite:///{folder / 'million.db'}"
        migrate(sqlite)
        for name, url in (("SQLite", sqlite), ("PostgreSQL", stack.enter_context(postgres.new()))):
            engine = db.connect(url)
            vault.unlock([TEST_KEY])
            load_index_key(db.sessions(engine))
            began = time.perf_counter()
            fill(engine)
            filled = time.perf_counter() - began
            print(f"\n{PEOPLE:,} customers, {PEOPLE * PURCHASES_EACH:,} purchases, {name} (filled in {filled:.0f} s)\n")
            _print(_measured(engine))
            engine.dispose()


def _print(rows: list[tuple[str, float, str]]) -> None:
    print("| what | seconds | beside |\n|---|---|---|")
    for what, seconds, beside in rows:
        print(f"| {what} | {seconds:.4f} | {beside} |")


def _measured(engine: Engine) -> list[tuple[str, float, str]]:
    scan = _seconds(lambda: _bare_scan(engine))
    whole = _night(engine, NOW)
    quiet = _night(engine, NOW + timedelta(days=1))
    rows = [
        ("bare scan: sum of amounts by customer", scan, "1.0"),
        ("segments, readings, tiers of everybody", sum(whole), f"{sum(whole) / scan:.1f} scans"),
        ("its longest transaction", max(whole), ""),
        ("the next night: who can have changed", sum(quiet), f"{sum(quiet) / scan:.2f} scans"),
    ]
    bare = 0.0
    for what, asks in _look_ups(engine).items():
        seconds = median(_seconds(ask) for ask in asks)
        bare = bare or seconds
        rows.append((what, seconds, f"{seconds / bare:.1f} bare"))
    return rows


def _night(engine: Engine, now: datetime) -> list[float]:
    """Seconds of each transaction."""
    spans = recompute(db.sessions(engine), load_policy(), ZONE, now)
    found: list[float] = []
    while True:
        began = time.perf_counter()
        if next(spans, None) is None:
            return found
        found.append(time.perf_counter() - began)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _bare_scan(engine: Engine) -> None:
    with db.reading(engine) as session:
        wanted = select(Purchase.customer_id, func.sum(Purchase.amount)).group_by(Purchase.customer_id)
        assert len(session.execute(wanted).all()) == PEOPLE


def _look_ups(engine: Engine) -> dict[str, list[Callable[[], object]]]:
    chance = random.Random(7)
    people = [chance.randrange(1, PEOPLE + 1) for _ in range(LOOK_UPS)]
    operator = Actor.operator()

    def asking(ask: Callable[[Session, int], object]) -> list[Callable[[], object]]:
        return [partial(_read, engine, ask, number) for number in people]

    def finding(words: Callable[[int], str]) -> list[Callable[[], object]]:
        return asking(lambda session, number: customers.find(session, operator, words(number)))

    def by_openid(session: Session, number: int) -> object:
        return identities.customer_of(session, "wx", IdentityKind.OPENID, f"o{number}")

    return {
        "bare: one row by its id": asking(lambda session, number: session.get(Customer, number)),
        "by openid": asking(by_openid),
        "by card code": finding(lambda number: f"C{number:07}"),
        "by phone": finding(_phone),
        "by the last four digits": finding(lambda number: _phone(number)[-4:]),
        "by whole name": finding(_name),
    }


def _read(engine: Engine, ask: Callable[[Session, int], object], number: int) -> None:
    with db.reading(engine) as session:
        assert ask(session, number)


def fill(engine: Engine) -> None:
    """Everybody with name, phone, openid and their indexes, really encrypted; purchases over five years."""
    tokens: dict[str, set[bytes]] = {}
    chance = random.Random(20261121)
    for numbers in _chunks(range(1, PEOPLE + 1)):
        people = [_customer(number) for number in numbers]
        names = [
            {"customer_id": person["id"], "token": token}
            for person in people
            for token in tokens.setdefault(person["name"], blind.name_tokens(person["name"]))
        ]
        with engine.begin() as connection:
            _write(connection, Customer.__table__, people)
            _write(connection, NameIndex.__table__, names)
            _write(connection, Identity.__table__, [_identity(number) for number in numbers])
            _write(connection, Purchase.__table__, [line for n in numbers for line in _lines(n, chance)])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _chunks(numbers: range) -> Iterator[list[int]]:
    numbers_left = iter(numbers)
    while chunk := list(itertools.islice(numbers_left, CHUNK)):
        yield chunk


def _write(connection: Any, table: Any, rows: list[dict[str, Any]]) -> None:
    """COPY where there is one; it takes a tenth of the time."""
    assert isinstance(table, Table)
    if connection.dialect.name == "sqlite":
        connection.execute(insert(table), rows)
        return
    names = list(rows[0])
    processors = {name: table.c[name].type.bind_processor(connection.dialect) for name in names}
    with connection.connection.cursor() as cursor, cursor.copy(_copy(table, names)) as copy:
        for row in rows:
            copy.write_row([p(row[n]) if (p := processors[n]) else row[n] for n in names])


def _copy(table: Table, names: list[str]) -> str:
    return f"COPY {table.name} ({', '.join(names)}) FROM STDIN"


def _customer(number: int) -> dict[str, Any]:
    phone = _phone(number)
    empty = dict.fromkeys(("gender", "birthday", "birthday_calendar", "ring_size", "allergies", "preferences"), "")
    return {
        "id": number,
        "code": f"C{number:07}",
        "name": _name(number),
        "phone": phone,
        "phone_index": blind.phone_index(phone),
        "phone_tail_index": blind.phone_tail_index(phone),
        "birthday_leap_month": False,
        "tags": "",
        "notes": "",
        "created_at": NOW,
        **empty,
    }


def _name(number: int) -> str:
    first, second = divmod(number * 7919, len(GIVEN))
    return SURNAMES[number % len(SURNAMES)] + GIVEN[first % len(GIVEN)] + GIVEN[second]


def _phone(number: int) -> str:
    return f"1{30_000_000_00 + number * 61 % 7_000_000_000}"


def _identity(number: int) -> dict[str, Any]:
    made = {"account": "wx", "kind": IdentityKind.OPENID, "value": f"o{number}", "customer_id": number}
    return {**made, "since": NOW, "remark": ""}


def _lines(number: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    for line in range(1, PURCHASES_EACH + 1):
        yield {
            "number": f"N{number}",
            "line": line,
            "kind": PurchaseKind.SALE,
            "original_number": "",
            "customer_id": number,
            "purchased_at": NOW - timedelta(hours=chance.randrange(5 * 365 * 24)),
            "amount": chance.randrange(500_00, 40_000_00),
            "quantity": 1,
            **dict.fromkeys(("style_no", "barcode", "name", "category", "material", "gem"), ""),
            **dict.fromkeys(("setting", "certificate_no", "payment"), ""),
        }
