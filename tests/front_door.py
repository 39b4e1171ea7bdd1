"""Customers and advisors for tests: every message is really signed, encrypted and posted over HTTP."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assembly import Parts, dispatcher, web
from bot.clock import FixedClock
from bot.codec import from_json
from bot.crypto import Seal, signature_of
from bot.messages import Reply
from crm import db
from crm.models import Delivery, Role, Staff, Store
from crm.services.facts import set_fact
from knowledge import Knowledge
from settings import SANDBOX, Settings
from tests.databases import TEST_KEY

OA = (str(SANDBOX["oa_token"]), str(SANDBOX["oa_aes_key"]), str(SANDBOX["oa_app_id"]))
WECOM = (str(SANDBOX["wecom_token"]), str(SANDBOX["wecom_aes_key"]), str(SANDBOX["wecom_corp_id"]))
NONCE = "1372623149"
numbers = itertools.count(24861234567890123)


@dataclass
class Door:
    """One platform's way to us: builds real pushes and reads real answers."""

    client: FlaskClient
    path: str
    account: tuple[str, str, str]
    clock: FixedClock
    last: dict[str, Any] = field(default_factory=dict)

    def post(self, inner: str | bytes, **changed: Any) -> Any:
        """Push an inner document; `changed` replaces query values or the body ("body")."""
        self.last = {**self.push(inner), **changed}
        query = {name: value for name, value in self.last.items() if name != "body" and value is not None}
        return self.client.post(self.path, query_string=query, data=self.last["body"])

    def push(self, inner: str | bytes) -> dict[str, Any]:
        """Query values and body of a push, as the platform would send it now."""
        token, key, receiver = self.account
        body = inner if isinstance(inner, bytes) else inner.encode()
        sealed = Seal(token, key, receiver).close(body, NONCE, self.clock.now())
        return {
            "signature": signature_of(token, sealed.timestamp, NONCE),
            "msg_signature": sealed.signature,
            "timestamp": sealed.timestamp,
            "nonce": NONCE,
            "encrypt_type": "aes",
            "body": f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{sealed.ciphertext}]]></Encrypt></xml>",
        }

    def opened(self, answer: Any) -> str:
        """The words of a passive answer; "" for an acknowledgement."""
        document = self.document(answer)
        return (document.findtext("Content") or "") if document is not None else ""

    def document(self, answer: Any) -> ElementTree.Element | None:
        """The decrypted passive answer, its signature checked."""
        assert answer.status_code == 200, answer.status_code
        if not answer.data:
            return None
        envelope = ElementTree.fromstring(answer.data)
        text = {node.tag: node.text or "" for node in envelope}
        token, key, receiver = self.account
        assert signature_of(token, text["TimeStamp"], text["Nonce"], text["Encrypt"]) == text["MsgSignature"]
        return ElementTree.fromstring(Seal(token, key, receiver).open(text["Encrypt"]))


def xml(person: str, to: str, at: int, kind: str, **nodes: object) -> str:
    """An inner document; values are escaped, `raw_…` ones are put in as they are."""
    parts = [f"<ToUserName>{to}</ToUserName><FromUserName>{person}</FromUserName>"]
    parts.append(f"<CreateTime>{at}</CreateTime><MsgType>{kind}</MsgType>")
    for name, value in nodes.items():
        parts.append(str(value) if name.startswith("raw_") else f"<{name}>{escape(str(value))}</{name}>")
    return f"<xml>{''.join(parts)}</xml>"


@dataclass
class Phone:
    """One person on one platform."""

    door: Door
    person: str
    to: str

    def says(self, words: str, **nodes: object) -> str:
        """Send a text; the words of the answer in place, "" when there is none."""
        return self.door.opened(self.sends("text", Content=words, **nodes))

    def does(self, event: str, **nodes: object) -> str:
        """Cause an event; as `says`."""
        document = xml(self.person, self.to, self._now(), "event", Event=event, **nodes)
        return self.door.opened(self.door.post(document))

    def sends(self, kind: str, **nodes: object) -> Any:
        """Send a message of any kind; the HTTP answer."""
        nodes = {"MsgId": next(numbers), **nodes}
        return self.door.post(xml(self.person, self.to, self._now(), kind, **nodes))

    def taps(self, option_id: str, label: str = "") -> str:
        """Tap a line of a tap list."""
        return self.says(label or option_id, bizmsgmenuid=option_id)

    def _now(self) -> int:
        return int(self.door.clock.now().timestamp())


@dataclass
class Shop:
    """A small shop behind a real Flask application, and what it planned to send."""

    parts: Parts
    app: Flask
    clock: FixedClock
    woken: list[int]

    def __post_init__(self) -> None:
        client = self.app.test_client()
        self.official_account = Door(client, "/webhooks/official-account", OA, self.clock)
        self.wecom = Door(client, "/webhooks/wecom", WECOM, self.clock)

    def customer(self, openid: str = "oCustomer_1") -> Phone:
        return Phone(self.official_account, openid, "gh_1a2b3c4d5e6f")

    def member(self, userid: str = "lin.yue") -> Phone:
        return Phone(self.wecom, userid, WECOM[2])

    def planned(self, person: str = "") -> list[Reply]:
        """What waits to be sent (to this person), in order."""
        wanted = select(Delivery).order_by(Delivery.id)
        with db.reading(self.parts.engine) as session:
            rows = session.scalars(wanted.where(Delivery.person == person) if person else wanted).all()
            return [from_json(row.body) for row in rows]

    def words_for(self, person: str) -> list[str]:
        """The texts that wait for this person."""
        return [
            str(getattr(reply, "content", json.dumps(getattr(reply, "body", {}), ensure_ascii=False)))
            for reply in self.planned(person)
        ]


@cache
def the_knowledge() -> Knowledge:
    """Loaded once for all tests: nothing in it changes."""
    return Knowledge.load()


def open_shop(engine: Any, clock: FixedClock, **changed: Any) -> Shop:
    """The shop of the scenarios: one store, an advisor, a manager, headquarters."""
    settings = Settings(_env_file=None, **{"data_keys": TEST_KEY, **changed})
    parts = Parts(settings, clock, engine, db.sessions(engine), None)
    with parts.sessions.begin() as session:
        store = Store(code="HZ01", name="湖滨店", address="湖滨路1号", phone="0571-1", latitude=30.25, longitude=120.16)
        other = Store(
            code="SH01", name="静安店", address="南京西路1号", phone="021-1", latitude=31.22, longitude=121.44
        )
        session.add_all([store, other])
        session.flush()
        session.add_all(
            [
                Staff(userid="lin.yue", name="林悦", role=Role.ADVISOR, store_id=store.id),
                Staff(userid="wu.an", name="吴安", role=Role.ADVISOR, store_id=store.id),
                Staff(userid="chen.jing", name="陈静", role=Role.MANAGER, store_id=store.id),
                Staff(userid="sun.li", name="孙黎", role=Role.ADVISOR, store_id=other.id),
                Staff(userid="ye.lan", name="叶岚", role=Role.HEADQUARTERS),
            ]
        )
        set_fact(session, "hours", "每天 10:00–22:00")
    woken: list[int] = []
    app = web(parts, dispatcher(parts, woken.extend, the_knowledge()), woken.extend)
    return Shop(parts, app, clock, woken)
