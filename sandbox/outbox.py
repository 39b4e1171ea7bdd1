"""Pushes that wait to go out in the background, and the few threads that carry them."""

import threading
import time
from collections import deque
from collections.abc import Callable

from sandbox.push import Push

# Pushes under way at a time; a slow bot holds up this many, not the sandbox.
CARRIERS = 8


class Outbox:
    """Carriers start when something is laid in and go home when nothing is left."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[tuple[float, Push]] = deque()
        self._under_way = 0
        self.deliver: Callable[[Push], object] | None = None

    def put(self, push: Push, after_seconds: float) -> None:
        """Takes a push; it leaves no earlier than `after_seconds` of real time from now."""
        with self._lock:
            self._waiting.append((time.monotonic() + after_seconds, push))
            if self._under_way >= CARRIERS:
                return
            self._under_way += 1
        self._send_carrier()

    def _send_carrier(self) -> None:
        threading.Thread(target=self._carry, name="carrier", daemon=True).start()

    def _next(self) -> tuple[float, Push] | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._under_way -= 1
            return None

    def _carry(self) -> None:
        try:
            while (waiting := self._next()) is not None:
                due, push = waiting
                time.sleep(max(due - time.monotonic(), 0.0))
                if self.deliver is not None:
                    self.deliver(push)
        except BaseException:
            # Another takes the place of a carrier that broke down; the thread itself shows what broke it.
            self._send_carrier()
            raise
