"""Gathers the marketing that one call can carry to many, and looks at each person once more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from sqlalchemy import func, select

from bot.clock import Clock
from bot.platforms import Platforms
from crm import db
from crm.models import Delivery, DeliveryState
from crm.services.claims import UNCLEAR, Claimed, claim, claim_send
from crm.services.deliveries import finish, postpone
from crm.services.waiting import Wish
from scheduler.checks import marketing_objection, skipped_routes
from scheduler.outcomes import Again, End, final_state
from scheduler.permission import objections
from scheduler.reach import reach_of
from scheduler.routes import BATCHED, MarketingRoute, NoWay, Reach, Way, cheaper_than, marketing_way
from scheduler.run import Counts
from scheduler.sends import LEAST, MOST, MOST_ON_A_LIST, ManyCall, Passenger
from scheduler.shop import Shop

# Rows of one claim: some 100 ms of the one writer that SQLite has.
ROWS_PER_CLAIM = 1000
# Seconds that claims for many hold: claiming, looking and writing ten thousand takes its time.
LEASE_SECONDS = 300
# People looked at together.
PEOPLE_PER_LOOK = 500
# How long a repeated call waits for the rest of its people.
GATHERING = timedelta(seconds=15)

NOT_AGAIN = End(DeliveryState.UNKNOWN, f"{UNCLEAR}asking again is no longer possible")
ALONE = "a mass send takes two people"


@dataclass(frozen=True)
class Batches:
    """Delivers what travels by `routes.BATCHED`: marketing only, the same words to many."""

    shop: Shop
    platforms: Platforms
    clock: Clock
    new_owner: Callable[[], str]

    def deliver(self, job: str = "") -> Counts:
        """First calls whose outcome nobody knows, with the same key; then new ones."""
        ended: Counts = Counter()
        for send_id in self._interrupted(job):
            ended += self._repeat(send_id)
        while rows := self._claim(job):
            ended += self._carry(rows)
        return ended

    def is_waiting(self, ids: Iterable[int]) -> bool:
        """Whether one of these pushes travels with many."""
        waiting = select(Delivery.id).where(
            Delivery.id.in_(list(ids)), Delivery.route.in_(BATCHED), Delivery.state == DeliveryState.PLANNED
        )
        with db.reading(self.shop.engine) as session:
            return session.scalar(waiting.limit(1)) is not None

    def _claim(self, job: str) -> list[Claimed]:
        owner, rows = self.new_owner(), list[Claimed]()
        wish = Wish(job=job, routes=BATCHED, without_call=True)
        while len(rows) < MOST:
            limit = min(ROWS_PER_CLAIM, MOST - len(rows))
            now = self.clock.now()
            more = claim(self.shop.sessions, owner, now, limit, wish=wish, lease_seconds=LEASE_SECONDS)
            if not more:
                break
            rows += more
        return rows

    def _carry(self, rows: Sequence[Claimed]) -> Counts:
        ended: Counts = Counter()
        going: list[Passenger] = []
        for found in self._look(rows):
            if isinstance(found, Passenger) and found.way.route == found.row.route:
                going.append(found)
            elif isinstance(found, Passenger):
                ended[found.row.job, self._other_way(found, found.way)] += 1
            else:
                ended[found[0].job, self._put_down(*found)] += 1
        for people in _same_call(going):
            ended += self._call(people)
        return ended

    def _look(self, rows: Sequence[Claimed]) -> Iterator[Passenger | tuple[Claimed, Again | End]]:
        """Consent, cap, quiet hours and the way of each, a few hundred people at a time."""
        for start in range(0, len(rows), PEOPLE_PER_LOOK):
            part = rows[start : start + PEOPLE_PER_LOOK]
            ids = [row.customer_id for row in part if row.customer_id is not None]
            besides, now = [row.id for row in part], self.clock.now()
            with db.reading(self.shop.engine) as session:
                reasons = objections(session, self.shop, ids, now, besides=besides)
                reach = reach_of(session, self.shop, ids, now, besides=besides)
            for row in part:
                objection = marketing_objection(self.shop, row, reasons, now)
                if objection is not None or row.customer_id is None:
                    yield row, objection or End(DeliveryState.SKIPPED, "")
                else:
                    yield self._passenger(row, reach[row.customer_id])

    def _passenger(self, row: Claimed, reach: Reach) -> Passenger | tuple[Claimed, End]:
        way = marketing_way(reach, self.clock.now(), skip=skipped_routes(row, ""))
        if isinstance(way, NoWay):
            return row, End(DeliveryState.SKIPPED, way.reason)
        return Passenger(row, way, reach)

    def _call(self, people: Sequence[Passenger]) -> Counts:
        if _too_few(people):
            return Counter((each.row.job, self._next_way(each, ALONE)) for each in people)
        result = ManyCall(self.shop, self.platforms, self.clock).make(people)
        ended = result.ended
        for each in result.stranded:
            ended[each.row.job, self._next_way(each, result.reason)] += 1
        return ended

    def _next_way(self, passenger: Passenger, reason: str) -> str:
        """Down the ladder, or the end."""
        route = passenger.way.route
        way = marketing_way(passenger.reach, self.clock.now(), skip=cheaper_than(route) | {route})
        if isinstance(way, NoWay):
            return self._put_down(passenger.row, End(DeliveryState.FAILED, f"{reason}; {way.reason}"))
        return self._other_way(passenger, way)

    def _other_way(self, passenger: Passenger, way: Way) -> str:
        changes = {"route": way.route.value, "channel": way.channel.value, "send_id": None}
        address = {"account": way.address.account, "person": way.address.person}
        row = passenger.row
        with self.shop.sessions.begin() as session:
            postpone(session, [row.id], row.owner, self.clock.now(), row.reason, **changes, **address)
        return DeliveryState.PLANNED.value

    def _put_down(self, row: Claimed, step: Again | End) -> str:
        with self.shop.sessions.begin() as session:
            if isinstance(step, Again):
                postpone(session, [row.id], row.owner, step.at, step.reason)
                return DeliveryState.PLANNED.value
            state = final_state(row, step.state)
            finish(session, row.id, row.owner, state, step.reason, self.clock.now())
            return state.value

    def _interrupted(self, job: str) -> list[int]:
        now = self.clock.now()
        planned = (Delivery.state == DeliveryState.PLANNED, Delivery.not_before <= now, Delivery.send_id.is_not(None))
        calls = select(Delivery.send_id).where(*planned, *([Delivery.job == job] if job else []))
        with db.reading(self.shop.engine) as session:
            return sorted(send_id for send_id in session.scalars(calls.distinct()) if send_id is not None)

    def _repeat(self, send_id: int) -> Counts:
        """The same call with the same key: the platform does it once. All of its people or none."""
        rows = claim_send(self.shop.sessions, self.new_owner(), send_id, lease_seconds=LEASE_SECONDS)
        if self._is_incomplete(send_id, rows):
            return self._wait(rows, "waits for the rest of its call")
        found = list(self._look(rows))
        if any(isinstance(each, tuple) and isinstance(each[1], Again) for each in found):
            return self._wait(rows, "quiet hours")
        going = [each for each in found if isinstance(each, Passenger) and each.way.route == each.row.route]
        if going and _too_few(going):
            going = []
        on_board, ended = {each.row.id for each in going}, Counter[tuple[str, str]]()
        for each in found:
            row, step = each if isinstance(each, tuple) else (each.row, NOT_AGAIN)
            if row.id not in on_board:
                ended[row.job, self._put_down(row, step)] += 1
        if not going:
            return ended
        return ended + ManyCall(self.shop, self.platforms, self.clock).make(going, send_id).ended

    def _is_incomplete(self, send_id: int, rows: Sequence[Claimed]) -> bool:
        still_open = (DeliveryState.PLANNED, DeliveryState.CLAIMED)
        of_call = select(func.count()).where(Delivery.send_id == send_id, Delivery.state.in_(still_open))
        with db.reading(self.shop.engine) as session:
            return session.scalar(of_call) != len(rows)

    def _wait(self, rows: Sequence[Claimed], why: str) -> Counts:
        if rows:
            at = self.clock.now() + GATHERING
            with self.shop.sessions.begin() as session:
                ids = [row.id for row in rows]
                postpone(session, ids, rows[0].owner, at, f"{rows[0].reason} ({why})")
        return Counter((row.job, DeliveryState.PLANNED.value) for row in rows)


def _too_few(people: Sequence[Passenger]) -> bool:
    return people[0].way.route is MarketingRoute.MASS_SEND and len(people) < LEAST


def _same_call(people: Sequence[Passenger]) -> Iterator[list[Passenger]]:
    """Those whom one call can carry: the same words of the same job, and for a task the same advisor.

    No more than fit on a list, where it is one.
    """

    def call_of(each: Passenger) -> tuple[str, str, str, str]:
        return each.row.job, each.way.route.value, each.way.sender, each.row.body

    for _, group in groupby(sorted(people, key=call_of), key=call_of):
        whole = list(group)
        most = MOST_ON_A_LIST if whole[0].way.route is MarketingRoute.ADVISOR_LIST else MOST
        for start in range(0, len(whole), most):
            yield whole[start : start + most]
