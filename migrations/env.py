"""Where Alembic meets the models: one transaction on a connection that the caller opened."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

import crm.models  # noqa: F401  the models enter the metadata by being imported
from crm.db import Base, connect
from settings import Settings


def plain_types(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations hold plain column types: they outlive the classes that the program uses today."""
    if kind != "type":
        return False
    if isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return f"sa.String(length={item.length})" if type(item).__name__ == "Enum" else False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=plain_types,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with connect(Settings.load().database_url).begin() as opened:
        run(opened)
