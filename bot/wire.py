"""XML and JSON to messages and back; the only file that knows tag names.

Our guard reads the document under limits, wechatpy's typed classes (`bot/kinds.py`) read the
fields, wechatpy's replies are rendered behind a guard for CDATA and length.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.parsers import expat

from wechatpy import replies

from bot import kinds
from bot.errors import Unusable
from bot.messages import CardDone, Channel, IncomingMessage, Kind, Media, Menu, News, Option, Reply, Silence, Text
from bot.text import clip, printable
from bot.words import menu_in_words

# A platform's message has about 15 nodes in 4 levels; more is an attack on memory or stack.
MAX_DEPTH, MAX_ELEMENTS = 8, 500
# Nodes that may stand once or several times: always read as a list. Any other: the first holds.
LISTS = frozenset({"List", "item", "SelectedItem", "OptionId"})
# Titles and descriptions of a passive article, in bytes.
TITLE_BYTES, DESCRIPTION_BYTES = 128, 512
# Characters of an event's name that are kept; the longest documented one has 26.
EVENT_CHARS = 32
# What every message has; the rest is its `fields`.
COMMON = frozenset({"id", "source", "target", "create_time", "time", "content", "agent"})

Node = dict[str, Any]


class _Reader:
    """Expat handlers that build a dict and refuse what no platform sends."""

    def __init__(self) -> None:
        self.root: Node = {}
        self._stack: list[tuple[str, Node, list[str]]] = []
        self._elements = 0

    def start(self, name: str, _attributes: Mapping[str, str]) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS or len(self._stack) >= MAX_DEPTH:
            raise ValueError("too large")
        self._stack.append((name, {}, []))

    def text(self, words: str) -> None:
        self._stack[-1][2].append(words)

    def end(self, _name: str) -> None:
        name, children, words = self._stack.pop()
        value: Any = children or printable("".join(words))
        if not self._stack:
            self.root = children
        elif name in LISTS:
            self._stack[-1][1].setdefault(name, []).append(value)
        else:
            self._stack[-1][1].setdefault(name, value)

    def refuse(self, *_declaration: object) -> None:
        raise ValueError("doctype")


def read_document(body: bytes) -> Node:
    """One XML or JSON document as nested dicts of text; raises Unusable."""
    try:
        return _json(body) if body.lstrip()[:1] == b"{" else _xml(body)
    except (expat.ExpatError, ValueError, RecursionError) as error:
        raise Unusable(f"document: {type(error).__name__}", body) from None


def _xml(body: bytes) -> Node:
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.EntityDeclHandler = reader.refuse
    parser.Parse(body, True)
    return reader.root


def _json(body: bytes) -> Node:
    document = json.loads(body)
    if not isinstance(document, dict):
        raise ValueError("no object")
    return {key: _plain(value, depth=1) for key, value in document.items()}


def _plain(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise ValueError("too deep")
    if isinstance(value, dict):
        return {key: _plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner, depth + 1) for inner in value[:MAX_ELEMENTS]]
    return "" if value is None else printable(str(value))


def encrypted_part(document: Node) -> str:
    """The ciphertext of an envelope in either spelling; "" when there is none."""
    value = document.get("Encrypt") or document.get("encrypt") or ""
    return value if isinstance(value, str) else ""


def read_message(document: Node, raw: bytes, channel: Channel, account: str, now: datetime) -> IncomingMessage:
    """The message in a decrypted document; raises Unusable when it is none."""
    kind, event = _text(document, "MsgType").lower(), _text(document, "Event").lower()
    person = _text(document, "ExternalUserID") or _text(document, "FromUserName") or _text(document, "OpenKfId")
    if not kind or not person or len(person) > 128:
        raise Unusable("no sender or type", raw)
    known = _table(channel, kind).get(event if kind == "event" else kind)
    try:
        fields = _fields(known, document) if known else {}
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise Unusable(f"field: {type(error).__name__}", raw) from None
    return IncomingMessage(
        channel=_channel(channel, event),
        account=account,
        person=person,
        receiver=_text(document, "ToUserName"),
        key=_key(document),
        kind=Kind(kind) if known else Kind.UNKNOWN,
        event=event[:EVENT_CHARS],
        text=_words(document, fields),
        sent_at=_instant(_text(document, "CreateTime"), now),
        fields=fields,
        raw=raw,
    )


def _table(channel: Channel, kind: str) -> Mapping[str, Any]:
    if channel is Channel.OFFICIAL_ACCOUNT:
        return kinds.OFFICIAL_ACCOUNT_EVENTS if kind == "event" else kinds.OFFICIAL_ACCOUNT_MESSAGES
    return kinds.WECOM_EVENTS if kind == "event" else kinds.WECOM_MESSAGES


def _channel(channel: Channel, event: str) -> Channel:
    if channel is Channel.WECOM and event.startswith("change_external_"):
        return Channel.CONTACT
    if channel is Channel.WECOM and event.startswith("kf_"):
        return Channel.KF
    return channel


def _fields(known: Any, document: Node) -> dict[str, Any]:
    typed = known(dict(document))
    values = {name: getattr(typed, name) for name in known._fields if name not in COMMON}
    return {name: value for name, value in values.items() if value not in (None, "", {})}


def _words(document: Node, fields: Mapping[str, Any]) -> str:
    return _text(document, "Content") or str(fields.get("recognition", "")).strip()


def _key(document: Node) -> str:
    """MsgId; for events a hash of all fields, because two events of one second share sender and time."""
    if message_id := _text(document, "MsgId"):
        return f"m:{message_id}"[:128]
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "e:" + hashlib.sha256(canonical.encode()).hexdigest()[:40]


def _text(document: Node, tag: str) -> str:
    value = document.get(tag, "")
    return value if isinstance(value, str) else ""


def _instant(seconds: str, now: datetime) -> datetime:
    # Ten digits of seconds; a message without a readable time was sent about now.
    return datetime.fromtimestamp(int(seconds), UTC) if seconds.isdecimal() and len(seconds) == 10 else now


def tap_link(option: Option) -> str:
    """A tappable line inside a passive text of the official account."""
    words = option.label.replace('"', "").replace("&", "＆").replace("<", "＜")
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={words}&msgmenuid={option.id}">{words}</a>'


def passive(reply: Reply, to: IncomingMessage, now: datetime) -> bytes | None:
    """The inner XML that answers `to` in place; b"" acknowledges, None: it can't travel this way."""
    if isinstance(reply, Silence):
        return b""
    rendered = _rendered(reply, to)
    if rendered is None:
        return None
    rendered.source, rendered.target, rendered.time = to.receiver, to.person, int(now.timestamp())
    document: str = rendered.render()
    return document.encode()


