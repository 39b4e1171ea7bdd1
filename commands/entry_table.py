"""Every entry as a row for the atelier's spreadsheet, and a changed spreadsheet back as the shop's additions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from crm.actors import Actor
from crm.errors import Invalid
from crm.services.learning import additions
from crm.services.learning.additions import MOST_ASKINGS, Wording
from crm.services.learning.personal import is_personal, masked
from crm.services.tables import Refusal, Report
from crm.services.tables.files import FORMULA, lines_of, write_lines
from handlers.advisor.teaching import faults
from handlers.live_knowledge import with_additions
from knowledge import Knowledge
from knowledge.entry import Entry

COLUMNS = (
    *("topic", "title", "askings", "keywords", "text", "long"),
    *("never", "related", "source", "checked_on", "state", "version"),
)
# What the release decides: shown, so that whoever writes knows it, and not taken from a table.
OF_THE_FILES = ("keywords", "never", "related")
ON, OFF = "on", "off"
LONGEST_TITLE, LONGEST_WAY, LONGEST_SOURCE = 40, 60, 256
_TOPIC = re.compile(r"[a-z0-9][a-z0-9-]{1,63}")
PERSONAL = "names or locates a person (phone, account, address, name) and is left out here"
SURPLUS = "has more cells than the first line"
# In the files a weight is written in tenths, and the sheet shows it so.
TENTHS = 10

Cells = Mapping[str, str]


@dataclass
class Shelf:
    """The entries as they are written and as they hold now, with what the shop said about each."""

    base: Knowledge
    live: Knowledge
    said: Mapping[str, Wording]
    # The number of the addition that each topic has.
    versions: Mapping[str, int]
    written: Mapping[str, Entry] = field(init=False)
    now: Mapping[str, Entry] = field(init=False)
    ways: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.written = {entry.id: entry for entry in self.base.entries}
        self.now = {entry.id: entry for entry in self.live.entries}
        self.ways = {words: entry.id for entry in self.live.entries for words in entry.wordings}

    @classmethod
    def of(cls, base: Knowledge, session: Session) -> Shelf:
        held = additions.in_force(session)
        said = {one.topic: additions.worded(one) for one in held}
        return cls(base, with_additions(base, session), said, {one.topic: one.id for one in held})


class Refused(Exception):
    """A row that cannot be taken: which column, and why."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


def export(shelf: Shelf, path: Path) -> int:
    """Write every entry; returns how many. Raises Invalid when the file cannot be written."""
    rows = [[cells[name] for name in COLUMNS] for cells in (cells_of(shelf, one) for one in shelf.now.values())]
    write_lines(path, [list(COLUMNS), *rows])
    return len(rows)


def cells_of(shelf: Shelf, entry: Entry) -> Cells:
    """How an entry stands in the table."""
    said = shelf.said.get(entry.id, Wording(entry.id))
    checked = said.checked or entry.checked
    return {
        "topic": entry.id,
        "title": entry.title,
        "askings": "\n".join(dict.fromkeys(entry.ways)),
        "keywords": "\n".join(f"{' '.join(words)}: {weight * TENTHS:g}" for words, weight in entry.keywords),
        "text": entry.short,
        "long": entry.long,
        "never": "\n".join(entry.never),
        "related": "\n".join(entry.related),
        "source": said.source or entry.source,
        "checked_on": checked.isoformat() if checked else "",
        "state": OFF if said.off else ON,
        "version": str(shelf.versions.get(entry.id, 0)),
    }


def take(shelf: Shelf, session: Session, path: Path, actor: Actor, now: datetime) -> Report:
    """Make additions of the rows that changed, in this session; raises Invalid when the file cannot be read."""
    report = Report()
    seen: dict[str, int] = {}
    for number, cells in _rows(path):
        try:
            wording = _worded(shelf, cells)
            unchanged = wording == shelf.said.get(wording.topic, Wording(wording.topic))
            if not unchanged:
                _must_be_of_now(shelf, wording.topic, cells)
            if (first := seen.setdefault(wording.topic, number)) != number:
                raise Refused("topic", f"{wording.topic} stands already in line {first}")
        except Refused as error:
            report.refused.append(Refusal(number, error.column, str(error)))
            continue
        shelf.ways.update(dict.fromkeys(wording.askings, wording.topic))
        if unchanged:
            report.unchanged += 1
            continue
        additions.add(session, actor, wording, now)
        if wording.topic in shelf.now:
            report.changed += 1
        else:
            report.new += 1
    return report


def _rows(path: Path) -> Iterator[tuple[int, Cells]]:
    with lines_of(path) as lines:
        _, header = next(lines, (0, []))
        names = [name.strip() for name in header]
        while names and not names[-1]:
            names.pop()
        strange = [name for name in names if name not in COLUMNS]
        if strange:
            raise Invalid(f"{path}: the column “{strange[0]}” is unknown; entries have {', '.join(COLUMNS)}.")
        if "topic" not in names or len(set(names)) < len(names):
            raise Invalid(f"{path}: the first line must name the columns, each once; topic is needed.")
        for number, cells in lines:
            clean = [cell.replace("\r\n", "\n").replace("\r", "\n").strip() for cell in cells]
            surplus = {"-": SURPLUS} if any(clean[len(names) :]) else {}
            yield number, {**dict(zip(names, clean, strict=False)), **surplus}


