"""Members in the application: what they do reaches the bot, what the bot sends reaches them, or not."""

import io

import pytest

from tests.sandbox.fake_bot import FakeBot, reply_to, says
from tests.sandbox.playing import AGENT, HOUR, LINYUE, PNG, WUAN, Sandbox


def test_a_line_of_a_member(sandbox: Sandbox, bot: FakeBot):
    bot.answer = says("今天三位预约")
    push = sandbox.act("wecom", LINYUE, "text", content="今天")
    assert push["reply"]["content"] == "今天三位预约"
    event = bot.events[0]
    assert (event["FromUserName"], event["ToUserName"], event["AgentID"]) == (LINYUE, "ww0123456789abcdef", str(AGENT))
    assert [line["from"] for line in sandbox.chat("wecom", LINYUE)] == ["me", "them"]
    assert "signature" not in bot.received[0].query


def test_everything_else_a_member_does(sandbox: Sandbox, bot: FakeBot):
    sandbox.client.post(f"/control/wecom/{LINYUE}/image", data={"media": (io.BytesIO(PNG), "ring.png")})
    sandbox.act("wecom", LINYUE, "voice", recognition="不会送出", seconds=2)
    sandbox.act("wecom", LINYUE, "location", latitude=30.2, longitude=120.1, label="湖滨")
    sandbox.act("wecom", LINYUE, "enter")
    sandbox.act("wecom", LINYUE, "menu", key="TODAY")
    assert [one.get("Event") or one["MsgType"] for one in bot.events] == [
        "image",
        "voice",
        "location",
        "enter_agent",
        "click",
    ]
    assert "Recognition" not in bot.events[1]
    assert bot.events[4]["EventKey"] == "TODAY"
    assert sandbox.ask("wecom", "media/get", media_id="none")["errcode"] == 40007


def test_somebody_who_does_not_work_here(sandbox: Sandbox):
    assert "没有这位员工" in sandbox.refused("wecom", "ghost", "text", content="今天")


@pytest.mark.parametrize("count", [8, 9])
def test_eight_articles_may_answer_a_member(sandbox: Sandbox, bot: FakeBot, count):
    items = [{"Title": "新品", "Description": "", "PicUrl": "", "Url": "https://m.example.cn"}] * count
    bot.answer = lambda event: (200, reply_to(event, "news", ArticleCount=count, Articles={"item": items}))
    assert sandbox.act("wecom", LINYUE, "text", content="新品")["outcome"] == ("reply" if count == 8 else "failed")


def send(sandbox: Sandbox, msgtype: str, body: object, touser: str = LINYUE, **more: object) -> dict:
    message = {"touser": touser, "msgtype": msgtype, "agentid": AGENT, msgtype: body, **more}
    return sandbox.call("wecom", "message/send", **message)


def test_a_text_for_members(sandbox: Sandbox):
    answer = send(sandbox, "text", {"content": "客户到店"}, "LIN.YUE|ghost|wu.an")
    assert (answer["errcode"], answer["invaliduser"]) == (0, "ghost")
    assert answer["msgid"]
    assert sandbox.last("wecom", LINYUE)["content"] == sandbox.last("wecom", WUAN)["content"] == "客户到店"


def test_to_everybody_and_to_a_store(sandbox: Sandbox):
    send(sandbox, "text", {"content": "例会"}, "@all")
    send(sandbox, "text", {"content": "湖滨例会"}, "", toparty="2")
    counts = [len(sandbox.chat("wecom", one)) for one in (LINYUE, WUAN, "chen.jing")]
    assert sorted(counts) == [1, 2, 2]


@pytest.mark.parametrize(
    ("msgtype", "body"),
    [
        ("markdown", {"content": "**今天** 三位"}),
        ("textcard", {"title": "预约", "description": "14:30", "url": "https://m.example.cn", "btntxt": "查看"}),
        ("news", {"articles": [{"title": "新品", "url": "https://m.example.cn", "description": "", "picurl": ""}]}),
    ],
)
def test_other_types_are_shown_as_they_are(sandbox: Sandbox, msgtype, body):
    assert send(sandbox, msgtype, body)["errcode"] == 0
    line = sandbox.last("wecom", LINYUE)
    assert line["type"] == msgtype
    assert {name: line[name] for name in body} == body


