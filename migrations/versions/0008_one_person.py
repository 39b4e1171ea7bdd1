"""One person: link tokens, merges and what they moved, doubtful matches, bind codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# In the order in which they can be dropped.
TABLES = (
    *("unionid_questions", "bind_tries", "bind_codes", "doubtful_matches"),
    *("merged_codes", "merge_moves", "merge_records", "link_tokens"),
)


def upgrade() -> None:
    create_link_tokens()
    create_merges()
    create_doubtful_matches()
    create_bind_codes()
    op.create_table(
        "unionid_questions",
        sa.Column("identity_id", BIG_ID, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        _belongs_to("unionid_questions", "identity_id", "identities"),
        sa.PrimaryKeyConstraint("identity_id", name="pk_unionid_questions"),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def create_link_tokens() -> None:
    op.create_table(
        "link_tokens",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("token", sa.String(30), nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("members", sa.String(1024), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("config_id", sa.String(64), nullable=False),
        sa.Column("picture_url", sa.String(512), nullable=False),
        _belongs_to("link_tokens", "customer_id", "customers"),
        sa.PrimaryKeyConstraint("id", name="pk_link_tokens"),
        sa.UniqueConstraint("token", name="uq_link_tokens_token"),
    )
    op.create_index("ix_link_tokens_customer_id", "link_tokens", ["customer_id"])


def create_merges() -> None:
    op.create_table(
        "merge_records",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("former_code", sa.String(32), nullable=False),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("former", "before", "after")),
        sa.Column("stopped", sa.String(512), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("why", sa.String(256), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("undone_by", sa.String(64), nullable=False),
        _belongs_to("merge_records", "customer_id", "customers"),
        sa.PrimaryKeyConstraint("id", name="pk_merge_records"),
    )
    op.create_index("ix_merge_records_customer_id", "merge_records", ["customer_id"])
    op.create_index("ix_merge_records_former_code", "merge_records", ["former_code"])
    op.create_table(
        "merge_moves",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("record_id", BIG_ID, nullable=False),
        sa.Column("table", sa.String(64), nullable=False),
        sa.Column("column", sa.String(64), nullable=False),
        sa.Column("row_id", BIG_ID, nullable=False),
        sa.Column("was", sa.LargeBinary(), nullable=False),
        _belongs_to("merge_moves", "record_id", "merge_records"),
        sa.PrimaryKeyConstraint("id", name="pk_merge_moves"),
    )
    op.create_index("ix_merge_moves_record_id", "merge_moves", ["record_id"])
    op.create_table(
        "merged_codes",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        _belongs_to("merged_codes", "customer_id", "customers"),
        sa.PrimaryKeyConstraint("id", name="pk_merged_codes"),
        sa.UniqueConstraint("code", name="uq_merged_codes_code"),
    )
    op.create_index("ix_merged_codes_customer_id", "merged_codes", ["customer_id"])


def create_doubtful_matches() -> None:
    op.create_table(
        "doubtful_matches",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("other_id", BIG_ID, nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("staff_id", BIG_ID),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(24)),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by", sa.String(64), nullable=False),
        _belongs_to("doubtful_matches", "customer_id", "customers"),
        _belongs_to("doubtful_matches", "other_id", "customers"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_doubtful_matches_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_doubtful_matches"),
    )
    for column in ("customer_id", "other_id", "staff_id"):
        op.create_index(f"ix_doubtful_matches_{column}", "doubtful_matches", [column])


def create_bind_codes() -> None:
    op.create_table(
        "bind_codes",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("digest", sa.LargeBinary(12), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        _belongs_to("bind_codes", "customer_id", "customers"),
        sa.PrimaryKeyConstraint("id", name="pk_bind_codes"),
    )
    for column in ("customer_id", "digest"):
        op.create_index(f"ix_bind_codes_{column}", "bind_codes", [column])
    op.create_table(
        "bind_tries",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _belongs_to("bind_tries", "customer_id", "customers"),
        sa.PrimaryKeyConstraint("id", name="pk_bind_tries"),
    )
    op.create_index("ix_bind_tries_customer_id_kind_at", "bind_tries", ["customer_id", "kind", "at"])


def _belongs_to(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{owner}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")
