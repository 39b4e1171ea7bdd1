"""The program as `make run` starts it, in a copy of the tree, so that its `var/` is its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from settings import Settings

ROOT = Path(__file__).parents[2]
# What the program does not need, and what belongs to somebody's own run of it.
LEFT_OUT = {".git", ".venv", ".env", "var", "tests", "bench", "docs"}
# Names of other processes' settings that must not reach this program, beside the settings themselves.
FOREIGN = {"PORT", "BOT_URL", "PROMETHEUS_MULTIPROC_DIR", "SANDBOX_HOST", "SANDBOX_STATE", "SANDBOX_PEOPLE"}
HOST = "127.0.0.1"
# Seconds: two cores that run another half of the suite beside this.
START_SECONDS, STOP_SECONDS, COMMAND_SECONDS = 90, 30, 60


class Program:
    """One installation; `start` and `stop` may follow each other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "shop"
        self.log = folder / "run.log"
        self.port, self.sandbox_port = free_ports()
        self._process: subprocess.Popen[bytes] | None = None
        shutil.copytree(ROOT, self.folder, ignore=_left_out)

    @property
    def page(self) -> str:
        return f"http://{HOST}:{self.sandbox_port}/"

    def start(self) -> float:
        """Seconds until web and sandbox answer."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "launcher.py"],
                cwd=self.folder,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        for address in (f"http://{HOST}:{self.port}/healthz", f"{self.page}clock"):
            self._wait_for(address, began + START_SECONDS)
        return time.monotonic() - began

    def stop(self) -> int:
        """Ctrl-C, as a terminal sends it to the whole group; the exit code."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGINT)
        try:
            return self._process.wait(STOP_SECONDS)
        finally:
            self._process = None

    def is_running(self) -> bool:
        return self._process is not None

    def left_over(self) -> list[str]:
        """Command lines of processes that still work in this copy of the tree (empty where there is no /proc)."""
        return [" ".join(_words(one)) for one in self._own()]

    def end_what_is_left(self) -> None:
        """After a failure: nothing of this program outlives the tests."""
        for one in self._own():
            os.kill(int(one.name), signal.SIGKILL)

    def flask(self, *words: str) -> Any:
        """What a command prints, read as JSON."""
        return json.loads(self.run(sys.executable, "-m", "flask", *words))

    def run(self, *words: str) -> str:
        """What a command prints; its stderr is in the failure."""
        done = subprocess.run(
            words, cwd=self.folder, env=self._environment(), capture_output=True, text=True, timeout=COMMAND_SECONDS
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _environment(self) -> dict[str, str]:
        """As of a shell in which nothing was set but the two ports; commands find the sandbox's clock by it."""
        settings = {name.upper() for name in Settings.model_fields} | FOREIGN
        kept = {name: value for name, value in os.environ.items() if name not in settings}
        ports = {"PORT": str(self.port), "SANDBOX_PORT": str(self.sandbox_port)}
        return {**kept, **ports, "CLOCK_URL": f"{self.page}clock"}

    def _wait_for(self, address: str, until: float) -> None:
        assert self._process is not None
        while time.monotonic() < until and self._process.poll() is None:
            try:
                urllib.request.urlopen(address, timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"{address} does not answer:\n{self.log.read_text()[-3000:]}")

    def _own(self) -> Iterator[Path]:
        for one in Path("/proc").glob("[0-9]*"):
            try:
                if (one / "cwd").readlink().is_relative_to(self.folder):
                    yield one
            except OSError:
                continue  # it ended while we looked, or it is somebody else's


@contextmanager
def installed(folder: Path) -> Iterator[Program]:
    """A started program; at the end it stops with exit code 0 and leaves no process behind."""
    program = Program(folder)
    try:
        program.start()
        yield program
        if program.is_running():
            code = program.stop()
            assert code == 0, f"stopped with {code}:\n{program.log.read_text()[-3000:]}"
        assert not program.left_over(), program.left_over()
    finally:
        program.end_what_is_left()


def free_ports() -> tuple[int, int]:
    """Two ports that nobody listens on."""
    with socket.socket() as one, socket.socket() as other:
        one.bind((HOST, 0))
        other.bind((HOST, 0))
        return one.getsockname()[1], other.getsockname()[1]


def _left_out(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name in LEFT_OUT or name.endswith("_cache")} if Path(folder) == ROOT else set()


def _words(process: Path) -> list[str]:
    return (process / "cmdline").read_bytes().decode().split("\0")
