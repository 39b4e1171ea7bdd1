"""Customers adding members: the code, the event, the welcome, the end, and what the bot can read of it."""

import pytest

from tests.sandbox.fake_bot import FakeBot
from tests.sandbox.playing import HOUR, LINYUE, PNG, WUAN, XIAOLU, XUMING, ZHOUYUN, Sandbox


def make_code(sandbox: Sandbox, **more: object) -> dict:
    body = {"type": 1, "scene": 2, "user": [LINYUE], "state": "bind-42", **more}
    return sandbox.call("wecom", "externalcontact/add_contact_way", **body)


def add(sandbox: Sandbox, bot: FakeBot, openid: str = XIAOLU) -> dict:
    """Someone scans a new code of Lin Yue; the event."""
    sandbox.act("contact", openid, "add", config_id=make_code(sandbox)["config_id"])
    return bot.events[-1]


def test_a_new_contact_brings_state_and_welcome_code(sandbox: Sandbox, bot: FakeBot):
    event = add(sandbox, bot)
    assert (event["Event"], event["ChangeType"]) == ("change_external_contact", "add_external_contact")
    assert (event["FromUserName"], event["UserID"], event["State"]) == ("sys", LINYUE, "bind-42")
    assert event["WelcomeCode"]
    assert "AgentID" not in event
    person = sandbox.customer(XIAOLU)
    assert (person["external_userid"], person["friends"]) == (event["ExternalUserID"], [LINYUE])
    assert "已添加了林悦" in sandbox.last("contact", XIAOLU)["content"]


def test_adding_by_name_card_has_no_state(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("contact", XIAOLU, "add", userid=WUAN)
    assert "State" not in bot.events[0]
    assert "已经添加过" in sandbox.refused("contact", XIAOLU, "add", userid=WUAN)


def test_a_contact_without_a_welcome_code(sandbox: Sandbox, bot: FakeBot):
    sandbox.switch(no_welcome_code=True)
    assert "WelcomeCode" not in add(sandbox, bot)


def welcome(sandbox: Sandbox, code: object, **more: object) -> int:
    body = {"welcome_code": code, "text": {"content": "您好，我是林悦"}, **more}
    return sandbox.call("wecom", "externalcontact/send_welcome_msg", **body)["errcode"]


def test_the_welcome_is_said_once(sandbox: Sandbox, bot: FakeBot):
    code = add(sandbox, bot)["WelcomeCode"]
    assert welcome(sandbox, code) == 0
    line = sandbox.last("contact", XIAOLU)
    assert (line["from"], line["content"], line["userid"]) == ("them", "您好，我是林悦", LINYUE)
    assert welcome(sandbox, code) == 41051


@pytest.mark.parametrize(("waited", "code"), [(19, 0), (20, 41050)])
def test_the_welcome_has_twenty_seconds(sandbox: Sandbox, bot: FakeBot, waited, code):
    given = add(sandbox, bot)["WelcomeCode"]
    sandbox.advance(waited)
    assert welcome(sandbox, given) == code


def test_a_welcome_with_attachments(sandbox: Sandbox, bot: FakeBot):
    picture = sandbox.upload("wecom", "image", PNG)["media_id"]
    attachments = [
        {"msgtype": "image", "image": {"media_id": picture}},
        {"msgtype": "link", "link": {"title": "预约", "url": "https://m.example.cn"}},
    ]
    assert welcome(sandbox, add(sandbox, bot)["WelcomeCode"], attachments=attachments) == 0
    assert [line["type"] for line in sandbox.chat("contact", XIAOLU)] == ["notice", "text", "image", "link"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"text": {}}, 40063),
        ({"text": {"content": "好" * 1334}}, 45002),
        ({"attachments": [{"msgtype": "link", "link": {"title": "a", "url": "b"}}] * 10}, 41064),
        ({"attachments": [{"msgtype": "voice"}]}, 41065),
        ({"attachments": [{"msgtype": "link", "link": {}}]}, 41053),
        ({"attachments": [{"msgtype": "link"}]}, 41053),
        ({"attachments": [{"msgtype": "image", "image": {"media_id": "none"}}]}, 40007),
        ({"welcome_code": "made up"}, 41050),
    ],
)
def test_a_bad_welcome_leaves_the_code_unused(sandbox: Sandbox, bot: FakeBot, more, code):
    given = add(sandbox, bot)["WelcomeCode"]
    assert welcome(sandbox, given, **more) == code
    assert welcome(sandbox, given) == 0


