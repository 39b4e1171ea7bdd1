"""Pulled messages of WeCom's customer service as messages of this program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.messages import Channel, IncomingMessage, Kind
from bot.text import printable
from bot.wire import EVENT_CHARS

# Who speaks, as the platform numbers it: a customer, the system, a member in his own client.
CUSTOMER, SYSTEM, MEMBER = 3, 4, 5
# How what a member wrote in his client arrives here: an event, so that no handler answers it.
MEMBER_SPOKE = "servicer_message"

_KINDS: Mapping[str, Kind] = {
    "text": Kind.TEXT,
    "image": Kind.IMAGE,
    "voice": Kind.VOICE,
    "video": Kind.VIDEO,
    "file": Kind.FILE,
    "location": Kind.LOCATION,
    "link": Kind.LINK,
    "miniprogram": Kind.MINIPROGRAM,
    "event": Kind.EVENT,
}
# Characters of the longest id that the database keeps.
ID_CHARS = 128


def kf_message(open_kfid: str, body: str) -> IncomingMessage:
    """One line of a pull, kept as JSON; raises ValueError for whatever is no message."""
    try:
        line = json.loads(body)
        return _message(open_kfid, line, body)
    except (KeyError, TypeError, AttributeError, OverflowError, OSError, RecursionError) as error:
        raise ValueError(f"no message can be made of it: {type(error).__name__}") from None


def _message(open_kfid: str, line: Mapping[str, Any], body: str) -> IncomingMessage:
    kind_name = str(line.get("msgtype", ""))
    inner = line.get(kind_name)
    fields: dict[str, Any] = dict(inner) if isinstance(inner, dict) else {}
    spoke_in_client = line.get("origin") == MEMBER and kind_name != "event"
    return IncomingMessage(
        channel=Channel.KF,
        account=open_kfid,
        person=_id(line.get("external_userid") or fields.get("external_userid") or open_kfid),
        key=_id(line.get("msgid", "")),
        kind=Kind.EVENT if spoke_in_client else _KINDS.get(kind_name, Kind.UNKNOWN),
        sent_at=datetime.fromtimestamp(int(line.get("send_time") or 0), UTC),
        text="" if spoke_in_client else _words(kind_name, fields),
        event=MEMBER_SPOKE if spoke_in_client else str(fields.get("event_type", ""))[:EVENT_CHARS],
        fields=_named(kind_name, fields),
        raw=body.encode(errors="replace"),
    )


def _id(given: object) -> str:
    """An id of the platform; raises ValueError for what is longer than any of them."""
    written = str(given)
    if len(written) > ID_CHARS:
        raise ValueError(f"an id of {len(written)} characters")
    return written


def _words(kind: str, fields: Mapping[str, Any]) -> str:
    return printable(str(fields.get("content", ""))) if kind == "text" else ""


def _named(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Under the names of `bot/kinds.py`: x is the latitude, y the longitude."""
    if kind != "location":
        return {name: value for name, value in fields.items() if value not in (None, "")}
    label = str(fields.get("name") or fields.get("address") or "")
    return {"location_x": float(fields["latitude"]), "location_y": float(fields["longitude"]), "label": label}
