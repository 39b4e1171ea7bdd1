"""A reply in plain words: for channels where nothing can be tapped, for the log, to be copied."""

from __future__ import annotations

import html
from collections.abc import Callable

from bot.messages import Article, Menu, News, Option, Reply, Text


def _label(option: Option) -> str:
    return option.label


def menu_in_words(menu: Menu, line: Callable[[Option], str] = _label) -> str:
    """A tap list as numbered lines; `line` may make them tappable."""
    lines = [f"{number}. {line(option)}" for number, option in enumerate(menu.options, 1)]
    return "\n".join(part for part in (menu.head, *lines, menu.tail) if part)


def news_in_words(news: News) -> str:
    """Articles as links inside a text."""
    return "\n\n".join(_link(article) for article in news.articles)


def _link(article: Article) -> str:
    label = f'<a href="{html.escape(article.url)}">{article.title}</a>'
    return f"{label}\n{article.description}" if article.description else label


def words_of(reply: Reply) -> str:
    """What a reply says."""
    match reply:
        case Text(content=content):
            return content
        case Menu():
            return menu_in_words(reply)
        case News():
            return news_in_words(reply)
        case _:
            return ""


def kind_of(reply: Reply) -> str:
    """The kind under which the log of a conversation keeps it."""
    return type(reply).__name__.lower()
