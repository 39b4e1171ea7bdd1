"""Tries at codes and phones are counted by the id of the platform, blind: an erasure does not begin the count anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Tries of the last day are forgotten once: whose they were can't be told from a customer."""
    op.drop_table("bind_tries")
    op.create_table(
        "bind_tries",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("who", sa.LargeBinary(12), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bind_tries"),
    )
    op.create_index("ix_bind_tries_who_kind_at", "bind_tries", ["who", "kind", "at"])


def downgrade() -> None:
    op.drop_table("bind_tries")
    op.create_table(
        "bind_tries",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_bind_tries_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bind_tries"),
    )
    op.create_index("ix_bind_tries_customer_id_kind_at", "bind_tries", ["customer_id", "kind", "at"])
