"""A push as it goes over HTTP: query, body, and every way a tester wants it spoilt."""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from sandbox.config import Config
from sandbox.crypto import NOISE, CallbackKeys, pad
from sandbox.errors import NotPossibleError
from sandbox.packets import to_xml
from sandbox.push import Push

# "old": a timestamp the bot must no longer accept.
OLD_SECONDS = 3600
# "oversize": larger than any bot should read (64 KB).
OVERSIZE = 200_000


@dataclass(frozen=True)
class Envelope:
    """One HTTP POST to the bot."""

    query: dict[str, str]
    body: bytes
    content_type: str = "text/xml"


@dataclass(frozen=True)
class _Letter:
    """A push with the values it is sealed with."""

    push: Push
    keys: CallbackKeys
    account: str
    agent_id: int | None
    timestamp: str
    nonce: str

    @property
    def official(self) -> bool:
        return self.push.surface == "oa"

    def query(self, *ciphertext: str) -> dict[str, str]:
        query = {"timestamp": self.timestamp, "nonce": self.nonce}
        if self.official:
            query["signature"] = self.keys.sign(self.timestamp, self.nonce)
        if self.push.openid:
            query["openid"] = self.push.openid
        if self.official and ciphertext:
            query["encrypt_type"] = "aes"
        if ciphertext:
            query["msg_signature"] = self.keys.sign(self.timestamp, self.nonce, *ciphertext)
        return query

    def sealed(self, ciphertext: str) -> Envelope:
        outer = {"ToUserName": self.account, "Encrypt": ciphertext, "AgentID": self.agent_id}
        return Envelope(self.query(ciphertext), to_xml(outer).encode())

    def encrypted(self) -> Envelope:
        return self.sealed(self.keys.encrypt(self.push.xml))

    def plain(self) -> Envelope:
        return Envelope(self.query(), self.push.xml.encode())

    def compat(self) -> Envelope:
        ciphertext = self.keys.encrypt(self.push.xml)
        both = self.push.xml.removesuffix("</xml>") + to_xml({"Encrypt": ciphertext}).removeprefix("<xml>")
        return Envelope(self.query(ciphertext), both.encode())


def _bad_signature(letter: _Letter) -> Envelope:
    good = letter.encrypted()
    return replace(good, query={**good.query, "msg_signature": "0" * 40, "signature": "0" * 40})


def _wrong_receiver(letter: _Letter) -> Envelope:
    return letter.sealed(letter.keys.encrypt(letter.push.xml, receiver="wx" + "0" * 16))


def _old_timestamp(letter: _Letter) -> Envelope:
    return replace(letter, timestamp=str(int(letter.timestamp) - OLD_SECONDS)).encrypted()


def _swap(letter: _Letter) -> Envelope:
    return replace(letter, timestamp=letter.nonce, nonce=letter.timestamp).encrypted()


def _bad_padding(letter: _Letter) -> Envelope:
    message = letter.push.xml.encode()
    plain = os.urandom(NOISE) + len(message).to_bytes(4, "big") + message + letter.keys.receiver.encode()
    padded = pad(plain)
    spoilt = padded[:-2] + bytes([padded[-2] ^ 0x55]) + padded[-1:] if padded[-1] > 1 else padded[:-1] + b"\x00"
    return letter.sealed(letter.keys.encrypt_padded(spoilt))


def _oversize(letter: _Letter) -> Envelope:
    return replace(letter, push=replace(letter.push, xml=letter.push.xml + " " * OVERSIZE)).encrypted()


def _doctype(letter: _Letter) -> Envelope:
    bomb = '<!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + letter.push.xml
    return replace(letter, push=replace(letter.push, xml=bomb)).encrypted()


def _json(letter: _Letter) -> Envelope:
    ciphertext = letter.keys.encrypt(letter.push.xml)
    names = ("ToUserName", "Encrypt") if letter.official else ("tousername", "encrypt")
    body = dict(zip(names, (letter.account, ciphertext), strict=True))
    if letter.agent_id is not None:
        body["agentid"] = str(letter.agent_id)
    return Envelope(letter.query(ciphertext), json.dumps(body).encode(), "application/json")


TAMPERS: dict[str, Callable[[_Letter], Envelope]] = {
    "bad_signature": _bad_signature,
    "wrong_receiver": _wrong_receiver,
    "old_timestamp": _old_timestamp,
    "swap": _swap,
    "bad_padding": _bad_padding,
    "oversize": _oversize,
    "doctype": _doctype,
    "json": _json,
    "plain": _Letter.plain,
    "compat": _Letter.compat,
    "encrypted": _Letter.encrypted,
}


def check_tamper(name: str | None) -> None:
    """Raises NotPossibleError for a way of spoiling that is not known."""
    if name is not None and name not in TAMPERS:
        raise NotPossibleError(f"没有这种改动：{name[:40]}（可用：{'、'.join(TAMPERS)}）")


def seal(config: Config, push: Push, now: float) -> Envelope:
    """The POST for this push, at the sandbox's time `now`."""
    official = push.surface == "oa"
    letter = _Letter(
        push=push,
        keys=config.oa.keys if official else config.wecom.keys,
        account=config.oa.original_id if official else config.wecom.corp_id,
        agent_id=None if official else config.wecom.agent_id,
        timestamp=str(int(now)),
        nonce=str(secrets.randbelow(9 * 10**9) + 10**9),
    )
    mode = config.oa.mode if official else "encrypted"
    return TAMPERS[push.tamper or mode](letter)


def verification(config: Config, surface: str, now: float) -> tuple[dict[str, str], str]:
    """The query of a URL check (GET) and the text the bot must answer."""
    keys = config.oa.keys if surface == "oa" else config.wecom.keys
    timestamp, nonce, word = str(int(now)), str(secrets.randbelow(10**10)), str(secrets.randbelow(10**19))
    if surface == "oa":
        return {**_times(timestamp, nonce), "signature": keys.sign(timestamp, nonce), "echostr": word}, word
    sealed = keys.encrypt(word)
    return {**_times(timestamp, nonce), "msg_signature": keys.sign(timestamp, nonce, sealed), "echostr": sealed}, word


def _times(timestamp: str, nonce: str) -> dict[str, str]:
    return {"timestamp": timestamp, "nonce": nonce}
