"""How a kind of table is declared, and what the engine keeps about one row while it works on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import InstrumentedAttribute, Session

from crm.db import Base
from crm.services.tables.cells import Cell


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row was not taken: for the operator, who mends that cell."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that names a row of another table by its code. `former`: codes that were given up, and whose."""

    id: InstrumentedAttribute[int]
    code: InstrumentedAttribute[str]
    former: tuple[InstrumentedAttribute[int], InstrumentedAttribute[str]] | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file. `field` is the attribute it fills, "" when `Beside` does that.

    `required`: a new row needs it. `write` and `read` stand in for a plain attribute.
    """

    name: str
    cell: Cell
    field: str
    required: bool = False
    refers: Reference | None = None
    write: Callable[[Any, Any], object] | None = None
    read: Callable[[Any], Any] | None = None


@dataclass(slots=True)
class Row:
    """One line of the file on its way into the database."""

    line: int
    values: dict[str, Any]
    thing: Any = None
    is_new: bool = False
    changed: set[str] = field(default_factory=set)
    refusal: Refusal | None = None
    # The code that the file names where it is another one's by now: she went up in the customer of the row.
    former: str = ""

    def refuse(self, column: str, reason: str) -> None:
        self.refusal = self.refusal or Refusal(self.line, column, reason)


class Beside(Protocol):
    """What a row says that belongs into other tables."""

    def check(self, session: Session, rows: list[Row]) -> None:
        """Refuse what cannot be; called before anything is written."""
        ...

    def write(self, session: Session, rows: list[Row], now: datetime) -> None:
        """Write it; called when the rows themselves have their ids. Marks rows as changed."""
        ...

    def read(self, session: Session, things: list[Any]) -> dict[int, dict[str, Any]]:
        """By id of the thing: the values of the columns without a field."""
        ...


def nothing_to_check(_row: Row) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Table:
    """One kind: its file's columns, its key, where it goes. `make` begins a new row.

    `former`: codes that name a row which went up in another one, and its id. Such a line fills only what is
    empty there: the card that was kept has the last word.
    """

    kind: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    model: type[Base]
    make: Callable[[datetime], Any]
    check: Callable[[Row], None] = nothing_to_check
    beside: Beside | None = None
    former: tuple[InstrumentedAttribute[int], InstrumentedAttribute[str]] | None = None

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def attribute(self, name: str) -> Any:
        """The model's attribute behind a column of the file."""
        return getattr(self.model, self.column(name).field)
