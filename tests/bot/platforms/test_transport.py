"""A call that fails says whether it may be made again, and never tells a secret."""

from __future__ import annotations

import io
import logging
import socket

import pytest

from bot.clock import FixedClock
from bot.errors import (
    BadContent,
    Busy,
    Misconfigured,
    NotSent,
    OutcomeUnknown,
    PlatformError,
    RateLimited,
    Unreachable,
    WindowClosed,
)
from bot.messages import Text
from bot.platforms import Platforms
from bot.platforms import calls as limits
from bot.platforms.errcodes import Family, error_class
from bot.platforms.scrubbing import scrub
from tests.bot.platforms.conftest import platforms_at
from tests.bot.platforms.fake_platform import APP_SECRET, CORP_SECRET, FakePlatform, Late, Raw, Reset

SEND = "/message/custom/send"
HELLO = Text("您好")


def send_to_customer(platforms: Platforms) -> None:
    platforms.official_account.send("oJewel_1", HELLO)


def test_a_call_carries_its_token_in_the_query_and_chinese_as_utf8(platform: FakePlatform, platforms: Platforms):
    send_to_customer(platforms)
    assert platform.last.query == {"access_token": platform.token}
    assert platform.last.raw.decode() == ('{"touser": "oJewel_1", "msgtype": "text", "text": {"content": "您好"}}')


@pytest.mark.parametrize(
    ("errcode", "error"),
    [
        (-1, Busy),
        (45009, RateLimited),
        (45011, RateLimited),
        (45015, WindowClosed),
        (45047, WindowClosed),
        (40003, Unreachable),
        (43019, Unreachable),
        (48002, Unreachable),
        (45002, BadContent),
        (44004, BadContent),
        (40007, BadContent),
        (48001, Misconfigured),
        (50002, Misconfigured),
        (50400, Busy),
        (99999, PlatformError),
        ("broken", PlatformError),
    ],
)
def test_an_error_number_becomes_its_class(
    platform: FakePlatform, platforms: Platforms, errcode: int | str, error: type[PlatformError]
):
    platform.script(SEND, {"errcode": errcode, "errmsg": "so it is rid: 1-2-3"})
    with pytest.raises(PlatformError) as raised:
        send_to_customer(platforms)
    assert type(raised.value) is error
    assert "so it is" in raised.value.message
    assert len(platform.calls_of(SEND)) == 1, "a send is never repeated by the transport"


@pytest.mark.parametrize(
    ("errcode", "official_account", "wecom"),
    [(48002, Unreachable, Misconfigured), (48006, RateLimited, Misconfigured), (45033, Busy, Busy)],
)
def test_some_numbers_mean_different_things_at_the_two_platforms(
    errcode: int, official_account: type[PlatformError], wecom: type[PlatformError]
):
    assert error_class(Family.OFFICIAL_ACCOUNT, errcode) is official_account
    assert error_class(Family.WECOM, errcode) is wecom


@pytest.mark.parametrize(
    ("answer", "for_a_send", "for_a_read"),
    [
        (Reset(), OutcomeUnknown, Busy),
        (Raw(b"bad gateway", 502), OutcomeUnknown, Busy),
        (Raw(b"unavailable", 503), OutcomeUnknown, Busy),
        (Raw(b"<html>log in first</html>"), OutcomeUnknown, Busy),
        (Raw(b"[]"), OutcomeUnknown, Busy),
        (Raw(b"\xff\xfe"), OutcomeUnknown, Busy),
        (Raw(b"[" * 100_000), OutcomeUnknown, Busy),
        (Raw(b'{"errcode":0,"x":"' + b"x" * 1_000_000 + b'"}'), OutcomeUnknown, Busy),
        (Raw(b"not here", 404), Misconfigured, Misconfigured),
        (Raw(b"", 301, {"Location": "https://elsewhere.example/"}), Misconfigured, Misconfigured),
        (Raw(b"slow down", 429), RateLimited, RateLimited),
    ],
)
def test_without_a_usable_answer_only_what_may_be_doubled_may_be_repeated(
    platform: FakePlatform,
    platforms: Platforms,
    answer: object,
    for_a_send: type[PlatformError],
    for_a_read: type[PlatformError],
):
    platform.script(SEND, answer)
    platform.script("/user/info", answer)
    with pytest.raises(PlatformError) as sent:
        send_to_customer(platforms)
    with pytest.raises(PlatformError) as read:
        platforms.official_account.user("oJewel_1")
    assert (type(sent.value), type(read.value)) == (for_a_send, for_a_read)
    assert len(platform.calls_of(SEND)) == len(platform.calls_of("/user/info")) == 1


