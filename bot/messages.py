"""One shape for every message that comes in and every reply that goes out, on every channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Channel(StrEnum):
    """Through which door a message travels."""

    OFFICIAL_ACCOUNT = "official_account"
    WECOM = "wecom"  # a member talking to the WeCom application
    CONTACT = "contact"  # customer-contact events of WeCom; a customer seen through an advisor
    KF = "kf"  # WeCom's customer service


class Kind(StrEnum):
    """What a message is. Kinds that this program does not know arrive as UNKNOWN."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    SHORTVIDEO = "shortvideo"
    FILE = "file"
    LOCATION = "location"
    LINK = "link"
    MINIPROGRAM = "miniprogrampage"
    EVENT = "event"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A message or event of one person, checked and parsed.

    `account` is the receiving account (AppID or corp id; KF: open_kfid), `person` the sender's id in
    it (openid, userid, external_userid), `receiver` how the platform addressed us (gh_…). `key` is
    unique per account: the platform's MsgId, or for events a hash of all decrypted fields. `event`
    is lower case ("subscribe"). `text` is what the person said: content, recognised voice, the
    label of a tap. `fields` holds what the kind carries beside it, under the names of `bot/kinds.py`.
    """

    channel: Channel
    account: str
    person: str
    key: str
    kind: Kind
    sent_at: datetime
    text: str = ""
    event: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    receiver: str = ""
    raw: bytes = b""


class Reply:
    """What a handler answers. It never sends: how a reply travels is the caller's business."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Text(Reply):
    """Plain words. May hold `<a href="https://…">` links, which every channel shows."""

    content: str


@dataclass(frozen=True, slots=True)
class Media(Reply):
    """A picture, voice or file that a platform already holds under `media_id`.

    `held_by` names the channel it came in by when that is another than it goes out by: a media id
    is worth nothing elsewhere, so the worker carries the file over.
    """

    kind: Kind  # IMAGE, VOICE, VIDEO or FILE
    media_id: str
    title: str = ""
    held_by: Channel | None = None


@dataclass(frozen=True, slots=True)
class AdvisorCode(Reply):
    """The picture of the contact code that belongs to this token; the worker has it made before it is sent."""

    token: str


@dataclass(frozen=True, slots=True)
class Article:
    """One link with picture."""

    title: str
    description: str
    url: str
    picture_url: str = ""


@dataclass(frozen=True, slots=True)
class News(Reply):
    """One article or several; the official account shows one."""

    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a tap list; a tap comes back as text with this `id` in `fields["menu_id"]`."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Menu(Reply):
    """A tap list that also works by typing the number of a line."""

    head: str
    options: tuple[Option, ...]
    tail: str = ""


@dataclass(frozen=True, slots=True)
class Card(Reply):
    """A WeCom template card: `body` is the platform's JSON without task_id."""

    task_id: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CardDone(Reply):
    """Replaces the buttons of the card that was just tapped by one grey word."""

    label: str


@dataclass(frozen=True, slots=True)
class Silence(Reply):
    """Acknowledge and say nothing."""
