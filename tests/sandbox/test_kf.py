"""KF: no content in the push, pulling by cursor, windows, states and single-use codes."""

import pytest

from tests.sandbox.fake_bot import FakeBot
from tests.sandbox.playing import DAY, HOUR, LINYUE, MINUTE, XIAOLU, ZHOUYUN, Sandbox

DESK = "wkJewel0001"


def pull(sandbox: Sandbox, bot: FakeBot | None = None, cursor: str = "", **more: object) -> dict:
    """sync_msg with the token of the last push."""
    token = {"token": bot.events[-1]["Token"]} if bot is not None else {}
    return sandbox.call("wecom", "kf/sync_msg", **{"cursor": cursor, "open_kfid": DESK, **token, **more})


def say(sandbox: Sandbox, content: str = "能改圈吗", **more: object) -> None:
    sandbox.act("kf", ZHOUYUN, "text", content=content, **more)


@pytest.fixture
def entered(sandbox: Sandbox) -> Sandbox:
    """Zhou Yun has opened the KF chat."""
    sandbox.act("kf", ZHOUYUN, "enter", scene="store0571")
    return sandbox


def send(sandbox: Sandbox, content: str = "可以的", **more: object) -> dict:
    body = {"touser": "wmShop_zhouyun", "open_kfid": DESK, "msgtype": "text", "text": {"content": content}, **more}
    return sandbox.call("wecom", "kf/send_msg", **body)


def move(sandbox: Sandbox, state: int, **more: object) -> dict:
    ids = {"open_kfid": DESK, "external_userid": "wmShop_zhouyun"}
    return sandbox.call("wecom", "kf/service_state/trans", **ids, service_state=state, **more)


def state(sandbox: Sandbox) -> int:
    ids = {"open_kfid": DESK, "external_userid": "wmShop_zhouyun"}
    return sandbox.call("wecom", "kf/service_state/get", **ids)["service_state"]


def on_event(sandbox: Sandbox, code: str, msgtype: str = "text", **more: object) -> int:
    body = {"code": code, "msgtype": msgtype, msgtype: {"content": "您好", "head_content": "您好"}, **more}
    return sandbox.call("wecom", "kf/send_msg_on_event", **body)["errcode"]


def test_the_push_says_only_that_something_is_there(entered: Sandbox, bot: FakeBot):
    event = bot.events[0]
    assert (event["Event"], event["OpenKfId"]) == ("kf_msg_or_event", DESK)
    assert "FromUserName" not in event
    assert "Content" not in event


def test_what_happened_is_pulled(entered: Sandbox, bot: FakeBot):
    say(entered, menu_id="m1")
    page = pull(entered, bot)
    assert page["has_more"] == 0
    enter, text = page["msg_list"]
    assert (enter["origin"], enter["event"]["event_type"], enter["event"]["scene"]) == (4, "enter_session", "store0571")
    assert enter["event"]["welcome_code"]
    assert (text["origin"], text["external_userid"], text["text"]) == (
        3,
        "wmShop_zhouyun",
        {"content": "能改圈吗", "menu_id": "m1"},
    )


def test_the_cursor_goes_on_where_it_stopped(entered: Sandbox, bot: FakeBot):
    for number in range(3):
        say(entered, str(number))
    first = pull(entered, bot, limit=2)
    assert (len(first["msg_list"]), first["has_more"]) == (2, 1)
    rest = pull(entered, bot, first["next_cursor"])
    assert [one["text"]["content"] for one in rest["msg_list"]] == ["1", "2"]
    empty = pull(entered, bot, rest["next_cursor"])
    assert (empty["msg_list"], empty["next_cursor"]) == ([], rest["next_cursor"])


def test_an_old_cursor_brings_everything_again(entered: Sandbox, bot: FakeBot):
    say(entered)
    assert pull(entered, bot)["msg_list"] == pull(entered, bot)["msg_list"]


def test_an_empty_page_is_not_the_end(entered: Sandbox, bot: FakeBot):
    entered.switch(kf_empty_page=1)
    page = pull(entered, bot)
    assert (page["msg_list"], page["has_more"]) == ([], 1)
    assert len(pull(entered, bot, page["next_cursor"])["msg_list"]) == 1


def test_the_log_reaches_three_days_back(entered: Sandbox, bot: FakeBot):
    entered.advance(3 * DAY)
    say(entered)
    assert [one["msgtype"] for one in pull(entered, bot)["msg_list"]] == ["text"]


@pytest.mark.parametrize(("waited", "code"), [(9 * MINUTE, 0), (10 * MINUTE, 95007)])
def test_a_token_is_good_for_ten_minutes(entered: Sandbox, bot: FakeBot, waited, code):
    entered.advance(waited)
    assert pull(entered, bot)["errcode"] == code


