"""Access tokens: one fetch for all processes, dropped when refused, never asked for in a loop."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import Clock
from bot.errors import Busy, Misconfigured, NotSent, OutcomeUnknown, PlatformError, RateLimited, TokenRejected

# Seconds before its end at which a token is no longer handed out: longer than any call, shorter
# than the 5 minutes in which the official account already gives the next one.
EARLY_SECONDS = 60
# Seconds for which even a nearly ended token is kept: WeCom goes on giving it out until the end.
SHORTEST_SECONDS = 10
# Seconds for which a wrong secret or address is remembered by all processes: WeCom blocks an
# address for an hour after repeated wrong secrets, and no secret mends itself.
WRONG_SECRET_SECONDS = 600
# Seconds for which a failed fetch counts for those who waited for it: they shall not queue up
# behind a platform that is away.
FAILED_FETCH_SECONDS = 2
# Seconds between two tokens dropped because the platform refused them: a storm of refusals
# costs one fetch, a platform that refuses everything two in a minute.
REJECTION_PAUSE_SECONDS = 30
# Seconds after which another process may fetch when the one that began does not end: above
# the longest exchange (connect and answer, 19 s).
LOCK_SECONDS = 25
# Seconds a caller waits for the fetch of another one: a dead one's lock has ended by then.
WAIT_SECONDS = 27.0
# Seconds between two looks while waiting: far below the time of a fetch.
POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Grant:
    """A token as the platform gave it."""

    token: str = field(repr=False)
    expires_in: float


@dataclass(frozen=True, slots=True)
class Held:
    """A token that is kept; `until` is the last moment at which it is handed out."""

    token: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Failure:
    """A fetch that failed: `kind` is a key of `_KINDS`, `credential` the secret's fingerprint."""

    kind: str
    errcode: int | None
    message: str
    credential: str
    wait_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Credential:
    """What one application gets its token with. `app` names it in keys and logs: no secret in it."""

    app: str
    secret: str = field(repr=False)
    fetch: Callable[[], Grant] = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """Tells one secret of this application from another without giving it away (32 bits)."""
        return hashlib.sha256(f"{self.app}\0{self.secret}".encode()).hexdigest()[:8]


class TokenStore(Protocol):
    """Where tokens live. All seconds are real ones; every method may be called at any time."""

    def held(self, app: str) -> Held | None:
        """The token of this application, ended or not."""
        ...

    def keep(self, app: str, held: Held, seconds: float) -> None:
        """Keep it, for these seconds at most."""
        ...

    def drop(self, app: str, token: str, pause_seconds: float) -> bool:
        """Drop this very token, at most once in the pause. Whether it was dropped."""
        ...

    def failure(self, app: str) -> Failure | None:
        """The last failed fetch, while it counts."""
        ...

    def remember(self, app: str, failure: Failure, seconds: float) -> None:
        """Let a failed fetch count for these seconds."""
        ...

    def lock(self, app: str, owner: str, seconds: float) -> bool:
        """Become the one who fetches."""
        ...

    def unlock(self, app: str, owner: str) -> None:
        """Let others fetch, if this owner still holds the lock."""
        ...


class TokenService:
    """Hands out tokens; threads and processes that share a store share one fetch."""

    def __init__(
        self,
        store: TokenStore,
        clock: Clock,
        credentials: Iterable[Credential],
        on_fetch: Callable[[str, str], None] | None = None,
    ) -> None:
        """`on_fetch` is called with app and outcome ("ok" or the error's class name)."""
        self._store = store
        self._clock = clock
        self._credentials = {credential.app: credential for credential in credentials}
        self._on_fetch = on_fetch or (lambda app, outcome: None)

    def token(self, app: str) -> str:
        """A token for this application.

        Raises Misconfigured when secret or address are refused (from memory for ten minutes),
        RateLimited, NotSent or Busy when none can be had now. Nothing was sent in either case.
        """
        credential = self._credentials[app]
        owner = uuid.uuid4().hex
        latest = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < latest:
            if token := self._usable(credential):
                return token
            if self._store.lock(app, owner, LOCK_SECONDS):
                try:
                    return self._usable(credential) or self._fetch(credential)
                finally:
                    self._store.unlock(app, owner)
            time.sleep(POLL_SECONDS)
        raise Busy(None, f"{app}: the token that another process fetches does not come")

    def reject(self, app: str, token: str) -> None:
        """The platform refused this token: drop it, unless another one took its place already."""
        self._store.drop(app, token, REJECTION_PAUSE_SECONDS)

    def _usable(self, credential: Credential) -> str | None:
        held = self._store.held(credential.app)
        if held is not None and self._clock.now() < held.until:
            return held.token
        failure = self._store.failure(credential.app)
        if failure is not None and failure.credential == credential.fingerprint:
            raise _as_error(failure)
        return None

    def _fetch(self, credential: Credential) -> str:
        try:
            grant = credential.fetch()
        except PlatformError as error:
            failure, seconds = _as_failure(error, credential.fingerprint)
            self._on_fetch(credential.app, failure.kind)
            self._store.remember(credential.app, failure, seconds)
            raise _as_error(failure) from error
        self._on_fetch(credential.app, "ok")
        seconds = max(grant.expires_in - EARLY_SECONDS, min(grant.expires_in, SHORTEST_SECONDS))
        held = Held(grant.token, self._clock.now() + timedelta(seconds=seconds))
        self._store.keep(credential.app, held, seconds)
        return grant.token


# As what a failed fetch comes to those who wanted to call. The call itself never left, so an
# unclear fetch is NotSent; at this place 40001 means that the secret is wrong.
_KINDS: dict[str, type[PlatformError]] = {
    "Misconfigured": Misconfigured,
    "RateLimited": RateLimited,
    "NotSent": NotSent,
    "Busy": Busy,
    "PlatformError": PlatformError,
}
_SEEN_AS: dict[type[PlatformError], str] = {TokenRejected: "Misconfigured", OutcomeUnknown: "NotSent"}


def _as_failure(error: PlatformError, fingerprint: str) -> tuple[Failure, float]:
    """What to remember of a failed fetch, and for how many seconds."""
    name = _SEEN_AS.get(type(error), type(error).__name__)
    kind = name if name in _KINDS else "PlatformError"
    wait = error.wait_seconds if isinstance(error, RateLimited) else 0.0
    seconds = {"Misconfigured": float(WRONG_SECRET_SECONDS), "RateLimited": min(wait, WRONG_SECRET_SECONDS)}
    failure = Failure(kind, error.errcode, error.message, fingerprint, wait)
    return failure, seconds.get(kind, FAILED_FETCH_SECONDS)


def _as_error(failure: Failure) -> PlatformError:
    if failure.kind == "RateLimited":
        return RateLimited(failure.errcode, failure.message, failure.wait_seconds)
    return _KINDS[failure.kind](failure.errcode, failure.message)
