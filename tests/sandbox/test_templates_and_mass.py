"""Template messages and mass messages: what is accepted, what is shown, what comes back as an event."""

import pytest

from tests.sandbox.fake_bot import FakeBot
from tests.sandbox.playing import DAY, HOUR, XIAOLU, XUMING, ZHOUYUN, Sandbox

VISIT = {"thing1": {"value": "试戴古法金手镯"}, "time2": {"value": "2026-12-08 14:30"}, "thing3": {"value": "湖滨店"}}


def notify(
    sandbox: Sandbox, touser: str = ZHOUYUN, template_id: str = "TPL_APPOINTMENT_REMINDER", **more: object
) -> dict:
    return sandbox.call(
        "oa", "message/template/send", **{"touser": touser, "template_id": template_id, "data": VISIT, **more}
    )


def test_a_notice_needs_no_open_window(sandbox: Sandbox, bot: FakeBot):
    answer = notify(sandbox, url="https://m.example.cn/a/1")
    assert answer["errcode"] == 0
    line = sandbox.last("oa", ZHOUYUN)
    assert (line["type"], line["title"], line["url"]) == ("template", "预约提醒", "https://m.example.cn/a/1")
    assert line["fields"][0] == {"name": "预约内容", "value": "试戴古法金手镯"}
    finished = bot.wait_for("TEMPLATESENDJOBFINISH")
    assert (finished["MsgID"], finished["Status"], finished["FromUserName"]) == (
        str(answer["msgid"]),
        "success",
        ZHOUYUN,
    )


@pytest.mark.parametrize("status", ["failed:user block", "failed: system failed"])
def test_a_notice_that_is_accepted_but_fails(sandbox: Sandbox, bot: FakeBot, status):
    sandbox.switch(template_result=status)
    assert notify(sandbox)["errcode"] == 0
    assert bot.wait_for("TEMPLATESENDJOBFINISH")["Status"] == status
    assert sandbox.chat("oa", ZHOUYUN) == []


def test_a_mini_program_wins_over_the_address(sandbox: Sandbox):
    notify(sandbox, url="https://m.example.cn", miniprogram={"appid": "wxmini", "pagepath": "p/1"})
    assert sandbox.last("oa", ZHOUYUN)["url"] == "miniprogram://wxmini/p/1"


def test_the_same_client_msg_id_is_shown_once_in_ten_minutes(sandbox: Sandbox):
    first = notify(sandbox, client_msg_id="a-1")
    assert notify(sandbox, client_msg_id="a-1")["msgid"] == first["msgid"]
    assert notify(sandbox, XUMING, client_msg_id="a-1")["msgid"] != first["msgid"]
    assert len(sandbox.chat("oa", ZHOUYUN)) == 1
    sandbox.advance(601)
    assert notify(sandbox, client_msg_id="a-1")["msgid"] != first["msgid"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"touser": "oNobody"}, 40003),
        ({"touser": XIAOLU}, 43004),
        ({"template_id": "TPL_NONE"}, 40037),
        ({"data": {}}, 47003),
        ({"data": {**VISIT, "thing1": {"value": ""}}}, 47003),
        ({"data": {**VISIT, "thing1": "flat"}}, 47003),
        ({"data": {**VISIT, "thing1": {"value": "长" * 21}}}, 47003),
        ({"data": {**VISIT, "time2": {"value": "下周二下午"}}}, 47003),
    ],
)
def test_a_bad_notice_is_refused(sandbox: Sandbox, bot: FakeBot, change, code):
    assert notify(sandbox, **change)["errcode"] == code
    assert bot.received == []


def test_the_refusal_names_the_field(sandbox: Sandbox):
    answer = notify(sandbox, data={**VISIT, "thing3": {"value": "长" * 21}})
    assert "data.thing3.value" in answer["errmsg"]


@pytest.mark.parametrize(
    "moment", ["2026-12-08 14:30", "2026年12月8日", "2026年12月8日 14:30", "14:30", "2026-12-08 14:30~15:30"]
)
def test_times_may_be_written_in_these_ways(sandbox: Sandbox, moment):
    assert notify(sandbox, data={**VISIT, "time2": {"value": moment}})["errcode"] == 0


