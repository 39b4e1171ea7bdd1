"""One machine with the real processes of the Procfile, a Redis and the sandbox, all of them mortal."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine
from werkzeug.serving import make_server

from crm import db
from crm.services.keys import load_index_key
from sandbox.__main__ import QuietHandler
from sandbox.app import create_app
from sandbox.config import Config
from tests.databases import TEST_KEY, redis_binary
from tests.sandbox.playing import Sandbox

ROOT = Path(__file__).parent.parent.parent
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines() if line)
# Seconds until a process that was just started has to answer, on a busy machine.
START_SECONDS = 40
# The scheduler as the Procfile starts it, but with ticks that a short experiment can wait for.
HASTY_SCHEDULER = "import scheduler.__main__ as root; root.SWEEP_SECONDS = 1; root.stand()"


def until(holds: Callable[[], object], seconds: float, what: str, of: Program | None = None) -> None:
    """Wait until it holds; a sentence (and what the program `of` this said) when it does not in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}\n{of.log[-1500:] if of else ''}")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Program:
    """One line of the Procfile as a process of its own, with all its children in one group."""

    name: str
    command: list[str]
    environment: dict[str, str]
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> Program:
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, env=self.environment, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )
        return self

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def log(self) -> str:
        return (self.folder / f"{self.name}.log").read_text(errors="replace")

    def children(self) -> list[int]:
        try:
            return [int(child) for child in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]
        except FileNotFoundError:
            return []

    def kill(self) -> None:
        """SIGKILL to the process and everything it started, at once."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self, seconds: float = 30) -> int:
        """SIGTERM to the whole group, as honcho and systemd do it; the exit code."""
        assert self.process is not None
        os.killpg(self.pid, signal.SIGTERM)
        return self.process.wait(seconds)


@dataclass
class RedisServer:
    """A real server on a unix socket that keeps nothing: whoever starts it again finds it empty."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.folder / 'redis.sock'}"

    @property
    def client(self) -> Redis:
        return Redis.from_url(self.url, socket_timeout=2)

    def start(self) -> None:
        where = ["--port", "0", "--unixsocket", str(self.folder / "redis.sock"), "--dir", str(self.folder)]
        command = [redis_binary(), *where, "--save", "", "--logfile", str(self.folder / "redis.log")]
        self.process = subprocess.Popen(command)
        until(self.answers, 20, "Redis answers")

    def answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except RedisError:
            return False

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def refuse_writes(self) -> None:
        """A replica of nobody: it reads, and answers READONLY to every write."""
        self.client.replicaof("127.0.0.1", "1")

    def take_writes(self) -> None:
        self.client.replicaof("NO", "ONE")


@dataclass
class Machine:
    """What an experiment starts, kills and looks at."""

    folder: Path
    database_url: str
    engine: Engine
    redis: RedisServer
    sandbox: Sandbox
    platform_url: str
    port: int
    settings: dict[str, str] = field(default_factory=dict)
    programs: list[Program] = field(default_factory=list)

    @property
    def sessions(self) -> db.Sessions:
        return db.sessions(self.engine)

    def web(self) -> Program:
        """The web processes, once they answer."""
        command = [*shlex.split(PROCFILE["web"])[1:-1], str(ROOT / "gunicorn.conf.py"), "-b", f"127.0.0.1:{self.port}"]
        program = self._program("web", ["-m", "gunicorn", *command])
        until(self.is_listening, START_SECONDS, "the web processes answer", program)
        return program

    def worker(self) -> Program:
        return self._program("worker", ["-m", *shlex.split(PROCFILE["worker"])])

    def scheduler(self) -> Program:
        return self._program("scheduler", ["-c", HASTY_SCHEDULER])

    def is_listening(self) -> bool:
        with socket.socket() as found:
            return found.connect_ex(("127.0.0.1", self.port)) == 0

    def calls(self, path: str) -> list[dict[str, Any]]:
        """What was asked of the platforms under this path."""
        calls = self.sandbox.get("/control/calls")["calls"]
        return [call for call in calls if call["direction"] == "in" and call["path"].endswith(path)]

    def _program(self, name: str, arguments: list[str]) -> Program:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis.url,
            "DATA_KEYS": TEST_KEY,
            "OA_API_BASE": f"{self.platform_url}/oa",
            "WECOM_API_BASE": f"{self.platform_url}/wecom",
            **self.settings,
        }
        program = Program(name, [sys.executable, *arguments], environment, self.folder).start()
        self.programs.append(program)
        return program


@contextmanager
def a_machine(database_url: str, folder: Path, config: Config) -> Iterator[Machine]:
    """A migrated database, Redis and sandbox; at the end nothing of it runs any more."""
    app = create_app(config)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # A unix socket's path has little room.
    redis = RedisServer(Path(tempfile.mkdtemp(prefix="rd", dir="/tmp")))
    redis.start()
    engine = db.connect(database_url)
    load_index_key(db.sessions(engine))
    sandbox = Sandbox(app.test_client(), app.extensions["sandbox"])
    base = f"http://127.0.0.1:{server.server_port}"
    machine = Machine(folder, database_url, engine, redis, sandbox, base, free_port())
    try:
        yield machine
    finally:
        for program in machine.programs:
            program.kill()
        engine.dispose()
        redis.kill()
        shutil.rmtree(redis.folder)
        server.shutdown()
        server.server_close()