def test_pulling_without_a_token_is_limited(entered: Sandbox):
    codes = [pull(entered)["errcode"] for _ in range(6)]
    assert codes == [0] * 5 + [45009]
    entered.advance(61)
    assert pull(entered)["errcode"] == 0


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"cursor": "nonsense"}, 40058),
        ({"limit": 1001}, 40058),
        ({"open_kfid": "wkOther"}, 95000),
        ({"token": "x"}, 95007),
    ],
)
def test_bad_pulls(entered: Sandbox, more, code):
    answer = entered.call("wecom", "kf/sync_msg", **{"cursor": "", "open_kfid": DESK, **more})
    assert (answer["errcode"], answer["msg_list"]) == (code, [])


def test_five_messages_for_one_of_hers(entered: Sandbox):
    say(entered)
    assert [send(entered)["errcode"] for _ in range(6)] == [0] * 5 + [95001]
    say(entered)
    assert send(entered)["errcode"] == 0


@pytest.mark.parametrize(("waited", "code"), [(48 * HOUR - MINUTE, 0), (48 * HOUR, 95002)])
def test_for_48_hours(entered: Sandbox, waited, code):
    say(entered)
    entered.advance(waited)
    assert send(entered)["errcode"] == code


def test_before_she_said_anything(entered: Sandbox):
    assert send(entered)["errcode"] == 95031


def test_own_messages_are_shown_and_never_pulled(entered: Sandbox, bot: FakeBot):
    say(entered)
    assert send(entered, msgid="out-1")["msgid"] == "out-1"
    assert entered.last("kf", ZHOUYUN)["content"] == "可以的"
    assert len(pull(entered, bot)["msg_list"]) == 2


def test_a_message_id_serves_once(entered: Sandbox):
    say(entered)
    send(entered, msgid="out-1")
    assert send(entered, msgid="out-1")["errcode"] == 40058
    assert len(entered.chat("kf", ZHOUYUN)) == 2
    assert [send(entered)["errcode"] for _ in range(5)] == [0] * 4 + [95001], "the repetition cost no place"


def test_errcode_0_is_no_delivery(entered: Sandbox, bot: FakeBot):
    say(entered)
    entered.switch(kf_send_fails=1)
    assert send(entered, msgid="out-1")["errcode"] == 0
    assert [line["from"] for line in entered.chat("kf", ZHOUYUN)] == ["me"]
    bot.received.clear()
    bot.wait_for("kf_msg_or_event")
    failure = pull(entered, bot)["msg_list"][-1]["event"]
    assert (failure["event_type"], failure["fail_msgid"]) == ("msg_send_fail", "out-1")


def test_a_menu_in_the_kf_chat(entered: Sandbox):
    say(entered)
    items = [
        {"type": "click", "click": {"id": "1", "content": "转人工"}},
        {"type": "view", "view": {"url": "https://m.example.cn", "content": "预约"}},
    ]
    menu = {"head_content": "需要哪项？", "list": items}
    assert send(entered, msgtype="msgmenu", msgmenu=menu)["errcode"] == 0
    line = entered.last("kf", ZHOUYUN)
    assert [(item["id"], item["content"], item["url"]) for item in line["items"]] == [
        ("1", "转人工", ""),
        (None, "预约", "https://m.example.cn"),
    ]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"open_kfid": "wkOther"}, 95000),
        ({"touser": "wmNobody"}, 40096),
        ({"touser": "wmShop_xuming"}, 40096),
        ({"msgtype": "card"}, 40008),
        ({"text": {}}, 44004),
        ({"text": None}, 44004),
        ({"text": {"content": "好" * 683}}, 45002),
        ({"msgtype": "image", "image": {"media_id": "none"}}, 40007),
        ({"msgtype": "link", "link": {"title": "a"}}, 40058),
        ({"msgtype": "location", "location": {}}, 40058),
        ({"msgtype": "msgmenu", "msgmenu": {}}, 95008),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"type": "click", "click": {"content": "x"}}] * 11}}, 95008),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"type": "poke"}]}}, 95009),
    ],
)
def test_messages_that_are_refused(entered: Sandbox, more, code):
    say(entered)
    assert send(entered, **more)["errcode"] == code
    assert state(entered) == 0


def test_a_greeting_within_twenty_seconds(entered: Sandbox, bot: FakeBot):
    code = pull(entered, bot)["msg_list"][0]["event"]["welcome_code"]
    assert on_event(entered, code) == 0
    assert entered.last("kf", ZHOUYUN)["content"] == "您好"
    assert on_event(entered, code) == 95007


@pytest.mark.parametrize(("waited", "code"), [(19, 0), (20, 95007)])
def test_the_greeting_may_not_be_late(entered: Sandbox, bot: FakeBot, waited, code):
    given = pull(entered, bot)["msg_list"][0]["event"]["welcome_code"]
    entered.advance(waited)
    assert on_event(entered, given) == code


def test_a_second_visit_within_48_hours_brings_no_code(entered: Sandbox, bot: FakeBot):
    entered.act("kf", ZHOUYUN, "enter", scene="")
    assert "welcome_code" not in pull(entered, bot)["msg_list"][1]["event"]
    entered.advance(48 * HOUR)
    entered.act("kf", ZHOUYUN, "enter", scene="")
    assert "welcome_code" in pull(entered, bot)["msg_list"][-1]["event"]


