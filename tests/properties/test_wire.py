"""Any bytes become a message or are refused; any words survive the way in and the way out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import wire
from bot.errors import Unusable
from bot.kf_wire import kf_message
from bot.messages import Article, CardDone, Channel, IncomingMessage, Kind, Media, Menu, News, Option, Reply, Text
from bot.text import GRAPHEME, TEXT_BYTES, UNPRINTABLE, clip, printable
from bot.words import menu_in_words
from crm.models import Conversation, InboxRow, Interaction
from tests.front_door import Shop
from tests.properties.documents import bodies, in_xml, json_values, texts

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
CHANNELS = (Channel.OFFICIAL_ACCOUNT, Channel.WECOM)
# Words as a person types them: any script, emoji of several code points, the signs of XML and of links.
PIECES = [
    "👩‍👩‍👧‍👦",
    "e\u0301",
    "🇨🇳",
    "珠宝",
    "]]>",
    "<b>",
    "&amp;",
    '<a href="https://x.y">',
    "</a>",
    "\n",
    "ก็",
    "a",
    '"',
]
pieces = st.lists(st.sampled_from(PIECES), max_size=1200).map("".join)
anything = st.one_of(st.text(max_size=2500), pieces)
typed = st.one_of(st.text(in_xml, max_size=2500), pieces)


def read(body: bytes, channel: Channel = Channel.OFFICIAL_ACCOUNT) -> IncomingMessage:
    return wire.read_message(wire.read_document(body), body, channel, "wx1", NOW)


@settings(max_examples=600)
@given(bodies, st.sampled_from(CHANNELS))
@example(b"", Channel.WECOM)
@example(b"{}", Channel.WECOM)
@example(b"<xml/>", Channel.OFFICIAL_ACCOUNT)
@example(b'{"MsgType": {"a": 1}, "FromUserName": "o"}', Channel.OFFICIAL_ACCOUNT)
@example(b'{"MsgType": "location", "FromUserName": "o", "Location_X": {"a": 1}}', Channel.WECOM)
def test_any_bytes_are_a_message_or_unusable(body: bytes, channel: Channel) -> None:
    try:
        message = read(body, channel)
    except Unusable:
        return
    assert 0 < len(message.person) <= Conversation.person.type.length
    assert 0 < len(message.key) <= InboxRow.key.type.length
    assert len(message.event or message.kind.value) <= Interaction.kind.type.length
    for words in (
        message.person,
        message.key,
        message.event,
        message.text,
        json.dumps(dict(message.fields), default=str),
    ):
        assert not UNPRINTABLE.search(words)
    assert message.sent_at.tzinfo is UTC


@given(bodies, st.sampled_from(CHANNELS))
def test_reading_the_same_bytes_twice_gives_the_same_key(body: bytes, channel: Channel) -> None:
    try:
        assert read(body, channel).key == read(body, channel).key
    except Unusable:
        return


@given(st.dictionaries(st.sampled_from(["EventKey", "Status", "x"]), texts, max_size=3), texts)
def test_events_that_differ_in_any_field_have_different_keys(fields: dict[str, str], other: str) -> None:
    def event(**nodes: str) -> IncomingMessage:
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in nodes.items())
        return read(f"<xml><FromUserName>o</FromUserName><MsgType>event</MsgType>{inner}</xml>".encode())

    changed = {**fields, "x": fields.get("x", "") + "1" + other}
    assert event(**fields).key != event(**changed).key
    assert event(**fields).key == event(**dict(reversed(fields.items()))).key


@given(typed, st.booleans())
def test_any_words_arrive_as_they_were_typed(words: str, cdata: bool) -> None:
    inner = f"<![CDATA[{words.replace(']]>', ']]]]><![CDATA[>')}]]>" if cdata else escape(words)
    message = read(
        f"<xml><FromUserName>o</FromUserName><MsgType>text</MsgType><Content>{inner}</Content></xml>".encode()
    )
    assert message.text == words


@given(st.text(max_size=500))
def test_any_words_arrive_through_json_without_what_nobody_can_store(words: str) -> None:
    body = json.dumps({"FromUserName": "o", "MsgType": "text", "Content": words, "MsgId": 1}).encode()
    assert read(body).text == printable(words)
    assert read(body).text.encode().decode() == printable(words)


def answered(reply: Reply, channel: Channel = Channel.OFFICIAL_ACCOUNT, event: str = "") -> ElementTree.Element:
    """What travels in place, read by somebody else's XML reader."""
    to = IncomingMessage(channel, "wx1", "oMei", "m:1", Kind.TEXT, NOW, receiver="gh_1", event=event)
    document = wire.passive(reply, to, NOW)
    assert document is not None
    root = ElementTree.fromstring(document)
    assert (root.findtext("ToUserName"), root.findtext("FromUserName")) == ("oMei", "gh_1")
    assert root.findtext("CreateTime") == str(int(NOW.timestamp()))
    return root


@given(anything.filter(lambda words: not regex.search(r"\p{Cs}", words)))
def test_any_reply_is_well_formed_and_fits(words: str) -> None:
    root = answered(Text(words))
    content = root.findtext("Content") or ""
    assert [child.tag for child in root if child.tag == "Content"] == ["Content"]
    assert len(content.encode()) <= TEXT_BYTES


