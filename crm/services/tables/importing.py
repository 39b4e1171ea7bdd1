"""A file into the database: batch by batch, each row either taken or refused with its reason."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from crm.db import Sessions
from crm.errors import Invalid
from crm.services.linking.former_rows import note_rows
from crm.services.tables.declarations import Column, Reference, Refusal, Row, Table
from crm.services.tables.files import FORMULA, Line, lines_of

# Rows in one transaction: measured 300 ms for new customers on SQLite, so that no message waits long.
BATCH = 250

FormerCodes = tuple[InstrumentedAttribute[int], InstrumentedAttribute[str]]
Codes = dict[Reference | FormerCodes | None, dict[str, int]]


@dataclass(slots=True)
class Report:
    """What became of the rows."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)

    def count(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if row.refusal:
                self.refused.append(row.refusal)
            elif row.is_new:
                self.new += 1
            elif row.changed:
                self.changed += 1
            else:
                self.unchanged += 1


def import_table(sessions: Sessions, table: Table, path: Path, now: datetime, *, dry_run: bool = False) -> Report:
    """Take every row that can be taken; raises Invalid when the file or its header cannot be read.

    A dry run does the same and takes every transaction back.
    """
    report = Report()
    codes: Codes = {}
    with lines_of(path) as lines:
        columns = _columns(table, path, lines)
        seen: dict[tuple[str, ...], int] = {}
        while batch := [_parsed(table, columns, line, seen) for line in itertools.islice(lines, BATCH)]:
            report.count(_take(sessions, table, batch, codes, now, dry_run=dry_run))
    report.refused.sort(key=lambda refusal: refusal.line)
    return report


def _columns(table: Table, path: Path, lines: Iterator[Line]) -> list[Column]:
    known = {column.name: column for column in table.columns}
    _, header = next(lines, (0, []))
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()
    missing = [name for name in table.key if name not in names]
    strange = [name for name in names if name not in known]
    if missing:
        raise Invalid(f"{path}: the first line must name the columns, and {missing[0]} is not there.")
    if strange:
        raise Invalid(f"{path}: the column “{strange[0]}” is unknown; {table.kind} has {', '.join(known)}.")
    if len(set(names)) < len(names):
        raise Invalid(f"{path}: a column stands twice in the first line.")
    return [known[name] for name in names]


def _parsed(table: Table, columns: list[Column], line: Line, seen: dict[tuple[str, ...], int]) -> Row:
    number, cells = line
    row = Row(number, {})
    if any(cell.strip() for cell in cells[len(columns) :]):
        row.refuse("-", f"has {len(cells)} cells, the first line only {len(columns)}")
        return row
    for column, cell in zip(columns, cells, strict=False):
        _parse_cell(row, column, cell)
    for name in table.key:
        if name not in row.values:
            row.refuse(name, "is missing")
    if not row.refusal:
        _refuse_repetition(table, row, seen)
    return row


def _parse_cell(row: Row, column: Column, cell: str) -> None:
    if not cell.strip():
        return
    if cell == FORMULA:
        row.refuse(column.name, "is a formula: put its value there")
        return
    try:
        row.values[column.name] = column.cell.parse(cell.strip())
    except ValueError as error:
        row.refuse(column.name, str(error))


def _refuse_repetition(table: Table, row: Row, seen: dict[tuple[str, ...], int]) -> None:
    key = tuple(str(row.values[name]) for name in table.key)
    first = seen.setdefault(key, row.line)
    if first != row.line:
        row.refuse(table.key[0], f"{' '.join(key)} stands already in line {first}")


def _take(
    sessions: Sessions, table: Table, batch: list[Row], codes: Codes, now: datetime, *, dry_run: bool
) -> list[Row]:
    """One transaction. Whoever made one of these rows in the same moment makes it fail once, not twice."""
    try:
        return _attempt(sessions, table, batch, codes, now, dry_run=dry_run)
    except IntegrityError:
        return _attempt(sessions, table, batch, codes, now, dry_run=dry_run)


def _attempt(
    sessions: Sessions, table: Table, batch: list[Row], codes: Codes, now: datetime, *, dry_run: bool
) -> list[Row]:
    rows = [Row(row.line, dict(row.values), refusal=row.refusal) for row in batch]
    with sessions() as session, session.no_autoflush:
        taken = [row for row in rows if not row.refusal]
        _resolve(session, table, taken, codes)
        _find_existing(session, table, taken)
        for row in taken:
            _check(table, row)
        if table.beside:
            table.beside.check(session, [row for row in taken if not row.refusal])
        taken = [row for row in taken if not row.refusal]
        for row in taken:
            _apply(session, table, row, now)
        session.flush()
        note_rows(session, table.model, {row.thing.id: row.former for row in taken if row.is_new and row.former})
        if table.beside:
            table.beside.write(session, taken, now)
        session.flush()
        (session.rollback if dry_run else session.commit)()
    return rows


def _resolve(session: Session, table: Table, rows: list[Row], codes: Codes) -> None:
    """Codes of stores, advisors, styles and customers become ids: one query for each kind of them."""
    for column in table.columns:
        if column.refers is None:
            continue
        known = codes.setdefault(column.refers, {})
        wanted = _codes(rows, column) - known.keys()
        if wanted:
            found = select(column.refers.code, column.refers.id).where(column.refers.code.in_(wanted))
            known.update((code, key) for code, key in session.execute(found))
        # Of every batch so far, as `known` is.
        given_up = codes.setdefault(column.refers.former, {})
        given_up.update(_given_up(session, column.refers.former, wanted - known.keys()))
        known.update(given_up)
        for row in rows:
            if column.name in row.values:
                row.former = row.values[column.name] if row.values[column.name] in given_up else row.former
                _replace_code(row, column, known)


def _codes(rows: list[Row], column: Column) -> set[str]:
    return {row.values[column.name] for row in rows if column.name in row.values}


def _replace_code(row: Row, column: Column, known: dict[str, int]) -> None:
    code = row.values[column.name]
    if code in known:
        row.values[column.name] = known[code]
    else:
        row.refuse(column.name, f"{code} does not exist")


def _find_existing(session: Session, table: Table, rows: list[Row]) -> None:
    # A refused row's key may still be a code where the column holds ids.
    rows = [row for row in rows if not row.refusal]
    first = {row.values[table.key[0]] for row in rows}
    found = session.scalars(select(table.model).where(table.attribute(table.key[0]).in_(first))).all()
    fields = [table.column(name).field for name in table.key]
    existing = {tuple(getattr(thing, name) for name in fields): thing for thing in found}
    for row in rows:
        row.thing = existing.get(tuple(row.values[name] for name in table.key))
    _find_given_up(session, table, [row for row in rows if row.thing is None])
    for row in rows:
        row.is_new = row.thing is None


def _given_up(session: Session, former: FormerCodes | None, codes: Collection[str]) -> dict[str, int]:
    """Codes whose row went up in another one, with that one's id."""
    if former is None or not codes:
        return {}
    key, code = former
    return {row[1]: row[0] for row in session.execute(select(key, code).where(code.in_(codes)))}


def _find_given_up(session: Session, table: Table, rows: list[Row]) -> None:
    """A line under a code that was given up is about the row of today, and says only what is missing there."""
    name = table.key[0]
    owners = _given_up(session, table.former, [row.values[name] for row in rows])
    for row in rows:
        if row.values[name] in owners:
            row.thing = session.get_one(table.model, owners[row.values[name]])
            fields = {key: table.column(key).field for key in row.values}
            row.values = {
                key: value for key, value in row.values.items() if not (fields[key] and getattr(row.thing, fields[key]))
            }
            row.values[name] = getattr(row.thing, table.column(name).field)


def _check(table: Table, row: Row) -> None:
    if row.is_new:
        for column in table.columns:
            if column.required and column.name not in row.values:
                row.refuse(column.name, "is missing, and this row is new")
    table.check(row)


def _apply(session: Session, table: Table, row: Row, now: datetime) -> None:
    if row.is_new:
        row.thing = table.make(now)
        session.add(row.thing)
    for name, value in row.values.items():
        column = table.column(name)
        if column.field and getattr(row.thing, column.field) != value:
            row.changed.add(name)
            _write(column, row.thing, value)


def _write(column: Column, thing: Any, value: Any) -> None:
    if column.write:
        column.write(thing, value)
    else:
        setattr(thing, column.field, value)