def test_the_customer_removes_the_member_who_still_sees_her(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("contact", ZHOUYUN, "delete", userid=LINYUE)
    event = bot.events[0]
    assert (event["ChangeType"], event["UserID"], event["ExternalUserID"]) == (
        "del_follow_user",
        LINYUE,
        "wmShop_zhouyun",
    )
    assert sandbox.customer(ZHOUYUN)["friends"] == []
    assert sandbox.ask("wecom", "externalcontact/get", external_userid="wmShop_zhouyun")["errcode"] == 0
    assert "没有添加" in sandbox.refused("contact", ZHOUYUN, "delete", userid=LINYUE)


def test_the_member_removes_the_customer_and_nothing_is_left(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("contact", ZHOUYUN, "dismiss", userid=LINYUE)
    assert bot.events[0]["ChangeType"] == "del_external_contact"
    assert sandbox.ask("wecom", "externalcontact/get", external_userid="wmShop_zhouyun")["errcode"] == 84061
    assert "没有这位客户" in sandbox.refused("contact", ZHOUYUN, "dismiss", userid=LINYUE)


def test_she_can_add_him_again(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("contact", ZHOUYUN, "delete", userid=LINYUE)
    assert add(sandbox, bot, ZHOUYUN)["ExternalUserID"] == "wmShop_zhouyun"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": 3}, 41039),
        ({"scene": 3}, 40058),
        ({"user": []}, 41042),
        ({"user": [LINYUE, WUAN]}, 41042),
        ({"user": ["ghost"]}, 40003),
        ({"state": "s" * 31}, 40058),
    ],
)
def test_bad_contact_codes(sandbox: Sandbox, change, code):
    assert make_code(sandbox, **change)["errcode"] == code


def test_a_code_is_kept_and_offered_on_the_page(sandbox: Sandbox):
    code = make_code(sandbox)
    kept = sandbox.call("wecom", "externalcontact/get_contact_way", config_id=code["config_id"])["contact_way"]
    assert (kept["user"], kept["state"], kept["qr_code"]) == ([LINYUE], "bind-42", code["qr_code"])
    picture = sandbox.client.get(code["qr_code"].removeprefix("http://127.0.0.1:8001"))
    assert picture.data.startswith(b"\x89PNG")
    offered = [one for one in sandbox.state()["codes"] if one["kind"] == "contact"]
    assert [one["id"] for one in offered] == [code["config_id"]]
    assert sandbox.call("wecom", "externalcontact/get_contact_way", config_id="none")["errcode"] == 41044
    assert "没有这张" in sandbox.refused("contact", XIAOLU, "add", config_id="none")


def test_a_code_of_several_members_leads_to_one_of_them(sandbox: Sandbox, bot: FakeBot):
    config_id = make_code(sandbox, type=2, user=[LINYUE, WUAN])["config_id"]
    sandbox.act("contact", XIAOLU, "add", config_id=config_id)
    assert bot.events[0]["UserID"] in (LINYUE, WUAN)


def test_reading_contacts(sandbox: Sandbox):
    assert sandbox.ask("wecom", "externalcontact/get_follow_user_list")["follow_user"] == [LINYUE, WUAN, "chen.jing"]
    assert sandbox.ask("wecom", "externalcontact/list", userid=LINYUE)["external_userid"] == ["wmShop_zhouyun"]
    assert sandbox.ask("wecom", "externalcontact/list", userid="chen.jing")["errcode"] == 84061
    assert sandbox.ask("wecom", "externalcontact/list", userid="ghost")["errcode"] == 40003
    person = sandbox.ask("wecom", "externalcontact/get", external_userid="wmShop_zhouyun")
    assert (person["external_contact"]["name"], person["external_contact"]["unionid"]) == ("周芸", "uShop_zhouyun")
    assert person["follow_user"][0]["userid"] == LINYUE
    assert sandbox.ask("wecom", "externalcontact/get", external_userid="wmNobody")["errcode"] == 40096


def test_contacts_of_several_members_come_in_pages(sandbox: Sandbox):
    asked = {"userid_list": [LINYUE, WUAN], "limit": 1}
    first = sandbox.call("wecom", "externalcontact/batch/get_by_user", **asked)
    rest = sandbox.call("wecom", "externalcontact/batch/get_by_user", **asked, cursor=first["next_cursor"])
    pages = first["external_contact_list"] + rest["external_contact_list"]
    assert [one["follow_info"]["userid"] for one in pages] == [LINYUE, WUAN]
    assert rest["next_cursor"] == ""
    assert sandbox.call("wecom", "externalcontact/batch/get_by_user", userid_list=["ghost"])["errcode"] == 40003


def note(sandbox: Sandbox, **fields: object) -> int:
    ids = {"userid": LINYUE, "external_userid": "wmShop_zhouyun"}
    return sandbox.call("wecom", "externalcontact/remark", **{**ids, **fields})["errcode"]


def test_a_remark_is_kept_and_causes_no_event(sandbox: Sandbox, bot: FakeBot):
    assert note(sandbox, remark="周芸-珍珠", remark_mobiles=["13800001208"]) == 0
    follow = sandbox.ask("wecom", "externalcontact/get", external_userid="wmShop_zhouyun")["follow_user"][0]
    assert (follow["remark"], follow["remark_mobiles"]) == ("周芸-珍珠", ["13800001208"])
    assert bot.received == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, 40058),
        ({"remark": "长" * 21}, 40058),
        ({"remark": "x", "userid": WUAN}, 84061),
        ({"external_userid": "x"}, 40096),
    ],
)
def test_bad_remarks(sandbox: Sandbox, fields, code):
    assert note(sandbox, **fields) == code


