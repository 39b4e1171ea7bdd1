"""Both platforms on a loopback port, strict about tokens and bodies; answers are scripted per path."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

APP_ID, APP_SECRET = "wx5a1b2c3d4e5f6071", "oa-secret-value"
CORP_ID, CORP_SECRET, AGENT_ID = "ww0123456789abcdef", "wecom-secret-value", 1000002
TOKEN_PATHS = ("/cgi-bin/stable_token", "/cgi-bin/gettoken")
OK = {"errcode": 0, "errmsg": "ok"}


@dataclass(frozen=True)
class Raw:
    """An answer that is not plain JSON with status 200."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Late:
    """The answer comes after some seconds."""

    seconds: float
    answer: Mapping[str, Any] = field(default_factory=lambda: OK)


class Reset:
    """The work is done, then the connection is cut."""


@dataclass(frozen=True)
class Call:
    """What the platform was asked."""

    method: str
    path: str
    query: Mapping[str, str]
    raw: bytes
    headers: Mapping[str, str]

    @property
    def body(self) -> dict[str, Any]:
        decoded: dict[str, Any] = json.loads(self.raw)
        return decoded


class FakePlatform:
    """`family` "oa" or "wecom" decides the words for a bad token and the secret that counts."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.calls: list[Call] = []
        self.token_always_bad = False
        self.bad_token_code = 40001
        self.token_seconds = 7200
        self.token_pause = 0.0
        self.secrets = {APP_SECRET, CORP_SECRET}
        self._generation = 1
        self._scripts: dict[str, deque[Any]] = {}
        self._guard = threading.Lock()

    def script(self, path: str, *answers: Any) -> None:
        """The next answers of this path, then the last one for ever."""
        self._scripts["/cgi-bin" + path] = deque(answers)

    def revoke_token(self) -> None:
        """The token of this moment is dead at once."""
        self._generation += 1

    @property
    def token(self) -> str:
        return f"TOKEN_{self._generation}"

    def calls_of(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path == "/cgi-bin" + path]

    @property
    def last(self) -> Call:
        return self.calls[-1]

    @property
    def token_fetches(self) -> int:
        return sum(call.path in TOKEN_PATHS for call in self.calls)

    @property
    def other_calls(self) -> list[Call]:
        return [call for call in self.calls if call.path not in TOKEN_PATHS]

    def answer(self, call: Call) -> Any:
        with self._guard:
            self.calls.append(call)
        if call.path in TOKEN_PATHS and call.path not in self._scripts:
            return self._give_token(call)
        if call.path not in TOKEN_PATHS and (refusal := self._refusal(call)):
            return refusal
        script = self._scripts.get(call.path)
        if script is None:
            return OK
        with self._guard:
            return script.popleft() if len(script) > 1 else script[0]

    def _give_token(self, call: Call) -> Any:
        time.sleep(self.token_pause)
        secret = call.query.get("corpsecret") or call.body.get("secret")
        if secret not in self.secrets:
            return {"errcode": 40001, "errmsg": f"invalid credential {call.query} rid: 1-2-3"}
        return {"errcode": 0, "access_token": self.token, "expires_in": self.token_seconds}

    def _refusal(self, call: Call) -> Any:
        given = call.query.get("access_token")
        if not given:
            return {"errcode": 41001, "errmsg": "access_token missing rid: 1-2-3"}
        if given != self.token or self.token_always_bad:
            return {"errcode": self.bad_token_code, "errmsg": f"bad access_token={given} rid: 1-2-3"}
        if re.search(rb"\\u[0-9a-f]{4}", call.raw):
            return {"errcode": 40033, "errmsg": "invalid charset: \\u escapes"}
        return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: two would wait for each other 40 ms
    platform: FakePlatform

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = self.platform.answer(Call(self.command, parts.path, query, raw, dict(self.headers)))
        if isinstance(answer, Reset):
            self._cut()
            return
        if isinstance(answer, Late):
            time.sleep(answer.seconds)
            answer = answer.answer
        if not isinstance(answer, Raw):
            answer = Raw(json.dumps(answer).encode(), headers={"Content-Type": "application/json; encoding=utf-8"})
        self._write(answer)

    def _write(self, answer: Raw) -> None:
        try:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
        except OSError:
            self.close_connection = True  # the caller gave up

    def _cut(self) -> None:
        """A reset, not a polite end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True
        self.rfile = self.wfile = _Nowhere()  # type: ignore[assignment]


class _Nowhere:
    closed = True

    def flush(self) -> None:
        """Nothing to write to any more."""

    def close(self) -> None:
        """Closed already."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def shutdown_request(self, request: Any) -> None:
        try:
            super().shutdown_request(request)
        except OSError:
            return


@contextmanager
def fake_platform() -> Iterator[FakePlatform]:
    server = _Server(("127.0.0.1", 0), _Handler)
    platform = FakePlatform(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("_BoundHandler", (_Handler,), {"platform": platform})
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
