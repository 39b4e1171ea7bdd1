"""Reading the entries from their files."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from knowledge.entry import Entry, Point
from knowledge.errors import EntryError

ENTRIES = Path(__file__).parent / "entries"
_ID_LINE = re.compile(r"^\s*-\s+id:\s*(\S+)")
# In the files a keyword's weight is written in tenths: 7 means "these words alone make it 70 % sure".
TENTHS = 10
_FIELDS = frozenset(Entry.__dataclass_fields__) - {"askings", "file", "line"}


def load_entries(folder: Path = ENTRIES) -> list[Entry]:
    """All entries of a folder, file by file. Raises EntryError naming file and line."""
    entries: list[Entry] = []
    for path in sorted(folder.glob("*.yaml")):
        entries.extend(_entries_of(path))
    if not entries:
        raise EntryError(f"there is no entry in {folder}")
    return entries


def _entries_of(path: Path) -> Iterator[Entry]:
    text = path.read_text(encoding="utf-8")
    try:
        stored = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise EntryError(f"{path.name}: {error}") from error
    if not isinstance(stored, dict) or not isinstance(stored.get("entries"), list):
        raise EntryError(f"{path.name}:1: the file needs a list 'entries'")
    lines = _lines_of_ids(text)
    for item in stored["entries"]:
        yield _entry(item, path.name, lines)


def _lines_of_ids(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if match := _ID_LINE.match(line):
            found.setdefault(match[1], number)
    return found


def _entry(item: Any, file: str, lines: Mapping[str, int]) -> Entry:
    if not isinstance(item, dict) or not item.get("id") or not item.get("title"):
        raise EntryError(f"{file}: an entry lacks id or title: {str(item)[:60]}")
    line = lines.get(str(item["id"]), 0)
    if unknown := set(item) - _FIELDS:
        raise EntryError(f"{file}:{line}: unknown field {', '.join(sorted(map(str, unknown)))}")
    checked = item.get("checked")
    return Entry(
        id=str(item["id"]),
        title=str(item["title"]),
        ways=_texts(item.get("ways")),
        keywords=_keywords(item.get("keywords"), file, line),
        materials=_texts(item.get("materials")),
        short=str(item.get("short") or "").strip(),
        long=str(item.get("long") or "").strip(),
        points=_points(item.get("points"), file, line),
        never=_texts(item.get("never")),
        bring_in=str(item.get("bring_in") or ""),
        related=_texts(item.get("related")),
        source=str(item.get("source") or ""),
        checked=checked if isinstance(checked, date) else None,
        file=file,
        line=line,
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(text) for text in value) if isinstance(value, list) else ()


def _keywords(value: object, file: str, line: int) -> tuple[tuple[tuple[str, ...], float], ...]:
    if value is None:
        return ()
    if not isinstance(value, dict):
        raise EntryError(f"{file}:{line}: keywords must be 'words: weight'")
    try:
        return tuple((tuple(str(words).split()), float(weight) / TENTHS) for words, weight in value.items())
    except (TypeError, ValueError) as error:
        raise EntryError(f"{file}:{line}: a keyword needs a number as weight ({error})") from error


def _points(value: object, file: str, line: int) -> tuple[Point, ...]:
    if value is None:
        return ()
    try:
        return tuple(_point(**row) for row in value)  # type: ignore[attr-defined]
    except (TypeError, AttributeError) as error:
        raise EntryError(f"{file}:{line}: a point has asked, say and perhaps alone ({error})") from error


def _point(asked: list[str], say: str, alone: bool = False) -> Point:
    return Point(tuple(tuple(str(words).split()) for words in asked), str(say).strip(), bool(alone))