def _worded(shelf: Shelf, cells: Cells) -> Wording:
    """What the row wants the shop to say; raises Refused."""
    if "-" in cells:
        raise Refused("-", cells["-"])
    if formulas := [name for name, cell in cells.items() if cell == FORMULA]:
        raise Refused(formulas[0], "is a formula: put its value there")
    topic = _topic(cells)
    entry = shelf.now.get(topic)
    if entry is None:
        return _checked(shelf, _new(shelf, topic, cells))
    current = cells_of(shelf, entry)
    for name in OF_THE_FILES:
        if cells.get(name) and cells[name] != current[name]:
            raise Refused(name, "belongs to the files of the release (knowledge/entries) and is not taken from a table")
    return _checked(shelf, _changed(shelf, topic, {**current, **{n: c for n, c in cells.items() if c}}))


def _topic(cells: Cells) -> str:
    topic = cells.get("topic", "")
    if not topic and cells.get("title"):
        # Of the title, so that the same file twice means the same entry.
        return f"shop-{hashlib.blake2s(cells['title'].encode(), digest_size=5).hexdigest()}"
    if not _TOPIC.fullmatch(topic):
        raise Refused("topic", "must be small letters, digits and hyphens, such as pearl-care (or empty for a new row)")
    return topic


def _new(shelf: Shelf, topic: str, cells: Cells) -> Wording:
    for name in ("title", "askings", "text"):
        if not cells.get(name):
            raise Refused(name, "is missing, and this row is new")
    return Wording(
        topic,
        cells["title"],
        _askings(shelf, topic, cells["askings"]),
        cells["text"],
        cells.get("long", ""),
        _is_off(cells),
        cells.get("source", ""),
        _day(cells),
    )


def _changed(shelf: Shelf, topic: str, cells: Cells) -> Wording:
    """Only what differs from the files is said by the shop."""
    written = shelf.written.get(topic, Entry(topic, ""))
    text = cells["text"] if cells["text"] != written.short else ""
    checked = _day(cells)
    return Wording(
        topic,
        cells["title"] if cells["title"] != written.title else "",
        _askings(shelf, topic, cells["askings"]),
        text,
        cells["long"] if text or cells["long"] != written.long else "",
        _is_off(cells),
        cells["source"] if cells["source"] != written.source else "",
        checked if checked != written.checked else None,
    )


def _askings(shelf: Shelf, topic: str, cell: str) -> tuple[str, ...]:
    """The ways of asking that the shop adds to those of the files."""
    lines = list(dict.fromkeys(" ".join(line.split()) for line in cell.split("\n") if line.strip()))
    written = shelf.written[topic].ways if topic in shelf.written else ()
    if missing := [way for way in written if way not in lines]:
        raise Refused("askings", f"“{missing[0]}” stands in the files of the release and cannot be taken out here")
    for way in lines:
        if len(way) > LONGEST_WAY:
            raise Refused("askings", f"“{way[:20]}…” has {len(way)} characters, at most {LONGEST_WAY} are possible")
        if (owner := shelf.ways.get(way, topic)) != topic:
            raise Refused("askings", f"“{way}” is a way of {owner} already")
    own = tuple(way for way in lines if way not in written)
    if personal := next(filter(is_personal, own), ""):
        raise Refused("askings", f"“{masked(personal)}” {PERSONAL}")
    if len(own) > MOST_ASKINGS:
        raise Refused("askings", f"has {len(own)} of the shop's own, at most {MOST_ASKINGS} are possible")
    return own


def _checked(shelf: Shelf, wording: Wording) -> Wording:
    if len(wording.title) > LONGEST_TITLE:
        raise Refused("title", f"has {len(wording.title)} characters, at most {LONGEST_TITLE} are possible")
    if is_personal(wording.title):
        raise Refused("title", f"“{masked(wording.title)}” {PERSONAL}")
    if len(wording.source) > LONGEST_SOURCE:
        raise Refused("source", f"has {len(wording.source)} characters, at most {LONGEST_SOURCE} are possible")
    for column, part in (("text", replace(wording, long_text="")), ("long", wording)):
        if found := faults(shelf.live, part):
            raise Refused(column if wording.text or wording.long_text else "askings", found[0])
    return wording


def _must_be_of_now(shelf: Shelf, topic: str, cells: Cells) -> None:
    """A table that was exported before somebody taught this topic would take that back unseen."""
    if cells.get("version") and cells["version"] != str(holding := shelf.versions.get(topic, 0)):
        raise Refused("version", f"{topic} was changed since this table was exported (now {holding}): export it again")


def _is_off(cells: Cells) -> bool:
    state = cells.get("state") or ON
    if state not in (ON, OFF):
        raise Refused("state", f"must be {ON} or {OFF}")
    return state == OFF


def _day(cells: Cells) -> date | None:
    try:
        return date.fromisoformat(cells["checked_on"]) if cells.get("checked_on") else None
    except ValueError:
        raise Refused("checked_on", "must be a date such as 2026-11-21") from None
