"""One HTTP exchange with a platform: send, read within limits, decode, check the error number."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from bot.clock import Clock
from bot.errors import PlatformError, RateLimited
from bot.platforms.calls import CONNECT_SECONDS, Answer, Request
from bot.platforms.errcodes import Family, error_class
from bot.platforms.faults import MINUTE, connection_error, seconds_to_midnight, status_error, unclear
from bot.platforms.scrubbing import guard_http_logs, scrub

# Connections kept per process and host: threads of a worker (8) with room to spare.
POOL_SIZE = 16
# Characters of the platform's own words kept in an error.
MESSAGE_CHARS = 300
# Bytes read at a time from an answer.
CHUNK_BYTES = 64 * 1024
# Quotas of the official account that open again at midnight: a day's calls, mass sends.
DAILY_CODES = frozenset({45009, 45028})
# Where the platforms keep what their API does not answer itself; pictures of contact codes lie at wework.qpic.cn.
PLATFORM_DOMAINS = (".qq.com", ".qpic.cn")
# Stands for an error number that is no number; no platform uses it.
UNREADABLE_CODE = -2

# Called after each exchange with path, outcome ("ok" or the name of the error's class), seconds.
OnCall = Callable[[str, str, float], None]

# A JSON object in place of a file that holds one of these is the platform speaking.
_SPOKEN = frozenset({"errcode", "video_url"})


class Exchange:
    """The HTTP side of one platform; threads may share it."""

    def __init__(self, base_url: str, family: Family, clock: Clock, on_call: OnCall | None = None) -> None:
        guard_http_logs()
        self._base_url = base_url.rstrip("/")
        self._family = family
        self._clock = clock
        self._on_call = on_call or _tell_nobody
        self._session = requests.Session()
        pool = HTTPAdapter(pool_connections=POOL_SIZE, pool_maxsize=POOL_SIZE, max_retries=0)
        self._session.mount("http://", pool)
        self._session.mount("https://", pool)

    def call(self, request: Request) -> Answer:
        """Make the call, once.

        Raises a `PlatformError`: NotSent when it never left, OutcomeUnknown when a call that must
        not be doubled may have been done, Busy when a repeatable one got no usable answer,
        otherwise the class of the answer's error number.
        """
        started = time.monotonic()
        outcome = "ok"
        try:
            return self._decoded(request, *self._send(request, started))
        except PlatformError as error:
            outcome = type(error).__name__
            raise
        finally:
            self._on_call(request.path, outcome, time.monotonic() - started)

    def may_fetch(self, address: str) -> bool:
        """Whether an address outside the API is the platform's own, so that nobody sends us elsewhere."""
        parts = urlsplit(address)
        host = parts.hostname or ""
        own = host.endswith(PLATFORM_DOMAINS) or host == urlsplit(self._base_url).hostname
        return own and parts.scheme in ("http", "https")

    def _send(self, request: Request, started: float) -> tuple[Mapping[str, str], bytes]:
        try:
            with self._session.request(
                request.method,
                request.elsewhere or self._base_url + request.path,
                params=request.query,
                data=_encoded(request.body),
                files={"media": request.file} if request.file else None,
                headers={"Content-Type": "application/json"} if request.body is not None else None,
                timeout=(CONNECT_SECONDS, request.silence_seconds),
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code != requests.codes.ok:
                    raise status_error(request, response.status_code)
                return response.headers, _read(request, response, started)
        except requests.RequestException as error:
            failure = connection_error(request, error)
        # Raised outside the handler: the library's error holds the address with the token.
        raise failure

    def _decoded(self, request: Request, headers: Mapping[str, str], body: bytes) -> Answer:
        fields = None if request.downloads and "Content-Disposition" in headers else _fields(body)
        if request.downloads and (fields is None or _SPOKEN.isdisjoint(fields)):
            return Answer(content=body, content_type=headers.get("Content-Type", "").partition(";")[0].strip())
        if fields is None:
            raise unclear(request, "the answer is not a JSON object")
        self._check(request, fields)
        return Answer(fields=fields)

    def _check(self, request: Request, fields: Mapping[str, Any]) -> None:
        errcode = _errcode(fields)
        if errcode == 0 or errcode in request.accepted:
            return
        message = f"{request.path}: {scrub(str(fields.get('errmsg', '')))[:MESSAGE_CHARS]}"
        kind = error_class(self._family, errcode)
        if issubclass(kind, RateLimited):
            raise kind(errcode, message, self._wait_seconds(errcode))
        raise kind(errcode, message)

    def _wait_seconds(self, errcode: int) -> float:
        daily = self._family is Family.OFFICIAL_ACCOUNT and errcode in DAILY_CODES
        return seconds_to_midnight(self._clock.now()) if daily else MINUTE


def _tell_nobody(path: str, outcome: str, seconds: float) -> None:
    """Where nobody counts calls."""


def _encoded(body: Mapping[str, Any] | None) -> bytes | None:
    """UTF-8 without `\\u` escapes, which the official account shows literally; lone surrogates as `?`."""
    if body is None:
        return None
    return json.dumps(body, ensure_ascii=False).encode("utf-8", errors="replace")


def _read(request: Request, response: requests.Response, started: float) -> bytes:
    """The body; raises when it is larger or slower than allowed."""
    latest = started + CONNECT_SECONDS + 2 * request.silence_seconds
    body = bytearray()
    for chunk in response.iter_content(CHUNK_BYTES):
        body += chunk
        if len(body) > request.answer_bytes:
            raise unclear(request, f"the answer is larger than {request.answer_bytes} bytes")
        if time.monotonic() > latest:
            raise unclear(request, "the answer comes too slowly")
    return bytes(body)


def _fields(body: bytes) -> dict[str, Any] | None:
    try:
        decoded = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return decoded if isinstance(decoded, dict) else None


def _errcode(fields: Mapping[str, Any]) -> int:
    try:
        return int(fields.get("errcode") or 0)
    except (TypeError, ValueError):
        return UNREADABLE_CODE
