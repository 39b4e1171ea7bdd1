"""The shop: stores and staff, styles and pieces, customers, purchases, its own records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    create_places()
    create_catalogue()
    create_people()
    create_purchases()
    create_operation()


def downgrade() -> None:
    for table in (
        "wrapped_keys",
        "leases",
        "job_marks",
        "shop_facts",
        "audit_log",
        "purchases",
        "consents",
        "identities",
        "customer_name_index",
        "customers",
        "pieces",
        "styles",
        "staff",
        "stores",
    ):
        op.drop_table(table)


def create_places() -> None:
    op.create_table(
        "stores",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("city", sa.String(32), nullable=False),
        sa.Column("address", sa.String(256), nullable=False),
        sa.Column("latitude", sa.Double()),
        sa.Column("longitude", sa.Double()),
        sa.Column("phone", sa.String(32), nullable=False),
        sa.Column("opens", sa.Time()),
        sa.Column("closes", sa.Time()),
        sa.Column("slot_minutes", sa.Integer()),
        sa.Column("try_on_places", sa.Integer()),
        sa.Column("closed_weekdays", sa.String(7), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stores"),
        sa.UniqueConstraint("code", name="uq_stores_code"),
    )
    op.create_table(
        "staff",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("userid", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("store_id", BIG_ID, sa.ForeignKey("stores.id", name="fk_staff_store_id")),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("userid", name="uq_staff_userid"),
    )
    op.create_index("ix_staff_store_id", "staff", ["store_id"])


def create_catalogue() -> None:
    op.create_table(
        "styles",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("style_no", sa.String(64), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("material", sa.String(64), nullable=False),
        sa.Column("gem", sa.String(64), nullable=False),
        sa.Column("setting", sa.String(64), nullable=False),
        sa.Column("craft", sa.String(64), nullable=False),
        sa.Column("weight_g", sa.Integer()),
        sa.Column("labour_fee", sa.Integer()),
        sa.Column("list_price", sa.Integer()),
        sa.Column("pricing", sa.String(24)),
        sa.PrimaryKeyConstraint("id", name="pk_styles"),
        sa.UniqueConstraint("style_no", name="uq_styles_style_no"),
    )
    op.create_table(
        "pieces",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("barcode", sa.String(64), nullable=False),
        sa.Column("style_id", BIG_ID, sa.ForeignKey("styles.id", name="fk_pieces_style_id"), nullable=False),
        sa.Column("store_id", BIG_ID, sa.ForeignKey("stores.id", name="fk_pieces_store_id")),
        sa.Column("weight_g", sa.Integer()),
        sa.Column("received_on", sa.Date()),
        sa.Column("status", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pieces"),
        sa.UniqueConstraint("barcode", name="uq_pieces_barcode"),
    )
    op.create_index("ix_pieces_store_id", "pieces", ["store_id"])
    op.create_index("ix_pieces_style_id", "pieces", ["style_id"])


def create_people() -> None:
    op.create_table(
        "customers",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(12)),
        sa.Column("phone_tail_index", sa.LargeBinary(12)),
        sa.Column("gender", sa.String(8), nullable=False),
        sa.Column("birthday", sa.LargeBinary(), nullable=False),
        sa.Column("birthday_calendar", sa.String(8), nullable=False),
        sa.Column("birthday_leap_month", sa.Boolean(), nullable=False),
        sa.Column("wedding_anniversary", sa.Date()),
        sa.Column("store_id", BIG_ID, sa.ForeignKey("stores.id", name="fk_customers_store_id")),
        sa.Column("advisor_id", BIG_ID, sa.ForeignKey("staff.id", name="fk_customers_advisor_id")),
        sa.Column("ring_size", sa.String(16), nullable=False),
        sa.Column("allergies", sa.LargeBinary(), nullable=False),
        sa.Column("preferences", sa.String(256), nullable=False),
        sa.Column("tags", sa.String(256), nullable=False),
        sa.Column("notes", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.UniqueConstraint("code", name="uq_customers_code"),
    )
    op.create_index("ix_customers_advisor_id", "customers", ["advisor_id"])
    op.create_index("ix_customers_phone_index", "customers", ["phone_index"])
    op.create_index("ix_customers_phone_tail_index", "customers", ["phone_tail_index"])
    op.create_index("ix_customers_store_id", "customers", ["store_id"])
    op.create_table(
        "customer_name_index",
        sa.Column(
            "customer_id",
            BIG_ID,
            sa.ForeignKey("customers.id", name="fk_customer_name_index_customer_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("token", sa.LargeBinary(12), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "token", name="pk_customer_name_index"),
    )
    op.create_index("ix_customer_name_index_token", "customer_name_index", ["token"])
    op.create_table(
        "identities",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("value", sa.String(128), nullable=False),
        sa.Column(
            "customer_id",
            BIG_ID,
            sa.ForeignKey("customers.id", name="fk_identities_customer_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True)),
        sa.Column("left_at", sa.DateTime(timezone=True)),
        sa.Column("remark", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identities"),
        sa.UniqueConstraint("account", "kind", "value", name="uq_identities_account_kind_value"),
    )
    op.create_index("ix_identities_customer_id", "identities", ["customer_id"])
    op.create_table(
        "consents",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column(
            "customer_id",
            BIG_ID,
            sa.ForeignKey("customers.id", name="fk_consents_customer_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("purpose", sa.String(24), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proof", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_customer_id_purpose_id", "consents", ["customer_id", "purpose", "id"])


def create_purchases() -> None:
    op.create_table(
        "purchases",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("original_number", sa.String(64), nullable=False),
        sa.Column("original_line", sa.Integer()),
        sa.Column("customer_id", BIG_ID, sa.ForeignKey("customers.id", name="fk_purchases_customer_id")),
        sa.Column("store_id", BIG_ID, sa.ForeignKey("stores.id", name="fk_purchases_store_id")),
        sa.Column("advisor_id", BIG_ID, sa.ForeignKey("staff.id", name="fk_purchases_advisor_id")),
        sa.Column("purchased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("style_no", sa.String(64), nullable=False),
        sa.Column("barcode", sa.String(64), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("material", sa.String(64), nullable=False),
        sa.Column("gem", sa.String(64), nullable=False),
        sa.Column("setting", sa.String(64), nullable=False),
        sa.Column("certificate_no", sa.String(64), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("payment", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_purchases"),
        sa.UniqueConstraint("number", "line", name="uq_purchases_number_line"),
    )
    op.create_index("ix_purchases_customer_id_purchased_at", "purchases", ["customer_id", "purchased_at"])
    op.create_index("ix_purchases_original_number_original_line", "purchases", ["original_number", "original_line"])
    op.create_index("ix_purchases_purchased_at", "purchases", ["purchased_at"])


def create_operation() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(48), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("detail", sa.String(256), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    op.create_index("ix_audit_log_subject_at", "audit_log", ["subject", "at"])
    op.create_table(
        "shop_facts",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("value", sa.String(1024), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_shop_facts"),
    )
    op.create_table(
        "job_marks",
        sa.Column("job", sa.String(48), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", name="pk_job_marks"),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(48), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "wrapped_keys",
        sa.Column("purpose", sa.String(24), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("purpose", name="pk_wrapped_keys"),
    )
