# ruff: noqa: E501 - a table of cases reads best with one case a line
"""Every kind of message and event that the platforms document is read, from XML and from JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot import wire
from bot.errors import Unusable
from bot.messages import Article as NewsArticle
from bot.messages import Channel, IncomingMessage, Kind, Menu, News, Option, Text

NOW = datetime(2026, 11, 21, tzinfo=UTC)
OA, WECOM = Channel.OFFICIAL_ACCOUNT, Channel.WECOM

# channel, kind, event, nodes, fields that must come out
KINDS: list[tuple[Channel, str, str, dict[str, Any], dict[str, Any]]] = [
    (OA, "text", "", {"Content": "你好", "bizmsgmenuid": "topic:a"}, {"menu_id": "topic:a"}),
    (OA, "image", "", {"PicUrl": "http://x", "MediaId": "M"}, {"media_id": "M", "image": "http://x"}),
    (OA, "voice", "", {"MediaId": "M", "Format": "amr", "Recognition": "好"}, {"media_id": "M", "recognition": "好"}),
    (OA, "video", "", {"MediaId": "M", "ThumbMediaId": "T"}, {"media_id": "M", "thumb_media_id": "T"}),
    (OA, "shortvideo", "", {"MediaId": "M", "ThumbMediaId": "T"}, {"media_id": "M", "thumb_media_id": "T"}),
    (OA, "location", "", {"Location_X": "30.2", "Location_Y": "120.1", "Scale": "15", "Label": "西湖"}, {"location_x": 30.2, "location_y": 120.1, "label": "西湖"}),
    (OA, "link", "", {"Title": "t", "Description": "d", "Url": "http://x"}, {"title": "t", "url": "http://x"}),
    (OA, "miniprogrampage", "", {"Title": "t", "AppId": "wx", "PagePath": "p"}, {"app_id": "wx", "page_path": "p"}),
    (OA, "event", "subscribe", {"EventKey": "qrscene_store-1", "Ticket": "T"}, {"key": "qrscene_store-1", "ticket": "T"}),
    (OA, "event", "unsubscribe", {}, {}),
    (OA, "event", "SCAN", {"EventKey": "store-1", "Ticket": "T"}, {"scene_id": "store-1"}),
    (OA, "event", "LOCATION", {"Latitude": "30.1", "Longitude": "120.1", "Precision": "9"}, {"latitude": 30.1}),
    (OA, "event", "CLICK", {"EventKey": "CARE"}, {"key": "CARE"}),
    (OA, "event", "VIEW", {"EventKey": "http://x", "MenuId": "1"}, {"url": "http://x"}),
    (OA, "event", "view_miniprogram", {"EventKey": "pages/a", "MenuId": "1"}, {"key": "pages/a", "menu_id": "1"}),
    (OA, "event", "scancode_push", {"EventKey": "k", "ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "1"}}, {"scan_code_info": {"ScanType": "qrcode", "ScanResult": "1"}}),
    (OA, "event", "scancode_waitmsg", {"EventKey": "k", "ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "1"}}, {"key": "k"}),
    (OA, "event", "pic_sysphoto", {"EventKey": "k", "SendPicsInfo": {"Count": "1", "PicList": {"item": [{"PicMd5Sum": "a"}]}}}, {"pictures_info": {"Count": "1", "PicList": {"item": [{"PicMd5Sum": "a"}]}}}),
    (OA, "event", "pic_photo_or_album", {"EventKey": "k", "SendPicsInfo": {"Count": "0"}}, {"key": "k"}),
    (OA, "event", "pic_weixin", {"EventKey": "k", "SendPicsInfo": {"Count": "0"}}, {"key": "k"}),
    (OA, "event", "location_select", {"EventKey": "k", "SendLocationInfo": {"Location_X": "1", "Poiname": "p"}}, {"location_info": {"Location_X": "1", "Poiname": "p"}}),
    (OA, "event", "TEMPLATESENDJOBFINISH", {"MsgID": "200", "Status": "success"}, {"job_id": "200", "status": "success"}),
    (OA, "event", "MASSSENDJOBFINISH", {"MsgID": "34182", "Status": "send success", "SentCount": "3"}, {"job_id": "34182", "sent_count": 3}),
    (OA, "event", "subscribe_msg_popup_event", {"SubscribeMsgPopupEvent": {"List": [{"TemplateId": "a"}, {"TemplateId": "b"}]}}, {"choices": {"List": [{"TemplateId": "a"}, {"TemplateId": "b"}]}}),
    (OA, "event", "subscribe_msg_change_event", {"SubscribeMsgPopupEvent": {"List": [{"TemplateId": "a"}]}}, {"choices_misnamed": {"List": [{"TemplateId": "a"}]}}),
    (OA, "event", "subscribe_msg_sent_event", {"SubscribeMsgSentEvent": {"List": [{"MsgID": "1"}]}}, {"results": {"List": [{"MsgID": "1"}]}}),
    (OA, "event", "kf_create_session", {"KfAccount": "a@b"}, {"account": "a@b"}),
    (OA, "event", "kf_close_session", {"KfAccount": "a@b"}, {"account": "a@b"}),
    (OA, "event", "kf_switch_session", {"FromKfAccount": "a", "ToKfAccount": "b"}, {"from_account": "a", "to_account": "b"}),
    (OA, "event", "PUBLISHJOBFINISH", {"PublishEventInfo": {"publish_id": "1"}}, {"result": {"publish_id": "1"}}),
    (OA, "event", "user_info_modified", {"OpenID": "o", "RevokeInfo": "1"}, {"openid": "o", "revoked": "1"}),
    (OA, "event", "user_authorization_revoke", {"OpenID": "o", "RevokeInfo": "301"}, {"revoked": "301"}),
    (OA, "event", "debug_demo", {}, {}),
    (WECOM, "text", "", {"Content": "帮助", "AgentID": "1000002"}, {}),
    (WECOM, "image", "", {"PicUrl": "http://x", "MediaId": "M", "AgentID": "1"}, {"media_id": "M"}),
    (WECOM, "voice", "", {"MediaId": "M", "Format": "speex", "AgentID": "1"}, {"format": "speex"}),
    (WECOM, "video", "", {"MediaId": "M", "ThumbMediaId": "T", "AgentID": "1"}, {"media_id": "M"}),
    (WECOM, "location", "", {"Location_X": "1.5", "Location_Y": "2.5", "Scale": "9", "Label": "l", "AppType": "wxwork"}, {"location_x": 1.5, "app_type": "wxwork"}),
    (WECOM, "link", "", {"Title": "t", "Description": "d", "Url": "u", "PicUrl": "p"}, {"title": "t", "url": "u"}),
    (WECOM, "event", "subscribe", {"AgentID": "1"}, {}),
    (WECOM, "event", "unsubscribe", {"AgentID": "1"}, {}),
    (WECOM, "event", "enter_agent", {"EventKey": "", "AgentID": "1"}, {}),
    (WECOM, "event", "LOCATION", {"Latitude": "1.5", "Longitude": "2", "Precision": "3", "AgentID": "1"}, {"latitude": 1.5}),
    (WECOM, "event", "click", {"EventKey": "K", "AgentID": "1"}, {"key": "K"}),
    (WECOM, "event", "view", {"EventKey": "http://x", "AgentID": "1"}, {"url": "http://x"}),
    (WECOM, "event", "view_miniprogram", {"EventKey": "p", "AgentID": "1"}, {"key": "p"}),
    (WECOM, "event", "scancode_waitmsg", {"EventKey": "k", "ScanCodeInfo": {"ScanResult": "1"}, "AgentID": "1"}, {"key": "k"}),
    (WECOM, "event", "pic_weixin", {"EventKey": "k", "SendPicsInfo": {"Count": "0"}, "AgentID": "1"}, {"key": "k"}),
    (WECOM, "event", "location_select", {"EventKey": "k", "SendLocationInfo": {"Label": "l"}, "AgentID": "1"}, {"location_info": {"Label": "l"}}),
    (WECOM, "event", "batch_job_result", {"BatchJob": {"JobId": "1", "ErrCode": "0"}}, {"batch_job": {"JobId": "1", "ErrCode": "0"}}),
    (WECOM, "event", "change_contact", {"ChangeType": "delete_user", "UserID": "lin.yue"}, {"change_type": "delete_user", "userid": "lin.yue"}),
    (WECOM, "event", "template_card_event", {"EventKey": "take:1", "TaskId": "t", "CardType": "c", "ResponseCode": "R", "SelectedItems": {"SelectedItem": [{"QuestionKey": "q", "OptionIds": {"OptionId": ["a", "b"]}}]}}, {"key": "take:1", "task_id": "t", "response_code": "R", "selected": {"SelectedItem": [{"QuestionKey": "q", "OptionIds": {"OptionId": ["a", "b"]}}]}}),
    (WECOM, "event", "template_card_menu_event", {"EventKey": "k", "TaskId": "t", "ResponseCode": "R"}, {"key": "k", "response_code": "R"}),
    (WECOM, "event", "taskcard_click", {"EventKey": "k", "TaskId": "t"}, {"key": "k", "task_id": "t"}),
    (WECOM, "event", "change_external_contact", {"ChangeType": "add_external_contact", "UserID": "u", "ExternalUserID": "wm", "State": "s", "WelcomeCode": "W"}, {"change_type": "add_external_contact", "userid": "u", "state": "s", "welcome_code": "W"}),
    (WECOM, "event", "change_external_contact", {"ChangeType": "transfer_fail", "UserID": "u", "ExternalUserID": "wm", "FailReason": "customer_refused"}, {"fail_reason": "customer_refused"}),
    (WECOM, "event", "change_external_chat", {"ChatId": "wr", "ChangeType": "update", "UpdateDetail": "add_member"}, {"chat_id": "wr", "detail": "add_member"}),
    (WECOM, "event", "change_external_tag", {"Id": "et", "TagType": "tag", "ChangeType": "create"}, {"tag_id": "et", "tag_type": "tag"}),
    (WECOM, "event", "kf_msg_or_event", {"Token": "T", "OpenKfId": "wk"}, {"token": "T", "open_kfid": "wk"}),
    (WECOM, "event", "kf_account_auth_change", {"AuthAddOpenKfId": "wk"}, {"added": "wk"}),
    (WECOM, "event", "customer_acquisition", {"ChangeType": "friend_request", "LinkId": "l", "State": "s"}, {"link_id": "l", "state": "s"}),
]  # fmt: skip
NAMES = [f"{channel.value} {event or kind}" for channel, kind, event, *_ in KINDS]


def nodes_of(kind: str, event: str, nodes: dict[str, Any]) -> dict[str, Any]:
    head: dict[str, Any] = {"ToUserName": "gh", "CreateTime": "1767225600", "MsgType": kind}
    head |= {} if "OpenKfId" in nodes else {"FromUserName": "oMei"}
    return head | ({"Event": event} if event else {"MsgId": "1"}) | nodes


def as_xml(nodes: dict[str, Any], name: str = "xml") -> str:
    inner = ""
    for tag, value in nodes.items():
        for one in value if isinstance(value, list) else [value]:
            inner += as_xml(one, tag) if isinstance(one, dict) else f"<{tag}><![CDATA[{one}]]></{tag}>"
    return f"<{name}>{inner}</{name}>"


def read(channel: Channel, document: bytes) -> IncomingMessage:
    return wire.read_message(wire.read_document(document), document, channel, "account", NOW)


@pytest.mark.parametrize(("channel", "kind", "event", "nodes", "fields"), KINDS, ids=NAMES)
@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_documented_kind_is_read(
    form: str, channel: Channel, kind: str, event: str, nodes: dict[str, Any], fields: dict[str, Any]
) -> None:
    whole = nodes_of(kind, event, nodes)
    message = read(channel, as_xml(whole).encode() if form == "xml" else json.dumps(whole).encode())
    assert message.kind == Kind(kind)
    assert message.event == event.lower()
    assert {name: message.fields.get(name) for name in fields} == fields


def test_a_contact_event_is_about_the_customer_not_about_sys() -> None:
    nodes = {"ChangeType": "del_follow_user", "UserID": "u", "ExternalUserID": "wm1", "FromUserName": "sys"}
    message = read(WECOM, as_xml(nodes_of("event", "change_external_contact", nodes)).encode())
    assert (message.channel, message.person) == (Channel.CONTACT, "wm1")


def test_a_single_list_node_is_a_list_too() -> None:
    nodes = {"SubscribeMsgPopupEvent": {"List": {"TemplateId": "a"}}}
    message = read(OA, as_xml(nodes_of("event", "subscribe_msg_popup_event", nodes)).encode())
    assert message.fields["choices"] == {"List": [{"TemplateId": "a"}]}


def test_of_a_repeated_node_the_first_holds() -> None:
    document = as_xml(nodes_of("text", "", {"Content": "first"})).replace("</xml>", "<Content>second</Content></xml>")
    assert read(OA, document.encode()).text == "first"


def test_an_unknown_kind_keeps_its_sender_and_key() -> None:
    message = read(OA, as_xml(nodes_of("hologram", "", {})).encode())
    assert (message.kind, message.person, message.key) == (Kind.UNKNOWN, "oMei", "m:1")


def test_keys_of_events_are_hashes_of_everything_in_them() -> None:
    keys = {read(OA, as_xml(nodes_of("event", "CLICK", {"EventKey": key})).encode()).key for key in "AAB"}
    assert len(keys) == 2


@pytest.mark.parametrize("time", ["", "x", "99999999999999", "-5"])
def test_a_time_that_is_none_is_about_now(time: str) -> None:
    document = as_xml(nodes_of("text", "", {"Content": "x"}) | {"CreateTime": time}).encode()
    assert read(OA, document).sent_at == NOW


def test_without_a_sender_there_is_no_message() -> None:
    with pytest.raises(Unusable):
        read(OA, b"<xml><MsgType>text</MsgType></xml>")


def asked(channel: Channel = OA, kind: Kind = Kind.TEXT, event: str = "") -> IncomingMessage:
    return IncomingMessage(channel, "a", "oMei", "m:1", kind, NOW, event=event, receiver="gh")


def test_a_tap_list_is_links_and_numbers_on_the_official_account_and_numbers_on_wecom() -> None:
    menu = Menu("选一个", (Option("topic:a", '珍珠"护理"<b>'), Option("topic:b", "黄金")), "回复数字")
    on_oa = (wire.passive(menu, asked(), NOW) or b"").decode()
    assert "weixin://bizmsgmenu?msgmenucontent=珍珠护理＜b>&msgmenuid=topic:a" in on_oa
    on_wecom = (wire.passive(menu, asked(WECOM), NOW) or b"").decode()
    assert "weixin:" not in on_wecom
    assert "2. 黄金" in on_wecom


def test_the_official_account_shows_one_article() -> None:
    news = News(tuple(NewsArticle(f"t{number}", "d", "http://x") for number in range(3)))
    assert (wire.passive(news, asked(), NOW) or b"").count(b"<item>") == 1
    assert (wire.passive(news, asked(WECOM), NOW) or b"").count(b"<item>") == 3


def test_a_long_text_is_cut_on_a_visible_character_and_not_inside_a_link() -> None:
    family = "👩‍👩‍👧‍👦"
    content = (wire.passive(Text(family * 200), asked(), NOW) or b"").decode().split("CDATA[")[2].split("]]>")[0]
    assert len(content.encode()) <= 2048
    assert content.rstrip("…") == family * (len(content.rstrip("…")) // len(family))
    linked = "x" * 2000 + '<a href="https://example.cn/a/very/long/address">看这里</a>'
    cut = (wire.passive(Text(linked), asked(), NOW) or b"").decode()
    assert "<a" not in cut


@pytest.mark.parametrize("channel", [Channel.KF, Channel.CONTACT])
def test_kf_and_contacts_have_no_answer_in_place(channel: Channel) -> None:
    assert wire.passive(Text("x"), asked(channel), NOW) is None
