"""Takes due pushes to the platforms: claim, look once more, call, record."""

from __future__ import annotations

import os
import socket
import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

import structlog

from bot.clock import Clock
from bot.errors import PlatformError, Unreachable, WindowClosed
from bot.platforms import Platforms
from crm import db
from crm.models import DeliveryState
from crm.services.claims import Claimed, claim, due_ids, end_late, is_anything_late
from crm.services.deliveries import FINAL, finish, postpone, reroute
from crm.services.waiting import Wish
from scheduler.batches import Batches
from scheduler.calls import make
from scheduler.checks import Go, Step, next_step
from scheduler.contact_codes import with_code
from scheduler.media import carried_over
from scheduler.outcomes import Again, End, OtherWay, final_state, needs_a_person, outcome_of
from scheduler.records import close_window, end_credit, write_sent
from scheduler.relays import tell_advisor
from scheduler.routes import BATCHED, ServiceRoute
from scheduler.run import Counts
from scheduler.shop import Shop

SUBSCRIPTION = ServiceRoute.SUBSCRIPTION
# Pushes looked up at once.
PAGE = 200
# Pushes beside its own that one wake-up takes along: whoever waited behind them.
TAKEN_ALONG = 20

log = structlog.get_logger("deliveries")


def new_owner() -> str:
    """A name for one claim; never used twice, so that a late answer can't end another's work."""
    return f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex[:16]}"


@dataclass(frozen=True)
class Courier:
    """Delivers what is due. Holds no state: any number may work at once, in threads or processes."""

    shop: Shop
    platforms: Platforms
    clock: Clock

    def deliver(self, ids: Collection[int] | None = None, job: str = "") -> Counts:
        """Deliver due pushes, these or all, until none is left; returns how many ended, and how."""
        passed: Counts = Counter()
        wish = Wish(ids, job)
        while found := self._round(wish):
            passed += found
        if ids is not None:
            passed += self._take_along()
        return Counter({key: count for key, count in passed.items() if key[1] in FINAL})

    def _round(self, wish: Wish) -> Counts:
        """One pass over what is due; empty when there was nothing to do."""
        passed = self._end_late(wish)
        for delivery_id in self._waiting(wish):
            if (claimed := self._claim(replace(wish, ids=[delivery_id], not_routes=BATCHED))) is not None:
                passed[claimed.job, self._carry(claimed)] += 1
        batches = Batches(self.shop, self.platforms, self.clock, new_owner)
        if wish.ids is None or batches.is_waiting(wish.ids):
            passed += batches.deliver(wish.job)
        return passed

    def _end_late(self, wish: Wish) -> Counts:
        now = self.clock.now()
        with db.reading(self.shop.engine) as session:
            if not is_anything_late(session, now):
                return Counter()
        with self.shop.sessions.begin() as session:
            return Counter((row.job, row.state.value) for row in end_late(session, now, wish))

    def _take_along(self) -> Counts:
        """Whoever waited behind the person of a push that was just delivered."""
        passed: Counts = Counter()
        while passed.total() < TAKEN_ALONG:
            with db.reading(self.shop.engine) as session:
                waiting = due_ids(session, self.clock.now(), TAKEN_ALONG)
            if not waiting or not (found := self._round(Wish(waiting))):
                break
            passed += found
        return passed

    def _waiting(self, wish: Wish) -> list[int]:
        with db.reading(self.shop.engine) as session:
            return due_ids(session, self.clock.now(), PAGE, replace(wish, not_routes=BATCHED))

    def _claim(self, wish: Wish) -> Claimed | None:
        """One at a time: a worker that dies leaves one push in doubt, not fifty."""
        claimed = claim(self.shop.sessions, new_owner(), self.clock.now(), 1, wish=wish)
        return claimed[0] if claimed else None

    def _carry(self, row: Claimed) -> str:
        """Take one push as far as it goes; returns its state."""
        step = self._look(row)
        while isinstance(step, Go) and step.call.route not in BATCHED:
            if not self._write_route(row, step):
                return DeliveryState.CLAIMED.value
            following = self._call(row, step)
            if isinstance(following, str):
                return following
            step = following
        return self._put_down(row, step)

    def _look(self, row: Claimed, after: str = "") -> Step:
        with db.reading(self.shop.engine) as session:
            try:
                return next_step(session, self.shop, row, self.clock.now(), after=after)
            except ValueError as error:  # a row that no program of ours can have written
                return End(DeliveryState.FAILED, f"not readable: {error}")

    def _write_route(self, row: Claimed, step: Go) -> bool:
        address = step.call.address
        if (row.route, row.channel, row.account, row.person) == (
            step.call.route,
            step.channel,
            address.account,
            address.person,
        ):
            return True
        way = {"channel": step.channel, "account": address.account, "person": address.person}
        with self.shop.sessions.begin() as session:
            return reroute(session, row.id, row.owner, route=step.call.route, **way)

    def _call(self, row: Claimed, step: Go) -> str | Step:
        """The call itself, with no transaction open; the state it ended in, or what to do next."""
        try:
            call = with_code(self.shop, self.platforms, step.call, self.clock.now())
            done = make(self.platforms, carried_over(self.platforms, call))
        except PlatformError as error:
            return self._after(error, row, step)
        with self.shop.sessions.begin() as session:
            if not write_sent(session, row, step.call, step.channel, done, self.clock.now()):
                log.warning("lease lost while calling", key=row.key, route=step.call.route)
        return done.state.value

    def _after(self, error: PlatformError, row: Claimed, step: Go) -> Step:
        log.log(
            40 if needs_a_person(error) else 30, "call failed", key=row.key, route=step.call.route, error=str(error)
        )
        if isinstance(error, WindowClosed) or (isinstance(error, Unreachable) and step.call.route == SUBSCRIPTION):
            self._believe(step)
        outcome = outcome_of(error, row, step.call.route, self.clock.now())
        if not isinstance(outcome, OtherWay):
            return outcome
        following = self._look(row, after=step.call.route)
        if isinstance(following, End):
            return End(DeliveryState.FAILED, f"{outcome.reason}; {following.reason}")
        return following

    def _believe(self, step: Go) -> None:
        """What the platform says of this person's window or credit holds, not our own count."""
        with self.shop.sessions.begin() as session:
            if step.call.route == SUBSCRIPTION:
                end_credit(session, step.call, self.clock.now())
            else:
                close_window(session, step.channel, step.call, self.clock.now())

    def _put_down(self, row: Claimed, step: Step) -> str:
        with self.shop.sessions.begin() as session:
            match step:
                case End(state=state, reason=reason):
                    state = final_state(row, state)
                    if finish(session, row.id, row.owner, state, reason, self.clock.now()):
                        tell_advisor(session, self.shop, row, reason, self.clock.now())
                    return state.value
                case Again(at=at, reason=reason):
                    postpone(session, [row.id], row.owner, at, reason)
                case Go(call=call, channel=channel):  # carried with many others
                    way = {"route": call.route, "channel": channel}
                    where = {"account": call.address.account, "person": call.address.person}
                    postpone(session, [row.id], row.owner, self.clock.now(), row.reason, **way, **where)
        return DeliveryState.PLANNED.value
