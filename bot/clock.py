"""The only source of "now" in the program."""

from __future__ import annotations

import json
import os
import threading
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

# Seconds between two looks at CLOCK_URL: "followed by every process within a second".
POLL_SECONDS = 0.5


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved: for `run-due --at` and for tests."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def move(self, **by: float) -> None:
        """Go on by `timedelta(**by)`."""
        self._at += timedelta(**by)


class FollowedClock:
    """Follows a clock served over HTTP (the sandbox's); only for development.

    One daemon thread asks twice a second; between two answers, and while the server is
    silent, the last offset to the machine's clock goes on. `now()` never touches the network.
    """

    def __init__(self, url: str, fetch: Callable[[str], datetime] | None = None) -> None:
        self._url = url
        self._fetch = fetch or fetch_now
        self._offset = timedelta(0)
        self._follow_once()
        self._start()
        os.register_at_fork(after_in_child=self._start)  # threads do not survive a fork

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def _start(self) -> None:
        threading.Thread(target=self._follow, name="clock", daemon=True).start()

    def _follow(self) -> None:
        while True:
            time.sleep(POLL_SECONDS)
            self._follow_once()

    def _follow_once(self) -> None:
        try:
            self._offset = self._fetch(self._url) - datetime.now(UTC)
        except (OSError, ValueError, KeyError, TypeError):
            return  # silent or talking nonsense: the last offset stays


def fetch_now(url: str) -> datetime:
    """Ask a clock server for its moment; raises OSError, ValueError, KeyError or TypeError."""
    with urllib.request.urlopen(url, timeout=1) as answer:
        return datetime.fromisoformat(json.load(answer)["now"]).astimezone(UTC)
