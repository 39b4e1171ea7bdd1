"""Tells whether Redis can be used, so that one dead server does not slow every call."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from redis.exceptions import RedisError

# Seconds for which Redis is left alone after it failed: each attempt may cost its own time-out.
AWAY_SECONDS = 5.0

T = TypeVar("T")

_log = logging.getLogger(__name__)


class RedisWatch:
    """Uses Redis while it answers and does its writes, and something else for a while after it failed.

    Every error of Redis counts: away, starting, read-only, out of memory, disk full. None of them
    may stop a message.
    """

    def __init__(self, name: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._monotonic = monotonic
        self._away_until = float("-inf")

    def either(self, redis: Callable[[], T], local: Callable[[], T]) -> T:
        """What `redis` answers, or `local` when Redis fails or failed a moment ago."""
        if self._monotonic() < self._away_until:
            return local()
        try:
            return redis()
        except RedisError as error:
            self._away_until = self._monotonic() + AWAY_SECONDS
            _log.warning("%s go on without Redis for %.0f s: %s", self._name, AWAY_SECONDS, type(error).__name__)
            return local()
