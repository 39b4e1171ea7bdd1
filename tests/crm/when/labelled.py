"""Labelled time phrases: read from a table, judged, named in a report."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from crm.when import When, WhenKind, read_when

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Tuesday, while the shop opens.
NOW = datetime(2026, 11, 24, 10, tzinfo=SHANGHAI)
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Labelled:
    """A phrase, when it was said, and the kind, start and end that it means; alternatives joined by |."""

    group: str
    now: datetime
    words: str
    meant: tuple[str, str, str]

    def read(self) -> tuple[str, str, str]:
        return written(read_when(self.words, self.now))


def table(name: str) -> list[Labelled]:
    """The phrases of a TSV: group, now (empty: the Tuesday above), words, kind, start, end."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Labelled(row["group"], _at(row["now"]), row["words"], (row["kind"], row["start"], row["end"])) for row in rows
    ]


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI) if moment else NOW


def written(when: When) -> tuple[str, str, str]:
    """Kind, start and end as the table has them; of alternatives the starts."""
    if when.kind is WhenKind.ALTS:
        return when.kind, "|".join(iso(one.start) for one in when.alternatives), ""
    return when.kind, iso(when.start), iso(when.end)


def iso(moment: datetime | date | None) -> str:
    if isinstance(moment, datetime):
        return moment.strftime("%Y-%m-%dT%H:%M")
    return moment.isoformat() if moment else ""
