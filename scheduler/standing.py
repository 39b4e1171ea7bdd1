"""The standing scheduler: what each tick does. It looks at the shop's clock; only the ticks are the machine's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.platforms import Platforms
from crm import db
from crm.services.claims import due_ids, sweep
from crm.services.kf_mail import wanted_accounts
from crm.services.waiting import Wish
from scheduler.confirmations import ask_about_tasks
from scheduler.delivery import Courier
from scheduler.errors import Fenced
from scheduler.lease import Leadership
from scheduler.routes import BATCHED, KEYED
from scheduler.run import plan_due
from scheduler.shop import Shop
from scheduler.waking import Waker

# A row that ends within this time is looked at every second: welcome codes live 20 s.
URGENT = timedelta(seconds=30)
URGENT_ROWS = 100

log = structlog.get_logger("scheduler")


@dataclass(frozen=True)
class Standing:
    """One scheduler process; only the one with the lease does anything."""

    shop: Shop
    platforms: Platforms
    clock: Clock
    leadership: Leadership
    waker: Waker
    courier: Courier

    def plan(self) -> None:
        """Every five seconds: keep the lease and plan what fell due."""
        if not self.leadership.acquire():
            return
        try:
            for job, planned in plan_due(self.shop, self.clock.now(), self.leadership.fence):
                log.info("planned", job=job, **planned.states)
                self._wake(planned.ids)
        except Fenced:
            log.warning("another scheduler took over")

    def hurry(self) -> None:
        """Every second: what is useful for seconds only, and customer service that waits to be pulled."""
        if not self.leadership.term:
            return
        now = self.clock.now()
        with db.reading(self.shop.engine) as session:
            urgent = due_ids(session, now, URGENT_ROWS, Wish(ends_by=now + URGENT))
            accounts = wanted_accounts(session)
        self._wake(urgent)
        for account in accounts:
            self.waker.pull(account)

    def sweep(self) -> None:
        """Every thirty seconds: rows whose worker died or whose wake-up was lost."""
        if not self.leadership.term:
            return
        with self.shop.sessions.begin() as session:
            found = sweep(session, self.clock.now(), KEYED, BATCHED)
        if found.unknown:
            log.error("outcome unknown, not sent again", deliveries=found.unknown)
        self._wake(found.due)

    def ask(self) -> None:
        """Every ten minutes: tasks that wait for an advisor."""
        if self.leadership.term:
            ask_about_tasks(self.shop, self.platforms, self.clock.now())

    def _wake(self, ids: Collection[int]) -> None:
        """While Redis is away this process delivers by itself: slower, but nothing waits for Redis."""
        if ids and not self.waker.wake(sorted(ids)):
            self.courier.deliver(ids)
