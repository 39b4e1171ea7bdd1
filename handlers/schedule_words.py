"""How a moment, a visit and its pieces are said in one line."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.models import Appointment, WishState
from handlers.speech import as_said
from wording import Wording

# Characters of a wish or a list of pieces that a line of a phone or of a card takes.
LINE_CHARS = 40


def day_words(day: date, say: Wording) -> str:
    """11月28日 周六"""
    return say("schedule.day", month=day.month, day=day.day, weekday=say(f"schedule.weekday_{_name(day)}"))


def moment_words(moment: datetime, zone: ZoneInfo, say: Wording) -> str:
    """11月28日 周六 15:00, in the shop's zone."""
    local = moment.astimezone(zone)
    return say("schedule.moment", day=day_words(local.date(), say), time=f"{local:%H:%M}")


def date_words(day: date, say: Wording) -> str:
    """2026年11月28日, where the year matters."""
    return say("schedule.date", year=day.year, month=day.month, day=day.day)


def minute_words(moment: datetime, zone: ZoneInfo, say: Wording) -> str:
    """2026年11月28日 15:00, in the shop's zone."""
    local = moment.astimezone(zone)
    return say("schedule.moment", day=date_words(local.date(), say), time=f"{local:%H:%M}")


def span_words(first: datetime, last: datetime, zone: ZoneInfo, say: Wording) -> str:
    """11月28日 周六 14:00–16:00; whole days without hours."""
    begins, ends = first.astimezone(zone), last.astimezone(zone)
    if begins.time() == ends.time() == time.min:
        last_day = ends.date() - timedelta(days=1)
        if begins.date() == last_day:
            return day_words(begins.date(), say)
        return say("schedule.days", first=day_words(begins.date(), say), last=day_words(last_day, say))
    if begins.date() == ends.date():
        return say("schedule.span", day=day_words(begins.date(), say), first=f"{begins:%H:%M}", last=f"{ends:%H:%M}")
    return say("schedule.days", first=moment_words(first, zone, say), last=moment_words(last, zone, say))


def weekday_words(number: int, say: Wording) -> str:
    """周一 for 1 … 周日 for 7."""
    return say(f"schedule.weekday_{WEEKDAYS[number - 1]}")


def pieces_words(appointment: Appointment) -> str:
    """What she wants to see, in her own or the catalogue's words; "" when she said nothing."""
    wanted = [piece for piece in appointment.pieces if piece.state is not WishState.RELEASED]
    named = [piece.style.name if piece.style else as_said(piece.words) for piece in wanted]
    return clipped("、".join(dict.fromkeys(name for name in named if name)) or as_said(appointment.wishes))


def clipped(words: str, most: int = LINE_CHARS) -> str:
    """At most so many characters, on one line; what is left out shows as an ellipsis."""
    flat = " ".join(words.split())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _name(day: date) -> str:
    return WEEKDAYS[day.weekday()]
