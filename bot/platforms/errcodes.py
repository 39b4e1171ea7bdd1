"""The platforms' error numbers as classes of `bot.errors`; unknown numbers are `PlatformError`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from bot.errors import (
    BadContent,
    Busy,
    Misconfigured,
    PlatformError,
    RateLimited,
    TokenRejected,
    Unreachable,
    WindowClosed,
)

ErrorClass = type[PlatformError]


class Family(StrEnum):
    """Whose numbers: some stand for different things at the two platforms."""

    OFFICIAL_ACCOUNT = "oa"
    WECOM = "wecom"


# Numbers after which one new token and one more try make sense.
TOKEN_CODES = frozenset({40001, 40014, 42001})


def _table(groups: Mapping[ErrorClass, Iterable[int]]) -> dict[int, ErrorClass]:
    return {code: error for error, codes in groups.items() for code in codes}


_SHARED = _table(
    {
        TokenRejected: TOKEN_CODES,
        # -1 system busy; 41063 mass task still being dispatched; 41096 another app sends the
        # welcome; 45033 and 45035 too many calls at once.
        Busy: (-1, 41063, 41096, 45033, 45035),
        # 45028 no mass send left; 45066 the same clientmsgid again within a minute.
        RateLimited: (45009, 45011, 45028, 45066),
        # 41050, 41051 welcome too late or chat begun; 95001 … 95031 KF's five messages in 48 h.
        WindowClosed: (41050, 41051, 45015, 45047, 45080, 95001, 95002, 95013, 95018, 95031),
        # 40003 … 60111 no such person here; 40128 … 40131 transfer limits; 43101, 43117 refused
        # or too often; 81013, 82001 nobody left to send to; 84061 no relation.
        Unreachable: (
            *(40003, 40031, 40096, 40098, 40099, 40100, 40128, 40129, 40130, 40131, 41048, 43004, 43019),
            *(43101, 43117, 46004, 49003, 50005, 60111, 81013, 82001, 84061, 95016),
        ),
        # 40007 media id, 40037 template, 4202x cards, 4500x lengths, 47003 template fields, …
        BadContent: (
            *(40004, 40005, 40006, 40007, 40008, 40009, 40016, 40017, 40018, 40023, 40032, 40033, 40035),
            *(40036, 40037, 40053, 40054, 40058, 40063, 40068, 40071, 40123, 40201, 40204, 41005, 41006),
            *(41033, *range(41037, 41046), 41053, 41054, 41064, 41065, *range(42014, 42053), 44001, 44002),
            *(44003, 44004, *range(45001, 45009), 45065, 45067, 45072, 47001, 47003, 60123, 65316),
            *(95007, 95008, 95009, 95014, 95019),
        ),
        # Secrets, addresses, rights, features not granted: a person must act.
        Misconfigured: (
            *(40002, 40013, 40056, 40125, 40164, 40200, 40243, 41002, 41004, 43012, 45029, 48001, 48004),
            *(48007, 48008, 50001, 50002, 50003, 60011, 60020, 61004, 301002, 701008, 701099),
            *(95000, 95004, 95011, 95012, 95017, 95030),
        ),
    }
)

_OWN: Mapping[Family, dict[int, ErrorClass]] = {
    # 48002 this follower switched messages off; 48006 the month's quota resets are used up.
    Family.OFFICIAL_ACCOUNT: {48002: Unreachable, 48006: RateLimited},
    # 48002 the application may not call this; 48006 the right was withdrawn for disuse.
    Family.WECOM: {48002: Misconfigured, 48006: Misconfigured},
}

# Numbers of this range that stand in no list are faults inside the platform.
_SYSTEM_FAULTS = range(50000, 51000)


def error_class(family: Family, errcode: int) -> ErrorClass:
    """The class for a number other than 0."""
    fallback = Busy if errcode in _SYSTEM_FAULTS else PlatformError
    return _OWN[family].get(errcode) or _SHARED.get(errcode, fallback)
