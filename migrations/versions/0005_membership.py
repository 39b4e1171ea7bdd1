"""Membership: standings, tiers, points, coupons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    create_standings()
    create_points()
    create_coupons()


def downgrade() -> None:
    for table in ("coupons", "points_entries", "standing_runs", "tier_changes", "standings"):
        op.drop_table(table)


def create_standings() -> None:
    op.create_table(
        "standings",
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("spent_fen", BIG_ID, nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("first_purchase_at", sa.DateTime(timezone=True)),
        sa.Column("last_purchase_at", sa.DateTime(timezone=True)),
        sa.Column("segment", sa.String(32), nullable=False),
        sa.Column("reading", sa.String(24), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("tier_since", sa.Date(), nullable=False),
        sa.Column("tier_until", sa.Date()),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("computed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_standings_customer_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("customer_id", name="pk_standings"),
    )
    for column in ("segment", "reading", "tier_until"):
        op.create_index(f"ix_standings_{column}", "standings", [column])
    op.create_index(
        "ix_standings_stale",
        "standings",
        ["customer_id"],
        sqlite_where=sa.text("stale"),
        postgresql_where=sa.text("stale"),
    )
    op.create_table(
        "tier_changes",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_tier_changes_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tier_changes"),
    )
    op.create_index("ix_tier_changes_customer_id", "tier_changes", ["customer_id"])
    op.create_index("ix_tier_changes_on", "tier_changes", ["on"])
    op.create_table(
        "standing_runs",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("policy", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_standing_runs"),
    )


def create_points() -> None:
    op.create_table(
        "points_entries",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("entry_no", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date()),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_points_entries_customer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_points_entries"),
        sa.UniqueConstraint("customer_id", "entry_no", name="uq_points_entries_customer_id_entry_no"),
    )
    op.create_index("ix_points_entries_expires_on", "points_entries", ["expires_on"])


def create_coupons() -> None:
    op.create_table(
        "coupons",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("coupon_no", sa.String(64), nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("title", sa.String(64), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("condition", sa.String(128), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("used_by", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_coupons_customer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_coupons"),
        sa.UniqueConstraint("coupon_no", name="uq_coupons_coupon_no"),
    )
    op.create_index("ix_coupons_customer_id_status", "coupons", ["customer_id", "status"])
