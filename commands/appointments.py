"""`flask appointments …`: time phrases tried from the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import click

from crm.when import When, WhenKind, read_when
from settings import InvalidSettings, Settings


@click.group("appointments")
def group() -> None:
    """Try-on appointments."""


@group.command("when")
@click.option(
    "--now", required=True, metavar="ISO", help="The moment of speaking: 2026-11-24T10:00 is the shop's time."
)
def when(now: str) -> None:
    """Read one time phrase a line of stdin; print `kind<TAB>start<TAB>end` for each.

    Minutes are 2026-11-28T15:30, dates 2026-11-28, in the shop's time.

    \b
    point   start: the minute; no end
    part    start and end of that part of the day, from now on where it has begun
    day     start: the date; no end
    range   start and end: minutes within a day, or first and last date
    alts    start: each alternative's start joined by |; end: their ends likewise,
            empty places for those without, nothing at all where none has one
    none    neither: no time was named, or all that was named was refused
    """
    try:
        zone = Settings.load().zone
    except InvalidSettings as error:
        raise click.ClickException(str(error)) from None
    moment = _moment(now, zone)
    for words in _lines_of_stdin():
        click.echo(line_of(read_when(words, moment)))


def line_of(when: When) -> str:
    """A time as one line: kind, start and end, tab-separated."""
    every = when.alternatives if when.kind is WhenKind.ALTS else (when,)
    starts, ends = (
        [_written(moment) for moment in side] for side in zip(*((a.start, a.end) for a in every), strict=True)
    )
    return "\t".join((when.kind.value, "|".join(starts), "|".join(ends) if any(ends) else ""))


def _written(moment: datetime | date | None) -> str:
    if isinstance(moment, datetime):
        return moment.strftime("%Y-%m-%dT%H:%M")
    return moment.isoformat() if moment else ""


def _moment(written: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
        return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        raise click.BadParameter(f"{written} is no moment; one is 2026-11-24T10:00", param_hint="--now") from None


def _lines_of_stdin() -> Iterator[str]:
    """Lines end at \\n alone; bytes that are no UTF-8 become replacement characters."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace").removeprefix("\ufeff").rstrip("\r\n")
