"""One entry of the knowledge: what the shop says about one topic."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Point:
    """What is said first when a question asks for it in particular: what it costs, how long, whether it is covered."""

    # Any of these; ideas or characters of one of them stand together in the question.
    asked: tuple[tuple[str, ...], ...]
    say: str
    # It is the whole answer, without the short one behind it.
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything the atelier wrote about one topic; `file` and `line` say where."""

    id: str
    title: str
    ways: tuple[str, ...] = ()
    # Further wordings, in the words of many customers: see `knowledge/askings`.
    askings: tuple[str, ...] = ()
    # Ideas or characters that must stand together, and how sure they alone make the topic (0-1).
    keywords: tuple[tuple[tuple[str, ...], float], ...] = ()
    materials: tuple[str, ...] = ()
    short: str = ""
    long: str = ""
    points: tuple[Point, ...] = ()
    never: tuple[str, ...] = ()
    bring_in: str = ""
    related: tuple[str, ...] = ()
    source: str = ""
    checked: date | None = None
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def wordings(self) -> tuple[str, ...]:
        """Everything that asks for it."""
        return (self.title, *self.ways, *self.askings)

    @property
    def written(self) -> bool:
        """Has it an answer? A topic that is only known by its title is for a person."""
        return bool(self.short)