def test_an_answer_that_does_not_come_in_time_leaves_the_outcome_open(
    platform: FakePlatform, platforms: Platforms, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(limits, "READ_SECONDS", 0.2)
    platform.script(SEND, Late(1.0))
    with pytest.raises(OutcomeUnknown):
        send_to_customer(platforms)


def test_a_platform_that_cannot_be_reached_was_sent_nothing(clock: FixedClock):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        platforms = platforms_at(f"http://127.0.0.1:{taken.getsockname()[1]}", clock)
        with pytest.raises(NotSent):
            send_to_customer(platforms)


@pytest.mark.parametrize("address", ["http://no-such-host.invalid", "http://", "not an address"])
def test_a_wrong_address_was_sent_nothing(address: str, clock: FixedClock):
    with pytest.raises(NotSent):
        send_to_customer(platforms_at(address, clock))


def test_the_official_accounts_day_quota_opens_at_midnight_in_china(platform: FakePlatform, platforms: Platforms):
    # The clock stands at ten in the morning in China.
    platform.script(SEND, {"errcode": 45009, "errmsg": "reach max api daily quota limit"})
    with pytest.raises(RateLimited) as raised:
        send_to_customer(platforms)
    assert raised.value.wait_seconds == 14 * 3600


def test_a_minutes_quota_opens_after_a_minute(platform: FakePlatform, platforms: Platforms):
    platform.script("/message/send", {"errcode": 45009, "errmsg": "api freq out of limit"})
    with pytest.raises(RateLimited) as raised:
        platforms.wecom.send(["lin.yue"], HELLO)
    assert raised.value.wait_seconds == 60


def test_every_exchange_is_counted_with_its_outcome(platform: FakePlatform, clock: FixedClock):
    seen: list[tuple[str, str]] = []
    platforms = platforms_at(
        platform.base_url, clock, on_call=lambda path, outcome, _seconds: seen.append((path, outcome))
    )
    platform.script(SEND, {"errcode": 45015, "errmsg": ""}, {"errcode": 0})
    with pytest.raises(WindowClosed):
        send_to_customer(platforms)
    send_to_customer(platforms)
    assert seen == [
        ("/cgi-bin/stable_token", "ok"),
        ("/cgi-bin/message/custom/send", "WindowClosed"),
        ("/cgi-bin/message/custom/send", "ok"),
    ]


@pytest.mark.parametrize(
    "answer", [Reset(), Raw(b"", 502), {"errcode": 40007, "errmsg": "see ?access_token=TOKEN_1&x=1"}]
)
def test_no_error_and_no_log_line_tells_a_secret(platform: FakePlatform, clock: FixedClock, answer: object):
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    root = logging.getLogger()
    root.addHandler(handler)
    before, _ = root.level, root.setLevel(logging.DEBUG)
    try:
        platforms = platforms_at(platform.base_url, clock)
        platform.script("/message/send", answer)
        with pytest.raises(PlatformError) as raised:
            platforms.wecom.send(["lin.yue"], HELLO)
        logging.getLogger("test").exception("failed", exc_info=raised.value)
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
    told = written.getvalue() + repr(raised.value) + repr(raised.value.__context__)
    assert "gettoken" in told, "the HTTP library did log the calls"
    assert not any(secret in told for secret in (CORP_SECRET, APP_SECRET, platform.token))


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("GET /a?access_token=T1&openid=o1", "GET /a?access_token=***&openid=o1"),
        ("corpid=ww1&corpsecret=abc HTTP", "corpid=ww1&corpsecret=*** HTTP"),
        ("?code=C1&state=s", "?code=***&state=s"),
        ('{"appid": "wx1", "secret": "abc"}', '{"appid": "wx1", "secret": "***"}'),
        ("errcode=40001 stays", "errcode=40001 stays"),
    ],
)
def test_scrubbing_hides_values_and_keeps_the_rest(text: str, scrubbed: str):
    assert scrub(text) == scrubbed


def test_a_lone_surrogate_does_not_stop_a_message(platform: FakePlatform, platforms: Platforms):
    platforms.wecom.update_card(["lin.yue"], "RC1", "已接\ud83d单")
    assert platform.last.body["button"] == {"replace_name": "已接?单"}
