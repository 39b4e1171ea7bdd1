"""Shop knowledge: unanswered questions, the shop's additions, how often each entry serves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    create_questions()
    create_additions()
    create_uses()


def downgrade() -> None:
    for table in ("entry_uses", "knowledge_overlay", "knowledge_additions", "askings", "questions"):
        op.drop_table(table)


def create_questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("key", sa.LargeBinary(12), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("first_asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
        sa.UniqueConstraint("key", name="uq_questions_key"),
    )
    op.create_index("ix_questions_state_asked", "questions", ["state", "asked"])
    op.create_table(
        "askings",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column(
            "question_id",
            BIG_ID,
            sa.ForeignKey("questions.id", name="fk_askings_question_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "conversation_id",
            BIG_ID,
            sa.ForeignKey("conversations.id", name="fk_askings_conversation_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("why", sa.String(24), nullable=False),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_askings"),
        sa.UniqueConstraint("question_id", "conversation_id", name="uq_askings_question_id_conversation_id"),
    )
    op.create_index("ix_askings_conversation_id", "askings", ["conversation_id"])
    op.create_index("ix_askings_at", "askings", ["at"])


def create_additions() -> None:
    op.create_table(
        "knowledge_additions",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("askings", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("long_text", sa.Text(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(256), nullable=False),
        sa.Column("checked", sa.Date()),
        sa.Column(
            "question_id",
            BIG_ID,
            sa.ForeignKey("questions.id", name="fk_knowledge_additions_question_id", ondelete="SET NULL"),
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True)),
        sa.Column("taken_back_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_additions"),
        sa.UniqueConstraint("topic", "version", name="uq_knowledge_additions_topic_version"),
    )
    op.create_index("ix_knowledge_additions_question_id", "knowledge_additions", ["question_id"])
    overlay = op.create_table(
        "knowledge_overlay",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_overlay"),
    )
    op.bulk_insert(overlay, [{"id": 1, "version": 0}])


def create_uses() -> None:
    op.create_table(
        "entry_uses",
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("offered", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.Integer(), nullable=False),
        sa.Column("liked", sa.Integer(), nullable=False),
        sa.Column("disliked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "day", "slot", name="pk_entry_uses"),
    )
