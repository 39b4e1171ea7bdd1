"""How customers asked: many further wordings of each topic, and questions that are nobody's here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.entry import Entry
from knowledge.errors import EntryError

ASKINGS = Path(__file__).parent / "askings"
# The topic of what a person has to take.
NOBODY = "NONE"


@dataclass(frozen=True, slots=True)
class Asking:
    """One wording of one topic; `file` and `line` say where it is written."""

    topic: str
    words: str
    file: str = ""
    line: int = 0


def load_askings(folder: Path = ASKINGS) -> list[Asking]:
    """All lines `topic<TAB>words` of a folder's files. Raises EntryError naming file and line."""
    return [asking for path in sorted(folder.glob("*.tsv")) for asking in _askings_of(path)]


def _askings_of(path: Path) -> list[Asking]:
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        topic, tab, words = line.partition("\t")
        if not (topic and tab and words.strip()):
            raise EntryError(f"{path.name}:{number}: a line is a topic, a tab and what is asked")
        found.append(Asking(topic, words, path.name, number))
    return found


def with_askings(entries: Sequence[Entry], askings: Sequence[Asking]) -> list[Entry]:
    """The entries with these wordings. Raises EntryError for an unknown topic."""
    further: dict[str, list[str]] = {entry.id: [] for entry in entries}
    for asking in askings:
        if asking.topic not in further:
            raise EntryError(f"{asking.file}:{asking.line}: there is no topic {asking.topic}")
        further[asking.topic].append(asking.words)
    return [replace(entry, askings=tuple(further[entry.id])) for entry in entries]
