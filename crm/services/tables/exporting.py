"""The database into a file, batch by batch, in the columns of the import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from crm.db import reading
from crm.services.tables.declarations import Column, Table
from crm.services.tables.files import write_lines

# Rows read at once.
BATCH = 500


def export_table(engine: Engine, table: Table, path: Path) -> int:
    """Write every row of the kind; returns how many. Raises Invalid when the file cannot be written."""
    count = 0

    def lines(session: Session) -> Iterator[list[str]]:
        nonlocal count
        yield [column.name for column in table.columns]
        for things in _batches(session, table):
            count += len(things)
            yield from _batch_lines(session, table, things)

    with reading(engine) as session:
        write_lines(path, lines(session))
    return count


def _batches(session: Session, table: Table) -> Iterator[list[Any]]:
    (key,) = inspect(table.model).primary_key
    wanted = select(table.model).order_by(key).limit(BATCH)
    things = list(session.scalars(wanted))
    while things:
        yield things
        last = getattr(things[-1], key.name)
        session.expunge_all()
        things = list(session.scalars(wanted.where(key > last)))


def _batch_lines(session: Session, table: Table, things: list[Any]) -> Iterator[list[str]]:
    codes = {column.name: _codes(session, column, things) for column in table.columns if column.refers}
    beside = table.beside.read(session, things) if table.beside else {}
    for thing in things:
        extra = beside[thing.id] if table.beside else {}
        yield [_cell(column, thing, codes.get(column.name), extra) for column in table.columns]


def _codes(session: Session, column: Column, things: list[Any]) -> dict[int, str]:
    assert column.refers
    ids = {getattr(thing, column.field) for thing in things} - {None}
    found = select(column.refers.id, column.refers.code).where(column.refers.id.in_(ids))
    return dict(session.execute(found).all())


def _cell(column: Column, thing: Any, codes: dict[int, str] | None, extra: dict[str, Any]) -> str:
    if not column.field:
        value = extra.get(column.name)
    else:
        value = column.read(thing) if column.read else getattr(thing, column.field)
    if value is None or value == "":
        return ""
    return codes[value] if codes is not None else column.cell.format(value)
