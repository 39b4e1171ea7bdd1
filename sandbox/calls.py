"""The log of what went between the bot and the platform, and the stream that tells the page."""

import json
import queue
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from sandbox.packets import Json

# Calls the page can still look back at.
KEPT_CALLS = 3000
# Seconds without an event after which a comment keeps the stream open.
HEARTBEAT = 15.0
# A page that has not read this many events is gone.
UNREAD_LIMIT = 2000
SECRETS = re.compile(r"((?:access_token|secret|corpsecret|token|msg_signature|signature)=)[^&\s]+")


def scrub(text: str) -> str:
    """Takes tokens, secrets and signatures out of a line."""
    return SECRETS.sub(r"\1…", text)


@dataclass(frozen=True)
class CallRecord:
    id: int
    at: str
    direction: str
    surface: str
    path: str
    errcode: int
    errmsg: str
    ms: int
    detail: str


@dataclass
class CallLog:
    records: deque[CallRecord] = field(default_factory=lambda: deque(maxlen=KEPT_CALLS))
    last_id: int = 0

    def add(
        self, at: str, direction: str, surface: str, path: str, answer: tuple[int, str], ms: int, detail: str
    ) -> Json:
        self.last_id += 1
        line = scrub(detail).replace("\n", " ")[:200]
        record = CallRecord(self.last_id, at, direction, surface, path, *answer, ms, line)
        self.records.append(record)
        return asdict(record)

    def after(self, last_seen: int) -> list[Json]:
        return [asdict(record) for record in self.records if record.id > last_seen]


class EventStream:
    """Server-sent events to every open page."""

    def __init__(self) -> None:
        self._readers: list[queue.Queue[str]] = []

    def tell(self, event: str, payload: Json) -> None:
        line = f"event: {event}\ndata: {json.dumps(payload, ensure_ascii=False)}\n\n"
        for reader in list(self._readers):
            try:
                reader.put_nowait(line)
            except queue.Full:
                self._forget(reader)

    def _forget(self, reader: "queue.Queue[str]") -> None:
        if reader in self._readers:
            self._readers.remove(reader)

    def listen(self) -> Iterator[str]:
        """Lines for one page, until it goes away."""
        reader: queue.Queue[str] = queue.Queue(maxsize=UNREAD_LIMIT)
        self._readers.append(reader)
        try:
            yield ": open\n\n"
            while True:
                try:
                    yield reader.get(timeout=HEARTBEAT)
                except queue.Empty:
                    yield ": still here\n\n"
        finally:
            self._forget(reader)
