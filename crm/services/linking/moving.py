"""Every row about one customer becomes another one's, and back: of tables that come later as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    and_,
    delete,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from crm.db import Base
from crm.models import Customer, MergeMove, NameIndex, PointsEntry
from crm.services.linking.snapshots import from_json, to_json

# Ids named in one statement: SQLite takes 32,766 values in all.
PART = 500
# A row that both have under the same name gets another name rather than be lost: the lines of a ledger.
RENAMED: dict[str, str] = {PointsEntry.__tablename__: "entry_no"}
# Characters that a renamed row's name takes, and how many of them stay its own.
NAME_CHARS, OWN_CHARS = 64, 40


@cache
def columns_about_customers() -> tuple[Column[Any], ...]:
    """Every column that points to a customer; the name index is made anew."""
    return tuple(
        column
        for table in Base.metadata.sorted_tables
        if table is not NameIndex.__table__
        for column in table.columns
        for key in column.foreign_keys
        if key.column is Customer.__table__.c.id
    )


def move_all(session: Session, record_id: int, former: Customer, kept: Customer) -> None:
    """Give every row about `former` to `kept`, and note each under the record."""
    for column in columns_about_customers():
        moves = [*_make_room(session, column, former, kept), *_move(session, column, former.id, kept.id)]
        rows = [{"record_id": record_id, "table": column.table.name, "column": column.name, **one} for one in moves]
        if rows:
            session.execute(insert(MergeMove), rows)


def move_back(session: Session, record_id: int, kept: Customer, back: Customer) -> None:
    """Give the rows of the record to `back`; what `kept` no longer has stays where it is."""
    moves = session.scalars(select(MergeMove).where(MergeMove.record_id == record_id).order_by(MergeMove.id)).all()
    columns = {(column.table.name, column.name): column for column in columns_about_customers()}
    for place, column in columns.items():
        here = [move for move in moves if (move.table, move.column) == place]
        plain = [move.row_id for move in here if not move.was]
        for ids in _parts(plain):
            moved = and_(_key(column.table).in_(ids), column == kept.id)
            session.execute(update(column.table).where(moved).values({column.name: back.id}))
        for move in here:
            if move.was:
                _put_back(session, column, move, kept, back)


def _move(session: Session, column: Column[Any], former_id: int, kept_id: int) -> list[dict[str, Any]]:
    key = _key(column.table)
    ids = session.scalars(select(key).where(column == former_id)).all()
    if ids:
        session.execute(update(column.table).where(column == former_id).values({column.name: kept_id}))
    # Where the customer is the key itself, the row's key has just changed.
    return [{"row_id": kept_id if key is column else row_id, "was": ""} for row_id in ids]


def _make_room(session: Session, column: Column[Any], former: Customer, kept: Customer) -> Iterator[dict[str, Any]]:
    """Rows that `kept` may not have twice are renamed, or set aside whole."""
    table = column.table
    for rest in _unique_beside(column):
        for row in _colliding(session, column, rest, former.id, kept.id):
            row_id = row[_key(table).name]
            here = _key(table) == row_id
            if table.name in RENAMED:
                name = RENAMED[table.name]
                renamed = f"{row[name][:OWN_CHARS]}@{former.code}"[:NAME_CHARS]
                session.execute(update(table).where(here).values({name: renamed, column.name: kept.id}))
                yield {"row_id": row_id, "was": to_json({name: row[name]})}
            else:
                session.execute(delete(table).where(here))
                yield {"row_id": row_id, "was": to_json(row)}


def _colliding(
    session: Session, column: Column[Any], rest: Sequence[Column[Any]], former_id: int, kept_id: int
) -> list[dict[str, Any]]:
    table = column.table
    hers = table.alias()
    same: list[ColumnElement[bool]] = [hers.c[one.name] == one for one in rest]
    twin = exists().where(hers.c[column.name] == kept_id, *same)
    return [dict(row) for row in session.execute(select(table).where(column == former_id, twin)).mappings()]


def _put_back(session: Session, column: Column[Any], move: MergeMove, kept: Customer, back: Customer) -> None:
    table, was = column.table, from_json(move.was)
    key = _key(table)
    if table.name in RENAMED:
        mine = and_(key == move.row_id, column == kept.id)
        session.execute(update(table).where(mine).values({**was, column.name: back.id}))
        return
    row = {**was, column.name: back.id}
    if key is not column and session.scalar(select(key).where(key == move.row_id)) is not None:
        del row[key.name]
    session.execute(insert(table).values(row))


def _unique_beside(column: Column[Any]) -> list[list[Column[Any]]]:
    """For each constraint that lets a customer have such a row once: its other columns."""
    table = column.table
    groups = [
        list(one.columns)
        for one in table.constraints
        if isinstance(one, UniqueConstraint | PrimaryKeyConstraint) and column.name in one.columns
    ]
    groups += [list(one.columns) for one in table.indexes if one.unique and column.name in one.columns]
    return [[other for other in group if other is not column] for group in groups]


def _key(table: Any) -> Column[Any]:
    assert isinstance(table, Table)
    (key,) = table.primary_key.columns
    return key


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + PART] for start in range(0, len(ids), PART))
