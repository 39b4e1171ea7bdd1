"""Replies survive the database as they are."""

from __future__ import annotations

import json

import pytest

from bot.codec import from_json, to_json
from bot.messages import Article, Card, CardDone, Channel, Kind, Media, Menu, News, Option, Reply, Silence, Text


@pytest.mark.parametrize(
    "reply",
    [
        Text("珍珠怕汗😀\n<a href='https://x.cn'>看</a>"),
        Text(""),
        Media(Kind.IMAGE, "MED1"),
        Media(Kind.VIDEO, "MED1", "试戴", held_by=Channel.OFFICIAL_ACCOUNT),
        News((Article("新品", "说明", "https://x.cn/1", "https://x.cn/1.png"), Article("二", "", "https://x.cn/2"))),
        Menu("您想问的是？", (Option("1", "珍珠"), Option("2", "银")), "或回复数字"),
        Card("t-1", {"card_type": "text_notice", "main_title": {"title": "有顾客在等"}}),
        CardDone("已接待"),
        Silence(),
    ],
)
def test_what_is_written_is_read_again(reply: Reply) -> None:
    assert from_json(to_json(reply)) == reply


def test_chinese_stays_readable() -> None:
    assert "珍珠" in to_json(Text("珍珠"))


def test_what_stands_beside_a_reply_is_left_alone() -> None:
    stored = json.loads(to_json(Text("好"))) | {"notice": {"purpose": "x"}}
    assert from_json(json.dumps(stored)) == Text("好")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"reply": "fax"}', '{"reply": "text"}', '{"reply": "menu", "head": 1}']
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        from_json(text)
