"""One message in, replies out, inside one transaction.

This module knows no database: it speaks to storage through the Protocols below, which
`handlers/context.py` implements on the CRM.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import structlog

from bot import router, wire
from bot.clock import Clock
from bot.errors import StorageAway
from bot.messages import IncomingMessage, Reply
from bot.router import Route, Table

# Below the platform's 5 s, so that our 503 still reaches it and it pushes again.
PATIENCE_SECONDS = 4.0
# Between two tries of a database that is away: short against a person's patience.
PAUSE_SECONDS = 0.05

log = structlog.get_logger("messages")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message. `state` is the inbox state; `passive` the answer in place."""

    state: str
    handler: str = ""
    reason: str = ""
    replies: tuple[Reply, ...] = ()
    passive: bytes = b""
    later: tuple[Reply, ...] = ()


class Visit(router.Visit, Protocol):
    """One message inside its transaction."""

    @property
    def answered(self) -> Outcome | None:
        """What was answered when this very message came before."""
        ...

    def provide(self, name: str) -> Any:
        """What a handler asks for by parameter name."""
        ...

    def conclude(self, outcome: Outcome) -> None:
        """Write what became of the message; the transaction commits after it."""
        ...

    def wake(self) -> None:
        """After the commit: tell the workers that something is to be delivered."""
        ...


class Desk(Protocol):
    """Where messages are received: one transaction each, one person at a time."""

    def receive(self, message: IncomingMessage, now: datetime) -> AbstractContextManager[Visit]:
        """Raises StorageAway; leaving the block without error commits."""
        ...

    def apology(self, message: IncomingMessage) -> Reply:
        """What a person reads when a handler failed."""
        ...


@dataclass(frozen=True, slots=True)
class Handled:
    """For whoever watches: the message, its outcome, whether it had come before, and how long it took."""

    message: IncomingMessage
    outcome: Outcome
    repeated: bool
    seconds: float


Watcher = Callable[[Handled], None]


@dataclass(slots=True)
class Dispatcher:
    """Takes messages to their handlers."""

    table: Table
    desk: Desk
    clock: Clock
    watchers: list[Watcher] = field(default_factory=list)

    def dispatch(self, message: IncomingMessage) -> Outcome:
        """Handle one message once; raises StorageAway when the database stays away."""
        began = time.perf_counter()
        deadline = began + PATIENCE_SECONDS
        while True:
            try:
                outcome, repeated = self._attempt(message)
                break
            except StorageAway:
                if time.perf_counter() + PAUSE_SECONDS >= deadline:
                    raise
                time.sleep(PAUSE_SECONDS)
        handled = Handled(message, outcome, repeated, time.perf_counter() - began)
        for watch in self.watchers:
            watch(handled)
        return outcome

    def _attempt(self, message: IncomingMessage) -> tuple[Outcome, bool]:
        try:
            return self._receive(message, self._answer)
        except StorageAway:
            raise
        except Exception as error:  # boundary: a handler's fault must not become silence or a retry storm
            # Everything the handler did went with its transaction; this one keeps the reason.
            log.exception("handler failed", key=message.key, channel=message.channel)
            reason = type(error).__name__
            return self._receive(message, lambda visit: self._sorry(visit, reason))

    def _receive(self, message: IncomingMessage, answer: Callable[[Visit], Outcome]) -> tuple[Outcome, bool]:
        with self.desk.receive(message, self.clock.now()) as visit:
            if visit.answered is not None:
                return visit.answered, True
            outcome = answer(visit)
            visit.conclude(outcome)
        visit.wake()
        return outcome, False

    def _answer(self, visit: Visit) -> Outcome:
        for route in self.table.matching(visit):
            answer = self._call(route, visit)
            if answer is not None:
                return self._outcome(visit, "answered", route.name, router.as_replies(answer))
        return Outcome("stored", reason="nobody answers this kind")

    def _call(self, route: Route, visit: Visit) -> router.Replies:
        return route.handler(*map(visit.provide, route.wants))

    def _sorry(self, visit: Visit, reason: str) -> Outcome:
        return self._outcome(visit, "failed", "", (self.desk.apology(visit.message),), reason)

    def _outcome(self, visit: Visit, state: str, handler: str, replies: tuple[Reply, ...], reason: str = "") -> Outcome:
        """The first reply answers in place where it can; what can't goes later, in order."""
        first = wire.passive(replies[0], visit.message, self.clock.now()) if replies else b""
        later = replies if first is None else replies[1:]
        return Outcome(state, handler, reason, replies, first or b"", later)