@given(st.text(max_size=50))
@example("\ud800")
def test_a_lone_half_of_a_character_does_not_stop_a_reply(words: str) -> None:
    assert answered(Text(words)).findtext("Content") is not None


@given(typed, st.integers(10, 300))
def test_what_is_too_long_is_cut_between_visible_characters(words: str, limit: int) -> None:
    cut = clip(words, limit)
    assert len(cut.encode()) <= limit
    if cut == words:
        return
    assert cut.endswith("…")
    kept = cut[:-1]
    assert words.startswith(kept)
    graphemes = GRAPHEME.findall(words)
    ends = {0} | {sum(map(len, graphemes[:count])) for count in range(1, len(graphemes) + 1)}
    assert len(kept) in ends
    assert kept.count("<a") == kept.count("</a") or "<a" not in kept or "</a" in words


@given(typed)
def test_what_fits_is_said_whole(words: str) -> None:
    fitting = clip(words)[:-1] if len(words.encode()) > TEXT_BYTES else words
    assert (answered(Text(fitting)).findtext("Content") or "") == fitting


option_ids = st.from_regex(r"[a-z:0-9]{1,20}", fullmatch=True)
options = st.builds(Option, option_ids, typed.map(lambda words: words[:30]))
short = typed.map(lambda words: words[:80])
menus = st.builds(Menu, short, st.lists(options, max_size=12).map(tuple), short)


@given(menus, st.sampled_from(CHANNELS))
def test_any_tap_list_fits_and_keeps_its_order(menu: Menu, channel: Channel) -> None:
    content = answered(menu, channel).findtext("Content") or ""
    assert len(content.encode()) <= TEXT_BYTES
    whole = menu_in_words(menu, wire.tap_link) if channel is Channel.OFFICIAL_ACCOUNT else menu_in_words(menu)
    assert printable(whole) == content or content.endswith("…")
    if channel is Channel.OFFICIAL_ACCOUNT:
        ids = regex.findall(r"msgmenuid=([a-z:0-9]+)\">", content)
        assert ids == [option.id for option in menu.options][: len(ids)]


@given(typed.map(lambda words: words[:200]), option_ids)
def test_a_label_never_breaks_out_of_its_link(label: str, option_id: str) -> None:
    link = wire.tap_link(Option(option_id, label))
    found = regex.fullmatch(
        r'<a href="weixin://bizmsgmenu\?msgmenucontent=([^"&<]*)&msgmenuid=([^"]*)">([^<]*)</a>', link
    )
    assert found
    assert found[2] == option_id
    assert found[1] == found[3]


articles = st.builds(Article, typed, typed, texts, texts)


@given(st.lists(articles, min_size=1, max_size=10), st.sampled_from(CHANNELS))
def test_any_articles_fit_and_keep_their_order(found: list[Article], channel: Channel) -> None:
    root = answered(News(tuple(found)), channel)
    shown = root.findall("Articles/item")
    assert len(shown) == int(root.findtext("ArticleCount") or 0) == min(len(found), 1 if channel is CHANNELS[0] else 8)
    for item, article in zip(shown, found, strict=False):
        assert len((item.findtext("Title") or "").encode()) <= wire.TITLE_BYTES
        assert len((item.findtext("Description") or "").encode()) <= wire.DESCRIPTION_BYTES
        assert item.findtext("Url") == article.url


@given(texts)
def test_pictures_and_greyed_cards_are_well_formed(words: str) -> None:
    assert answered(Media(Kind.IMAGE, words)).findtext("Image/MediaId") == words
    done = answered(CardDone(words), Channel.WECOM, "template_card_event")
    assert done.findtext("Button/ReplaceName") == words


lines = st.dictionaries(
    st.sampled_from(
        ["msgid", "external_userid", "send_time", "origin", "msgtype", "text", "location", "event", "image"]
    ),
    st.one_of(
        json_values,
        st.sampled_from(["text", "location", "event", "image", "voice", 3, 4, 5, "1767225600"]),
        st.fixed_dictionaries(
            {}, optional={"content": json_values, "latitude": json_values, "event_type": json_values}
        ),
    ),
)


@given(st.one_of(lines.map(json.dumps), st.text(max_size=60)))
@example('{"msgtype": "location", "location": {"name": "湖滨"}}')
@example('{"msgtype": "text", "send_time": [1]}')
@example('{"msgtype": "text", "msgid": "' + "m" * 129 + '"}')
@example('{"msgtype": "text", "send_time": 1e30}')
def test_any_line_of_customer_service_is_a_message_or_a_value_error(body: str) -> None:
    """Whatever else it raises would stop the lines behind it."""
    try:
        message = kf_message("wk1", body)
    except ValueError:
        return
    assert message.channel is Channel.KF
    assert len(message.key) <= InboxRow.key.type.length
    assert not UNPRINTABLE.search(message.text)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@settings(max_examples=60)
@given(bodies.filter(len))
@example(b"<xml><FromUserName>o</FromUserName><MsgType>event</MsgType><Event>" + b"e" * 60 + b"</Event></xml>")
def test_whatever_is_signed_is_taken_and_answered_200(shop: Shop, body: bytes) -> None:
    """The whole path on both databases: nothing that the platform can send makes it send again for ever."""
    for door in (shop.official_account, shop.wecom):
        assert door.post(body).status_code == 200
