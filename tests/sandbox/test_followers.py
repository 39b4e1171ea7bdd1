"""What a customer does with the official account, and what the bot hears of it."""

import io

import pytest

from tests.sandbox.fake_bot import FakeBot, says
from tests.sandbox.playing import PNG, XIAOLU, ZHOUYUN, Sandbox


def test_a_line_reaches_the_bot_sealed_and_signed(sandbox: Sandbox, bot: FakeBot):
    push = sandbox.act("oa", ZHOUYUN, "text", content="珍珠怎么保养？<b>&")
    assert (push["attempts"], push["status"], push["outcome"]) == (1, 200, "ack")
    event = bot.events[0]
    assert event["Content"] == "珍珠怎么保养？<b>&"
    assert (event["MsgType"], event["FromUserName"], event["ToUserName"]) == ("text", ZHOUYUN, "gh_1a2b3c4d5e6f")
    assert len(str(event["MsgId"])) == 17
    query = bot.received[0].query
    assert query["encrypt_type"] == "aes"
    assert query["openid"] == ZHOUYUN
    assert query["signature"] == bot.config.oa.keys.sign(query["timestamp"], query["nonce"])


def test_every_message_has_its_own_id(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("oa", ZHOUYUN, "text", content="一")
    sandbox.act("oa", ZHOUYUN, "text", content="一")
    assert bot.events[0]["MsgId"] != bot.events[1]["MsgId"]


def test_the_answer_stands_in_the_chat(sandbox: Sandbox, bot: FakeBot):
    bot.answer = says("您好，珍珠怕汗。]]>")
    push = sandbox.act("oa", ZHOUYUN, "text", content="珍珠")
    assert push["reply"]["content"] == "您好，珍珠怕汗。]]>"
    mine, theirs = sandbox.chat("oa", ZHOUYUN)
    assert (mine["from"], mine["content"]) == ("me", "珍珠")
    assert (theirs["from"], theirs["type"], theirs["content"]) == ("them", "text", "您好，珍珠怕汗。]]>")


def test_a_tap_comes_as_text_with_the_items_id(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("oa", ZHOUYUN, "tap", id="m-3", content="改圈")
    assert (bot.events[0]["Content"], bot.events[0]["bizmsgmenuid"]) == ("改圈", "m-3")


def test_a_picture_can_be_fetched_by_the_bot(sandbox: Sandbox, bot: FakeBot):
    sandbox.client.post(f"/control/oa/{ZHOUYUN}/image", data={"media": (io.BytesIO(PNG), "ring.png")})
    event = bot.events[0]
    assert event["MsgType"] == "image"
    url = f"/oa/cgi-bin/media/get?media_id={event['MediaId']}&access_token={sandbox.token('oa')}"
    assert sandbox.client.get(url).data == PNG
    shown = sandbox.last("oa", ZHOUYUN)["url"]
    assert sandbox.client.get(shown.removeprefix("http://127.0.0.1:8001")).data == PNG


def test_a_picture_that_is_none_is_refused(sandbox: Sandbox):
    answer = sandbox.client.post(f"/control/oa/{ZHOUYUN}/image", data={"media": (io.BytesIO(b"plain text"), "a.png")})
    assert answer.status_code == 400


def test_voice_and_place(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("oa", ZHOUYUN, "voice", recognition="戒指多少钱", seconds=4)
    sandbox.act("oa", ZHOUYUN, "location", latitude=30.25, longitude=120.16, label="湖滨")
    voice, place = bot.events
    assert (voice["MsgType"], voice["Format"], voice["Recognition"]) == ("voice", "amr", "戒指多少钱")
    assert (place["Location_X"], place["Location_Y"], place["Label"]) == ("30.25", "120.16", "湖滨")


def test_voice_without_recognition_has_no_such_node(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("oa", ZHOUYUN, "voice", recognition="", seconds=4)
    assert "Recognition" not in bot.events[0]


def test_a_stranger_follows_by_a_shop_code(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("oa", XIAOLU, "scan", scene="store-HZ01")
    event = bot.events[0]
    assert (event["Event"], event["EventKey"]) == ("subscribe", "qrscene_store-HZ01")
    assert event["Ticket"]
    assert sandbox.customer(XIAOLU)["following"] is True


def test_a_follower_who_scans_is_only_reported(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("oa", ZHOUYUN, "scan", scene="advisor-lin.yue")
    assert (bot.events[0]["Event"], bot.events[0]["EventKey"]) == ("SCAN", "advisor-lin.yue")


def test_following_without_a_code(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("oa", XIAOLU, "follow")
    assert (bot.events[0]["Event"], bot.events[0]["EventKey"]) == ("subscribe", "")
    assert "已经关注" in sandbox.refused("oa", XIAOLU, "follow")


def test_leaving(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("oa", ZHOUYUN, "unfollow")
    assert bot.events[0]["Event"] == "unsubscribe"
    assert "没有关注" in sandbox.refused("oa", ZHOUYUN, "text", content="在吗")
    assert sandbox.tell(ZHOUYUN) == 45015


def test_menu_buttons(sandbox: Sandbox, bot: FakeBot):
    sandbox.act("oa", ZHOUYUN, "menu", key="CARE")
    sandbox.act("oa", ZHOUYUN, "view", url="https://m.example.cn/b")
    assert [(one["Event"], one["EventKey"]) for one in bot.events] == [
        ("CLICK", "CARE"),
        ("VIEW", "https://m.example.cn/b"),
    ]


@pytest.mark.parametrize(
    ("person", "deed", "body"),
    [
        ("oNobody", "text", {"content": "x"}),
        (ZHOUYUN, "text", {}),
        (ZHOUYUN, "dance", {}),
        (ZHOUYUN, "scan", {"scene": "nowhere"}),
        (ZHOUYUN, "location", {"latitude": "north"}),
        (XIAOLU, "menu", {"key": "CARE"}),
    ],
)
def test_what_cannot_be_done_is_said_and_not_pushed(sandbox: Sandbox, bot: FakeBot, person, deed, body):
    assert sandbox.refused("oa", person, deed, **body)
    assert bot.received == []
