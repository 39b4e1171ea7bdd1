"""Subscription notifications: what followers said yes to, once each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "subscription_credits",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("identity_id", BIG_ID, nullable=False),
        sa.Column("template_id", sa.String(64), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True)),
        sa.Column("refused_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_subscription_credits"),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["identities.id"],
            name="fk_subscription_credits_identity_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("identity_id", "template_id", name="uq_subscription_credits_identity_id_template_id"),
    )


def downgrade() -> None:
    op.drop_table("subscription_credits")
