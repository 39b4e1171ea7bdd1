"""What the platforms' windows allow, for any order of what people do."""

from __future__ import annotations

from dataclasses import astuple
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Channel, IncomingMessage, Kind
from bot.platforms.window import Cause, Refusal, Window, after_inbound, after_send, cause_of, may_send

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
OA, KF = Channel.OFFICIAL_ACCOUNT, Channel.KF


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@pytest.mark.parametrize(
    ("channel", "cause", "left", "lasts"),
    [
        (OA, Cause.MESSAGE, 5, timedelta(hours=48)),
        (OA, Cause.MENU, 3, timedelta(minutes=1)),
        (OA, Cause.FOLLOW, 3, timedelta(minutes=1)),
        (OA, Cause.SCAN, 3, timedelta(minutes=1)),
        (KF, Cause.MESSAGE, 5, timedelta(hours=48)),
    ],
)
def test_each_cause_opens_its_window(channel: Channel, cause: Cause, left: int, lasts: timedelta):
    assert after_inbound(None, channel, cause, NOON) == Window(cause.value, NOON + lasts, left)


@pytest.mark.parametrize(
    ("channel", "cause"),
    [(KF, Cause.MENU), (KF, Cause.SCAN), (Channel.WECOM, Cause.MESSAGE), (Channel.CONTACT, Cause.FOLLOW), (OA, None)],
)
def test_anything_else_opens_none(channel: Channel, cause: Cause | None):
    assert after_inbound(None, channel, cause, NOON) is None


@pytest.mark.parametrize(
    ("window", "keep", "reason"),
    [
        (None, 0, "no_window"),
        (Window("message", NOON + seconds(1), 1), 0, None),
        (Window("message", NOON, 5), 0, "window_over"),
        (Window("message", NOON - seconds(1), 0), 0, "window_over"),
        (Window("message", NOON + seconds(1), 0), 0, "window_used_up"),
        (Window("message", NOON + seconds(1), 1), 1, "kept_for_a_person"),
        (Window("message", NOON + seconds(1), 2), 1, None),
    ],
)
def test_a_refusal_has_its_reason(window: Window | None, keep: int, reason: str | None):
    assert may_send(window, NOON, keep) == reason


@pytest.mark.parametrize("cause", [Cause.MENU, Cause.FOLLOW, Cause.SCAN])
def test_a_tap_does_not_shrink_the_window_of_a_message(cause: Cause):
    of_a_message = Window("message", NOON + timedelta(hours=20), 1)
    assert after_inbound(of_a_message, OA, cause, NOON) == of_a_message


@pytest.mark.parametrize(
    "poorer",
    [
        Window("message", NOON + timedelta(hours=20), 0),
        Window("message", NOON + seconds(59), 5),
        Window("message", NOON - seconds(1), 5),
        Window("menu", NOON + seconds(30), 1),
    ],
)
def test_a_tap_replaces_a_window_that_is_worth_less(poorer: Window):
    assert after_inbound(poorer, OA, Cause.MENU, NOON) == Window("menu", NOON + seconds(60), 3)


def test_unfollowing_closes_the_window():
    assert after_inbound(Window("message", NOON + seconds(9), 5), OA, Cause.UNFOLLOW, NOON) is None


@pytest.mark.parametrize(
    ("kind", "event", "cause"),
    [
        (Kind.TEXT, "", Cause.MESSAGE),
        (Kind.UNKNOWN, "", Cause.MESSAGE),
        (Kind.EVENT, "click", Cause.MENU),
        (Kind.EVENT, "SCAN", Cause.SCAN),
        (Kind.EVENT, "scancode_waitmsg", Cause.MENU),
        (Kind.EVENT, "subscribe", Cause.FOLLOW),
        (Kind.EVENT, "unsubscribe", Cause.UNFOLLOW),
        (Kind.EVENT, "view", None),
        (Kind.EVENT, "enter_session", None),
    ],
)
def test_messages_tell_their_cause(kind: Kind, event: str, cause: Cause | None):
    message = IncomingMessage(OA, "gh_1", "oJewel_1", "1", kind, NOON, event=event)
    assert cause_of(message) is cause


def test_a_window_is_three_plain_columns():
    window = after_inbound(None, OA, Cause.MESSAGE, NOON)
    assert window is not None
    assert astuple(window) == ("message", NOON + timedelta(hours=48), 5)
    assert Window(*astuple(window)) == window


class Platform:
    """The rules told another way: every opening a purse of its own, sends take from the longest."""

    def __init__(self) -> None:
        self.purses: list[list[float]] = []  # until, left

    def inbound(self, cause: Cause, at: float) -> None:
        if cause is Cause.MESSAGE:
            self.purses = [purse for purse in self.purses if purse[2] == 0] + [[at + 48 * 3600, 5, 1]]
        else:
            self.purses = [purse for purse in self.purses if purse[2] == 1] + [[at + 60, 3, 0]]

    def send(self, at: float) -> bool:
        open_purses = [purse for purse in self.purses if at < purse[0] and purse[1] > 0]
        for purse in sorted(open_purses, reverse=True)[:1]:
            purse[1] -= 1
        return bool(open_purses)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["send", Cause.MESSAGE, Cause.MENU, Cause.FOLLOW, Cause.SCAN]),
        st.one_of(st.integers(0, 90), st.integers(0, 60 * 3600)),
    ),
    max_size=60,
)


@given(STEPS)
def test_what_the_ledger_allows_the_platform_takes(steps: list[tuple[str | Cause, int]]):
    window, platform, at = None, Platform(), 0
    for step, pause in steps:
        at += pause
        now = NOON + seconds(at)
        if isinstance(step, Cause):
            window = after_inbound(window, OA, step, now)
            platform.inbound(step, at)
        elif window is not None and may_send(window, now) is None:
            assert platform.send(at)
            window = after_send(window, now)


@given(STEPS, st.sampled_from([OA, KF]))
def test_a_window_never_holds_more_than_five_nor_less_than_none(steps: list[tuple[str | Cause, int]], channel: Channel):
    window, now = None, NOON
    for step, pause in steps:
        now += seconds(pause)
        before = window
        if isinstance(step, Cause):
            window = after_inbound(window, channel, step, now)
        elif window is not None:
            window = after_send(window, now)
            assert before is not None
            assert window.until == before.until
            assert before.left - 1 <= window.left <= before.left
        assert window is None or 0 <= window.left <= 5


@given(STEPS)
def test_an_act_of_the_customer_never_takes_a_possible_message_away(steps: list[tuple[str | Cause, int]]):
    window, now = None, NOON
    for step, pause in steps:
        now += seconds(pause)
        before = window
        if isinstance(step, Cause):
            window = after_inbound(window, OA, step, now)
            if before is not None and may_send(before, now) is None:
                assert may_send(window, now) is None
                assert window is not None
                later = before.until - seconds(1)
                assert before.opened_by != "message" or later <= now + seconds(60) or may_send(window, later) is None
        elif window is not None and may_send(window, now) is None:
            window = after_send(window, now)


@given(st.integers(0, 5), st.integers(0, 5))
def test_exactly_what_is_left_beyond_the_kept_can_be_sent(left: int, keep: int):
    window, sent = Window("message", NOON + seconds(60), left), 0
    while may_send(window, NOON, keep) is None:
        window, sent = after_send(window, NOON), sent + 1
    assert sent == max(0, left - keep)
    assert may_send(window, NOON) in (None, Refusal.WINDOW_USED_UP)
