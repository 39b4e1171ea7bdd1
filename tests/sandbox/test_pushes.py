"""How a push is delivered: attempts, the five seconds, the notice, and everything a reply can do wrong."""

import time
from dataclasses import replace

import pytest

from sandbox.app import create_app
from sandbox.errors import CryptoError
from sandbox.packets import to_xml
from tests.sandbox.fake_bot import Event, FakeBot, reply_to, says
from tests.sandbox.playing import LINYUE, PNG, ZHOUYUN, Sandbox

NOTICE = "该公众号提供的服务出现故障，请稍后再试"


def write(sandbox: Sandbox, content: str = "在吗") -> dict:
    return sandbox.act("oa", ZHOUYUN, "text", content=content)


def test_the_bot_that_fails_twice_is_tried_a_third_time(sandbox: Sandbox, bot: FakeBot):
    answers = iter([(503, b""), (503, b""), (200, b"success")])
    bot.answer = lambda event: next(answers)
    push = write(sandbox)
    assert (push["attempts"], push["outcome"]) == (3, "ack")
    assert len({one.body for one in bot.received}) == 1, "a repeated push is the same push"


def test_after_three_failures_the_customer_sees_the_notice(sandbox: Sandbox, bot: FakeBot):
    bot.answer = lambda event: (503, b"")
    push = write(sandbox)
    assert (push["attempts"], push["status"], push["outcome"]) == (3, 503, "failed")
    line = sandbox.last("oa", ZHOUYUN)
    assert (line["from"], line["type"], line["content"]) == ("system", "notice", NOTICE)


def test_nobody_at_the_bots_address(sandbox: Sandbox, bot: FakeBot):
    app = create_app(replace(bot.config, bot_url="http://127.0.0.1:9"))
    alone = Sandbox(app.test_client(), app.extensions["sandbox"])
    push = write(alone)
    assert (push["attempts"], push["status"], push["outcome"]) == (3, None, "failed")


def test_an_answer_after_the_limit_is_no_answer(sandbox: Sandbox, bot: FakeBot):
    def slowly(event: Event) -> tuple[int, bytes]:
        time.sleep(0.7)
        return 200, b"success"

    bot.answer = slowly
    push = write(sandbox)
    assert (push["attempts"], push["status"], push["outcome"]) == (3, None, "failed")
    assert sandbox.last("oa", ZHOUYUN)["content"] == NOTICE


@pytest.mark.parametrize("body", [b"", b"success"])
def test_both_ways_to_acknowledge(sandbox: Sandbox, bot: FakeBot, body):
    bot.answer = lambda event: (200, body)
    assert write(sandbox)["outcome"] == "ack"
    assert len(sandbox.chat("oa", ZHOUYUN)) == 1


def spoilt(**changes: object):
    """A text reply with some nodes changed."""
    return lambda bot, event: reply_to({**event}, "text", **{"Content": "您好", **changes})


def unsigned(bot: FakeBot, event: Event) -> bytes:
    sealed = bot.seal("/webhooks/official-account", reply_to(event, "text", Content="您好"))
    return sealed.replace(b"<MsgSignature><![CDATA[", b"<MsgSignature><![CDATA[0")


def for_another_account(bot: FakeBot, event: Event) -> bytes:
    wrong = replace(bot, config=replace(bot.config, oa=replace(bot.config.oa, keys=bot.config.wecom.keys)))
    return wrong.seal("/webhooks/official-account", reply_to(event, "text", Content="您好"))


def article(count: int) -> dict:
    items = [{"Title": "新品", "Description": "", "PicUrl": "", "Url": "https://m.example.cn"}] * count
    return {"ArticleCount": count, "Articles": {"item": items}}


BAD_REPLIES = {
    "json": lambda bot, event: b'{"ok": true}',
    "html": lambda bot, event: b"<html>error</html>",
    "not UTF-8": lambda bot, event: b"\xff\xfe",
    "success with a space": lambda bot, event: b"success ",
    "plain XML in encrypted mode": lambda bot, event: reply_to(event, "text", Content="您好").encode(),
    "wrong signature": unsigned,
    "sealed for another account": for_another_account,
    "broken XML inside": lambda bot, event: "<xml><Content>您好</xml>",
    "document type inside": lambda bot, event: '<!DOCTYPE xml [<!ENTITY a "b">]><xml></xml>',
    "unknown type": lambda bot, event: reply_to(event, "card"),
    "a button update": lambda bot, event: reply_to(event, "update_button", Button={"ReplaceName": "好"}),
    "empty text": spoilt(Content=""),
    "text over 2048 bytes": spoilt(Content="好" * 683),
    "to somebody else": spoilt(ToUserName="oShop_xuming"),
    "from somebody else": spoilt(FromUserName="gh_other"),
    "without a time": spoilt(CreateTime="now"),
    "unknown picture": lambda bot, event: reply_to(event, "image", Image={"MediaId": "nothing"}),
    "no picture": lambda bot, event: reply_to(event, "image"),
    "two articles to a message": lambda bot, event: reply_to(event, "news", **article(2)),
    "wrong count of articles": lambda bot, event: reply_to(event, "news", **{**article(1), "ArticleCount": 2}),
    "music without a cover": lambda bot, event: reply_to(event, "music", Music={"Title": "曲"}),
}


