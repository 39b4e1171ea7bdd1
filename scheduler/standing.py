"""The standing scheduler: what each tick does. It looks at the shop's clock; only the ticks are the machine's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.errors import PlatformError
from bot.platforms import Platforms
from crm import db
from crm.errors import Invalid
from crm.services.claims import due_ids, sweep
from crm.services.kf_mail import wanted_accounts
from crm.services.privacy.reapplying import keep_file
from crm.services.privacy.stone_file import StoneFile
from crm.services.waiting import Wish
from scheduler.confirmations import ask_about_tasks
from scheduler.delivery import Courier
from scheduler.errors import Fenced
from scheduler.lease import Leadership
from scheduler.routes import BATCHED, KEYED
from scheduler.run import plan_due
from scheduler.shop import Shop
from scheduler.unionids import ask_for_unionids
from scheduler.waiting_offers import release, tend
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

    def tend(self) -> None:
        """Every twenty seconds: places that ran out and who waits, unionids, our pages' ticket, erasures."""
        if not self.leadership.term:
            return
        try:
            tend(self.shop, self.clock.now(), self.leadership.fence)
        except Fenced:
            log.warning("another scheduler took over")
        ask_for_unionids(self.shop, self.platforms, self.clock.now())
        if self.shop.subscriptions:
            self._keep_ticket()
        if self.shop.stones is not None:
            self._keep_erasures(self.shop.stones)

    def ask(self) -> None:
        """Every ten minutes: tasks that wait for an advisor, and pieces that were set aside for visits now over."""
        if not self.leadership.term:
            return
        ask_about_tasks(self.shop, self.platforms, self.clock.now())
        try:
            release(self.shop, self.clock.now(), self.leadership.fence)
        except Fenced:
            log.warning("another scheduler took over")

    def _keep_erasures(self, stones: StoneFile) -> None:
        try:
            keep_file(self.shop.engine, stones)
        except Invalid as error:  # they stand in the database, and are written as soon as the file can be
            log.error("erasures are not in their file", error=str(error))

    def _keep_ticket(self) -> None:
        try:
            self.platforms.js_tickets.keep()
        except PlatformError as error:  # asked again at the next round; the page shows no button meanwhile
            log.warning("no ticket for pages", error=str(error))

    def _wake(self, ids: Collection[int]) -> None:
        """While Redis is away this process delivers by itself: slower, but nothing waits for Redis."""
        if ids and not self.waker.wake(sorted(ids)):
            self.courier.deliver(ids)
