"""What WeCom is asked about customers of advisors, and when an empty answer is none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.errors import BadContent, Busy, Misconfigured, PlatformError, TokenRejected, Unreachable, WindowClosed
from bot.messages import Article, Kind, Media, Menu, News, Option, Reply, Text
from bot.platforms import Platforms
from bot.platforms.contacts import (
    ContactCode,
    CustomerContact,
    ExternalContact,
    FollowedBy,
    MassResult,
    MassStatus,
    MassTask,
)
from tests.bot.platforms.fake_platform import FakePlatform

AT = 1767225720
MOMENT = datetime.fromtimestamp(AT, UTC)


@pytest.fixture
def contacts(platforms: Platforms) -> CustomerContact:
    return platforms.contacts


def test_a_customer_is_told_with_all_who_have_her(platform: FakePlatform, contacts: CustomerContact):
    person = {"external_userid": "wm1", "name": "陈女士", "type": 1, "unionid": "uJ1"}
    first = {"userid": "lin.yue", "remark": "婚戒", "createtime": AT, "state": "store-0571-ring", "add_way": 1}
    platform.script(
        "/externalcontact/get",
        {"errcode": 0, "external_contact": person, "follow_user": [first], "next_cursor": "c2"},
        {"errcode": 0, "external_contact": person, "follow_user": [{"userid": "wu.an", "createtime": AT}]},
    )
    assert contacts.contact("wm1") == ExternalContact(
        "wm1",
        "陈女士",
        "uJ1",
        (FollowedBy("lin.yue", "婚戒", "store-0571-ring", 1, MOMENT), FollowedBy("wu.an", "", "", 0, MOMENT)),
    )
    assert platform.last.query["cursor"] == "c2"


@pytest.mark.parametrize("errcode", [84061, 40096])
def test_a_customer_of_nobody_is_unreachable(platform: FakePlatform, contacts: CustomerContact, errcode: int):
    platform.script("/externalcontact/get", {"errcode": errcode, "errmsg": "not external contact"})
    with pytest.raises(Unreachable):
        contacts.contact("wm1")


def test_a_members_customers_are_told(platform: FakePlatform, contacts: CustomerContact):
    platform.script("/externalcontact/list", {"errcode": 0, "external_userid": ["wm1", "wm2"]})
    assert contacts.contacts_of("lin.yue") == ("wm1", "wm2")
    assert platform.last.query["userid"] == "lin.yue"


def test_a_member_without_customers_has_none(platform: FakePlatform, contacts: CustomerContact):
    platform.script("/externalcontact/list", {"errcode": 84061, "errmsg": "not external contact"})
    assert contacts.contacts_of("lin.yue") == ()


@pytest.mark.parametrize(
    ("errcode", "error"), [(40014, TokenRejected), (40003, Unreachable), (48002, Misconfigured), (-1, Busy)]
)
def test_an_error_with_an_empty_list_is_not_an_empty_list(
    platform: FakePlatform, contacts: CustomerContact, errcode: int, error: type[PlatformError]
):
    platform.script("/externalcontact/list", {"errcode": errcode, "errmsg": "no", "external_userid": []})
    with pytest.raises(error):
        contacts.contacts_of("lin.yue")


@pytest.mark.parametrize(("userids", "kind"), [(["lin.yue"], 1), (["lin.yue", "wu.an"], 2)])
def test_a_contact_code_is_made(platform: FakePlatform, contacts: CustomerContact, userids: list[str], kind: int):
    platform.script("/externalcontact/add_contact_way", {"errcode": 0, "config_id": "cfg1", "qr_code": "https://qr/1"})
    assert contacts.create_contact_code(userids, "t-4f1c", remark="门店") == ContactCode("cfg1", "https://qr/1")
    assert platform.last.body == {
        "type": kind,
        "scene": 2,
        "user": userids,
        "state": "t-4f1c",
        "remark": "门店",
        "skip_verify": True,
    }


@pytest.mark.parametrize(("userids", "state"), [([], "s"), (["u"] * 101, "s"), (["lin.yue"], "s" * 31)])
def test_an_impossible_contact_code_is_refused_before_the_call(
    platform: FakePlatform, contacts: CustomerContact, userids: list[str], state: str
):
    with pytest.raises(BadContent):
        contacts.create_contact_code(userids, state)
    assert platform.calls == []


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        (Text("您好"), {"text": {"content": "您好"}}),
        (Menu("您好", (Option("a", "保养"),)), {"text": {"content": "您好\n1. 保养"}}),
        (
            Media(Kind.IMAGE, "WM1"),
            {"attachments": [{"msgtype": "image", "image": {"media_id": "WM1"}}]},
        ),
        (
            News((Article("保养", "轻擦", "https://m/1", "https://m/1.jpg"),)),
            {
                "attachments": [
                    {
                        "msgtype": "link",
                        "link": {"title": "保养", "picurl": "https://m/1.jpg", "desc": "轻擦", "url": "https://m/1"},
                    }
                ]
            },
        ),
    ],
)
def test_a_welcome_has_its_shape(platform: FakePlatform, contacts: CustomerContact, reply: Reply, body: dict[str, Any]):
    contacts.send_welcome("WLC-1", reply)
    assert platform.last.path == "/cgi-bin/externalcontact/send_welcome_msg"
    assert platform.last.body == {"welcome_code": "WLC-1", **body}


def test_a_long_welcome_is_cut(platform: FakePlatform, contacts: CustomerContact):
    contacts.send_welcome("WLC-1", Text("您" * 2000))
    assert 3990 < len(platform.last.body["text"]["content"].encode()) <= 4000


def test_a_welcome_cannot_be_a_voice(contacts: CustomerContact):
    with pytest.raises(BadContent):
        contacts.send_welcome("WLC-1", Media(Kind.VOICE, "WM1"))


@pytest.mark.parametrize(("errcode", "error"), [(41050, WindowClosed), (41051, WindowClosed), (41096, Busy)])
def test_a_welcome_that_comes_late_is_told_from_one_that_may_come_again(
    platform: FakePlatform, contacts: CustomerContact, errcode: int, error: type[PlatformError]
):
    platform.script("/externalcontact/send_welcome_msg", {"errcode": errcode, "errmsg": "no"})
    with pytest.raises(error):
        contacts.send_welcome("WLC-1", Text("您好"))


def test_a_mass_task_names_whom_it_cannot_reach(platform: FakePlatform, contacts: CustomerContact):
    platform.script("/externalcontact/add_msg_template", {"errcode": 0, "fail_list": ["wm2"], "msgid": "gm1"})
    assert contacts.create_mass_task("lin.yue", ["wm1", "wm2"], "上新") == MassTask("gm1", ("wm2",))
    assert platform.last.body == {
        "chat_type": "single",
        "external_userid": ["wm1", "wm2"],
        "sender": "lin.yue",
        "text": {"content": "上新"},
    }


@pytest.mark.parametrize("customers", [[], ["wm"] * 10_001])
def test_an_impossible_mass_task_is_refused_before_the_call(
    platform: FakePlatform, contacts: CustomerContact, customers: list[str]
):
    with pytest.raises(BadContent):
        contacts.create_mass_task("lin.yue", customers, "上新")
    assert platform.calls == []


def test_a_tasks_results_are_told_page_by_page(platform: FakePlatform, contacts: CustomerContact):
    def line(customer: str, status: int, **more: int) -> dict[str, object]:
        return {"external_userid": customer, "userid": "lin.yue", "status": status, **more}

    platform.script(
        "/externalcontact/get_groupmsg_send_result",
        {"errcode": 0, "next_cursor": "c", "send_list": [line("wm1", 1, send_time=AT), line("wm2", 0)]},
        {"errcode": 0, "next_cursor": "", "send_list": [line("wm3", 3)]},
    )
    assert list(contacts.mass_results("gm1", "lin.yue")) == [
        MassResult("wm1", "lin.yue", MassStatus.SENT, MOMENT),
        MassResult("wm2", "lin.yue", MassStatus.WAITING, None),
        MassResult("wm3", "lin.yue", MassStatus.QUOTA_USED_UP, None),
    ]


def test_a_task_that_is_still_prepared_asks_to_come_again(platform: FakePlatform, contacts: CustomerContact):
    platform.script("/externalcontact/get_groupmsg_send_result", {"errcode": 41063, "errmsg": "dispatching"})
    with pytest.raises(Busy):
        list(contacts.mass_results("gm1", "lin.yue"))