def test_pictures_and_files(sandbox: Sandbox):
    picture = sandbox.upload("wecom", "image", PNG)["media_id"]
    paper = sandbox.upload("wecom", "file", b"a,b\n1,2\n", "list.csv")["media_id"]
    assert send(sandbox, "image", {"media_id": picture})["errcode"] == 0
    assert send(sandbox, "file", {"media_id": paper})["errcode"] == 0
    assert send(sandbox, "file", {"media_id": picture})["errcode"] == 40007
    image, file = sandbox.chat("wecom", LINYUE)
    assert (image["type"], file["type"], file["title"]) == ("image", "link", "list.csv")


def test_a_long_text_is_cut_at_2048_bytes(sandbox: Sandbox):
    assert send(sandbox, "text", {"content": "好" * 1000})["errcode"] == 0
    assert sandbox.last("wecom", LINYUE)["content"] == "好" * 682


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"agentid": 1000003}, 301002),
        ({"agentid": None}, 40056),
        ({"touser": ""}, 82001),
        ({"touser": "ghost|nobody"}, 81013),
        ({"touser": "|".join(f"u{n}" for n in range(1001))}, 40032),
        ({"msgtype": "fax"}, 40008),
        ({"text": {"content": ""}}, 44004),
        ({"text": None}, 44004),
        ({"msgtype": "textcard", "textcard": {"title": "x", "url": "https://a.cn"}}, 41033),
        ({"msgtype": "textcard", "textcard": {"description": "x", "url": "https://a.cn"}}, 40058),
        ({"msgtype": "textcard", "textcard": {"title": "x", "description": "x", "url": "a.cn"}}, 40058),
        ({"msgtype": "news", "news": {"articles": []}}, 45008),
        ({"msgtype": "news", "news": {"articles": [{"title": "x"}]}}, 40058),
        ({"msgtype": "image", "image": {"media_id": "none"}}, 40007),
        ({"msgtype": "template_card"}, 42031),
    ],
)
def test_what_the_application_may_not_send(sandbox: Sandbox, change, code):
    body = {"touser": LINYUE, "msgtype": "text", "agentid": AGENT, "text": {"content": "x"}, **change}
    assert sandbox.call("wecom", "message/send", **body)["errcode"] == code
    assert sandbox.chat("wecom", LINYUE) == []


def test_more_than_30_a_minute_are_dropped_in_silence(sandbox: Sandbox):
    codes = {sandbox.tell_member(LINYUE, f"第{n}条")["errcode"] for n in range(32)}
    assert codes == {0}
    assert len(sandbox.chat("wecom", LINYUE)) == 30
    sandbox.advance(61)
    sandbox.tell_member(LINYUE, "一分钟后")
    assert sandbox.last("wecom", LINYUE)["content"] == "一分钟后"


def test_the_same_body_is_shown_once_when_asked_to_check(sandbox: Sandbox):
    first = sandbox.tell_member(LINYUE, "客户到店", enable_duplicate_check=1)
    again = sandbox.tell_member(LINYUE, "客户到店", enable_duplicate_check=1)
    assert again["msgid"] == first["msgid"]
    assert len(sandbox.chat("wecom", LINYUE)) == 1
    sandbox.advance(HOUR / 2 + 1)
    sandbox.tell_member(LINYUE, "客户到店", enable_duplicate_check=1)
    assert len(sandbox.chat("wecom", LINYUE)) == 2


def test_the_check_lasts_as_long_as_asked_and_only_when_asked(sandbox: Sandbox):
    for _ in range(2):
        sandbox.tell_member(LINYUE, "一", enable_duplicate_check=1, duplicate_check_interval=60)
        sandbox.advance(61)
    for _ in range(2):
        sandbox.tell_member(LINYUE, "二")
    assert [line["content"] for line in sandbox.chat("wecom", LINYUE)] == ["一", "一", "二", "二"]
    too_long = sandbox.tell_member(LINYUE, "三", enable_duplicate_check=1, duplicate_check_interval=5 * HOUR)
    assert too_long["errcode"] == 40058
