"""The running sandbox: its state under one lock, its log, and what waits to be pushed."""

import threading
from typing import Any

from sandbox import state as states
from sandbox.calls import CallLog, EventStream
from sandbox.config import Config
from sandbox.errors import NotPossibleError, RefusedError
from sandbox.media import Media, MediaFiles
from sandbox.outbox import Outbox
from sandbox.packets import Json
from sandbox.people import Customer, Member, read_customers, read_members, read_stores
from sandbox.phones import ChatMessage
from sandbox.push import Push

# Message ids of the platform have 17 digits; ours count up from here.
FIRST_MESSAGE_ID = 24_861_000_000_000_000


class World:
    """Everything the endpoints and the page work on. Hold `lock` while touching `state`; never while pushing."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.lock = threading.RLock()
        self.members: dict[str, Member] = read_members(config.staff_csv)
        self.stores = read_stores(config.staff_csv, self.members)
        self.state = states.load(config.state_file)
        self.calls = CallLog()
        self.events = EventStream()
        self.outbox = Outbox()
        self.changed = threading.Event()
        folder = config.state_file.with_suffix(".media") if config.state_file else None
        self.media_files = MediaFiles(folder)
        self._meet_people()

    def _meet_people(self) -> None:
        """Those of the CSV, in its order, with what is remembered about them; then those met at the page."""
        remembered = self.state.people.customers
        met = read_customers(self.config.people_csv, self.now)
        fresh = {openid: remembered.get(openid, one) for openid, one in met.customers.items()}
        self.state.people.customers = {**fresh, **{one: it for one, it in remembered.items() if one not in fresh}}
        self.state.codes.put_up(self.stores, self.members)

    @property
    def now(self) -> float:
        return self.state.clock.now()

    def serial(self) -> int:
        """The next number of messages, jobs and media."""
        self.state.last_serial += 1
        return self.state.last_serial

    def message_id(self) -> int:
        return FIRST_MESSAGE_ID + self.serial()

    def customer(self, openid: str) -> Customer:
        return self.state.people.customer(openid)

    def follower(self, openid: object) -> Customer:
        """The person behind an openid a call names. Raises RefusedError 40003."""
        customer = self.state.people.customers.get(openid) if isinstance(openid, str) else None
        if customer is None:
            raise RefusedError(40003)
        return customer

    def member(self, userid: str) -> Member:
        if userid not in self.members:
            raise NotPossibleError(f"没有这位员工：{userid[:40]}")
        return self.members[userid]

    def show(self, chat: str, sender: str, kind: str, /, **parts: Any) -> ChatMessage:
        """Adds a line to a chat (`oa/openid`, `wecom/userid` …) and tells the open pages."""
        message = self.state.phones.add(chat, self.now, sender, kind, parts)
        self.tell_message(chat, message)
        return message

    def tell_message(self, chat: str, message: ChatMessage) -> None:
        surface, _, person = chat.partition("/")
        self.events.tell("message", {"surface": surface, "id": person, "message": message.as_json()})
        self.changed.set()

    def change_line(self, chat: str, message_id: int, **parts: Any) -> None:
        """Changes a line that is already on the phone (a card, a task)."""
        for message in self.state.phones.read(chat):
            if message.id == message_id:
                message.parts.update(parts)
                self.tell_message(chat, message)

    def tell_state(self) -> None:
        """People, codes, the menu or a switch changed."""
        self.changed.set()
        self.events.tell("state", {})

    def post(self, push: Push, after_seconds: float = 0.0) -> None:
        """Lays a push into the outbox; the postman takes it from there, without the lock."""
        self.outbox.put(push, after_seconds)

    def keep_media(self, surface: str, kind: str, mime: str, name: str, content: bytes, seconds: int = 0) -> Media:
        media_id = f"{'OA' if surface == 'oa' else 'WC'}media_{self.serial():06d}"
        media = Media(media_id, surface, kind, mime, name, self.now, seconds)
        self.state.media.known[media_id] = media
        self.media_files.put(media_id, content)
        return media

    def media_url(self, media_id: str) -> str:
        return f"{self.config.public_url}/control/media/{media_id}"

    def record_call(
        self, direction: str, surface: str, path: str, answer: tuple[int, str], ms: int, detail: str
    ) -> None:
        record: Json = self.calls.add(self.state.clock.iso(), direction, surface, path, answer, ms, detail)
        self.events.tell("call", record)
        self.changed.set()
