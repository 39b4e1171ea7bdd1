"""Where tokens live: in Redis for all processes, in this process, or in both when Redis may go away."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from redis import Redis

from bot.platforms.redis_watch import RedisWatch
from bot.platforms.tokens import Failure, Held, TokenStore

# KEYS token, pause; ARGV token, pause in milliseconds.
_DROP = """
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] or redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], '1', 'PX', ARGV[2])
return 1
"""
# KEYS token; ARGV token, until, life in milliseconds.
_KEEP = """
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'token', ARGV[1], 'until', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
"""
# KEYS lock; ARGV owner.
_UNLOCK = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class RedisTokenStore:
    """Tokens shared by every process. Keys hold the application's name, never token or secret.

    Raises `redis.exceptions.RedisError`. Commands of Redis 6.2.
    """

    def __init__(self, redis: Redis, prefix: str = "bot:token:1:") -> None:
        self._redis = redis
        self._prefix = prefix
        self._drop = redis.register_script(_DROP)
        self._keep = redis.register_script(_KEEP)
        self._unlock = redis.register_script(_UNLOCK)

    def held(self, app: str) -> Held | None:
        token, until = self._redis.hmget(self._key(app, "held"), ["token", "until"])
        if token is None or until is None:
            return None
        return Held(_text(token), datetime.fromisoformat(_text(until)))

    def keep(self, app: str, held: Held, seconds: float) -> None:
        self._keep(keys=[self._key(app, "held")], args=[held.token, held.until.isoformat(), _milliseconds(seconds)])

    def drop(self, app: str, token: str, pause_seconds: float) -> bool:
        keys = [self._key(app, "held"), self._key(app, "pause")]
        return bool(self._drop(keys=keys, args=[token, _milliseconds(pause_seconds)]))

    def failure(self, app: str) -> Failure | None:
        stored = self._redis.get(self._key(app, "failure"))
        return None if stored is None else Failure(**json.loads(_text(stored)))

    def remember(self, app: str, failure: Failure, seconds: float) -> None:
        self._redis.set(self._key(app, "failure"), json.dumps(asdict(failure)), px=_milliseconds(seconds))

    def lock(self, app: str, owner: str, seconds: float) -> bool:
        return bool(self._redis.set(self._key(app, "lock"), owner, nx=True, px=_milliseconds(seconds)))

    def unlock(self, app: str, owner: str) -> None:
        self._unlock(keys=[self._key(app, "lock")], args=[owner])

    def _key(self, app: str, part: str) -> str:
        # The braces keep one application's keys in one slot of a cluster, as scripts need it.
        return f"{self._prefix}{{{app}}}:{part}"


class LocalTokenStore:
    """Tokens of this process alone; threads may share it."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._guard = threading.RLock()
        self._entries: dict[tuple[str, str], tuple[object, float]] = {}

    def held(self, app: str) -> Held | None:
        held = self._get(app, "held")
        return held if isinstance(held, Held) else None

    def keep(self, app: str, held: Held, seconds: float) -> None:
        self._set(app, "held", held, seconds)

    def drop(self, app: str, token: str, pause_seconds: float) -> bool:
        with self._guard:
            held = self.held(app)
            if held is None or held.token != token or self._get(app, "pause"):
                return False
            del self._entries[app, "held"]
            self._set(app, "pause", True, pause_seconds)
            return True

    def failure(self, app: str) -> Failure | None:
        failure = self._get(app, "failure")
        return failure if isinstance(failure, Failure) else None

    def remember(self, app: str, failure: Failure, seconds: float) -> None:
        self._set(app, "failure", failure, seconds)

    def lock(self, app: str, owner: str, seconds: float) -> bool:
        with self._guard:
            if self._get(app, "lock") is not None:
                return False
            self._set(app, "lock", owner, seconds)
            return True

    def unlock(self, app: str, owner: str) -> None:
        with self._guard:
            if self._get(app, "lock") == owner:
                del self._entries[app, "lock"]

    def _get(self, app: str, part: str) -> object | None:
        with self._guard:
            entry, until = self._entries.get((app, part), (None, 0.0))
            return entry if self._monotonic() < until else None

    def _set(self, app: str, part: str, entry: object, seconds: float) -> None:
        with self._guard:
            self._entries[app, part] = (entry, self._monotonic() + seconds)


class ResilientTokenStore:
    """Redis while it works, this process alone while it does not.

    Both platforms give the same token again while it is valid, so an outage of Redis costs one
    fetch per process and no refused call. A failed fetch is remembered here in any case: an
    emptied Redis does not lead to the wrong secret being tried again.
    """

    def __init__(self, shared: TokenStore, local: TokenStore, watch: RedisWatch | None = None) -> None:
        self._shared = shared
        self._local = local
        self._watch = watch or RedisWatch("tokens")

    def held(self, app: str) -> Held | None:
        return self._watch.either(lambda: self._shared.held(app), lambda: self._local.held(app))

    def keep(self, app: str, held: Held, seconds: float) -> None:
        self._watch.either(lambda: self._shared.keep(app, held, seconds), lambda: self._local.keep(app, held, seconds))

    def drop(self, app: str, token: str, pause_seconds: float) -> bool:
        return self._watch.either(
            lambda: self._shared.drop(app, token, pause_seconds),
            lambda: self._local.drop(app, token, pause_seconds),
        )

    def failure(self, app: str) -> Failure | None:
        return self._local.failure(app) or self._watch.either(lambda: self._shared.failure(app), lambda: None)

    def remember(self, app: str, failure: Failure, seconds: float) -> None:
        self._local.remember(app, failure, seconds)
        self._watch.either(lambda: self._shared.remember(app, failure, seconds), lambda: None)

    def lock(self, app: str, owner: str, seconds: float) -> bool:
        return self._watch.either(
            lambda: self._shared.lock(app, owner, seconds), lambda: self._local.lock(app, owner, seconds)
        )

    def unlock(self, app: str, owner: str) -> None:
        self._local.unlock(app, owner)
        self._watch.either(lambda: self._shared.unlock(app, owner), lambda: None)


def _text(stored: bytes | str) -> str:
    """Clients may or may not decode what Redis answers."""
    return stored.decode() if isinstance(stored, bytes) else stored


def _milliseconds(seconds: float) -> int:
    """At least one: Redis refuses a life of nothing."""
    return max(1, int(seconds * 1000))
