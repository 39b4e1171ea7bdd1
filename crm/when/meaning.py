"""What a time phrase means: the value that the reader of time phrases gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class WhenKind(StrEnum):
    """What was named: a minute, a span, a part of one day, one day, alternatives, or no time at all."""

    POINT = "point"
    RANGE = "range"
    PART = "part"
    DAY = "day"
    ALTS = "alts"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class When:
    """A time as the customer named it, in the shop's own zone.

    POINT: `start` is a minute, no `end`. PART: `start` and `end` are the bounds of that part of the day, the bygone
    piece of today cut off. DAY: `start` is one date, no `end`. RANGE: both, minutes inside one day or dates (both
    included) over several. ALTS: every one in `alternatives`, `start` and `end` are those of the first. NONE: neither.
    """

    kind: WhenKind
    start: datetime | date | None = None
    end: datetime | date | None = None
    # ALTS: each one, in the order in which she named them.
    alternatives: tuple[When, ...] = ()
    # Where the phrase can be read in several ways: all of them, the most likely one first. To be asked back.
    choices: tuple[When, ...] = ()
    # She named a moment that is over and has no next one ("yesterday").
    past: bool = False
    # She named a date that no calendar has (2月30号, 13月1日, 周八); the kind is NONE then.
    impossible: bool = False
    # Her words without the time phrase.
    rest: str = ""
