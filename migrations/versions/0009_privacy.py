"""Who was erased, what a law keeps, the words that were agreed to; the audit log by actor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
SIGN = sa.LargeBinary(12)


def upgrade() -> None:
    op.create_table(
        "tombstones",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("key", SIGN, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tombstones"),
        sa.UniqueConstraint("key", name="uq_tombstones_key"),
    )
    op.create_table(
        "tombstone_signs",
        sa.Column("tombstone_id", BIG_ID, nullable=False),
        sa.Column("sign", SIGN, nullable=False),
        sa.PrimaryKeyConstraint("tombstone_id", "sign", name="pk_tombstone_signs"),
        sa.ForeignKeyConstraint(
            ["tombstone_id"], ["tombstones.id"], name="fk_tombstone_signs_tombstone_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_tombstone_signs_sign", "tombstone_signs", ["sign"])
    op.create_table(
        "hold_entries",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("purchase_id", BIG_ID, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hold_entries"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_hold_entries_customer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.id"], name="fk_hold_entries_purchase_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("purchase_id", name="uq_hold_entries_purchase_id"),
    )
    op.create_index("ix_hold_entries_customer_id", "hold_entries", ["customer_id"])
    op.create_index("ix_hold_entries_until", "hold_entries", ["until"])
    op.create_table(
        "consent_texts",
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("purpose", sa.String(24), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_consent_texts"),
    )
    op.create_index("ix_audit_log_actor_at", "audit_log", ["actor", "at"])


def downgrade() -> None:
    op.drop_index("ix_audit_log_actor_at", "audit_log")
    for table in ("consent_texts", "hold_entries", "tombstone_signs", "tombstones"):
        op.drop_table(table)