@pytest.mark.parametrize("name", BAD_REPLIES)
def test_an_invalid_reply_brings_the_notice(sandbox: Sandbox, bot: FakeBot, name):
    bot.answer = lambda event: (200, BAD_REPLIES[name](bot, event))
    push = write(sandbox)
    assert (push["attempts"], push["outcome"]) == (1, "failed")
    assert push["reason"]
    assert sandbox.last("oa", ZHOUYUN)["content"] == NOTICE


def test_the_longest_text_is_let_through(sandbox: Sandbox, bot: FakeBot):
    bot.answer = says("好" * 682)
    assert write(sandbox)["outcome"] == "reply"


def test_one_article_answers_a_message_and_eight_an_event(sandbox: Sandbox, bot: FakeBot):
    bot.answer = lambda event: (200, reply_to(event, "news", **article(1)))
    assert write(sandbox)["reply"]["articles"][0]["title"] == "新品"
    bot.answer = lambda event: (200, reply_to(event, "news", **article(8)))
    assert len(sandbox.act("oa", ZHOUYUN, "menu", key="NEW")["reply"]["articles"]) == 8


def test_an_uploaded_picture_answers(sandbox: Sandbox, bot: FakeBot):
    media_id = sandbox.upload("oa", "image", PNG)["media_id"]
    bot.answer = lambda event: (200, reply_to(event, "image", Image={"MediaId": media_id}))
    assert write(sandbox)["reply"]["url"].endswith(media_id)


def test_the_old_seats_feature_is_acknowledged(sandbox: Sandbox, bot: FakeBot):
    bot.answer = lambda event: (200, reply_to(event, "transfer_customer_service"))
    assert write(sandbox)["outcome"] == "ack"


def test_a_member_sees_no_notice(sandbox: Sandbox, bot: FakeBot):
    bot.answer = lambda event: (500, b"")
    push = sandbox.act("wecom", LINYUE, "text", content="今天")
    assert (push["attempts"], push["outcome"]) == (3, "failed")
    assert [line["from"] for line in sandbox.chat("wecom", LINYUE)] == ["me"]


def test_a_push_can_go_in_the_background(sandbox: Sandbox, bot: FakeBot):
    bot.answer = says("您好")
    answer = sandbox.client.post(f"/control/oa/{ZHOUYUN}/text?wait=0", json={"content": "在吗"}).json
    assert answer == {"ok": True, "push": None}
    assert sandbox.wait_for_line("oa", ZHOUYUN, 2)[1]["content"] == "您好"


def test_duplicates_bring_one_answer(sandbox: Sandbox, bot: FakeBot):
    bot.answer = says("您好")
    sandbox.switch(duplicate_push=True)
    write(sandbox)
    assert len(bot.received) == 3
    assert len({one.body for one in bot.received}) == 1
    assert len(sandbox.chat("oa", ZHOUYUN)) == 2


def test_repeats_may_be_signed_anew(sandbox: Sandbox, bot: FakeBot):
    sandbox.switch(duplicate_push=True, fresh_repeats=True)
    write(sandbox)
    assert len({one.query["msg_signature"] for one in bot.received}) == 3
    assert len({one.event["MsgId"] for one in bot.received}) == 1


def test_a_lost_push_never_arrives(sandbox: Sandbox, bot: FakeBot):
    sandbox.switch(lose_push=1)
    assert write(sandbox)["attempts"] == 0
    assert write(sandbox)["attempts"] == 1
    assert len(bot.received) == 1


def test_after_three_failures_the_platform_falls_silent(sandbox: Sandbox, bot: FakeBot):
    sandbox.switch(mark_fail=True)
    bot.answer = lambda event: (500, b"")
    for _ in range(3):
        write(sandbox)
    bot.answer = lambda event: (200, b"")
    assert write(sandbox)["attempts"] == 0


def test_the_log_tells_of_each_push(sandbox: Sandbox, bot: FakeBot):
    write(sandbox, "珍珠")
    call = sandbox.get("/control/calls", after=0)["calls"][-1]
    assert (call["direction"], call["surface"], call["errcode"], call["errmsg"]) == ("push", "oa", 0, "ack")
    assert "珍珠" in call["detail"]


