"""A time as the customer named it, as spans of instants in which a visit may start."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo

from crm.when.meaning import When, WhenKind

Window = tuple[datetime, datetime]


def windows_of(when: When, zone: tzinfo) -> list[Window]:
    """First and last moment (UTC) at which she would come, one pair for each alternative; nothing for NONE.

    A day is the whole day, several days run from the first midnight to the last minute, a minute is that very minute.
    """
    if when.kind is WhenKind.ALTS:
        return [window for one in when.alternatives for window in windows_of(one, zone)]
    if when.start is None:
        return []
    last = when.start if when.end is None else when.end
    return [(_instant(when.start, time.min, zone), _instant(last, time(23, 59), zone))]


def _instant(moment: datetime | date, at: time, zone: tzinfo) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime.combine(moment, at, tzinfo=zone).astimezone(UTC)
