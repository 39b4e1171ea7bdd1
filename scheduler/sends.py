"""One call for many people: written down before it is made, and what became of each of them."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy import select

from bot.clock import Clock
from bot.codec import from_json
from bot.errors import PlatformError
from bot.messages import Reply, Text
from bot.platforms import Platforms
from bot.words import kind_of, words_of
from crm import db
from crm.models import Customer, DeliveryState, Send
from crm.services.claims import UNCLEAR, Claimed
from crm.services.deliveries import LeaseLost, begin_call, end_call, finish_many, postpone
from scheduler.calls import text_of
from scheduler.outcomes import Again, End, OtherWay, Outcome, final_state, in_words, outcome_of
from scheduler.records import log_many
from scheduler.routes import MarketingRoute, Reach, Way
from scheduler.run import Counts
from scheduler.shop import Shop

# People of one mass send; a mass task takes one as well.
LEAST, MOST = 2, 10_000
# Customers on one list for an advisor: with the words below it stays within WeCom's 2,048 bytes.
MOST_ON_A_LIST = 40
# People whose rows are written in one transaction.
PEOPLE_PER_WRITE = 500
# The account's mass sends are used up: waiting does not help this push.
NO_MASS_SENDS_LEFT = 45028

log = structlog.get_logger("deliveries")


@dataclass(frozen=True, slots=True)
class Passenger:
    """One push on its way to a call for many."""

    row: Claimed
    way: Way
    reach: Reach


@dataclass(slots=True)
class Result:
    """How the pushes ended; `stranded`: for whom another way has to be found, and why."""

    ended: Counts = field(default_factory=Counter)
    stranded: Sequence[Passenger] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform said: its id for the call, and whom it cannot reach."""

    platform_id: str
    failed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ManyCall:
    """Makes one call for people who get the same words by the same route."""

    shop: Shop
    platforms: Platforms
    clock: Clock

    def make(self, people: Sequence[Passenger], send_id: int | None = None) -> Result:
        """`send_id`: the call that may have been made already; it is made again under its key."""
        begun = self._begin(people) if send_id is None else self._known(send_id)
        if begun is None:
            return Result()
        send_id, key = begun
        try:
            answer = self._call(people, key)
        except PlatformError as error:
            log.warning("call for many failed", route=people[0].way.route, people=len(people), error=str(error))
            return self._failed(people, send_id, error)
        return self._sent(people, send_id, answer)

    def _begin(self, people: Sequence[Passenger]) -> tuple[int, str] | None:
        key = uuid.uuid4().hex
        first = people[0]
        ids = [each.row.id for each in people]
        try:
            with self.shop.sessions.begin() as session:
                send_id = begin_call(session, ids, first.row.owner, key, first.way.route.value, self.clock.now())
        except LeaseLost as error:
            log.warning("call for many not made", people=len(people), error=str(error))
            return None
        return send_id, key

    def _known(self, send_id: int) -> tuple[int, str]:
        with db.reading(self.shop.engine) as session:
            return send_id, session.get_one(Send, send_id).key

    def _call(self, people: Sequence[Passenger], key: str) -> Answer:
        way, reply = people[0].way, from_json(people[0].row.body)
        persons = [each.way.address.person for each in people]
        match way.route:
            case MarketingRoute.MASS_SEND:
                return Answer(self.platforms.official_account.mass_send(persons, reply, key))
            case MarketingRoute.ADVISOR_MASS_TASK:
                task = self.platforms.contacts.create_mass_task(way.sender, persons, text_of(reply))
                return Answer(task.msgid, frozenset(task.failed))
            case _:
                return Answer(self.platforms.wecom.send([way.sender], self._list_of(people, reply)).msgid)

    def _list_of(self, people: Sequence[Passenger], reply: Reply) -> Reply:
        """Names and codes of the customers, and the words to copy."""
        ids = [each.row.customer_id for each in people]
        with db.reading(self.shop.engine) as session:
            customers = session.scalars(select(Customer).where(Customer.id.in_(ids)).order_by(Customer.id)).all()
        nameless = self.shop.say("pushes.nameless")
        names = "、".join(f"{customer.name or nameless}（{customer.code}）" for customer in customers)
        return Text(self.shop.say("pushes.advisor_list", count=len(people), customers=names, words=words_of(reply)))

    def _sent(self, people: Sequence[Passenger], send_id: int, answer: Answer) -> Result:
        reached = [each for each in people if each.way.address.person not in answer.failed]
        stranded = [each for each in people if each.way.address.person in answer.failed]
        to_confirm = people[0].way.route is MarketingRoute.ADVISOR_MASS_TASK
        state = DeliveryState.WAITING_CONFIRM if to_confirm else DeliveryState.SENT
        for start in range(0, len(reached), PEOPLE_PER_WRITE):
            self._write_sent(reached[start : start + PEOPLE_PER_WRITE], state, answer.platform_id)
        with self.shop.sessions.begin() as session:
            end_call(session, send_id, state, "", answer.platform_id, self.clock.now())
        ended = Counter((each.row.job, state.value) for each in reached)
        return Result(ended, stranded, "the advisor cannot send to this customer")

    def _write_sent(self, people: Sequence[Passenger], state: DeliveryState, platform_id: str) -> None:
        first, now = people[0], self.clock.now()
        rows = [each.row for each in people]
        reply: Reply = from_json(first.row.body)
        with self.shop.sessions.begin() as session:
            ids = [row.id for row in rows]
            receipt = first.way.sender
            finish_many(session, ids, first.row.owner, state, "", now, platform_id=platform_id, receipt=receipt)
            if first.way.route is MarketingRoute.MASS_SEND:
                log_many(session, rows, first.way.channel, kind_of(reply), words_of(reply), now)

    def _failed(self, people: Sequence[Passenger], send_id: int, error: PlatformError) -> Result:
        outcome = self._outcome(error, people[0])
        if isinstance(outcome, OtherWay):
            self._end_call(send_id, DeliveryState.FAILED, outcome.reason)
            return Result(Counter(), people, outcome.reason)
        rows = [each.row for each in people]
        if isinstance(outcome, Again):
            return Result(self._postpone(rows, send_id, outcome))
        return Result(self._finish(rows, send_id, outcome))

    def _outcome(self, error: PlatformError, first: Passenger) -> Outcome:
        if error.errcode == NO_MASS_SENDS_LEFT and not first.row.unclear:
            return OtherWay(in_words(error))
        return outcome_of(error, first.row, first.way.route.value, self.clock.now())

    def _postpone(self, rows: Sequence[Claimed], send_id: int, outcome: Again) -> Counts:
        """A call that certainly was not made is forgotten; one that may have been keeps its people."""
        unclear = outcome.reason.startswith(UNCLEAR)
        changes = {} if unclear else {"send_id": None}
        with self.shop.sessions.begin() as session:
            ids = [row.id for row in rows]
            postpone(session, ids, rows[0].owner, outcome.at, outcome.reason, **changes)
        if not unclear:
            self._end_call(send_id, DeliveryState.FAILED, outcome.reason)
        return Counter((row.job, DeliveryState.PLANNED.value) for row in rows)

    def _finish(self, rows: Sequence[Claimed], send_id: int, outcome: End) -> Counts:
        state = final_state(rows[0], outcome.state)
        with self.shop.sessions.begin() as session:
            ids = [row.id for row in rows]
            finish_many(session, ids, rows[0].owner, state, outcome.reason, self.clock.now())
        self._end_call(send_id, state, outcome.reason)
        return Counter((row.job, state.value) for row in rows)

    def _end_call(self, send_id: int, state: DeliveryState, reason: str) -> None:
        with self.shop.sessions.begin() as session:
            end_call(session, send_id, state, reason, "", self.clock.now())
