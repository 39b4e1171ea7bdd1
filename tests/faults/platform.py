"""The platforms' side of a push: signed, encrypted, 5 s to the whole answer, three attempts, no keep-alive."""

from __future__ import annotations

import http.client
import itertools
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode
from xml.etree import ElementTree

from bot.crypto import Seal, signature_of
from tests.front_door import NONCE, OA, WECOM, xml

ANSWER_SECONDS = 5.0
ATTEMPTS = 3
# Seconds before the next attempt where the connection itself failed.
PAUSE_SECONDS = 2.5
numbers = itertools.count(24_861_234_567_890_123)


@dataclass
class Pushed:
    """One message on its way: what came back of each attempt (0: no answer), and the words in the end.

    `began` and `ended` are moments of `time.monotonic()`.
    """

    person: str
    words: str
    key: str
    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    answer: str = ""
    began: float = 0.0
    ended: float = 0.0

    @property
    def taken(self) -> bool:
        """Whether the platform was told that we have it."""
        return self.statuses[-1:] == [200]


@dataclass(frozen=True)
class Platform:
    """Pushes to the web processes that listen at `port`. `pause` is between two attempts."""

    port: int
    pause: float = PAUSE_SECONDS
    attempts: int = ATTEMPTS

    def text(self, person: str, words: str, *, staff: bool = False) -> Pushed:
        """A person says something; pushed until it is answered 200 or three attempts are over."""
        number = next(numbers)
        document = xml(person, "gh_1", int(time.time()), "text", Content=words, MsgId=number)
        return self._push(Pushed(person, words, f"m:{number}"), document, WECOM if staff else OA)

    def follow(self, person: str, scene: str) -> Pushed:
        """A person scans a code and follows the account."""
        nodes = {"Event": "subscribe", "EventKey": f"qrscene_{scene}", "Ticket": "t"}
        document = xml(person, "gh_1", int(time.time()), "event", **nodes)
        return self._push(Pushed(person, "subscribe", ""), document, OA)

    def _push(self, pushed: Pushed, document: str, account: tuple[str, str, str]) -> Pushed:
        pushed.began = time.monotonic()
        for attempt in range(self.attempts):
            if attempt:
                time.sleep(self.pause)
            began = time.monotonic()
            status, body = self._attempt(document, account)
            pushed.statuses.append(status)
            pushed.seconds.append(time.monotonic() - began)
            if status == 200:
                pushed.answer = _opened(body, account)
                break
        pushed.ended = time.monotonic()
        return pushed

    def _attempt(self, document: str, account: tuple[str, str, str]) -> tuple[int, bytes]:
        token, key, receiver = account
        sealed = Seal(token, key, receiver).close(document.encode(), NONCE, datetime.now(UTC))
        query = {
            "signature": signature_of(token, sealed.timestamp, NONCE),
            "msg_signature": sealed.signature,
            "timestamp": sealed.timestamp,
            "nonce": NONCE,
            "encrypt_type": "aes",
        }
        path = "/webhooks/official-account" if account is OA else "/webhooks/wecom"
        body = f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{sealed.ciphertext}]]></Encrypt></xml>"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request("POST", f"{path}?{urlencode(query)}", body, {"Connection": "close"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()


def _opened(body: bytes, account: tuple[str, str, str]) -> str:
    if not body:
        return ""
    ciphertext = ElementTree.fromstring(body).findtext("Encrypt") or ""
    return ElementTree.fromstring(Seal(*account).open(ciphertext)).findtext("Content") or ""


def at_once(people: Iterable[Callable[[], list[Pushed]]]) -> list[Pushed]:
    """Everybody speaks at the same time, each one message after the other; all that was pushed."""
    found: list[Pushed] = []
    threads = [threading.Thread(target=lambda one=one: found.extend(one())) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
