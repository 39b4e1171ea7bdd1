"""Rate budgets per account and API: a call over the platform's limit is not made at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from redis import Redis

from bot.errors import RateLimited
from bot.platforms.redis_watch import RedisWatch


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `calls` in any `seconds`, of which `burst` may come at once.

    The bucket holds `burst` and gains `calls - burst` in the time, so that no window of that
    length, wherever it begins, sees more than `calls`.
    """

    calls: int
    seconds: int
    burst: int

    @property
    def per_second(self) -> float:
        """What the bucket gains."""
        return (self.calls - self.burst) / self.seconds


@dataclass(frozen=True, slots=True)
class Rule:
    """Limits of one API: for the whole account, and for each member it goes to."""

    account: tuple[Limit, ...] = ()
    member: tuple[Limit, ...] = ()


_MINUTE, _HOUR = 60, 3600

# WeCom, per corp and API: 10,000 a minute, 150,000 an hour; more blocks the API for that unit.
_WECOM_API = (Limit(10_000, _MINUTE, 2_000), Limit(150_000, _HOUR, 10_000))
# WeCom, application to one member: 30 a minute, 1,000 an hour; more is dropped with errcode 0,
# so nobody would ever know.
_WECOM_MEMBER = (Limit(30, _MINUTE, 15), Limit(1_000, _HOUR, 200))
# Official account, mass sends: 60 a minute.
_MASS = (Limit(60, _MINUTE, 12),)
# Asking for a token: far below the platform's 10,000 a minute; a ceiling against faults of ours.
_TOKEN = (Limit(60, _MINUTE, 20),)
# As of 2026-11-21. The official account's day quotas stand in no table: its 45009 tells them,
# and asking once too often costs nothing there.
WECOM_RULES: Mapping[str, Rule] = {
    "*": Rule(account=_WECOM_API),
    "/cgi-bin/message/send": Rule(account=_WECOM_API, member=_WECOM_MEMBER),
    "/cgi-bin/gettoken": Rule(account=_TOKEN),
}
OFFICIAL_ACCOUNT_RULES: Mapping[str, Rule] = {
    "/cgi-bin/message/mass/send": Rule(account=_MASS),
    "/cgi-bin/message/mass/sendall": Rule(account=_MASS),
    "/cgi-bin/stable_token": Rule(account=_TOKEN),
}

# KEYS buckets; ARGV per bucket: burst, gain per second. Takes one from each, or from none.
# Answers the milliseconds to wait, 0 when taken. Redis' own clock: machines may differ.
_TAKE = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local levels, wait = {}, 0
for i, key in ipairs(KEYS) do
  local burst, gain = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i]) / 1000
  local stored = redis.call('HMGET', key, 'level', 'at')
  local level = burst
  if stored[1] then
    level = math.min(burst, tonumber(stored[1]) + math.max(0, now - tonumber(stored[2])) * gain)
  end
  levels[i] = level
  if level < 1 then wait = math.max(wait, math.ceil((1 - level) / gain)) end
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
  local burst, gain = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i]) / 1000
  redis.call('HSET', key, 'level', string.format('%.6f', levels[i] - 1), 'at', string.format('%d', now))
  redis.call('PEXPIRE', key, math.ceil(burst / gain) + 1000)
end
return 0
"""

Bucket = tuple[str, Limit]


class RedisBuckets:
    """Buckets shared by all processes. Raises `redis.exceptions.RedisError`."""

    def __init__(self, redis: Redis, prefix: str = "bot:budget:1:") -> None:
        self._prefix = prefix
        self._take = redis.register_script(_TAKE)

    def take(self, buckets: Sequence[Bucket]) -> float:
        """Seconds to wait before one can be taken from each; 0: taken."""
        keys = [self._prefix + name for name, _ in buckets]
        args = [number for _, limit in buckets for number in (limit.burst, limit.per_second)]
        return float(self._take(keys=keys, args=args)) / 1000


class LocalBuckets:
    """Buckets of this process alone; threads may share it."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._guard = threading.Lock()
        self._levels: dict[str, tuple[float, float]] = {}

    def take(self, buckets: Sequence[Bucket]) -> float:
        """As `RedisBuckets.take`."""
        with self._guard:
            now = self._monotonic()
            levels = {name: self._level(name, limit, now) for name, limit in buckets}
            wait = max(((1 - levels[name]) / limit.per_second for name, limit in buckets), default=0.0)
            if wait > 0:
                return wait
            self._levels.update({name: (level - 1, now) for name, level in levels.items()})
            return 0.0

    def _level(self, name: str, limit: Limit, now: float) -> float:
        level, at = self._levels.get(name, (float(limit.burst), now))
        return min(float(limit.burst), level + (now - at) * limit.per_second)


class Budgets:
    """Asks the buckets of one account before each call.

    While Redis is away every process keeps its own: the account may then call as often as the
    limit times the number of processes, which the platform answers with 45009.
    """

    def __init__(
        self,
        account: str,
        rules: Mapping[str, Rule],
        redis: Redis | None = None,
        watch: RedisWatch | None = None,
    ) -> None:
        self._account = account
        self._rules = rules
        self._local = LocalBuckets()
        self._shared = RedisBuckets(redis) if redis is not None else None
        self._watch = watch or RedisWatch("budgets")

    def take(self, path: str, members: Iterable[str] = ()) -> None:
        """Take one call out of the budget; raises RateLimited without taking when it is used up."""
        buckets = self._buckets(path, members)
        if not buckets:
            return
        wait = self._wait_seconds(buckets)
        if wait > 0:
            raise RateLimited(None, f"{path}: own budget used up", wait)

    def _wait_seconds(self, buckets: Sequence[Bucket]) -> float:
        shared = self._shared
        if shared is None:
            return self._local.take(buckets)
        return self._watch.either(lambda: shared.take(buckets), lambda: self._local.take(buckets))

    def _buckets(self, path: str, members: Iterable[str]) -> list[Bucket]:
        rule = self._rules.get(path) or self._rules.get("*", Rule())
        whole = [(self._name(path, limit), limit) for limit in rule.account]
        each = [
            (self._name(f"{path}:{member}", limit), limit) for member in dict.fromkeys(members) for limit in rule.member
        ]
        return whole + each

    def _name(self, subject: str, limit: Limit) -> str:
        # The braces keep one account's buckets in one slot of a cluster, as scripts need it.
        return f"{{{self._account}}}:{subject}:{limit.seconds}"
