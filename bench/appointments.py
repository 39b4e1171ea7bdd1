"""Bookings per second (a hold and a yes, two transactions), beside a bare conditional UPDATE of the same run."""

from __future__ import annotations

import contextlib
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, text

from crm import db
from crm.models import Appointment, Customer, Role, Staff, Store
from crm.services import appointments, customers
from crm.services.appointments import Offer, PlaceTaken, Wish
from crm.services.keys import load_index_key
from crm.services.schema import migrate
from crm.vault import vault
from tests.databases import TEST_KEY, postgres_databases

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
THREADS = 8
BOOKINGS = 800
# Customers who want one last place.
RACERS = 200
SHOPS, ADVISORS, HOUR = 4, 3, timedelta(hours=1)
# Hours of a day at which a visit begins: the shops open from ten to nine.
HOURS = 11

Act = Callable[[db.Sessions, int], None]


@dataclass
class Town:
    """Shops of three places and three advisors, and as many customers as anybody needs."""

    sessions: db.Sessions
    stores: list[int]
    people: list[int]


def run() -> None:
    """Print the table."""
    print(
        f"\nBookings, {THREADS} threads of one process\n\n"
        "| | a second | of the bare UPDATE | refused |\n|---|---|---|---|"
    )
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = stack.enter_context(postgres_databases())
        sqlite = f"sqlite:///{folder / 'bookings.db'}"
        migrate(sqlite)
        for name, url in (("SQLite", sqlite), ("PostgreSQL", stack.enter_context(postgres.new()))):
            with _engine(url) as engine:
                _table(name, a_town(db.sessions(engine)))


@contextlib.contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = db.connect(url)
    vault.unlock([TEST_KEY])
    load_index_key(db.sessions(engine))
    yield engine
    engine.dispose()


def _table(name: str, town: Town) -> None:
    bare, _ = _rate(town, BOOKINGS, _bare_update)
    rows = {
        "a bare conditional UPDATE": (bare, 0),
        "three offers": _rate(town, BOOKINGS, _offers(town)),
        "hold and yes, each its own time": _rate(town, BOOKINGS, _booking(town)),
        f"{RACERS} customers, one last place": _rate(town, RACERS, _last_place(town)),
    }
    for row, (rate, refused) in rows.items():
        print(f"| {row}, {name} | {rate:.0f} | {rate / bare:.2f} | {refused} |")


def a_town(sessions: db.Sessions) -> Town:
    with sessions.begin() as session:
        session.execute(text("CREATE TABLE bare_places (id INTEGER PRIMARY KEY, taken INTEGER NOT NULL)"))
        places = [{"id": number} for number in range(BOOKINGS)]
        session.execute(text("INSERT INTO bare_places (id, taken) VALUES (:id, 0)"), places)
        stores = [Store(code=f"S{number}", name=f"{number}号店", try_on_places=3) for number in range(SHOPS)]
        session.add_all(stores)
        session.flush()
        for store in stores:
            for number in range(ADVISORS):
                userid = f"{store.code}.{number}"
                session.add(Staff(userid=userid, name=userid, role=Role.ADVISOR, store_id=store.id))
        people = [customers.register(session, NOW, code=f"C{number:05}").id for number in range(BOOKINGS + RACERS)]
        return Town(sessions, [store.id for store in stores], people)


def _bare_update(sessions: db.Sessions, number: int) -> None:
    with sessions.begin() as session:
        taken = text("UPDATE bare_places SET taken = taken + 1 WHERE id = :id AND taken < 1")
        session.execute(taken, {"id": number})


def _offers(town: Town) -> Act:
    def act(sessions: db.Sessions, number: int) -> None:
        with sessions.begin() as session:
            store = session.get_one(Store, town.stores[number % SHOPS])
            first = _start(number)
            appointments.offers(session, ZONE, store, [appointments.Window(first, first + 5 * HOUR)], NOW)

    return act


def _booking(town: Town) -> Act:
    def act(sessions: db.Sessions, number: int) -> None:
        start = _start(number)
        offer = Offer(town.stores[number % SHOPS], start, start + HOUR, None, exact=True)
        _book(sessions, town.people[number], offer)

    return act


def _last_place(town: Town) -> Act:
    with town.sessions.begin() as session:
        store = Store(code="LAST", name="最后一家", try_on_places=1)
        session.add(store)
        session.flush()
        offer = Offer(store.id, _start(0), _start(0) + HOUR, None, exact=True)
    return lambda sessions, number: _book(sessions, town.people[BOOKINGS + number], offer)


def _book(sessions: db.Sessions, customer_id: int, offer: Offer) -> None:
    """As a talk does it: the hold is committed, the yes comes with the next message."""
    with sessions.begin() as session:
        customer = session.get_one(Customer, customer_id)
        held = appointments.hold(session, ZONE, customer, offer, Wish("妈妈", "想看手镯"), NOW).id
    with sessions.begin() as session:
        appointments.confirm(session, ZONE, session.get_one(Appointment, held), NOW)


def _start(number: int) -> datetime:
    """The times of the shops one after the other: three visits at each, in each shop."""
    day, hour = divmod(number // (SHOPS * 3), HOURS)
    return datetime(2026, 11, 22, 10 + hour, tzinfo=ZONE) + timedelta(days=day)


def _rate(town: Town, count: int, act: Act) -> tuple[float, int]:
    """How many a second, and how many were refused."""
    refused: list[int] = []

    def work(first: int) -> None:
        for number in range(first, count, THREADS):
            try:
                act(town.sessions, number)
            except PlaceTaken:
                refused.append(number)

    threads = [threading.Thread(target=work, args=(first,)) for first in range(THREADS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return count / (time.perf_counter() - began), len(refused)
