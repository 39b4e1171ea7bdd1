"""Subscription notifications: each yes is good for one message; and the ticket for WeChat's scripts."""

import pytest

from tests.sandbox.fake_bot import FakeBot
from tests.sandbox.playing import DAY, XIAOLU, XUMING, ZHOUYUN, Sandbox
from tests.sandbox.test_templates_and_mass import VISIT

TEMPLATE = "SUB_APPOINTMENT_REMINDER"


def notify(sandbox: Sandbox, touser: str = ZHOUYUN, **more: object) -> dict:
    body = {"touser": touser, "template_id": TEMPLATE, "data": VISIT, **more}
    return sandbox.call("oa", "message/subscribe/bizsend", **body)


def test_one_yes_is_one_message_without_a_window(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("oa", ZHOUYUN, "grant", answer="accept")
    sandbox.advance(30 * DAY)
    assert notify(sandbox, page="https://m.example.cn/a/1")["errcode"] == 0
    line = sandbox.last("oa", ZHOUYUN)
    assert (line["type"], line["title"], line["url"]) == ("template", "预约提醒", "https://m.example.cn/a/1")
    assert notify(sandbox)["errcode"] == 43101


def test_the_bot_is_told_of_the_yes_and_of_the_outcome(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("oa", ZHOUYUN, "grant", answer="accept")
    asked = bot.wait_for("subscribe_msg_popup_event")["SubscribeMsgPopupEvent"]
    assert asked == {"List": {"TemplateId": TEMPLATE, "SubscribeStatusString": "accept", "PopupScene": "1"}}
    assert "msgid" not in notify(sandbox)
    told = bot.wait_for("subscribe_msg_sent_event")["SubscribeMsgSentEvent"]["List"]
    assert (told["TemplateId"], told["ErrorCode"], told["ErrorStatus"]) == (TEMPLATE, "0", "success")


def test_a_message_that_is_accepted_but_fails_uses_the_yes_up(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("oa", ZHOUYUN, "grant")
    sandbox.switch(template_result="failed:user block")
    assert notify(sandbox)["errcode"] == 0
    assert bot.wait_for("subscribe_msg_sent_event")["SubscribeMsgSentEvent"]["List"]["ErrorCode"] == "1"
    assert [line["type"] for line in sandbox.chat("oa", ZHOUYUN)] == ["notice"]
    assert notify(sandbox)["errcode"] == 43101


def test_a_no_grants_nothing(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("oa", ZHOUYUN, "grant", answer="reject")
    assert notify(sandbox)["errcode"] == 43101


def test_two_times_yes_is_two_messages(sandbox: Sandbox, bot: FakeBot):
    for _ in range(2):
        sandbox.act("oa", ZHOUYUN, "grant")
    assert [notify(sandbox)["errcode"] for _ in range(3)] == [0, 0, 43101]


def test_switching_them_off_ends_what_was_agreed_to(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("oa", ZHOUYUN, "grant")
    sandbox.act("oa", ZHOUYUN, "revoke")
    changed = bot.wait_for("subscribe_msg_change_event")["SubscribeMsgChangeEvent"]["List"]
    assert changed["SubscribeStatusString"] == "reject"
    assert notify(sandbox)["errcode"] == 43101


@pytest.mark.parametrize("deed", ["unfollow", "refuse"])
def test_who_left_or_refuses_gets_none(sandbox: Sandbox, bot: FakeBot, deed):
    sandbox.act("oa", ZHOUYUN, "grant")
    sandbox.act("oa", ZHOUYUN, deed)
    assert notify(sandbox)["errcode"] == 43101


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"touser": "oNobody"}, 40003),
        ({"template_id": "TPL_APPOINTMENT_REMINDER"}, 40037),
        ({"data": {**VISIT, "thing1": {"value": "长" * 21}}}, 47003),
        ({"touser": XUMING}, 43101),
    ],
)
def test_a_bad_notification_is_refused(sandbox: Sandbox, bot: FakeBot, change, code):
    sandbox.act("oa", ZHOUYUN, "grant")
    assert notify(sandbox, **change)["errcode"] == code


def test_what_nobody_can_answer(sandbox: Sandbox):
    assert "还没有关注" in sandbox.refused("oa", XIAOLU, "grant")
    assert "accept" in sandbox.refused("oa", ZHOUYUN, "grant", answer="maybe")
    assert "订阅模板" in sandbox.refused("oa", ZHOUYUN, "grant", template_id="TPL_NONE")


def test_the_ticket_for_scripts_is_the_same_for_two_hours(sandbox: Sandbox):
    first = sandbox.ask("oa", "ticket/getticket", type="jsapi")
    assert (7190 < first["expires_in"] <= 7200, first["ticket"][:3]) == (True, "JT_")
    sandbox.advance(7000)
    second = sandbox.ask("oa", "ticket/getticket", type="jsapi")
    assert (second["ticket"], second["expires_in"] <= 200) == (first["ticket"], True)
    sandbox.advance(201)
    assert sandbox.ask("oa", "ticket/getticket", type="jsapi")["ticket"] != first["ticket"]
    assert sandbox.ask("oa", "ticket/getticket", type="wx_card")["errcode"] == 40097
