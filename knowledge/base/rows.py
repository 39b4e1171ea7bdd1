"""Reading a base: a TSV with id, question and answer, rows of the same id being ways of asking the same."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import EntryError

COLUMNS = ("id", "question", "answer")


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that a base can answer, with every way of asking it."""

    id: str
    questions: tuple[str, ...]
    answer: str


def read_topics(path: Path) -> list[Topic]:
    """The topics of a base in the order of their first rows. Raises EntryError naming the line and the reason."""
    questions: dict[str, list[str]] = {}
    answers: dict[str, str] = {}
    first_line: dict[str, int] = {}
    for line, row in _rows(path):
        questions.setdefault(row["id"], []).append(row["question"])
        answers[row["id"]] = answers.get(row["id"]) or row["answer"]
        first_line.setdefault(row["id"], line)
    for topic, answer in answers.items():
        if not answer:
            raise EntryError(f"{path.name}:{first_line[topic]}: no row of the id {topic} has an answer")
    if not questions:
        raise EntryError(f"{path.name}: there is no question in it")
    return [Topic(topic, tuple(dict.fromkeys(asked)), answers[topic]) for topic, asked in questions.items()]


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as table:
            reader = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
            if not set(COLUMNS) <= set(reader.fieldnames or ()):
                raise EntryError(f"{path} needs the columns id, question and answer")
            for row in reader:
                cells = {name: (row[name] or "").strip() for name in COLUMNS}
                if not any(cells.values()):
                    continue
                if missing := next((name for name in ("id", "question") if not cells[name]), ""):
                    raise EntryError(f"{path.name}:{reader.line_num}: the row has no {missing}")
                yield reader.line_num, cells
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise EntryError(f"{path} can't be read: {error}") from error
