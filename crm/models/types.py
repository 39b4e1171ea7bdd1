"""Column types of the trade: gold weights, and enumerations stored by value."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Enum, Integer
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

MILLIGRAMS_PER_GRAM = 1000


class Grams(TypeDecorator[Decimal]):
    """A weight in Decimal grams, kept as whole milligrams so that no database rounds it."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value * MILLIGRAMS_PER_GRAM)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / MILLIGRAMS_PER_GRAM


def one_of(values: type[StrEnum], *, length: int = 24) -> Enum:
    """An enumeration stored as its value in a plain text column: a new value needs no migration."""
    return Enum(
        values,
        native_enum=False,
        create_constraint=False,
        length=length,
        values_callable=lambda kinds: [kind.value for kind in kinds],
    )