def test_a_reply_hands_her_to_the_assistant(entered: Sandbox):
    assert state(entered) == 4
    say(entered)
    assert state(entered) == 0
    send(entered)
    assert state(entered) == 1


@pytest.mark.parametrize(
    ("moves", "code"),
    [
        ([1], 0),
        ([1, 2], 0),
        ([1, 1], 95016),
        ([2, 3], 0),
        ([2, 1], 95016),
        ([3, 3], 0),
        ([3, 2], 95016),
        ([4], 0),
        ([4, 1], 95013),
        ([9], 95016),
    ],
)
def test_moves_between_states(entered: Sandbox, moves, code):
    say(entered)
    codes = [move(entered, one, servicer_userid=LINYUE)["errcode"] for one in moves]
    assert codes[:-1] == [0] * (len(moves) - 1)
    assert codes[-1] == code


def test_a_seat_must_be_a_member(entered: Sandbox):
    say(entered)
    assert move(entered, 3, servicer_userid="ghost")["errcode"] == 95014
    assert move(entered, 3)["errcode"] == 95014


def test_in_the_queue_only_the_codes_message_is_allowed(entered: Sandbox):
    say(entered)
    code = move(entered, 2)["msg_code"]
    assert send(entered)["errcode"] == 95018
    assert on_event(entered, code, "msgmenu") == 40008
    assert on_event(entered, code) == 0
    assert on_event(entered, code) == 95007


def test_a_code_of_the_queue_is_worthless_after_it(entered: Sandbox):
    say(entered)
    code = move(entered, 2)["msg_code"]
    move(entered, 3, servicer_userid=LINYUE)
    assert on_event(entered, code) == 95018


def test_a_farewell_and_a_new_beginning(entered: Sandbox):
    say(entered)
    code = move(entered, 4)["msg_code"]
    assert on_event(entered, code, "msgmenu") == 0
    assert send(entered)["errcode"] == 95018
    say(entered)
    assert (state(entered), send(entered)["errcode"]) == (0, 0)


def test_a_seat_talks_and_closes(entered: Sandbox, bot: FakeBot):
    say(entered)
    move(entered, 3, servicer_userid=LINYUE)
    entered.act("kf", ZHOUYUN, "seat", userid=LINYUE, content="我是林悦")
    entered.act("kf", ZHOUYUN, "close")
    *_, said, closed = pull(entered, bot)["msg_list"]
    assert (said["origin"], said["servicer_userid"], said["text"]["content"]) == (5, LINYUE, "我是林悦")
    assert (closed["event"]["event_type"], closed["event"]["change_type"]) == ("session_status_change", 3)
    assert on_event(entered, closed["event"]["msg_code"]) == 0
    assert "已经结束" in entered.refused("kf", ZHOUYUN, "close")


def test_a_seat_wakes_an_ended_session(entered: Sandbox, bot: FakeBot):
    say(entered)
    assert "转给人工" in entered.refused("kf", ZHOUYUN, "seat", userid=LINYUE, content="在吗")
    move(entered, 4)
    entered.act("kf", ZHOUYUN, "seat", userid=LINYUE, content="补充一句")
    assert state(entered) == 3
    assert pull(entered, bot)["msg_list"][-2]["event"]["change_type"] == 4


def test_what_is_known_about_the_desk(entered: Sandbox):
    accounts = entered.call("wecom", "kf/account/list", offset=0, limit=100)["account_list"]
    assert [(one["open_kfid"], one["name"]) for one in accounts] == [(DESK, "珠宝顾问")]
    assert entered.call("wecom", "kf/account/list", offset=1, limit=100)["account_list"] == []
    servicers = entered.ask("wecom", "kf/servicer/list", open_kfid=DESK)["servicer_list"]
    assert servicers[0] == {"userid": LINYUE, "status": 0}
    assert entered.ask("wecom", "kf/servicer/list", open_kfid="wkOther")["errcode"] == 95000
    link = entered.call("wecom", "kf/add_contact_way", open_kfid=DESK, scene="store0571")
    assert "store0571" in link["url"]
    assert entered.call("wecom", "kf/add_contact_way", open_kfid=DESK, scene="门店")["errcode"] == 40058


def test_who_the_customers_are(entered: Sandbox):
    asked = ["wmShop_zhouyun", "wmShop_xuming"]
    answer = entered.call("wecom", "kf/customer/batchget", external_userid_list=asked, need_enter_session_context=1)
    assert answer["invalid_external_userid"] == ["wmShop_xuming"]
    person = answer["customer_list"][0]
    assert (person["nickname"], person["enter_session_context"]) == ("周芸", {"scene": "store0571"})


def test_a_stranger_gets_a_corporate_id_at_the_door(sandbox: Sandbox, bot: FakeBot):
    assert "还没有进入" in sandbox.refused("kf", XIAOLU, "text", content="在吗")
    sandbox.act("kf", XIAOLU, "enter", scene="")
    external = sandbox.customer(XIAOLU)["external_userid"]
    assert pull(sandbox, bot)["msg_list"][0]["event"]["external_userid"] == external
