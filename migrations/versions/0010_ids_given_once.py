"""On SQLite the id of a customer, or of a row about one, is never given a second time; PostgreSQL is so anyway.

A merge notes rows by their ids, and a link names a customer by hers: a row that came later must not answer to them.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Connection, text

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PLAIN, ONCE = "PRIMARY KEY (id)", "PRIMARY KEY (id AUTOINCREMENT)"
TABLES = text(
    "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
    " AND (name = 'customers' OR sql LIKE '%REFERENCES customers (id)%') ORDER BY name"
)
INDEXES = text("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql IS NOT NULL")


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    if connection.scalar(text("PRAGMA foreign_keys")):
        raise RuntimeError("Foreign keys have to be off while tables are made anew: run `make migrate`.")
    for name, made_by in connection.execute(TABLES).all():
        if PLAIN in made_by:
            make_anew(connection, name, made_by.replace(PLAIN, ONCE))


def downgrade() -> None:
    """The older program does not mind."""


def make_anew(connection: Connection, name: str, made_by: str) -> None:
    """The same table with the same rows and indexes; SQLite can't change a key in place."""
    indexes = connection.scalars(INDEXES, {"name": name}).all()
    _, columns = made_by.split("(", 1)
    connection.exec_driver_sql(f'CREATE TABLE "_anew_{name}" ({columns}')
    connection.exec_driver_sql(f'INSERT INTO "_anew_{name}" SELECT * FROM "{name}"')
    connection.exec_driver_sql(f'DROP TABLE "{name}"')
    connection.exec_driver_sql(f'ALTER TABLE "_anew_{name}" RENAME TO "{name}"')
    for index in indexes:
        connection.exec_driver_sql(index)
