"""Statements of the path that every message takes: written in SQLAlchemy, compiled once.

`Connection.execute` looks a statement up in its cache, gathers its parameters and builds a result
for every call; on this path that was more work than the database's. A prepared statement
keeps the compiled text and the column types' own converters, and goes to the driver's cursor of the
transaction that SQLAlchemy began.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement, Select
from sqlalchemy.types import TypeEngine

from crm.db import translated

Convert = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    text: str
    binds: tuple[tuple[str, Convert], ...]
    columns: tuple[Convert, ...]
    constants: Mapping[str, Any]
    positional: bool

    def parameters(self, given: Mapping[str, Any]) -> Any:
        values = {**self.constants, **given}
        converted = [(name, convert(values[name]) if convert else values[name]) for name, convert in self.binds]
        return tuple(value for _, value in converted) if self.positional else dict(converted)


class Prepared:
    """One statement; `keys` are the columns of an INSERT, in any order."""

    def __init__(self, statement: ClauseElement, keys: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._keys = list(keys) if keys else None
        self._compiled: dict[str, _Compiled] = {}

    def first(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The first row, in Python's types; raises DBAPIError as SQLAlchemy does."""
        compiled = self._for(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(compiled.text, compiled.parameters(values))
            row = cursor.fetchone()
        except connection.dialect.loaded_dbapi.Error as error:
            raise translated(error, compiled.text, connection) from error
        finally:
            cursor.close()
        if row is None:
            return None
        return tuple(convert(value) if convert else value for value, convert in zip(row, compiled.columns, strict=True))

    def run(self, connection: Connection, *values: Mapping[str, Any]) -> None:
        """Run it for each set of values; raises DBAPIError as SQLAlchemy does."""
        compiled = self._for(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            for each in values:
                cursor.execute(compiled.text, compiled.parameters(each))
        except connection.dialect.loaded_dbapi.Error as error:
            raise translated(error, compiled.text, connection) from error
        finally:
            cursor.close()

    def _for(self, dialect: Dialect) -> _Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = self._compile(dialect)
        return found

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled: Any = self._statement.compile(dialect=dialect, column_keys=self._keys)
        names = compiled.positiontup or list(compiled.binds)
        binds = tuple((name, _binding(compiled.binds[name].type, dialect)) for name in names)
        selected = self._statement.selected_columns if isinstance(self._statement, Select) else ()
        columns = tuple(_reading(column.type, dialect) for column in selected)
        constants = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        return _Compiled(compiled.string, binds, columns, constants, bool(compiled.positiontup))


def _binding(kind: TypeEngine[Any], dialect: Dialect) -> Convert:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reading(kind: TypeEngine[Any], dialect: Dialect) -> Convert:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
