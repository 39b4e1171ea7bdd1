"""What the official account is asked, word for word, and what its answers become."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadContent, Misconfigured, PlatformError, RateLimited, Unreachable, WindowClosed
from bot.messages import Article, Card, Kind, Media, Menu, News, Option, Reply, Silence, Text
from bot.platforms import Platforms
from bot.platforms.calls import Download
from bot.platforms.official_account import Follower, OfficialAccount, QrCode
from bot.platforms.templates import CODE_CAPS, WORD_CAPS, template_fields
from tests.bot.platforms.fake_platform import FakePlatform, Raw

CARE = Article("珍珠保养", "轻擦，避汗", "https://m.example.cn/pearl", "https://m.example.cn/pearl.jpg")
SERVICES = Menu("需要哪项服务？", (Option("clean", "清洗"), Option("resize", "改圈")), "回复数字也可以")


@pytest.fixture
def account(platforms: Platforms) -> OfficialAccount:
    return platforms.official_account


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        (Text("您好"), {"msgtype": "text", "text": {"content": "您好"}}),
        (Text("a\x00b\ud83dc"), {"msgtype": "text", "text": {"content": "abc"}}),
        (Media(Kind.IMAGE, "MED_1"), {"msgtype": "image", "image": {"media_id": "MED_1"}}),
        (Media(Kind.VOICE, "MED_2"), {"msgtype": "voice", "voice": {"media_id": "MED_2"}}),
        (Media(Kind.VIDEO, "MED_3", "改圈"), {"msgtype": "video", "video": {"media_id": "MED_3", "title": "改圈"}}),
        (
            News((CARE, CARE)),
            {
                "msgtype": "news",
                "news": {
                    "articles": [
                        {
                            "title": "珍珠保养",
                            "description": "轻擦，避汗",
                            "url": "https://m.example.cn/pearl",
                            "picurl": "https://m.example.cn/pearl.jpg",
                        }
                    ]
                },
            },
        ),
        (
            SERVICES,
            {
                "msgtype": "msgmenu",
                "msgmenu": {
                    "head_content": "需要哪项服务？",
                    "list": [{"id": "clean", "content": "清洗"}, {"id": "resize", "content": "改圈"}],
                    "tail_content": "回复数字也可以",
                },
            },
        ),
    ],
)
def test_each_reply_has_its_shape(platform: FakePlatform, account: OfficialAccount, reply: Reply, body: dict[str, Any]):
    account.send("oJewel_1", reply)
    assert platform.last.path == "/cgi-bin/message/custom/send"
    assert platform.last.body == {"touser": "oJewel_1", **body}


def test_a_long_text_is_cut_between_characters(platform: FakePlatform, account: OfficialAccount):
    account.send("oJewel_1", Text("👩‍🎨" * 300))
    content = platform.last.body["text"]["content"]
    assert 2000 < len(content.encode()) <= 2048
    assert re.fullmatch("(?:👩‍🎨)+…", content)


@pytest.mark.parametrize("reply", [Card("t-1", {}), News(())])
def test_what_cannot_be_shown_is_refused_before_the_call(
    platform: FakePlatform, account: OfficialAccount, reply: Reply
):
    with pytest.raises(BadContent):
        account.send("oJewel_1", reply)
    assert platform.calls == []


def test_silence_sends_nothing(platform: FakePlatform, account: OfficialAccount):
    account.send("oJewel_1", Silence())
    assert platform.calls == []


def test_an_account_without_tap_lists_gets_numbers(platform: FakePlatform, account: OfficialAccount):
    platform.script("/message/custom/send", {"errcode": 40200, "errmsg": "invalid account type"}, {"errcode": 0})
    account.send("oJewel_1", SERVICES)
    assert platform.last.body["text"]["content"] == "需要哪项服务？\n1. 清洗\n2. 改圈\n回复数字也可以"


def test_other_faults_of_the_settings_are_not_answered_with_numbers(platform: FakePlatform, account: OfficialAccount):
    platform.script("/message/custom/send", {"errcode": 48001, "errmsg": "api unauthorized"})
    with pytest.raises(Misconfigured):
        account.send("oJewel_1", SERVICES)
    assert len(platform.other_calls) == 1


def test_typing_is_shown_once(platform: FakePlatform, account: OfficialAccount):
    platform.script("/message/custom/typing", {"errcode": 0}, {"errcode": 45081}, {"errcode": 45080})
    account.typing("oJewel_1")
    assert platform.last.body == {"touser": "oJewel_1", "command": "Typing"}
    account.typing("oJewel_1")  # already typing: as wanted
    with pytest.raises(WindowClosed):
        account.typing("oJewel_1")


def test_a_template_carries_its_key_and_gives_its_number(platform: FakePlatform, account: OfficialAccount):
    platform.script("/message/template/send", {"errcode": 0, "errmsg": "ok", "msgid": 2400001})
    values = {"thing1": "戒指改圈", "time2": "2026-01-03 10:00"}
    assert account.send_template("oJewel_1", "TPL_1", values, "https://m.example.cn/r/1", "r-1") == "2400001"
    assert platform.last.body == {
        "touser": "oJewel_1",
        "template_id": "TPL_1",
        "url": "https://m.example.cn/r/1",
        "client_msg_id": "r-1",
        "data": {"thing1": {"value": "戒指改圈"}, "time2": {"value": "2026-01-03 10:00"}},
    }
    account.send_template("oJewel_1", "TPL_1", {})
    assert platform.last.body == {"touser": "oJewel_1", "template_id": "TPL_1", "data": {}}


def test_a_subscription_notification_has_no_key_and_no_number(platform: FakePlatform, account: OfficialAccount):
    values = {"thing1": "试戴古法金手镯和一对很长很长的淡水珍珠耳钉", "time2": "2026年12月8日 14:30"}
    account.send_subscription("oJewel_1", "SUB_1", values, "https://m.example.cn/a/1")
    assert platform.last.path == "/cgi-bin/message/subscribe/bizsend"
    assert platform.last.body == {
        "touser": "oJewel_1",
        "template_id": "SUB_1",
        "page": "https://m.example.cn/a/1",
        "data": {"thing1": {"value": "试戴古法金手镯和一对很长很长的淡水珍珠…"}, "time2": {"value": values["time2"]}},
    }
    account.send_subscription("oJewel_1", "SUB_1", {})
    assert platform.last.body == {"touser": "oJewel_1", "template_id": "SUB_1", "data": {}}


def test_a_yes_that_is_used_up_is_no_fault_of_ours(platform: FakePlatform, account: OfficialAccount):
    platform.script("/message/subscribe/bizsend", {"errcode": 43101, "errmsg": "user refuse to accept the msg"})
    with pytest.raises(Unreachable) as refused:
        account.send_subscription("oJewel_1", "SUB_1", {"thing1": "a"})
    assert refused.value.errcode == 43101


@pytest.mark.parametrize(
    ("errcode", "error"), [(43004, Unreachable), (43101, Unreachable), (47003, BadContent), (40037, BadContent)]
)
def test_a_refused_template_says_why(
    platform: FakePlatform, account: OfficialAccount, errcode: int, error: type[PlatformError]
):
    platform.script("/message/template/send", {"errcode": errcode, "errmsg": "argument invalid! data.thing1.value"})
    with pytest.raises(error):
        account.send_template("oJewel_1", "TPL_1", {"thing1": ""})


@pytest.mark.parametrize(
    ("key", "value", "sent"),
    [
        ("thing1", "十" * 20, "十" * 20),
        ("thing1", "十" * 21, "十" * 19 + "…"),
        ("thing12", "十" * 18 + "👩‍🎨好", "十" * 18 + "…"),
        ("thing1", "两行\n变一行 ", "两行 变一行"),
        ("character_string3", "A" * 40, "A" * 32),
        ("phrase4", "工匠已经开始", "工匠已经开"),
        ("car_number1", "浙A123456789", "浙A123456"),
        ("time2", "2026年11月21日 10:00 至 2026年11月22日 10:00", "2026年11月21日 10:00 至 2026年11月22日 10:00"),
    ],
)
def test_a_field_is_cut_to_its_type(key: str, value: str, sent: str):
    assert template_fields({key: value}) == {key: {"value": sent}}


@given(st.sampled_from(sorted(WORD_CAPS | CODE_CAPS)), st.text())
def test_no_field_is_longer_than_its_type(kind: str, value: str):
    sent = template_fields({f"{kind}1": value})[f"{kind}1"]["value"]
    assert len(sent) <= (WORD_CAPS | CODE_CAPS)[kind]
    assert "\n" not in sent


def test_a_mass_send_goes_to_all_with_its_key(platform: FakePlatform, account: OfficialAccount):
    platform.script("/message/mass/send", {"errcode": 0, "errmsg": "ok", "msg_id": 3001, "msg_data_id": 9001})
    assert account.mass_send(["o1", "o2"], Text("上新"), "m-1") == "3001"
    assert platform.last.body == {
        "touser": ["o1", "o2"],
        "msgtype": "text",
        "text": {"content": "上新"},
        "clientmsgid": "m-1",
        "send_ignore_reprint": 0,
    }


def test_a_mass_send_repeated_gives_the_first_number(platform: FakePlatform, account: OfficialAccount):
    platform.script("/message/mass/send", {"errcode": 45065, "errmsg": "clientmsgid exist", "msg_id": 3001})
    assert account.mass_send(["o1", "o2"], Text("上新"), "m-1") == "3001"


def test_a_mass_send_without_quota_waits_for_the_next_day(platform: FakePlatform, account: OfficialAccount):
    platform.script("/message/mass/send", {"errcode": 45028, "errmsg": "has no masssend quota"})
    with pytest.raises(RateLimited) as raised:
        account.mass_send(["o1", "o2"], Text("上新"), "m-1")
    assert raised.value.wait_seconds == 14 * 3600


@pytest.mark.parametrize(
    ("openids", "key", "reply"),
    [
        (["o1"], "m-1", Text("上新")),
        (["o"] * 10_001, "m-1", Text("上新")),
        (["o1", "o2"], "m" * 33, Text("上新")),
        (["o1", "o2"], "m-1", SERVICES),
    ],
)
def test_a_mass_send_that_cannot_be_is_refused_before_the_call(
    platform: FakePlatform, account: OfficialAccount, openids: list[str], key: str, reply: Reply
):
    with pytest.raises(BadContent):
        account.mass_send(openids, reply, key)
    assert platform.calls == []


def test_a_picture_is_uploaded(platform: FakePlatform, account: OfficialAccount):
    platform.script("/media/upload", {"type": "image", "media_id": "MED_1", "created_at": 1767225600})
    assert account.upload_media(Kind.IMAGE, "戒指.jpg", b"\xff\xd8picture") == "MED_1"
    assert platform.last.query["type"] == "image"
    assert b'name="media"; filename="\xe6\x88\x92\xe6\x8c\x87.jpg"' in platform.last.raw
    assert b"\xff\xd8picture" in platform.last.raw


@pytest.mark.parametrize("content", [b"", b"x" * (20 * 1024 * 1024 + 1)])
def test_a_file_of_impossible_size_is_not_uploaded(platform: FakePlatform, account: OfficialAccount, content: bytes):
    with pytest.raises(BadContent):
        account.upload_media(Kind.IMAGE, "ring.jpg", content)
    assert platform.calls == []


@pytest.mark.parametrize(
    ("content", "headers", "kind"),
    [
        (b"\xff\xd8\xff\xe0picture", {"Content-Type": "image/jpeg"}, "image/jpeg"),
        (b"123", {"Content-Type": "image/jpeg"}, "image/jpeg"),
        (b'{"a": 1}', {"Content-Type": "application/json"}, "application/json"),
        (
            b'{"errcode": 1}',
            {"Content-Type": "application/json; charset=utf-8", "Content-Disposition": 'attachment; filename="x.json"'},
            "application/json",
        ),
        (b"", {}, ""),
        (b"x" * 2_000_000, {"Content-Type": "audio/amr"}, "audio/amr"),
    ],
)
def test_a_file_comes_as_it_is(
    platform: FakePlatform, account: OfficialAccount, content: bytes, headers: dict[str, str], kind: str
):
    platform.script("/media/get", Raw(content, headers=headers))
    assert account.media("MED_1") == Download(content, kind)
    assert platform.last.query["media_id"] == "MED_1"


def test_a_file_that_is_gone_is_an_error(platform: FakePlatform, account: OfficialAccount):
    platform.script("/media/get", {"errcode": 40007, "errmsg": "invalid media_id"})
    with pytest.raises(BadContent):
        account.media("MED_1")


def test_a_file_that_is_too_large_is_not_kept(platform: FakePlatform, account: OfficialAccount):
    platform.script("/media/get", Raw(b"x" * (20 * 1024 * 1024 + 1), headers={"Content-Type": "video/mp4"}))
    with pytest.raises(PlatformError, match="larger than"):
        account.media("MED_1")


def test_a_video_is_fetched_from_where_the_platform_keeps_it(platform: FakePlatform, account: OfficialAccount):
    platform.script("/media/get", {"video_url": f"{platform.base_url}/videos/1.mp4"})
    answer, gate = platform.answer, Raw(b"mp4", headers={"Content-Type": "video/mp4"})
    platform.answer = lambda call: gate if call.path == "/videos/1.mp4" and not call.query else answer(call)  # type: ignore[method-assign]
    assert account.media("MED_1") == Download(b"mp4", "video/mp4")


@pytest.mark.parametrize(
    "address",
    ["http://169.254.169.254/meta", "https://qq.com.evil.example/1", "file:///etc/passwd", "http://evilqq.com/"],
)
def test_a_video_elsewhere_is_not_fetched(platform: FakePlatform, account: OfficialAccount, address: str):
    platform.script("/media/get", {"video_url": address})
    with pytest.raises(PlatformError, match="not its own"):
        account.media("MED_1")


def test_a_follower_is_told_with_the_code_that_brought_her(platform: FakePlatform, account: OfficialAccount):
    platform.script(
        "/user/info",
        {
            "subscribe": 1,
            "openid": "oJewel_1",
            "subscribe_time": 1767000000,
            "unionid": "uJ1",
            "remark": "",
            "subscribe_scene": "ADD_SCENE_QR_CODE",
            "qr_scene_str": "store-0571",
        },
    )
    assert account.user("oJewel_1") == Follower(
        "oJewel_1", True, "uJ1", datetime.fromtimestamp(1767000000, UTC), "store-0571", "ADD_SCENE_QR_CODE", ""
    )


def test_somebody_who_left_is_no_follower(platform: FakePlatform, account: OfficialAccount):
    platform.script("/user/info", {"subscribe": 0, "openid": "oJewel_1"})
    assert account.user("oJewel_1") == Follower("oJewel_1", following=False)


def test_many_are_looked_up_by_hundreds(platform: FakePlatform, account: OfficialAccount):
    platform.script(
        "/user/info/batchget",
        {"user_info_list": [{"subscribe": 1, "openid": f"o{n}"} for n in range(100)]},
        {"user_info_list": [{"subscribe": 0, "openid": "o100"}]},
    )
    found = account.users([f"o{n}" for n in range(101)])
    assert len(found) == 101
    assert not found[-1].following
    assert [len(call.body["user_list"]) for call in platform.other_calls] == [100, 1]


def test_all_followers_are_told_page_by_page(platform: FakePlatform, account: OfficialAccount):
    platform.script(
        "/user/get",
        {"total": 3, "count": 2, "data": {"openid": ["o1", "o2"]}, "next_openid": "o2"},
        {"total": 3, "count": 1, "data": {"openid": ["o3"]}, "next_openid": "o3"},
        {"total": 3, "count": 0, "next_openid": ""},
    )
    assert list(account.followers()) == ["o1", "o2", "o3"]
    assert [call.query.get("next_openid") for call in platform.other_calls] == [None, "o2", "o3"]


def test_a_page_that_repeats_itself_ends_the_list(platform: FakePlatform, account: OfficialAccount):
    platform.script("/user/get", {"count": 1, "data": {"openid": ["o1"]}, "next_openid": "o1"})
    assert list(account.followers()) == ["o1", "o1"]


@pytest.mark.parametrize(
    ("seconds", "name", "asked"),
    [(None, "QR_LIMIT_STR_SCENE", None), (604_800, "QR_STR_SCENE", 604_800), (10**8, "QR_STR_SCENE", 2_592_000)],
)
def test_a_code_is_made(
    platform: FakePlatform, account: OfficialAccount, seconds: int | None, name: str, asked: int | None
):
    platform.script("/qrcode/create", {"ticket": "gQ/1==", "url": "http://weixin.qq.com/q/1"})
    assert account.create_qr_code("store-0571", seconds) == QrCode(
        "gQ/1==", "http://weixin.qq.com/q/1", "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=gQ%2F1%3D%3D"
    )
    body = platform.last.body
    assert (body["action_name"], body.get("expire_seconds")) == (name, asked)
    assert body["action_info"] == {"scene": {"scene_str": "store-0571"}}


def test_the_menu_is_replaced(platform: FakePlatform, account: OfficialAccount):
    buttons = [{"type": "click", "name": "金价", "key": "GOLD"}]
    account.create_menu(buttons)
    assert (platform.last.path, platform.last.body) == ("/cgi-bin/menu/create", {"button": buttons})


def test_the_callback_addresses_are_told(platform: FakePlatform, account: OfficialAccount):
    platform.script("/getcallbackip", {"ip_list": ["10.0.0.7", "10.0.1.*"]})
    assert account.callback_addresses() == ("10.0.0.7", "10.0.1.*")


def test_an_answer_without_its_number_is_an_error(platform: FakePlatform, account: OfficialAccount):
    platform.script("/qrcode/create", {"errcode": 0})
    with pytest.raises(PlatformError, match="has no ticket"):
        account.create_qr_code("store-0571", None)
