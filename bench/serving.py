"""One server, one load, one count: the same for every application that is measured."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CLIENTS = 16
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """One run: answers a second, processor milliseconds per message, memory per process."""

    rate: float
    cpu_ms: float
    memory_mb: float
    refused: int


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def server(application: str, environment: Mapping[str, str], log: Path) -> Iterator[tuple[int, int]]:
    """The program's own gunicorn configuration around any application; port and pid."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "-c", "gunicorn.conf.py"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env={**os.environ, **environment, "PORT": str(port)}, stdout=out, stderr=out
        )
        try:
            _wait(port, log)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(20)


def measure(port: int, pid: int, warm: Sequence[bytes], load: Sequence[bytes]) -> Measured:
    """Push everything over keep-alive connections, as fast as the answers come."""
    drive(port, warm)
    before, began = _cpu_seconds(pid), time.perf_counter()
    statuses = drive(port, load)
    seconds = time.perf_counter() - began
    cpu = _cpu_seconds(pid) - before
    refused = sum(status != 200 for status in statuses)
    return Measured(len(load) / seconds, cpu / len(load) * 1000, _memory_mb(pid), refused)


def drive(port: int, load: Sequence[bytes]) -> list[int]:
    """The status of each answer, in no order."""
    statuses: list[int] = []
    clients = [
        threading.Thread(target=_client, args=(port, load[number::CLIENTS], statuses)) for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return statuses


def _client(port: int, load: Sequence[bytes], statuses: list[int]) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for push in load:
            connection.sendall(push)
            statuses.append(_status(connection))


def _status(connection: socket.socket) -> int:
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536)
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return int(head.split(b" ", 2)[1])


def _wait(port: int, log: Path) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"The server did not start:\n{log.read_text()}")


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children]


def _cpu_seconds(pid: int) -> float:
    fields = [Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split() for child in _family(pid)]
    return sum(int(row[11]) + int(row[12]) for row in fields) / TICKS


def _memory_mb(pid: int) -> float:
    """Proportional: pages shared since the fork are counted once among their sharers."""
    sizes = [Path(f"/proc/{child}/smaps_rollup").read_text().split("Pss:")[1].split()[0] for child in _family(pid)]
    return sum(map(int, sizes)) / 1024 / max(1, len(sizes))
