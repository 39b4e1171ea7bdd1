"""The key of the blind indexes, and changing the data keys while the program runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    RowMapping,
    Table,
    Update,
    bindparam,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.db import Base, Sessions, reading
from crm.models import WrappedKey
from crm.vault import KEY_BYTES, KEY_ID_BYTES, Secret, vault

PURPOSE = "blind-index"
CONTEXT = "wrapped_keys.wrapped"
# How a row's primary key is called in the statements below, whatever its column's name.
KEY = "row_key"
# Rows in one transaction: some 20 ms, so that no message waits for a rotation.
BATCH = 500


def load_index_key(sessions: Sessions) -> None:
    """Hand the vault the key of the blind indexes, making it on the very first start.

    Raises KeyMissing when no data key opens it.
    """
    with sessions.begin() as session:
        vault.use_index_key(vault.open(_found(session) or _made(session), CONTEXT))


def rotate(sessions: Sessions, batch: int = BATCH) -> Iterator[int]:
    """Close every personal field again under the newest data key; yields the rows of each transaction.

    May be killed and started again at any time, and runs beside the program: rows that somebody
    holds are passed over first and taken one by one at the end, so that nobody waits in a circle.
    """
    _rewrap_index_key(sessions)
    for table, columns in secret_columns().items():
        yield from _rotate_table(sessions, table, columns, batch, pass_over_locked=True)
        yield from _rotate_table(sessions, table, columns, 1, pass_over_locked=False)


def secret_columns() -> dict[Table, list[Column[Any]]]:
    """Every encrypted column of the models, by table."""
    found = {table: [c for c in table.columns if isinstance(c.type, Secret)] for table in Base.metadata.sorted_tables}
    return {table: columns for table, columns in found.items() if columns}


def _found(session: Session) -> bytes | None:
    return session.scalar(select(WrappedKey.wrapped).where(WrappedKey.purpose == PURPOSE))


def _made(session: Session) -> bytes:
    made = vault.close(os.urandom(KEY_BYTES), CONTEXT)
    try:
        with session.begin_nested():
            session.add(WrappedKey(purpose=PURPOSE, wrapped=made))
    except IntegrityError:  # another process made it in this moment: its key holds
        return session.scalars(select(WrappedKey.wrapped).where(WrappedKey.purpose == PURPOSE)).one()
    return made


def _rewrap_index_key(sessions: Sessions) -> None:
    with sessions.begin() as session:
        row = session.get(WrappedKey, PURPOSE, with_for_update=True)
        if row is not None and key_id(row.wrapped) != vault.newest:
            row.wrapped = vault.close(vault.open(row.wrapped, CONTEXT), CONTEXT)


def key_id(stored: bytes) -> bytes:
    """The short name of the key that closed a stored value."""
    return stored[1 : 1 + KEY_ID_BYTES]


def _rotate_table(
    sessions: Sessions, table: Table, columns: list[Column[Any]], batch: int, *, pass_over_locked: bool
) -> Iterator[int]:
    (key,) = table.primary_key.columns
    stale = or_(*map(_closed_by_an_older_key, columns))
    last: Any = None
    while keys := _next_keys(sessions, key, stale, last, batch):
        with sessions.begin() as session:
            raw = [type_coerce(column, LargeBinary).label(column.name) for column in columns]
            held = select(key.label(KEY), *raw).where(key.in_(keys), stale).order_by(key)
            rows = session.execute(held.with_for_update(skip_locked=pass_over_locked)).mappings().all()
            if rows:
                session.execute(_update(table, key, columns), [_closed_again(row, columns) for row in rows])
        last = keys[-1]
        yield len(rows)


def _next_keys(
    sessions: Sessions, key: ColumnElement[Any], stale: ColumnElement[bool], last: Any, batch: int
) -> list[Any]:
    """Looked for without a lock: on SQLite the search through a long table stops no writer."""
    wanted = select(key).where(stale).order_by(key).limit(batch)
    with reading(sessions.kw["bind"]) as session:
        return list(session.scalars(wanted if last is None else wanted.where(key > last)))


def _update(table: Table, key: ColumnElement[Any], columns: list[Column[Any]]) -> Update:
    values = {column.name: bindparam(f"new_{column.name}", type_=LargeBinary) for column in columns}
    return update(table).where(key == bindparam(KEY)).values(values)


def _closed_by_an_older_key(column: Column[Any]) -> ColumnElement[bool]:
    stored = type_coerce(column, LargeBinary)
    return func.substr(stored, 2, KEY_ID_BYTES, type_=LargeBinary) != vault.newest


def _closed_again(row: RowMapping, columns: list[Column[Any]]) -> dict[str, Any]:
    return {KEY: row[KEY], **{f"new_{column.name}": _under_newest(row[column.name], column.type) for column in columns}}


def _under_newest(stored: bytes | None, secret: Any) -> bytes | None:
    if stored is None or key_id(stored) == vault.newest:
        return stored
    return vault.close(vault.open(bytes(stored), secret.context), secret.context)
