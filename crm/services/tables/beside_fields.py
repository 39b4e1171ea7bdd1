"""The shop's own fields as further columns of the customers' table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from crm.errors import Invalid
from crm.models import FieldDefinition
from crm.services.households import fields
from crm.services.tables.cells import Cell
from crm.services.tables.declarations import Beside, Column, Row


def field_columns(definitions: Sequence[FieldDefinition]) -> tuple[Column, ...]:
    """One column for each, named by its key."""
    return tuple(Column(field.key, Cell(_parser(field)), "") for field in definitions)


class BesideFields:
    """What stands in the shop's own fields, after what `first` does with the row."""

    def __init__(self, first: Beside, definitions: Sequence[FieldDefinition]) -> None:
        self._first = first
        self._fields = tuple(definitions)

    def check(self, session: Session, rows: list[Row]) -> None:
        self._first.check(session, rows)

    def write(self, session: Session, rows: list[Row], now: datetime) -> None:
        """Two statements for each field of the file, whatever the number of rows."""
        self._first.write(session, rows, now)
        told = [row for row in rows if any(field.key in row.values for field in self._fields)]
        present = fields.values(session, [row.thing.id for row in told])
        for field in self._fields:
            changed: dict[int, str] = {}
            for row in told:
                value = row.values.get(field.key)
                if value is not None and present.get(row.thing.id, {}).get(field.id) != value:
                    changed[row.thing.id] = value
                    row.changed.add(field.key)
            if changed:
                fields.write(session, field, changed)

    def read(self, session: Session, things: list[Any]) -> dict[int, dict[str, Any]]:
        beside = self._first.read(session, things)
        keys = {field.id: field.key for field in self._fields}
        for customer_id, held in fields.values(session, beside).items():
            beside[customer_id].update({keys[field_id]: value for field_id, value in held.items() if field_id in keys})
        return beside


def _parser(field: FieldDefinition) -> Callable[[str], str]:
    def parse(written: str) -> str:
        try:
            return fields.normal(field, written)
        except Invalid as error:
            raise ValueError(str(error)) from None

    return parse
