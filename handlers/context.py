"""What a handler may ask for by parameter name; implements dispatch's Protocols on the CRM."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.orm import Session

from bot.dispatch import Outcome
from bot.errors import StorageAway
from bot.links import Links
from bot.messages import Channel, IncomingMessage, Kind, Reply, Text
from bot.text import printable
from crm.actors import Actor
from crm.models import Customer, Staff, Talk
from crm.services.linking import spoken
from crm.services.membership.policy import Policy
from crm.services.privacy import corrections
from handlers import ledger
from handlers.dialogue import Dialogue
from handlers.live_knowledge import LiveKnowledge
from handlers.outbox import Outbox
from handlers.people import CUSTOMER, PROGRAM, STRANGER
from wording import Wording

INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
# Events that tell of our own work or of the company: nobody's conversation.
PROGRAM_EVENTS = frozenset(
    [
        "templatesendjobfinish",
        "masssendjobfinish",
        "subscribe_msg_sent_event",
        "publishjobfinish",
        "batch_job_result",
        "kf_msg_or_event",
        "kf_account_auth_change",
        "msg_send_fail",
        "servicer_status_change",
        "change_contact",
        "change_external_chat",
        "change_external_tag",
        "customer_acquisition",
        "user_info_modified",
        "user_authorization_revoke",
    ]
)
# PostgreSQL's classes of "not now": connection, resources, operator intervention, lock and serialisation.
AWAY_CLASSES = ("08", "53", "57", "55", "40")


@dataclass(frozen=True, slots=True)
class Accounts:
    """Under which names the accounts stand in the database."""

    official_account: str
    wecom: str


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What the shop is called, where, and its facts as of a moment ago (`current()` costs no query)."""

    name: str
    zone: ZoneInfo
    current: Callable[[], Mapping[str, str]]
    member_day: int = 8


@dataclass
class Visit:
    """One message inside its transaction: who speaks, where the dialogue stands, what may be used."""

    message: IncomingMessage
    now: datetime
    connection: Connection
    desk: ReceptionDesk
    place: ledger.Place
    woken: list[int] = field(default_factory=list)

    @cached_property
    def session(self) -> Session:
        """The typed models in this very transaction; made when a handler first asks for it."""
        made = Session(self.connection, expire_on_commit=False)
        if self.role == CUSTOMER:
            spoken.hear(made, self.message.account, self.message.person)
            corrections.listen(made, self.now)
        elif self.place.staff_id is not None:
            spoken.hear_staff(made)
        return made

    @property
    def answered(self) -> Outcome | None:
        return self.place.answered

    @cached_property
    def role(self) -> str:
        if is_program(self.message):
            return PROGRAM
        if self.message.channel is not Channel.WECOM:
            return CUSTOMER
        return self.place.staff_role or STRANGER

    @property
    def state(self) -> str:
        return self.dialogue.state

    @property
    def talking(self) -> bool:
        return self.talk is not None and self.talk.closed_at is None

    @cached_property
    def plain(self) -> str:
        return plain_text(self.message.text)

    @cached_property
    def dialogue(self) -> Dialogue:
        return Dialogue(self.place.state, self.place.state_until, self.place.memory, self.now)

    @cached_property
    def customer(self) -> Customer:
        """The customer who speaks."""
        return self.session.get_one(Customer, self.place.customer_id)

    @cached_property
    def staff(self) -> Staff:
        return self.session.get_one(Staff, self.place.staff_id)

    @cached_property
    def actor(self) -> Actor:
        return Actor.of(self.staff)

    @cached_property
    def talk(self) -> Talk | None:
        """The open talk of this customer, or the one that this advisor is in."""
        return self.session.get(Talk, self.place.talk_id) if self.place.talk_id else None

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.message, self.now, self.desk.accounts.wecom)

    def provide(self, name: str) -> Any:
        return PROVIDES[name](self)

    def conclude(self, outcome: Outcome) -> None:
        if "session" in self.__dict__:
            self.session.flush()
        ledger.write(self, outcome)
        self.outbox.answer_later(outcome.later, self.place.customer_id, self.place.staff_id)
        if self.outbox.rows:
            self.woken = self.outbox.plan(self.session)

    def wake(self) -> None:
        if self.woken:
            self.desk.wake_up(self.woken)


