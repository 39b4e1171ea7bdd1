"""What WeCom is asked for messages to members, cards, media and the address book."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import BadContent, PlatformError, Unreachable
from bot.messages import Article, Card, CardDone, Kind, Media, Menu, News, Option, Reply, Silence, Text
from bot.platforms import Platforms
from bot.platforms.calls import Download
from bot.platforms.wecom import Department, Member, Sent, WeComApp
from tests.bot.platforms.fake_platform import AGENT_ID, FakePlatform, Raw

CHECKED = {"enable_duplicate_check": 1, "duplicate_check_interval": 1800}
LINK = Article("今日预约", "3 位", "https://m.example.cn/today")


@pytest.fixture
def app(platforms: Platforms) -> WeComApp:
    return platforms.wecom


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        (Text("客户询价"), {"msgtype": "text", "text": {"content": "客户询价"}}),
        (Media(Kind.FILE, "WM1"), {"msgtype": "file", "file": {"media_id": "WM1"}}),
        (
            News((LINK,) * 9),
            {
                "msgtype": "news",
                "news": {
                    "articles": [
                        {"title": "今日预约", "description": "3 位", "url": "https://m.example.cn/today", "picurl": ""}
                    ]
                    * 8
                },
            },
        ),
        (
            Menu("选一项", (Option("a", "今天"), Option("b", "明天"))),
            {"msgtype": "text", "text": {"content": "选一项\n1. 今天\n2. 明天"}},
        ),
        (
            Card("t-1", {"card_type": "button_interaction", "main_title": {"title": "转人工"}}),
            {
                "msgtype": "template_card",
                "template_card": {
                    "card_type": "button_interaction",
                    "main_title": {"title": "转人工"},
                    "task_id": "t-1",
                },
            },
        ),
    ],
)
def test_each_reply_has_its_shape(platform: FakePlatform, app: WeComApp, reply: Reply, body: dict[str, Any]):
    app.send(["lin.yue", "chen.jing"], reply)
    assert platform.last.path == "/cgi-bin/message/send"
    assert platform.last.body == {"touser": "lin.yue|chen.jing", "agentid": AGENT_ID, **CHECKED, **body}


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        (0, {}),
        (60, CHECKED | {"duplicate_check_interval": 60}),
        (10**6, CHECKED | {"duplicate_check_interval": 14_400}),
    ],
)
def test_the_duplicate_check_can_be_set(platform: FakePlatform, app: WeComApp, asked: int, sent: dict[str, int]):
    app.send(["lin.yue"], Text("好"), duplicate_check_seconds=asked)
    assert {name: found for name, found in platform.last.body.items() if "duplicate" in name} == sent


def test_those_who_got_nothing_are_named_as_we_spell_them(platform: FakePlatform, app: WeComApp):
    platform.script(
        "/message/send",
        {"errcode": 0, "invaliduser": "ghost", "unlicenseduser": "wu.an|", "msgid": "M1", "response_code": "RC1"},
    )
    assert app.send(["lin.yue", "Ghost", "Wu.An"], Text("好")) == Sent("M1", "RC1", ("Ghost", "Wu.An"))


def test_when_nobody_can_get_it_it_is_an_error(platform: FakePlatform, app: WeComApp):
    platform.script("/message/send", {"errcode": 81013, "errmsg": "user & party & tag all invalid"})
    with pytest.raises(Unreachable):
        app.send(["ghost"], Text("好"))


@pytest.mark.parametrize(
    ("userids", "reply"),
    [([], Text("好")), (["u"] * 1001, Text("好")), (["@all"], Text("好")), (["lin.yue"], CardDone("已接单"))],
)
def test_what_cannot_be_sent_is_refused_before_the_call(
    platform: FakePlatform, app: WeComApp, userids: list[str], reply: Reply
):
    with pytest.raises(BadContent):
        app.send(userids, reply)
    assert platform.calls == []


def test_silence_sends_nothing(platform: FakePlatform, app: WeComApp):
    assert app.send(["lin.yue"], Silence()) == Sent("")
    assert platform.calls == []


def test_a_card_is_closed_for_several_members(platform: FakePlatform, app: WeComApp):
    app.update_card(["lin.yue", "wu.an"], "RC1", "已接单")
    assert platform.last.path == "/cgi-bin/message/update_template_card"
    assert platform.last.body == {
        "userids": ["lin.yue", "wu.an"],
        "agentid": AGENT_ID,
        "response_code": "RC1",
        "button": {"replace_name": "已接单"},
    }


def test_a_code_that_was_used_is_bad_content(platform: FakePlatform, app: WeComApp):
    platform.script("/message/update_template_card", {"errcode": 42014, "errmsg": "invalid response code"})
    with pytest.raises(BadContent):
        app.update_card(["lin.yue"], "RC1", "已接单")


def test_a_file_goes_up_and_comes_down(platform: FakePlatform, app: WeComApp):
    platform.script("/media/upload", {"errcode": 0, "type": "file", "media_id": "WM1", "created_at": "1767225600"})
    assert app.upload_media(Kind.FILE, "报价.xlsx", b"PK...") == "WM1"
    assert platform.last.query["type"] == "file"
    headers = {"Content-Type": "application/octet-stream", "Content-Disposition": 'attachment; filename="a.xlsx"'}
    platform.script("/media/get", Raw(b"PK...", headers=headers))
    assert app.media("WM1") == Download(b"PK...", "application/octet-stream")


def test_json_in_place_of_a_file_is_an_error(platform: FakePlatform, app: WeComApp):
    platform.script("/media/get", {"errcode": 0, "errmsg": "ok"})
    with pytest.raises(PlatformError, match="no file"):
        app.media("WM1")


@pytest.mark.parametrize(("status", "active"), [(1, True), (2, False), (4, False), (5, False)])
def test_a_member_is_active_only_when_joined(platform: FakePlatform, app: WeComApp, status: int, active: bool):
    platform.script(
        "/user/get", {"errcode": 0, "userid": "lin.yue", "name": "林悦", "department": [2], "status": status}
    )
    assert app.member("lin.yue") == Member("lin.yue", "林悦", (2,), active)


def test_an_unknown_member_is_unreachable(platform: FakePlatform, app: WeComApp):
    platform.script("/user/get", {"errcode": 60111, "errmsg": "userid not found"})
    with pytest.raises(Unreachable):
        app.member("ghost")


def test_every_member_is_told_once(platform: FakePlatform, app: WeComApp):
    platform.script(
        "/user/list_id",
        {
            "dept_user": [{"userid": "lin.yue", "department": 1}, {"userid": "wu.an", "department": 1}],
            "next_cursor": "c",
        },
        {"dept_user": [{"userid": "lin.yue", "department": 2}, {"userid": "chen.jing", "department": 2}]},
    )
    assert list(app.member_ids()) == ["lin.yue", "wu.an", "chen.jing"]
    assert [call.body["cursor"] for call in platform.other_calls] == ["", "c"]


def test_departments_are_told(platform: FakePlatform, app: WeComApp):
    platform.script(
        "/department/list", {"errcode": 0, "department": [{"id": 1, "name": "总部", "parentid": 0, "order": 1}]}
    )
    assert app.departments() == (Department(1, "总部", 0),)