XML = to_xml(
    {"ToUserName": "gh_1a2b3c4d5e6f", "FromUserName": ZHOUYUN, "CreateTime": 1, "MsgType": "event", "Event": "new"}
)


def raw(sandbox: Sandbox, **more: object) -> dict:
    return sandbox.post("/control/push", **{"surface": "oa", "xml": XML, **more})["push"]


def test_any_event_can_be_sent_as_it_is(sandbox: Sandbox, bot: FakeBot):
    raw(sandbox, repeat=2)
    assert [event["Event"] for event in bot.events] == ["new", "new"]


@pytest.mark.parametrize("surface", ["oa", "wecom"])
@pytest.mark.parametrize("tamper", ["bad_signature", "json", "plain"])
def test_spoilt_envelopes_do_not_open(sandbox: Sandbox, bot: FakeBot, surface, tamper):
    raw(sandbox, surface=surface, tamper=tamper)
    assert bot.events == [{}]


def test_the_sorted_signature_cannot_tell_timestamp_and_nonce_apart(sandbox: Sandbox, bot: FakeBot):
    raw(sandbox, tamper="swap")
    assert bot.events[0]["Event"] == "new"
    assert abs(int(bot.received[0].query["nonce"]) - time.time()) < 10


@pytest.mark.parametrize("tamper", ["wrong_receiver", "bad_padding"])
def test_signed_but_undecipherable(sandbox: Sandbox, bot: FakeBot, tamper):
    bot.open = lambda path, query, body: {}
    raw(sandbox, tamper=tamper)
    received = bot.received[0]
    sealed = received.body.split(b"<Encrypt><![CDATA[")[1].split(b"]]>")[0].decode()
    keys = bot.config.oa.keys
    assert keys.sign(received.query["timestamp"], received.query["nonce"], sealed) == received.query["msg_signature"]
    with pytest.raises(CryptoError, match=r"receiver|padding"):
        keys.decrypt(sealed)


def test_the_other_ways_to_spoil(sandbox: Sandbox, bot: FakeBot):
    bot.open = lambda path, query, body: {}
    for tamper in ("old_timestamp", "oversize", "doctype", "compat"):
        raw(sandbox, tamper=tamper)
    old, large, doctype, compat = bot.received
    assert int(old.query["timestamp"]) < time.time() - 300
    assert len(large.body) > 65536
    sealed = doctype.body.split(b"<Encrypt><![CDATA[")[1].split(b"]]>")[0].decode()
    assert "<!DOCTYPE" in bot.config.oa.keys.decrypt(sealed)
    assert b"<Event>" in compat.body
    assert b"<Encrypt>" in compat.body


@pytest.mark.parametrize(
    "body",
    [
        {"surface": "sms", "xml": XML},
        {"surface": "oa"},
        {"surface": "oa", "xml": XML, "tamper": "fire"},
        {"surface": "oa", "xml": XML, "tamper": 3},
        {"surface": "oa", "xml": XML, "repeat": 1000},
    ],
)
def test_a_raw_push_that_makes_no_sense_is_refused(sandbox: Sandbox, body):
    assert sandbox.client.post("/control/push", json=body).status_code == 400


def test_plain_mode_sends_and_takes_plain_xml(bot: FakeBot):
    bot.config = replace(bot.config, oa=replace(bot.config.oa, mode="plain"))
    app = create_app(bot.config)
    plain = Sandbox(app.test_client(), app.extensions["sandbox"])
    bot.open = lambda path, query, body: {"FromUserName": ZHOUYUN, "ToUserName": "gh_1a2b3c4d5e6f"}
    bot.answer = lambda event: (200, reply_to(event, "text", Content="您好").encode())
    assert write(plain)["reply"]["content"] == "您好"
    received = bot.received[0]
    assert "在吗" in received.body.decode()
    assert "msg_signature" not in received.query


@pytest.mark.parametrize("surface", ["oa", "wecom"])
def test_the_url_check_of_the_console(sandbox: Sandbox, bot: FakeBot, surface):
    assert sandbox.post("/control/verify", surface=surface) == {"ok": True, "status": 200}
    bot.echo = b'"quoted"'
    assert sandbox.post("/control/verify", surface=surface)["ok"] is False


def test_the_url_check_finds_nobody(bot: FakeBot):
    app = create_app(replace(bot.config, bot_url="http://127.0.0.1:9"))
    answer = app.test_client().post("/control/verify", json={"surface": "oa"}).json
    assert (answer["ok"], answer["status"]) == (False, None)
