"""How many messages the bot may send to a follower, and until when."""

import pytest

from tests.sandbox.fake_bot import FakeBot, says
from tests.sandbox.playing import HOUR, MINUTE, XIAOLU, ZHOUYUN, Sandbox

OUT_OF_TIME, OUT_OF_COUNT = 45015, 45047


def tell_until_refused(sandbox: Sandbox, openid: str) -> list[int]:
    codes = [0]
    while codes[-1] == 0:
        codes.append(sandbox.tell(openid))
    return codes[1:]


def test_nobody_spoke_so_nothing_may_be_sent(sandbox: Sandbox):
    assert sandbox.tell(ZHOUYUN) == OUT_OF_TIME


def test_a_message_is_good_for_five(sandbox: Sandbox):
    sandbox.act("oa", ZHOUYUN, "text", content="在吗")
    assert tell_until_refused(sandbox, ZHOUYUN) == [0] * 5 + [OUT_OF_COUNT]


def test_another_message_fills_the_window_again(sandbox: Sandbox):
    sandbox.act("oa", ZHOUYUN, "text", content="在吗")
    tell_until_refused(sandbox, ZHOUYUN)
    sandbox.act("oa", ZHOUYUN, "text", content="在吗")
    assert tell_until_refused(sandbox, ZHOUYUN) == [0] * 5 + [OUT_OF_COUNT]


@pytest.mark.parametrize(("waited", "code"), [(48 * HOUR - MINUTE, 0), (48 * HOUR, OUT_OF_TIME)])
def test_a_message_is_good_for_48_hours(sandbox: Sandbox, waited, code):
    sandbox.act("oa", ZHOUYUN, "text", content="在吗")
    sandbox.advance(waited)
    assert sandbox.tell(ZHOUYUN) == code


@pytest.mark.parametrize(
    ("person", "deed", "body"),
    [(ZHOUYUN, "menu", {"key": "CARE"}), (ZHOUYUN, "scan", {"scene": "store-HZ01"}), (XIAOLU, "follow", {})],
)
def test_tap_scan_and_follow_are_good_for_three_in_a_minute(sandbox: Sandbox, person, deed, body):
    sandbox.act("oa", person, deed, **body)
    assert tell_until_refused(sandbox, person) == [0] * 3 + [OUT_OF_COUNT]
    sandbox.act("oa", person, "menu", key="CARE")
    sandbox.advance(61)
    assert sandbox.tell(person) == OUT_OF_TIME


def test_opening_a_page_from_the_menu_opens_no_window(sandbox: Sandbox):
    sandbox.act("oa", ZHOUYUN, "view", url="https://m.example.cn")
    assert sandbox.tell(ZHOUYUN) == OUT_OF_TIME


def test_a_passive_reply_costs_no_place(sandbox: Sandbox, bot: FakeBot):
    bot.answer = says("您好")
    sandbox.act("oa", ZHOUYUN, "text", content="在吗")
    assert sandbox.customer(ZHOUYUN)["window"]["left"] == 5


def test_the_page_sees_the_window(sandbox: Sandbox):
    assert sandbox.customer(ZHOUYUN)["window"] == {"left": 0, "until": None, "why": ""}
    sandbox.post("/clock", now="2026-12-08T10:00:00+08:00")
    sandbox.act("oa", ZHOUYUN, "text", content="在吗")
    sandbox.tell(ZHOUYUN)
    window = sandbox.customer(ZHOUYUN)["window"]
    assert (window["left"], window["until"][:16], window["why"]) == (4, "2026-12-10T10:00", "顾客发来消息")


def test_typing_needs_a_message_of_the_customer_and_costs_nothing(sandbox: Sandbox):
    def typing(command: str) -> int:
        return sandbox.call("oa", "message/custom/typing", touser=ZHOUYUN, command=command)["errcode"]

    assert typing("Typing") == 45080
    sandbox.act("oa", ZHOUYUN, "text", content="在吗")
    assert [typing("Typing"), typing("Typing"), typing("CancelTyping"), typing("Typing")] == [0, 45081, 0, 0]
    assert typing("Dancing") == 45072
    assert sandbox.customer(ZHOUYUN)["window"]["left"] == 5
