"""Everything that can go wrong between the platforms and us.

BotError
├── Refused                a request that does not come from the platform: 403, no row
├── Unusable               signed by the platform but not readable: stored raw, acknowledged
├── Misrouted              the router's table is wrong: the process does not start
├── StorageAway            the database did not answer in time: 503, the platform pushes again
└── PlatformError          a call to a platform did not succeed
    ├── NotSent            never reached the platform: retry is safe
    ├── OutcomeUnknown     sent, no answer: a retry may double it
    ├── Busy               -1, 45033, 45035, 50xxx, HTTP 5xx with an answer: retry soon
    ├── RateLimited        45009, 45011: retry when the unit is over
    ├── TokenRejected      40001, 40014, 42001: one new token, one retry, then this
    ├── Unreachable        this recipient cannot be reached now: no retry
    ├── WindowClosed       (an Unreachable) outside the platform's window or its count used up
    ├── BadContent         the platform refuses what we wrote: no retry, mend it
    └── Misconfigured      secret, rights, addresses: stop and alert
"""

from __future__ import annotations


class BotError(Exception):
    """Base of everything this package raises."""


class Refused(BotError):
    """The request fails a check. `reason` is a code for log and metrics, never shown outside."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unusable(BotError):
    """Signed and decrypted, but no message can be made of it. `reason` as in Refused."""

    def __init__(self, reason: str, body: bytes) -> None:
        super().__init__(reason)
        self.reason = reason
        self.body = body


class Misrouted(BotError):
    """A handler asks for something that nobody provides, or cannot be reached. Raised at start-up."""


class StorageAway(BotError):
    """The database is away or locked; nothing was done, trying again makes sense."""


class PlatformError(BotError):
    """A call did not succeed. `errcode` is the platform's number, None when it gave none.

    `retry` says whether trying the same call again makes sense.
    """

    retry = False

    def __init__(self, errcode: int | None, message: str) -> None:
        super().__init__(f"{errcode}: {message}" if errcode is not None else message)
        self.errcode = errcode
        self.message = message


class NotSent(PlatformError):
    """No connection, or the call was stopped before it left."""

    retry = True


class OutcomeUnknown(PlatformError):
    """The call left, its answer did not come: it may have been done."""


class Busy(PlatformError):
    """The platform asks to come again; it did nothing."""

    retry = True


class RateLimited(PlatformError):
    """A quota is used up. `wait_seconds`: until the unit (minute, hour, day) is over."""

    retry = True

    def __init__(self, errcode: int | None, message: str, wait_seconds: float = 60) -> None:
        super().__init__(errcode, message)
        self.wait_seconds = wait_seconds


class TokenRejected(PlatformError):
    """A fresh token was refused as well. Not retried: wrong secrets block the address for an hour."""


class Unreachable(PlatformError):
    """This recipient unfollowed, blocked us, is unknown, or has no relation to the sender."""


class WindowClosed(Unreachable):
    """The platform's window for free messages is over or used up."""


class BadContent(PlatformError):
    """Wrong template, media, length or field."""


class Misconfigured(PlatformError):
    """Wrong secret, missing right, address not trusted, feature not granted."""
