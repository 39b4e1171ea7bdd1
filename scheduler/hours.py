"""Moments of the shop's day: quiet hours, the beginning of days and months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class ShopHours:
    """The shop's time zone and the hours (from, to) in which nobody gets a push."""

    zone: ZoneInfo
    quiet: tuple[time, time]

    def at(self, day: date, moment: time) -> datetime:
        """That moment of that day, as an instant in UTC."""
        return datetime.combine(day, moment, self.zone).astimezone(UTC)

    def day_of(self, instant: datetime) -> date:
        """The day in the shop."""
        return instant.astimezone(self.zone).date()

    def is_quiet(self, instant: datetime) -> bool:
        """Whether nobody wants to be disturbed; the end is the first moment that is not quiet."""
        moment = instant.astimezone(self.zone).time()
        begin, end = self.quiet
        return begin <= moment < end if begin <= end else moment >= begin or moment < end

    def awake(self, instant: datetime) -> datetime:
        """The instant itself, or the end of the quiet hours that it lies in."""
        if not self.is_quiet(instant):
            return instant
        end = self.at(self.day_of(instant), self.quiet[1])
        return end if end > instant else self.at(self.day_of(instant) + timedelta(days=1), self.quiet[1])

    def month_of(self, instant: datetime) -> tuple[datetime, datetime]:
        """Beginning of the calendar month and of the next one."""
        first = self.day_of(instant).replace(day=1)
        following = (first + timedelta(days=32)).replace(day=1)
        return self.at(first, time.min), self.at(following, time.min)
