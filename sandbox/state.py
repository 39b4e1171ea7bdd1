"""Everything the sandbox remembers, as one tree of dataclasses, and its file."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from sandbox.card_desk import CardDesk
from sandbox.clock import Clock
from sandbox.codes import Codes
from sandbox.contact_desk import ContactDesk
from sandbox.kf_desk import KfDesk
from sandbox.media import MediaShelf
from sandbox.packets import Json
from sandbox.people import People
from sandbox.phones import Phones
from sandbox.switches import Switches
from sandbox.tokens import TokenBook
from sandbox.windows import Window


@dataclass
class SentTemplate:
    """A template message with a client_msg_id: the same one again is not delivered twice."""

    msgid: int
    at: float


@dataclass
class MassJob:
    msg_id: int
    clientmsgid: str
    at: float


@dataclass
class OfficialAccountState:
    tokens: TokenBook = field(default_factory=TokenBook)
    windows: dict[str, Window] = field(default_factory=dict)
    menu: list[Json] = field(default_factory=list)
    templates_sent: dict[str, SentTemplate] = field(default_factory=dict)
    mass_jobs: dict[str, MassJob] = field(default_factory=dict)
    # Mass messages a follower got, by month; and sends to everybody, by month.
    mass_received: dict[str, dict[str, int]] = field(default_factory=dict)
    mass_to_all: dict[str, int] = field(default_factory=dict)
    typing_until: dict[str, float] = field(default_factory=dict)
    # Subscription notifications that may still be sent, by openid and template.
    subscriptions: dict[str, int] = field(default_factory=dict)
    # The ticket with which pages sign for WeChat's scripts, and when it ends.
    js_ticket: str = ""
    js_ticket_until: float = 0

    def window(self, openid: str) -> Window:
        return self.windows.setdefault(openid, Window())


@dataclass
class WeComState:
    tokens: TokenBook = field(default_factory=TokenBook)
    cards: CardDesk = field(default_factory=CardDesk)
    # Moments of the messages each member got in the last hour.
    received: dict[str, list[float]] = field(default_factory=dict)
    # Hash of a body → the moment until which it is not delivered again, and its answer.
    repeats: dict[str, tuple[float, Json]] = field(default_factory=dict)


@dataclass
class State:
    clock: Clock = field(default_factory=Clock)
    people: People = field(default_factory=People)
    codes: Codes = field(default_factory=Codes)
    oa: OfficialAccountState = field(default_factory=OfficialAccountState)
    wecom: WeComState = field(default_factory=WeComState)
    contact: ContactDesk = field(default_factory=ContactDesk)
    kf: KfDesk = field(default_factory=KfDesk)
    phones: Phones = field(default_factory=Phones)
    media: MediaShelf = field(default_factory=MediaShelf)
    switches: Switches = field(default_factory=Switches)
    # The day the counters belong to, and calls by path.
    counted_day: str = ""
    calls_today: dict[str, int] = field(default_factory=dict)
    # Last number given out for messages and jobs.
    last_serial: int = 0


SCHEMA = TypeAdapter(State)


def load(path: Path | None) -> State:
    """The saved state; a new one when there is none, or when it was written by another version."""
    if path is None or not path.exists():
        return State()
    try:
        return SCHEMA.validate_json(path.read_bytes())
    except ValidationError:
        print(f"{path} is from another version; the sandbox begins afresh.", file=sys.stderr)
        return State()


def dump(state: State) -> bytes:
    return SCHEMA.dump_json(state)


def save(path: Path, content: bytes) -> None:
    """Writes beside the file and swaps, so that a crash leaves the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_bytes(content)
    draft.replace(path)
