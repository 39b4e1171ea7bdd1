"""What a platform, a broken proxy or an attacker who knows the token could put into a message."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from bot import kinds

KINDS = sorted({*kinds.OFFICIAL_ACCOUNT_MESSAGES, *kinds.WECOM_MESSAGES, "event", "hologram", ""})
EVENTS = sorted({*kinds.OFFICIAL_ACCOUNT_EVENTS, *kinds.WECOM_EVENTS, "some_event_of_2030", "E" * 60, ""})
TAGS = (
    *("ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "Content", "MsgId"),
    *("MsgID", "AgentID", "PicUrl", "MediaId", "Format", "Recognition", "ThumbMediaId", "Location_X"),
    *("Location_Y", "Scale", "Label", "Title", "Description", "Url", "Ticket", "Latitude", "Longitude"),
    *("Precision", "Status", "TotalCount", "FilterCount", "SentCount", "ErrorCount", "ScanCodeInfo"),
    *("ScanType", "ScanResult", "SendPicsInfo", "Count", "PicList", "item", "SendLocationInfo"),
    *("ChangeType", "UserID", "ExternalUserID", "State", "WelcomeCode", "Token", "OpenKfId", "TaskId"),
    *("CardType", "ResponseCode", "SelectedItems", "SelectedItem", "OptionIds", "OptionId", "List"),
    *("bizmsgmenuid", "SubscribeMsgPopupEvent", "CopyrightCheckResult", "x"),
)
# Every character that XML can hold; what it can't is the business of the raw bytes below.
in_xml = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff", include_characters="\t\n")
texts = st.text(in_xml, max_size=60)
values = st.one_of(
    texts,
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(["0", "-1", "1e400", "nan", "１２", "1767225600", "99999999999", "True", "]]>", "{0}", "x" * 3000]),
)


def _node(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>"


nodes = st.recursive(
    st.builds(_node, st.sampled_from(TAGS), values.map(escape)),
    lambda inner: st.builds(_node, st.sampled_from(TAGS), st.lists(inner, max_size=4).map("".join)),
    max_leaves=12,
)
xml_documents = st.builds(
    lambda kind, event, person, further: "".join(
        ("<xml>", _node("FromUserName", person), _node("MsgType", kind), _node("Event", event), *further, "</xml>")
    ),
    st.sampled_from(KINDS),
    st.sampled_from(EVENTS),
    st.one_of(st.just("oMei"), values.map(escape)),
    st.lists(nodes, max_size=6),
).map(str.encode)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), values),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(TAGS), inner, max_size=4)),
    max_leaves=10,
)
json_documents = st.builds(
    lambda kind, event, person, further: json.dumps(
        {"MsgType": kind, "Event": event, "FromUserName": person, **further}
    ),
    st.one_of(st.sampled_from(KINDS), json_values),
    st.one_of(st.sampled_from(EVENTS), json_values),
    st.one_of(st.just("oMei"), json_values),
    st.dictionaries(st.sampled_from(TAGS), json_values, max_size=6),
).map(lambda text: text.encode("utf-8", "surrogatepass"))


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A good document with a few bytes cut out, doubled or replaced."""
    document = draw(st.one_of(xml_documents, json_documents))
    begin, end = sorted((draw(st.integers(0, len(document))), draw(st.integers(0, len(document)))))
    middle = draw(st.one_of(st.just(b""), st.binary(max_size=8), st.just(document[begin:end] * 2)))
    return document[:begin] + middle + document[end:]


bodies = st.one_of(st.binary(max_size=300), texts.map(str.encode), xml_documents, json_documents, spoilt())