PROVIDES: Mapping[str, Callable[[Visit], Any]] = {
    "visit": lambda visit: visit,
    "message": lambda visit: visit.message,
    "now": lambda visit: visit.now,
    "plain": lambda visit: visit.plain,
    "session": lambda visit: visit.session,
    "dialogue": lambda visit: visit.dialogue,
    "choice": lambda visit: chosen(visit),
    "customer": lambda visit: visit.customer,
    "staff": lambda visit: visit.staff,
    "actor": lambda visit: visit.actor,
    "talk": lambda visit: visit.talk,
    "place": lambda visit: visit.place,
    "outbox": lambda visit: visit.outbox,
    "say": lambda visit: visit.desk.say,
    "shop": lambda visit: visit.desk.shop,
    "knowledge": lambda visit: visit.desk.knowledge.current,
    "accounts": lambda visit: visit.desk.accounts,
    "links": lambda visit: visit.desk.links,
    "membership": lambda visit: visit.desk.membership,
}


@dataclass
class ReceptionDesk:
    """Where messages are received: one transaction each, one person at a time."""

    engine: Engine
    say: Wording
    shop: ShopFacts
    knowledge: LiveKnowledge
    accounts: Accounts
    links: Links
    membership: Policy
    wake_up: Callable[[list[int]], None]

    @contextmanager
    def receive(self, message: IncomingMessage, now: datetime) -> Iterator[Visit]:
        with patiently():
            self.knowledge.refresh()
        with patiently(), self.engine.begin() as connection:
            lock_person(connection, message)
            visit = Visit(message, now, connection, self, ledger.place_of(connection, message))
            if visit.answered is None and visit.role != PROGRAM:
                ledger.settle(visit)
            yield visit

    def apology(self, message: IncomingMessage) -> Reply:
        part = "advisor" if message.channel is Channel.WECOM else "customer"
        return Text(self.say(f"{part}.apology"))


@contextmanager
def patiently() -> Iterator[None]:
    """A database that is away, locked or full raises StorageAway; what was asked wrongly stays an error."""
    try:
        yield
    except (DBAPIError, TimeoutError) as error:
        if is_away(error):
            raise StorageAway(type(error).__name__) from error
        raise


def lock_person(connection: Connection, message: IncomingMessage) -> None:
    """Messages of one person are handled one at a time, on any number of processes.

    SQLite's BEGIN IMMEDIATE already holds everybody else; PostgreSQL locks the person.
    """
    if connection.dialect.name == "postgresql":
        person = f"{message.account}\0{message.person}".encode()
        key = int.from_bytes(hashlib.blake2b(person, digest_size=8).digest(), signed=True)
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (key,))


def is_away(error: Exception) -> bool:
    """Whether the database asks for patience, rather than being asked for nonsense."""
    if isinstance(error, TimeoutError):
        return True
    original = getattr(error, "orig", None)
    code = getattr(original, "sqlstate", None)
    if code:
        return str(code).startswith(AWAY_CLASSES)
    words = str(original)
    return getattr(error, "connection_invalidated", False) or "locked" in words or "busy" in words or "connect" in words


def is_program(message: IncomingMessage) -> bool:
    return message.kind is Kind.EVENT and message.event in PROGRAM_EVENTS


def plain_text(words: str) -> str:
    """Text without width, case, invisible characters and outer punctuation; for filters only."""
    folded = unicodedata.normalize("NFKC", INVISIBLE.sub("", printable(words)))
    return folded.casefold().strip(" \t\r\n。.!！~～,，?？、;；:：\"'“”‘’")


def chosen(visit: Visit) -> str:
    """What was tapped or, where a list is open, the option of the typed number; "" for neither."""
    tapped = str(visit.message.fields.get("menu_id", "") or visit.message.fields.get("key", ""))
    return tapped or visit.dialogue.numbered(visit.plain)
