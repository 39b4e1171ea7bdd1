"""The platforms' windows for free messages: what may be sent to whom now, and why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.messages import Channel, IncomingMessage, Kind


class Cause(StrEnum):
    """What a person did that opens or closes a window."""

    MESSAGE = "message"
    MENU = "menu"  # a tap on the menu at the foot of the chat, of a kind that counts
    FOLLOW = "follow"
    SCAN = "scan"
    UNFOLLOW = "unfollow"


class Refusal(StrEnum):
    """Why nothing may be sent."""

    NO_WINDOW = "no_window"
    WINDOW_OVER = "window_over"
    WINDOW_USED_UP = "window_used_up"
    KEPT_FOR_A_PERSON = "kept_for_a_person"


@dataclass(frozen=True, slots=True)
class Opening:
    """How many messages for how long."""

    messages: int
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Window:
    """One person's window on one account; three plain columns. `until` is the first moment after it."""

    opened_by: str
    until: datetime
    left: int


# Rules of the platforms as of 2026-11-21; older texts name 20 messages, or any number.
_LONG = Opening(5, timedelta(hours=48))
_SHORT = Opening(3, timedelta(minutes=1))
_OPENINGS: Mapping[Channel, Mapping[Cause, Opening]] = {
    Channel.OFFICIAL_ACCOUNT: {Cause.MESSAGE: _LONG, Cause.MENU: _SHORT, Cause.FOLLOW: _SHORT, Cause.SCAN: _SHORT},
    Channel.KF: {Cause.MESSAGE: _LONG},
}

# Events by their name in lower case. Opening a page (view) opens no window.
_EVENTS: Mapping[str, Cause] = {
    "click": Cause.MENU,
    "scancode_push": Cause.MENU,
    "scancode_waitmsg": Cause.MENU,
    "subscribe": Cause.FOLLOW,
    "scan": Cause.SCAN,
    "unsubscribe": Cause.UNFOLLOW,
}


def cause_of(message: IncomingMessage) -> Cause | None:
    """What this message means for the window; None: nothing. A tap on a tap list is a message."""
    return _EVENTS.get(message.event.lower()) if message.kind is Kind.EVENT else Cause.MESSAGE


def after_inbound(window: Window | None, channel: Channel, cause: Cause | None, now: datetime) -> Window | None:
    """The window after a person did something at `now`; None: there is none.

    A message always opens the full window. A tap, follow or scan opens a short one, unless a
    message's window still has something left: three for a minute are not worth the 48 hours.
    """
    if cause is Cause.UNFOLLOW:
        return None
    opening = _OPENINGS.get(channel, {}).get(cause) if cause else None
    if cause is None or opening is None or (opening is _SHORT and _outlives(window, now + _SHORT.lasts)):
        return window
    return Window(cause.value, now + opening.lasts, opening.messages)


def after_send(window: Window, now: datetime) -> Window:
    """The window after one message went out at `now`."""
    return replace(window, left=max(0, window.left - 1)) if now < window.until else window


def may_send(window: Window | None, now: datetime, keep: int = 0) -> Refusal | None:
    """None when one message may go out at `now`, else why not.

    `keep` messages are left for a person who may have to answer (scheduled pushes keep one).
    """
    if window is None:
        return Refusal.NO_WINDOW
    if now >= window.until:
        return Refusal.WINDOW_OVER
    if window.left <= 0:
        return Refusal.WINDOW_USED_UP
    return Refusal.KEPT_FOR_A_PERSON if window.left <= keep else None


def _outlives(window: Window | None, moment: datetime) -> bool:
    """Whether a window has something left and lasts beyond this moment."""
    return window is not None and window.left > 0 and window.until > moment