def _rendered(reply: Reply, to: IncomingMessage) -> replies.BaseReply | None:
    if to.channel in (Channel.KF, Channel.CONTACT):
        return None
    match reply:
        case Text(content):
            return replies.TextReply(content=_cdata(clip(content)))
        case Menu():
            tappable = to.channel is Channel.OFFICIAL_ACCOUNT
            words = menu_in_words(reply, tap_link) if tappable else menu_in_words(reply)
            return replies.TextReply(content=_cdata(clip(words)))
        case Media(kind=Kind.IMAGE, media_id=media_id):
            return replies.ImageReply(media_id=_cdata(media_id))
        case Media(kind=Kind.VOICE, media_id=media_id):
            return replies.VoiceReply(media_id=_cdata(media_id))
        case News():
            return _articles(reply, to)
        case CardDone(label) if to.event == "template_card_event":
            return _CardDoneReply(label=_cdata(label))
        case _:
            return None


def _articles(reply: News, to: IncomingMessage) -> replies.BaseReply:
    rendered = replies.ArticlesReply()
    # The official account shows one article in answer to a message.
    for article in reply.articles[: 1 if to.channel is Channel.OFFICIAL_ACCOUNT else 8]:
        rendered.add_article(
            {
                "title": _cdata(clip(article.title, TITLE_BYTES)),
                "description": _cdata(clip(article.description, DESCRIPTION_BYTES)),
                "image": _cdata(article.picture_url),
                "url": _cdata(article.url),
            }
        )
    return rendered


class _ReplaceName(replies.StringField):  # type: ignore[misc]
    def to_xml(self, value: str) -> str:
        return f"<Button><ReplaceName><![CDATA[{value}]]></ReplaceName></Button>"


class _CardDoneReply(replies.BaseReply):  # type: ignore[misc]
    """`update_button`: not in wechatpy."""

    type = "update_button"
    label = _ReplaceName("Button")


def _cdata(words: str) -> str:
    """Words that wechatpy can put into CDATA: it writes them there as they are."""
    return printable(words).replace("]]>", "]]]]><![CDATA[>")


def envelope(ciphertext: str, signature: str, timestamp: str, nonce: str) -> bytes:
    """The encrypted answer around a rendered reply; every value is hex, base64 or digits."""
    return (
        f"<xml><Encrypt><![CDATA[{ciphertext}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
    ).encode()
