"""The sandbox's own clock: the machine's, moved by a number of seconds."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sandbox.errors import NotPossibleError

# China has one time zone and no summer time; the platform counts days and months in it.
CHINA = timezone(timedelta(hours=8))


def to_datetime(at: float) -> datetime:
    """The instant `at` (seconds since 1970) as Chinese local time."""
    return datetime.fromtimestamp(at, CHINA)


def to_iso(at: float) -> str:
    """ISO text with +08:00, whole seconds."""
    return to_datetime(at).isoformat(timespec="seconds")


def from_iso(text: str) -> float:
    """Seconds since 1970 of an ISO text; without an offset it is Chinese time. Raises NotPossibleError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise NotPossibleError(f"时间格式不对：{text[:40]}，应为 2026-12-08T10:00:00+08:00") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).timestamp()


@dataclass
class Clock:
    """Ticks with the machine, `ahead_seconds` later (negative: earlier)."""

    ahead_seconds: float = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.ahead_seconds

    def set_to(self, at: float) -> None:
        self.ahead_seconds = at - time.time()

    def advance(self, seconds: float) -> None:
        self.ahead_seconds += seconds

    def reset(self) -> None:
        self.ahead_seconds = 0.0

    @property
    def moved(self) -> bool:
        return self.ahead_seconds != 0.0

    def iso(self) -> str:
        """To the millisecond: whoever follows this clock shall not lag behind another follower."""
        return to_datetime(self.now()).isoformat(timespec="milliseconds")

    def day(self) -> str:
        """Today in China, for daily quotas."""
        return to_datetime(self.now()).strftime("%Y-%m-%d")

    def month(self) -> str:
        """This month in China, for monthly limits."""
        return to_datetime(self.now()).strftime("%Y-%m")
