"""Replies as the JSON of the platforms' send calls; what a surface does not show is said in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.errors import BadContent
from bot.messages import Article, Card, Media, Menu, Reply, Silence, Text
from bot.text import TEXT_BYTES, clip, printable
from bot.words import menu_in_words

Body = dict[str, Any]
Renderer = Callable[[Any], Body]


def render(reply: Reply, renderers: Mapping[type[Reply], Renderer], surface: str) -> Body:
    """The part of a send call that holds the reply; raises BadContent when the surface can't carry it."""
    renderer = renderers.get(type(reply))
    if renderer is None:
        raise BadContent(None, f"{surface} cannot carry a {type(reply).__name__}")
    return renderer(reply)


def text_body(content: str, most: int = TEXT_BYTES) -> Body:
    """A text message, cut to what the platform takes."""
    return {"msgtype": "text", "text": {"content": clip(printable(content), most)}}


def render_text(text: Text) -> Body:
    """Words as they are."""
    return text_body(text.content)


def render_media(media: Media) -> Body:
    """A file under its media id; a video has its title."""
    kind = media.kind.value
    content = {"media_id": media.media_id}
    if kind == "video" and media.title:
        content["title"] = media.title
    return {"msgtype": kind, kind: content}


def render_numbered_menu(menu: Menu) -> Body:
    """A tap list as a text with numbers."""
    return text_body(menu_in_words(menu))


def article_body(article: Article) -> Body:
    """An article as the news messages of both platforms want it."""
    return {
        "title": article.title,
        "description": article.description,
        "url": article.url,
        "picurl": article.picture_url,
    }


def is_silent(reply: Reply) -> bool:
    """Whether there is nothing to send."""
    return isinstance(reply, Silence)


def card_body(card: Card) -> Body:
    """A template card with its task id."""
    return {"msgtype": "template_card", "template_card": {**card.body, "task_id": card.task_id}}
