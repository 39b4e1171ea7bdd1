"""Two thin doors: check, decrypt, parse, dispatch, render."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Request, Response, request

from bot import wire
from bot.clock import Clock
from bot.crypto import Seal
from bot.dispatch import Outcome
from bot.errors import Refused, StorageAway, Unusable
from bot.messages import Channel, IncomingMessage

# Messages of the platforms have a few KB; more is not read.
MAX_BODY_BYTES = 64 * 1024
# What a GET verification may ask us to say back.
ECHO = re.compile(r"[A-Za-z0-9+/=_-]{1,512}")

Dispatch = Callable[[IncomingMessage], Outcome]


@dataclass(frozen=True, slots=True)
class Account:
    """One account whose call-backs come here.

    WeCom's contacts assistant signs with a token and key of its own and calls the same address: hence
    several seals. `plain`: messages come unencrypted (development).
    """

    channel: Channel
    name: str
    seals: tuple[Seal, ...]
    plain: bool = False

    def check(self, signature: str, timestamp: str, nonce: str, now: datetime, *signed: str) -> Seal:
        """The seal whose token signed these values; raises Refused when none did."""
        refusal = Refused("signature")
        for seal in self.seals:
            try:
                seal.check(signature, timestamp, nonce, now, *signed)
            except Refused as error:
                refusal = error
            else:
                return seal
        raise refusal


@dataclass(frozen=True, slots=True)
class Doors:
    """What both views need. `keep` stores the raw body of what was signed but can't be read."""

    accounts: dict[str, Account]
    dispatch: Dispatch
    keep: Callable[[Account, Unusable], None]
    refused: Callable[[str, str], None]
    clock: Clock


def blueprint(doors: Doors) -> Blueprint:
    """`/webhooks/official-account` and `/webhooks/wecom`."""
    views = Blueprint("webhooks", __name__, url_prefix="/webhooks")
    for path, account in doors.accounts.items():
        views.add_url_rule(f"/{path}", f"{path}-check", _checking(doors, account), methods=["GET"])
        views.add_url_rule(f"/{path}", path, _receiving(doors, account), methods=["POST"])
    return views


def _checking(doors: Doors, account: Account) -> Callable[[], Response]:
    def check() -> Response:
        try:
            return _answer(_echo(request, account, doors.clock))
        except Refused as refusal:
            return _refusal(doors, account, refusal)

    return check


def _receiving(doors: Doors, account: Account) -> Callable[[], Response]:
    def receive() -> Response:
        try:
            message = _message(request, account, doors.clock)
            return _answer(_reply(doors, account, doors.dispatch(message)))
        except Refused as refusal:
            return _refusal(doors, account, refusal)
        except Unusable as unusable:
            return _kept(doors, account, unusable)
        except StorageAway:
            return Response(status=503)

    return receive


def _kept(doors: Doors, account: Account, unusable: Unusable) -> Response:
    try:
        doors.keep(account, unusable)
    except StorageAway:
        return Response(status=503)
    return _answer(b"")


def _echo(got: Request, account: Account, clock: Clock) -> bytes:
    echo = _one(got, "echostr")
    timestamp, nonce = _one(got, "timestamp"), _one(got, "nonce")
    if account.channel is Channel.WECOM:
        # Whether the platform percent-encodes "+" is not documented: a space can only have been one.
        echo = echo.replace(" ", "+")
        return account.check(_one(got, "msg_signature"), timestamp, nonce, clock.now(), echo).open(echo)
    account.check(_one(got, "signature"), timestamp, nonce, clock.now())
    if not ECHO.fullmatch(echo):
        raise Refused("echo")
    return echo.encode()


def _message(got: Request, account: Account, clock: Clock) -> IncomingMessage:
    """Check before anything is read, read before anything is done."""
    now = clock.now()
    timestamp, nonce = _one(got, "timestamp"), _one(got, "nonce")
    if account.plain:
        account.check(_one(got, "signature"), timestamp, nonce, now)
        inner = _body(got)
    else:
        ciphertext = _ciphertext(_body(got))
        inner = account.check(_one(got, "msg_signature"), timestamp, nonce, now, ciphertext).open(ciphertext)
    return wire.read_message(wire.read_document(inner), inner, account.channel, account.name, now)


def _body(got: Request) -> bytes:
    if got.content_length is None or got.content_length > MAX_BODY_BYTES:
        raise Refused("size")
    return got.get_data(cache=False)


def _ciphertext(body: bytes) -> str:
    """What the signature covers; whatever stands beside it in compatible mode is not looked at."""
    try:
        ciphertext = wire.encrypted_part(wire.read_document(body))
    except Unusable:
        raise Refused("envelope") from None
    if not ciphertext:
        raise Refused("plain")
    return ciphertext


def _one(got: Request, name: str) -> str:
    """A query parameter that stands exactly once."""
    values = got.args.getlist(name)
    if len(values) != 1:
        raise Refused("parameters")
    return values[0]


def _reply(doors: Doors, account: Account, outcome: Outcome) -> bytes:
    if not outcome.passive or account.plain:
        return outcome.passive
    sealed = account.seals[0].close(outcome.passive, request.args["nonce"], doors.clock.now())
    return wire.envelope(sealed.ciphertext, sealed.signature, sealed.timestamp, sealed.nonce)


def _answer(body: bytes) -> Response:
    return Response(body, mimetype="application/xml" if body.startswith(b"<") else "text/plain")


def _refusal(doors: Doors, account: Account, refusal: Refused) -> Response:
    """The same short answer whatever was wrong."""
    doors.refused(account.channel, refusal.reason)
    return Response("forbidden", status=403, mimetype="text/plain")