@pytest.mark.parametrize(
    ("number", "phrase", "code"),
    [
        ("S20261208-01", "已完成", 0),
        ("S" * 32, "可以取件", 0),
        ("S" * 33, "已完成", 47003),
        ("单号1", "已完成", 47003),
        ("S1", "已经全部完成", 47003),
        ("S1", "done", 47003),
    ],
)
def test_typed_fields(sandbox: Sandbox, number, phrase, code):
    fields = {"character_string1": {"value": number}, "thing2": {"value": "改圈"}, "phrase3": {"value": phrase}}
    assert notify(sandbox, template_id="TPL_SERVICE_STATUS", data=fields)["errcode"] == code


def test_a_customer_who_refuses_notices(sandbox: Sandbox):
    sandbox.act("oa", ZHOUYUN, "refuse")
    assert notify(sandbox)["errcode"] == 43101


def mass(sandbox: Sandbox, *people: str, path: str = "send", **more: object) -> dict:
    body = {"touser": list(people), "msgtype": "text", "text": {"content": "会员日"}, **more}
    return sandbox.call("oa", f"message/mass/{path}", **body)


def test_a_mass_message_reaches_followers(sandbox: Sandbox, bot: FakeBot):
    answer = mass(sandbox, ZHOUYUN, XUMING, XIAOLU, "oNobody")
    assert (answer["errcode"], answer["errmsg"]) == (0, "send job submission success")
    assert sandbox.last("oa", ZHOUYUN)["type"] == "mass"
    assert sandbox.chat("oa", XIAOLU) == []
    finished = bot.wait_for("MASSSENDJOBFINISH")
    assert finished["MsgID"] == str(answer["msg_id"])
    assert (finished["Status"], finished["TotalCount"], finished["SentCount"]) == ("send success", "4", "2")


def test_four_a_month_and_then_silence(sandbox: Sandbox, bot: FakeBot):
    sandbox.post("/clock", now="2026-12-01T10:00:00+08:00")
    for _ in range(6):
        assert mass(sandbox, ZHOUYUN, XUMING)["errcode"] == 0
    assert len(sandbox.chat("oa", ZHOUYUN)) == 4
    sandbox.post("/clock", now="2027-01-01T00:00:01+08:00")
    mass(sandbox, ZHOUYUN, XUMING)
    assert len(sandbox.chat("oa", ZHOUYUN)) == 5


def test_one_clientmsgid_is_one_job(sandbox: Sandbox):
    first = mass(sandbox, ZHOUYUN, XUMING, clientmsgid="m-1")
    too_soon = mass(sandbox, ZHOUYUN, XUMING, clientmsgid="m-1")
    assert too_soon["errcode"] == 45066
    sandbox.advance(61)
    known = mass(sandbox, ZHOUYUN, XUMING, clientmsgid="m-1")
    assert (known["errcode"], known["msg_id"]) == (45065, first["msg_id"])
    assert len(sandbox.chat("oa", ZHOUYUN)) == 1
    assert mass(sandbox, ZHOUYUN, XUMING, clientmsgid="m" * 33)["errcode"] == 45067


@pytest.mark.parametrize(
    ("people", "more", "code"),
    [
        ([ZHOUYUN], {}, 40130),
        (["oNobody", "oNobody2"], {}, 40003),
        ([ZHOUYUN, XUMING], {"msgtype": "news"}, 40008),
        ([ZHOUYUN, XUMING], {"text": {"content": ""}}, 44004),
        ([ZHOUYUN, XUMING], {"touser": "all"}, 47001),
    ],
)
def test_a_bad_mass_message_is_refused(sandbox: Sandbox, people, more, code):
    assert mass(sandbox, *people, **more)["errcode"] == code
    assert sandbox.chat("oa", ZHOUYUN) == []


def test_to_everybody_four_times_a_month(sandbox: Sandbox, bot: FakeBot):
    sandbox.post("/clock", now="2026-12-01T10:00:00+08:00")
    codes = [mass(sandbox, path="sendall", filter={"is_to_all": True})["errcode"] for _ in range(5)]
    assert codes == [0, 0, 0, 0, 45028]
    assert bot.wait_for("MASSSENDJOBFINISH")["TotalCount"] == "3"


def test_tags_are_unknown_here(sandbox: Sandbox):
    assert mass(sandbox, path="sendall", filter={"is_to_all": False, "tag_id": 2})["errcode"] == 45159


def test_a_mass_job_a_day_later_is_another_job(sandbox: Sandbox):
    mass(sandbox, ZHOUYUN, XUMING, clientmsgid="m-1")
    sandbox.advance(DAY + HOUR)
    assert mass(sandbox, ZHOUYUN, XUMING, clientmsgid="m-2")["errcode"] == 0
