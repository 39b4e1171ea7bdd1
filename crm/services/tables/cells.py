"""What one cell may say: how its text becomes a value and the value a text again.

A parser gets the text without blanks around it, never an empty one (an empty cell means
"unknown"), and raises ValueError with a reason that an operator can act on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from crm.errors import Invalid
from crm.services.blind import normal_phone

# Fen: a hundred million yuan; more is a slip of the keyboard, and no database column minds it.
MOST_FEN = 10_000_000_000 - 1
# Grams: no piece of jewellery weighs more, and the milligrams still fit into the column.
MOST_GRAMS = 100_000
# Letters of a fee, such as 48.00: two decimals for money, three for weights (milligrams).
MONEY = re.compile(r"-?\d{1,9}(\.\d{1,2})?", re.ASCII)
WEIGHT = re.compile(r"\d{1,6}(\.\d{1,3})?", re.ASCII)
# Marks that turn the direction of writing: in a name they would turn round the lines in which staff read it.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
LUNAR_DAY = re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|30)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of cell."""

    parse: Callable[[str], Any]
    format: Callable[[Any], str] = str


# Years in which a shop of today can have sold anything.
YEARS = range(1950, 2101)


def text(limit: int) -> Cell:
    """One line of at most `limit` characters."""
    return Cell(lambda written: _checked(" ".join(written.split()), limit))


def paragraphs(limit: int) -> Cell:
    """Text with line breaks."""
    return Cell(lambda written: _checked(written.replace("\r\n", "\n").replace("\r", "\n"), limit))


def semicolons(limit: int) -> Cell:
    """Several words with `;` between them, each once."""

    def parse(written: str) -> str:
        words = [word.strip() for word in written.replace("；", ";").split(";")]
        return _checked(";".join(dict.fromkeys(filter(None, words))), limit)

    return Cell(parse)


def whole(least: int, most: int) -> Cell:
    """A whole number in a range."""

    def parse(written: str) -> int:
        if not re.fullmatch(r"-?\d{1,18}", written, re.ASCII) or not least <= int(written) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(written)

    return Cell(parse)


def degrees(limit: int) -> Cell:
    """Latitude or longitude."""

    def parse(written: str) -> float:
        if not re.fullmatch(r"-?\d{1,3}(\.\d{1,12})?", written, re.ASCII) or abs(float(written)) > limit:
            raise ValueError(f"must be degrees from -{limit} to {limit}, such as 31.2304")
        return float(written)

    return Cell(parse, lambda value: f"{value:.6f}" if value == round(value, 6) else f"{value:.12f}")


def choice(values: type[StrEnum]) -> Cell:
    """One of the values of an enumeration."""
    return one_of(*(kind.value for kind in values), make=values)


def one_of(*words: str, make: Callable[[str], Any] = str) -> Cell:
    """One of a few words."""

    def parse(written: str) -> Any:
        if written not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return make(written)

    return Cell(parse)


def _yes_no(written: str) -> bool:
    if written not in ("yes", "no"):
        raise ValueError("must be yes or no")
    return written == "yes"


def _fen(written: str) -> int:
    if not MONEY.fullmatch(written):
        raise ValueError("must be an amount in yuan such as 1280.50")
    fen = int(Decimal(written) * 100)
    if abs(fen) > MOST_FEN:
        raise ValueError("is more than any piece costs")
    return fen


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:.2f}"


def _grams(written: str) -> Decimal:
    if not WEIGHT.fullmatch(written) or Decimal(written) > MOST_GRAMS:
        raise ValueError("must be a weight in grams such as 5.10, with at most three decimals")
    return Decimal(written)


def _weight(grams: Decimal) -> str:
    return f"{grams:.2f}" if grams == round(grams, 2) else f"{grams:.3f}"


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written if re.fullmatch(r"\d{4}-\d\d-\d\d", written, re.ASCII) else "")
    except ValueError:
        raise ValueError("must be a date such as 2026-11-21") from None


def _birthday(written: str) -> str:
    if not LUNAR_DAY.fullmatch(written):
        _day(written)  # the 31st is in no lunar month; which calendar holds is checked with the whole row
    return written


def _clock_time(written: str) -> time:
    if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d(:00)?", written, re.ASCII):
        raise ValueError("must be a time such as 10:00")
    hours, minutes, *_ = written.split(":")
    return time(int(hours), int(minutes))


def _weekdays(written: str) -> str:
    digits = re.sub(r"[;,，；、\s]", "", written)
    if not re.fullmatch(r"[1-7]*", digits):
        raise ValueError("must be digits from 1 (Monday) to 7 (Sunday)")
    return "".join(sorted(set(digits)))


def _phone(written: str) -> str:
    try:
        return normal_phone(written)
    except Invalid:
        raise ValueError("must be a telephone number of 5 to 20 digits") from None


def instant(zone: ZoneInfo) -> Cell:
    """A moment; without an offset it is meant in the shop's zone, without a time its day's beginning."""

    def parse(written: str) -> datetime:
        try:
            moment = datetime.fromisoformat(written)
        except ValueError:
            raise ValueError("must be a moment such as 2026-11-21T15:30") from None
        if moment.year not in YEARS:
            raise ValueError(f"must lie between {YEARS[0]} and {YEARS[-1]}")
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)

    return Cell(parse, lambda moment: moment.astimezone(zone).isoformat())


def _checked(written: str, limit: int) -> str:
    written = _TURNS.sub("", written)
    if not written:
        raise ValueError("holds nothing that can be read")
    if len(written) > limit:
        raise ValueError(f"has {len(written)} characters, at most {limit} are possible")
    if any(unicodedata.category(character) == "Cc" and character not in "\n\t" for character in written):
        raise ValueError("holds control characters")
    return written


YES_NO = Cell(_yes_no, lambda value: "yes" if value else "no")
MONEY_IN_YUAN = Cell(_fen, _yuan)
GRAMS = Cell(_grams, _weight)
DAY = Cell(_day, date.isoformat)
BIRTHDAY = Cell(_birthday)
CLOCK_TIME = Cell(_clock_time, lambda moment: moment.strftime("%H:%M"))
WEEKDAYS = Cell(_weekdays)
PHONE = Cell(_phone)
