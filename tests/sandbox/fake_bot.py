"""A bot of a few lines: it opens every push and answers as the test tells it, in real envelopes."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

from sandbox.config import Config
from sandbox.packets import from_xml, to_xml

Event = dict[str, object]


@dataclass
class Received:
    """One POST as it came in, and what was inside."""

    path: str
    query: dict[str, str]
    body: bytes
    event: Event


@dataclass
class FakeBot:
    """`answer` gets each event and gives (status, body); a str body is sealed, bytes go out as they are."""

    config: Config
    answer: Callable[[Event], tuple[int, str | bytes]] = lambda event: (200, b"success")
    received: list[Received] = field(default_factory=list)
    echo: bytes | None = None

    def keys(self, path: str):
        return self.config.oa.keys if path.endswith("official-account") else self.config.wecom.keys

    def open(self, path: str, query: dict[str, str], body: bytes) -> Event:
        """The event inside a push; empty when the signature is not right, as a careful bot does."""
        sealed = ElementTree.fromstring(body).findtext("Encrypt") if body.startswith(b"<xml") else None
        keys = self.keys(path)
        if sealed is None or keys.sign(query["timestamp"], query["nonce"], sealed) != query.get("msg_signature"):
            return {}
        return from_xml(keys.decrypt(sealed))

    def seal(self, path: str, xml: str) -> bytes:
        keys, timestamp, nonce = self.keys(path), str(int(time.time())), "1234567890"
        sealed = keys.encrypt(xml)
        signature = keys.sign(timestamp, nonce, sealed)
        outer = {"Encrypt": sealed, "MsgSignature": signature, "TimeStamp": int(timestamp), "Nonce": nonce}
        return to_xml(outer).encode()

    def take(self, path: str, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
        event = self.open(path, query, body)
        self.received.append(Received(path, query, body, event))
        status, words = self.answer(event)
        return status, words if isinstance(words, bytes) else self.seal(path, words)

    @property
    def events(self) -> list[Event]:
        return [one.event for one in self.received]

    def wait_for(self, name: str, seconds: float = 5.0) -> Event:
        """The first event of that name, which may still be on its way."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for event in list(self.events):
                if event.get("Event") == name:
                    return event
            time.sleep(0.01)
        raise AssertionError(f"no {name} came within {seconds} s")


def reply_to(event: Event, kind: str, **fields: object) -> str:
    """The XML of a passive reply to an event, addresses swapped."""
    common = {"ToUserName": event["FromUserName"], "FromUserName": event["ToUserName"], "CreateTime": int(time.time())}
    return to_xml({**common, "MsgType": kind, **fields})


def says(content: str) -> Callable[[Event], tuple[int, str | bytes]]:
    """An answer that is always the same text."""
    return lambda event: (200, reply_to(event, "text", Content=content))


def serve(bot: FakeBot) -> ThreadingHTTPServer:
    """Serves the bot on a free port in the background."""

    class Door(BaseHTTPRequestHandler):
        def _query(self) -> dict[str, str]:
            return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._send(*bot.take(urlsplit(self.path).path, self._query(), body))

        def do_GET(self) -> None:
            query = self._query()
            word = query["echostr"]
            if "msg_signature" in query:
                word = bot.config.wecom.keys.decrypt(word)
            self._send(200, bot.echo if bot.echo is not None else word.encode())

        def log_message(self, *_: object) -> None:
            return None

    class House(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A platform that hangs up after its five seconds is no news."""

    server = House(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server
