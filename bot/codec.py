"""Replies as JSON text and back: for what waits in the database until it is said."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.messages import (
    AdvisorCode,
    Article,
    Card,
    CardDone,
    Channel,
    Kind,
    Media,
    Menu,
    News,
    Option,
    Reply,
    Silence,
    Text,
)

Fields = Mapping[str, Any]

# The name under which each kind of reply is stored. Stored for years: never rename one.
_NAMES: Mapping[type[Reply], str] = {
    Text: "text",
    Media: "media",
    AdvisorCode: "advisor_code",
    News: "news",
    Menu: "menu",
    Card: "card",
    CardDone: "card_done",
    Silence: "silence",
}


def to_json(reply: Reply) -> str:
    """The reply as JSON text; raises KeyError for a kind that has no name here."""
    return json.dumps(to_fields(reply), ensure_ascii=False)


def from_json(text: str) -> Reply:
    """The reply that `to_json` wrote; raises ValueError for any other text."""
    fields = json.loads(text)
    if not isinstance(fields, dict):
        raise ValueError("a stored reply is a JSON object")
    return from_fields(fields)


def to_fields(reply: Reply) -> dict[str, Any]:
    """The reply as plain values, to be kept inside a larger JSON object."""
    match reply:
        case Text(content=content):
            fields: dict[str, Any] = {"content": content}
        case Media(kind=kind, media_id=media_id, title=title, held_by=held_by):
            fields = {"kind": kind.value, "media_id": media_id, "title": title, "held_by": held_by}
        case AdvisorCode(token=token):
            fields = {"token": token}
        case News(articles=articles):
            fields = {"articles": [_article_fields(article) for article in articles]}
        case Menu(head=head, options=options, tail=tail):
            fields = {"head": head, "options": [[option.id, option.label] for option in options], "tail": tail}
        case Card(task_id=task_id, body=body):
            fields = {"task_id": task_id, "body": dict(body)}
        case CardDone(label=label):
            fields = {"label": label}
        case _:
            fields = {}
    return {"reply": _NAMES[type(reply)], **fields}


def from_fields(fields: Fields) -> Reply:
    """The reply of `to_fields`; further fields are left alone. Raises ValueError for anything else."""
    maker = _MAKERS.get(str(fields.get("reply")))
    if maker is None:
        raise ValueError(f"no kind of reply is called {fields.get('reply')!r}")
    try:
        return maker(fields)
    except (KeyError, TypeError) as error:
        raise ValueError(f"a stored {fields['reply']} is not whole: {error}") from None


def _article_fields(article: Article) -> dict[str, str]:
    return {
        "title": article.title,
        "description": article.description,
        "url": article.url,
        "picture_url": article.picture_url,
    }


def _media(fields: Fields) -> Media:
    held_by = fields.get("held_by")
    return Media(Kind(fields["kind"]), fields["media_id"], fields["title"], Channel(held_by) if held_by else None)


def _menu(fields: Fields) -> Menu:
    return Menu(fields["head"], tuple(Option(*pair) for pair in fields["options"]), fields["tail"])


_MAKERS: Mapping[str, Callable[[Fields], Reply]] = {
    "text": lambda fields: Text(fields["content"]),
    "media": lambda fields: _media(fields),
    "advisor_code": lambda fields: AdvisorCode(fields["token"]),
    "news": lambda fields: News(tuple(Article(**article) for article in fields["articles"])),
    "menu": _menu,
    "card": lambda fields: Card(fields["task_id"], fields["body"]),
    "card_done": lambda fields: CardDone(fields["label"]),
    "silence": lambda fields: Silence(),
}
