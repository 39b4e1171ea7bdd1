"""What KF is asked: pulls by cursor, sends with a key, moves between bot and people."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import BadContent, OutcomeUnknown, PlatformError, RateLimited, Unreachable, WindowClosed
from bot.messages import Article, Card, Kind, Media, Menu, News, Option, Reply, Silence, Text
from bot.platforms import Platforms
from bot.platforms.kf import KfAccount, KfCustomer, KfService, Page, Servicer, Session, SessionState
from tests.bot.platforms.fake_platform import FakePlatform, Reset

SERVICES = Menu("需要哪项服务？", (Option("1", "转人工"),))


@pytest.fixture
def kf(platforms: Platforms) -> KfService:
    return platforms.kf


def test_a_pull_brings_messages_and_the_next_cursor(platform: FakePlatform, kf: KfService):
    message = {"msgid": "k1", "msgtype": "text", "text": {"content": "能改圈吗"}}
    platform.script("/kf/sync_msg", {"errcode": 0, "next_cursor": "c2", "has_more": 1, "msg_list": [message]})
    assert kf.pull("wk1", "c1", "ENC1") == Page([message], "c2", has_more=True)
    assert platform.last.body == {
        "cursor": "c1",
        "token": "ENC1",
        "limit": 1000,
        "voice_format": 0,
        "open_kfid": "wk1",
    }


def test_an_empty_page_may_have_more_behind_it(platform: FakePlatform, kf: KfService):
    platform.script("/kf/sync_msg", {"errcode": 0, "next_cursor": "c2", "has_more": 1, "msg_list": []})
    assert kf.pull("wk1", "c1", "ENC1").has_more


def test_a_page_without_cursor_keeps_the_old_one(platform: FakePlatform, kf: KfService):
    platform.script("/kf/sync_msg", {"errcode": 0, "has_more": 0})
    assert kf.pull("wk1", "c1", "ENC1") == Page([], "c1", has_more=False)


@pytest.mark.parametrize(("errcode", "error"), [(95007, BadContent), (45009, RateLimited)])
def test_a_pull_with_an_old_token_fails(
    platform: FakePlatform, kf: KfService, errcode: int, error: type[PlatformError]
):
    platform.script("/kf/sync_msg", {"errcode": errcode, "errmsg": "no"})
    with pytest.raises(error):
        kf.pull("wk1", "", "old")


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        (Text("可以的"), {"msgtype": "text", "text": {"content": "可以的"}}),
        (Media(Kind.IMAGE, "WM1"), {"msgtype": "image", "image": {"media_id": "WM1"}}),
        (
            SERVICES,
            {
                "msgtype": "msgmenu",
                "msgmenu": {
                    "head_content": "需要哪项服务？",
                    "list": [{"type": "click", "click": {"id": "1", "content": "转人工"}}],
                    "tail_content": "",
                },
            },
        ),
        (
            Menu("哪天？", tuple(Option(str(n), f"{n} 日") for n in range(1, 12))),
            {
                "msgtype": "text",
                "text": {"content": "哪天？\n" + "\n".join(f"{n}. {n} 日" for n in range(1, 12))},
            },
        ),
        (
            News((Article("保养", "轻擦", "https://m/1?a=1&b=2"),)),
            {"msgtype": "text", "text": {"content": '<a href="https://m/1?a=1&amp;b=2">保养</a>\n轻擦'}},
        ),
    ],
)
def test_each_reply_has_its_shape(platform: FakePlatform, kf: KfService, reply: Reply, body: dict[str, Any]):
    platform.script("/kf/send_msg", {"errcode": 0, "msgid": "a1"})
    assert kf.send("wk1", "wm1", reply, "a1") == "a1"
    assert platform.last.body == {"touser": "wm1", "open_kfid": "wk1", "msgid": "a1", **body}


@pytest.mark.parametrize(
    ("errcode", "error"), [(95001, WindowClosed), (95002, WindowClosed), (95018, WindowClosed), (40058, BadContent)]
)
def test_a_refused_message_says_why(platform: FakePlatform, kf: KfService, errcode: int, error: type[PlatformError]):
    platform.script("/kf/send_msg", {"errcode": errcode, "errmsg": "no"})
    with pytest.raises(error):
        kf.send("wk1", "wm1", Text("可以的"), "a1")


def test_a_cut_connection_leaves_the_outcome_open(platform: FakePlatform, kf: KfService):
    platform.script("/kf/send_msg", Reset())
    with pytest.raises(OutcomeUnknown):
        kf.send("wk1", "wm1", Text("可以的"), "a1")
    assert len(platform.other_calls) == 1


def test_a_welcome_goes_by_its_code(platform: FakePlatform, kf: KfService):
    platform.script("/kf/send_msg_on_event", {"errcode": 0, "msgid": "e1"})
    assert kf.send_on_event("KW1", Text("欢迎光临"), "e1") == "e1"
    assert platform.last.body == {"code": "KW1", "msgid": "e1", "msgtype": "text", "text": {"content": "欢迎光临"}}


def test_silence_sends_nothing(platform: FakePlatform, kf: KfService):
    assert (kf.send("wk1", "wm1", Silence(), "a1"), kf.send_on_event("KW1", Silence(), "e1")) == ("", "")
    assert platform.calls == []


@pytest.mark.parametrize("reply", [Card("t", {}), Media(Kind.IMAGE, "WM1")])
def test_a_welcome_is_words_or_a_tap_list(kf: KfService, reply: Reply):
    with pytest.raises(BadContent):
        kf.send_on_event("KW1", reply, "e1")


def test_the_state_names_who_serves(platform: FakePlatform, kf: KfService):
    platform.script("/kf/service_state/get", {"errcode": 0, "service_state": 3, "servicer_userid": "lin.yue"})
    assert kf.state("wk1", "wm1") == Session(SessionState.PERSON, "lin.yue")


def test_a_customer_is_handed_to_a_person(platform: FakePlatform, kf: KfService):
    platform.script("/kf/service_state/trans", {"errcode": 0, "msg_code": "MC1"})
    assert kf.transfer("wk1", "wm1", SessionState.PERSON, "lin.yue") == "MC1"
    assert platform.last.body == {
        "open_kfid": "wk1",
        "external_userid": "wm1",
        "service_state": 3,
        "servicer_userid": "lin.yue",
    }


@pytest.mark.parametrize(("errcode", "error"), [(95013, WindowClosed), (95016, Unreachable), (95014, BadContent)])
def test_a_move_that_is_not_possible_says_why(
    platform: FakePlatform, kf: KfService, errcode: int, error: type[PlatformError]
):
    platform.script("/kf/service_state/trans", {"errcode": errcode, "errmsg": "no"})
    with pytest.raises(error):
        kf.transfer("wk1", "wm1", SessionState.POOL)


def test_accounts_are_told_page_by_page(platform: FakePlatform, kf: KfService):
    full = [{"open_kfid": f"wk{n}", "name": "珠宝顾问"} for n in range(100)]
    platform.script("/kf/account/list", {"account_list": full}, {"account_list": [{"open_kfid": "wk100"}]})
    accounts = kf.accounts()
    assert len(accounts) == 101
    assert accounts[0] == KfAccount("wk0", "珠宝顾问")
    assert [call.body["offset"] for call in platform.other_calls] == [0, 100]


def test_servicers_are_told_without_departments(platform: FakePlatform, kf: KfService):
    rows = [{"userid": "lin.yue", "status": 0}, {"userid": "wu.an", "status": 1}, {"department_id": 2}]
    platform.script("/kf/servicer/list", {"errcode": 0, "servicer_list": rows})
    assert kf.servicers("wk1") == (Servicer("lin.yue", receiving=True), Servicer("wu.an", receiving=False))


def test_customers_are_looked_up_by_hundreds(platform: FakePlatform, kf: KfService):
    row = {"external_userid": "wm1", "nickname": "陈", "enter_session_context": {"scene": "store0571"}}
    platform.script(
        "/kf/customer/batchget",
        {"customer_list": [row], "invalid_external_userid": ["wm2"]},
        {"customer_list": [{"external_userid": "wm3", "nickname": "林", "unionid": "uJ3"}]},
    )
    found = kf.customers([f"wm{n}" for n in range(101)])
    assert found == (KfCustomer("wm1", "陈", scene="store0571"), KfCustomer("wm3", "林", unionid="uJ3"))
    assert [len(call.body["external_userid_list"]) for call in platform.other_calls] == [100, 1]
