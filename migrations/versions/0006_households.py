"""Households: relatives, their sizes and days, tastes, care of pieces, services, own fields, satisfaction."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    create_people()
    create_pieces()
    create_fields()
    create_satisfaction()


def downgrade() -> None:
    for table in (
        "complaints",
        "feedbacks",
        "field_values",
        "field_definitions",
        "tag_definitions",
        "service_orders",
        "piece_care",
        "life_stages",
        "skin_tests",
        "tastes",
        "occasions",
        "sizes",
        "relatives",
    ):
        op.drop_table(table)


def create_people() -> None:
    op.create_table(
        "relatives",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("relation", sa.String(16), nullable=False),
        sa.Column("called", sa.LargeBinary(), nullable=False),
        sa.Column("gift_partner", sa.Boolean(), nullable=False),
        sa.Column("linked_customer_id", BIG_ID),
        sa.Column("notes", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_relatives_customer_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["linked_customer_id"], ["customers.id"], name="fk_relatives_linked_customer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_relatives"),
    )
    op.create_index("ix_relatives_customer_id", "relatives", ["customer_id"])
    op.create_index("ix_relatives_linked_customer_id", "relatives", ["linked_customer_id"])
    op.create_table(
        "sizes",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("relative_id", BIG_ID),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_sizes_customer_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["relative_id"], ["relatives.id"], name="fk_sizes_relative_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_sizes"),
    )
    op.create_index("ix_sizes_customer_id", "sizes", ["customer_id"])
    op.create_index("ix_sizes_relative_id", "sizes", ["relative_id"])
    op.create_table(
        "occasions",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("relative_id", BIG_ID),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=False),
        sa.Column("calendar", sa.String(8), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer()),
        sa.Column("leap_month", sa.Boolean(), nullable=False),
        sa.Column("wants_reminder", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_occasions_customer_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["relative_id"], ["relatives.id"], name="fk_occasions_relative_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_occasions"),
    )
    op.create_index("ix_occasions_customer_id", "occasions", ["customer_id"])
    op.create_index("ix_occasions_month_day", "occasions", ["month", "day"])
    op.create_index("ix_occasions_relative_id", "occasions", ["relative_id"])
    op.create_table(
        "tastes",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("value", sa.String(32), nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_tastes_customer_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_tastes"),
    )
    op.create_index("ix_tastes_customer_id", "tastes", ["customer_id"])
    op.create_index("ix_tastes_kind_value", "tastes", ["kind", "value"])
    op.create_table(
        "skin_tests",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("material", sa.LargeBinary(), nullable=False),
        sa.Column("result", sa.String(24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_skin_tests_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_skin_tests"),
    )
    op.create_index("ix_skin_tests_customer_id", "skin_tests", ["customer_id"])
    op.create_table(
        "life_stages",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("stage", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("source", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_life_stages_customer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_life_stages"),
    )
    op.create_index("ix_life_stages_customer_id", "life_stages", ["customer_id"])


def create_pieces() -> None:
    op.create_table(
        "piece_care",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("purchase_id", BIG_ID, nullable=False),
        sa.Column("wearer_relative_id", BIG_ID),
        sa.Column("surprise_until", sa.Date()),
        sa.Column("size", sa.String(16), nullable=False),
        sa.Column("engraving", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchases.id"], name="fk_piece_care_purchase_id"),
        sa.ForeignKeyConstraint(
            ["wearer_relative_id"], ["relatives.id"], name="fk_piece_care_wearer_relative_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_piece_care"),
        sa.UniqueConstraint("purchase_id", name="uq_piece_care_purchase_id"),
    )
    op.create_index("ix_piece_care_wearer_relative_id", "piece_care", ["wearer_relative_id"])
    op.create_table(
        "service_orders",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("customer_id", BIG_ID),
        sa.Column("store_id", BIG_ID),
        sa.Column("advisor_id", BIG_ID),
        sa.Column("piece_barcode", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("received_on", sa.Date()),
        sa.Column("promised_on", sa.Date()),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("fee", sa.Integer()),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_service_orders_customer_id"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_service_orders_store_id"),
        sa.ForeignKeyConstraint(["advisor_id"], ["staff.id"], name="fk_service_orders_advisor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_service_orders"),
        sa.UniqueConstraint("number", name="uq_service_orders_number"),
    )
    op.create_index("ix_service_orders_customer_id", "service_orders", ["customer_id"])
    op.create_index("ix_service_orders_finished_at", "service_orders", ["finished_at"])


def create_fields() -> None:
    op.create_table(
        "tag_definitions",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("group", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tag_definitions"),
        sa.UniqueConstraint("name", name="uq_tag_definitions_name"),
    )
    op.create_table(
        "field_definitions",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("label", sa.String(32), nullable=False),
        sa.Column("type", sa.String(24), nullable=False),
        sa.Column("choices", sa.String(512), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_field_definitions"),
        sa.UniqueConstraint("key", name="uq_field_definitions_key"),
    )
    op.create_table(
        "field_values",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("field_id", BIG_ID, nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("value_index", sa.LargeBinary(12), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_field_values_customer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["field_id"], ["field_definitions.id"], name="fk_field_values_field_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_field_values"),
    )
    op.create_index("ix_field_values_customer_id", "field_values", ["customer_id"])
    op.create_index("ix_field_values_field_id_value_index", "field_values", ["field_id", "value_index"])


def create_satisfaction() -> None:
    op.create_table(
        "feedbacks",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("store_id", BIG_ID),
        sa.Column("ref", sa.String(96), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.Integer()),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_feedbacks_customer_id"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_feedbacks_store_id"),
        sa.PrimaryKeyConstraint("id", name="pk_feedbacks"),
        sa.UniqueConstraint("ref", name="uq_feedbacks_ref"),
    )
    op.create_index("ix_feedbacks_customer_id", "feedbacks", ["customer_id"])
    op.create_table(
        "complaints",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("store_id", BIG_ID),
        sa.Column("feedback_id", BIG_ID),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_by", sa.String(80), nullable=False),
        sa.Column("remedy", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_complaints_customer_id"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_complaints_store_id"),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedbacks.id"], name="fk_complaints_feedback_id"),
        sa.PrimaryKeyConstraint("id", name="pk_complaints"),
    )
    op.create_index("ix_complaints_customer_id", "complaints", ["customer_id"])
    op.create_index(
        "ix_complaints_open",
        "complaints",
        ["id"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
