"""Messages in and out: inbox, conversations, talks, interactions, deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    create_mail()
    create_talks()
    create_deliveries()


def downgrade() -> None:
    for table in (
        "deliveries",
        "sends",
        "interactions",
        "talks",
        "conversations",
        "kf_cursors",
        "inbox",
    ):
        op.drop_table(table)


def create_mail() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("person", sa.String(128), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("handler", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(512), nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("reply", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("account", "key", name="uq_inbox_account_key"),
    )
    op.create_index(
        "ix_inbox_pending",
        "inbox",
        ["id"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.create_table(
        "kf_cursors",
        sa.Column("open_kfid", sa.String(64), nullable=False),
        sa.Column("cursor", sa.String(64), nullable=False),
        sa.Column("token", sa.String(128), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True)),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("lease_owner", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("open_kfid", name="pk_kf_cursors"),
    )


def create_talks() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("person", sa.String(128), nullable=False),
        sa.Column(
            "customer_id",
            BIG_ID,
            sa.ForeignKey("customers.id", name="fk_conversations_customer_id", ondelete="CASCADE"),
        ),
        sa.Column("staff_id", BIG_ID, sa.ForeignKey("staff.id", name="fk_conversations_staff_id")),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("state_until", sa.DateTime(timezone=True)),
        sa.Column("memory", sa.LargeBinary(), nullable=False),
        sa.Column("window_opened_by", sa.String(16), nullable=False),
        sa.Column("window_until", sa.DateTime(timezone=True)),
        sa.Column("window_left", sa.Integer(), nullable=False),
        sa.Column("last_inbound_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_index(
        "ix_conversations_channel_account_person", "conversations", ["channel", "account", "person"], unique=True
    )
    op.create_index("ix_conversations_customer_id", "conversations", ["customer_id"])
    op.create_table(
        "talks",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column(
            "conversation_id",
            BIG_ID,
            sa.ForeignKey("conversations.id", name="fk_talks_conversation_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "customer_id",
            BIG_ID,
            sa.ForeignKey("customers.id", name="fk_talks_customer_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("staff_id", BIG_ID, sa.ForeignKey("staff.id", name="fk_talks_staff_id")),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True)),
        sa.Column("staff_spoke_at", sa.DateTime(timezone=True)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_by", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_talks"),
    )
    op.create_index(
        "uq_talks_open",
        "talks",
        ["conversation_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_talks_staff_id_closed_at", "talks", ["staff_id", "closed_at"])
    op.create_table(
        "interactions",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "customer_id", BIG_ID, sa.ForeignKey("customers.id", name="fk_interactions_customer_id", ondelete="CASCADE")
        ),
        sa.Column("staff_id", BIG_ID, sa.ForeignKey("staff.id", name="fk_interactions_staff_id")),
        sa.Column("direction", sa.String(3), nullable=False),
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_interactions"),
    )
    op.create_index("ix_interactions_customer_id_id", "interactions", ["customer_id", "id"])
    op.create_index("ix_interactions_staff_id_id", "interactions", ["staff_id", "id"])


def create_deliveries() -> None:
    op.create_table(
        "sends",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("route", sa.String(32), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("reason", sa.String(256), nullable=False),
        sa.Column("platform_id", sa.String(128), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_sends"),
        sa.UniqueConstraint("key", name="uq_sends_key"),
    )
    op.create_index("ix_sends_platform_id", "sends", ["platform_id"])
    op.create_table(
        "deliveries",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("job", sa.String(48), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("purpose", sa.String(24), nullable=False),
        sa.Column(
            "customer_id", BIG_ID, sa.ForeignKey("customers.id", name="fk_deliveries_customer_id", ondelete="SET NULL")
        ),
        sa.Column("staff_id", BIG_ID, sa.ForeignKey("staff.id", name="fk_deliveries_staff_id")),
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("route", sa.String(32), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("person", sa.String(128), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("reason", sa.String(256), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True)),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("lease_owner", sa.String(64), nullable=False),
        sa.Column("send_id", BIG_ID, sa.ForeignKey("sends.id", name="fk_deliveries_send_id")),
        sa.Column("platform_id", sa.String(128), nullable=False),
        sa.Column("receipt", sa.String(256), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("key", name="uq_deliveries_key"),
    )
    op.create_index("ix_deliveries_customer_id_planned_at", "deliveries", ["customer_id", "planned_at"])
    op.create_index(
        "ix_deliveries_open",
        "deliveries",
        ["not_before"],
        sqlite_where=sa.text("state IN ('planned', 'claimed')"),
        postgresql_where=sa.text("state IN ('planned', 'claimed')"),
    )
    op.create_index("ix_deliveries_platform_id", "deliveries", ["platform_id"])
    op.create_index("ix_deliveries_send_id", "deliveries", ["send_id"])