def prepare(sandbox: Sandbox, *customers: str, **more: object) -> dict:
    body = {"chat_type": "single", "external_userid": list(customers), "text": {"content": "上新"}, **more}
    return sandbox.call("wecom", "externalcontact/add_msg_template", **body)


def results(sandbox: Sandbox, msgid: str, userid: str = LINYUE) -> dict:
    return sandbox.call("wecom", "externalcontact/get_groupmsg_send_result", msgid=msgid, userid=userid)


def statuses(sandbox: Sandbox, msgid: str) -> list[int]:
    return [one["status"] for one in results(sandbox, msgid)["send_list"]]


def confirm(sandbox: Sandbox, msgid: str, userid: str = LINYUE) -> None:
    assert sandbox.post(f"/control/contact/tasks/{msgid}/confirm", userid=userid)["ok"]


def test_a_mass_send_waits_for_the_member(sandbox: Sandbox):
    msgid = prepare(sandbox, "wmShop_zhouyun")["msgid"]
    assert sandbox.chat("contact", ZHOUYUN) == []
    assert results(sandbox, msgid)["errcode"] == 41063, "still being dispatched"
    sandbox.advance(2)
    assert statuses(sandbox, msgid) == [0]
    waiting = sandbox.last("wecom", LINYUE)
    assert (waiting["type"], waiting["msgid"], waiting["customers"], waiting["done"]) == ("mass", msgid, 1, None)
    confirm(sandbox, msgid)
    assert sandbox.last("contact", ZHOUYUN)["content"] == "上新"
    assert statuses(sandbox, msgid) == [1]
    assert sandbox.last("wecom", LINYUE)["done"] == "已发送"
    assert sandbox.state()["tasks"][0]["confirmed"] is True


def test_members_confirm_each_his_own_part_once(sandbox: Sandbox):
    msgid = prepare(sandbox, "wmShop_zhouyun", "wmShop_xuming")["msgid"]
    sandbox.advance(2)
    confirm(sandbox, msgid, WUAN)
    tasks = sandbox.call("wecom", "externalcontact/get_groupmsg_task", msgid=msgid)["task_list"]
    assert {one["userid"]: one["status"] for one in tasks} == {LINYUE: 0, WUAN: 2}
    assert sandbox.chat("contact", ZHOUYUN) == []
    assert sandbox.last("contact", XUMING)["content"] == "上新"
    again = sandbox.client.post(f"/control/contact/tasks/{msgid}/confirm", json={"userid": WUAN})
    assert again.status_code == 400


def test_who_cannot_be_reached_is_named(sandbox: Sandbox):
    answer = prepare(sandbox, "wmShop_zhouyun", "wmNobody")
    assert answer["fail_list"] == ["wmNobody"]
    nobody = prepare(sandbox, "wmNobody")
    assert (nobody["errcode"], nobody["fail_list"]) == (41048, ["wmNobody"])
    assert prepare(sandbox, "wmShop_xuming", sender=LINYUE)["errcode"] == 41048


def test_a_sender_without_names_writes_to_all_his_customers(sandbox: Sandbox):
    msgid = prepare(sandbox, sender=WUAN)["msgid"]
    confirm(sandbox, msgid, WUAN)
    assert sandbox.last("contact", XUMING)["content"] == "上新"


def test_a_customer_who_removed_the_member_is_not_reached(sandbox: Sandbox):
    msgid = prepare(sandbox, "wmShop_zhouyun")["msgid"]
    sandbox.act("contact", ZHOUYUN, "delete", userid=LINYUE)
    sandbox.advance(2)
    confirm(sandbox, msgid)
    assert statuses(sandbox, msgid) == [2]


def test_as_many_a_month_as_it_has_days(sandbox: Sandbox):
    sandbox.post("/clock", now="2027-02-01T10:00:00+08:00")
    sandbox.switch(mass_confirm="auto")
    sent = [prepare(sandbox, "wmShop_zhouyun")["msgid"] for _ in range(29)]
    sandbox.advance(2)
    assert [statuses(sandbox, sent[27]), statuses(sandbox, sent[28])] == [[1], [3]]


@pytest.mark.parametrize(
    ("more", "code"),
    [({"chat_type": "group"}, 40058), ({"text": {}}, 40063), ({"sender": "ghost"}, 40003)],
)
def test_bad_mass_sends(sandbox: Sandbox, more, code):
    assert prepare(sandbox, "wmShop_zhouyun", **more)["errcode"] == code


def test_unknown_tasks(sandbox: Sandbox):
    assert results(sandbox, "none")["errcode"] == 41047
    msgid = prepare(sandbox, "wmShop_zhouyun")["msgid"]
    sandbox.advance(HOUR)
    assert results(sandbox, msgid, "ghost")["errcode"] == 40003
    assert sandbox.client.post("/control/contact/tasks/none/confirm", json={"userid": LINYUE}).status_code == 400
