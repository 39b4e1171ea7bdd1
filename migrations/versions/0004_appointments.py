"""Appointments: visits, the places they take, opening days, roster, waiting list, tasks."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    create_appointments()
    create_opening_times()
    create_roster()
    create_waiting_list()
    create_tasks()


def downgrade() -> None:
    for table in (
        "tasks",
        "waiting_entries",
        "blocks",
        "weekly_rests",
        "absences",
        "opening_days",
        "seats",
        "appointment_pieces",
        "appointments",
    ):
        op.drop_table(table)


def create_appointments() -> None:
    op.create_table(
        "appointments",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        points_to("appointments", "customer_id", "customers.id"),
        points_to("appointments", "store_id", "stores.id"),
        points_to("appointments", "advisor_id", "staff.id", nullable=True),
        moment("starts_at"),
        moment("ends_at"),
        sa.Column("state", sa.String(24), nullable=False),
        moment("hold_until", nullable=True),
        secret("for_whom"),
        secret("wishes"),
        sa.Column("made_by", sa.String(80), nullable=False),
        moment("created_at"),
        moment("booked_at", nullable=True),
        moment("timed_at", nullable=True),
        moment("accepted_at", nullable=True),
        moment("closed_at", nullable=True),
        sa.Column("closed_by", sa.String(80), nullable=False),
        secret("reason"),
        sa.Column("outcome", sa.String(24), nullable=False),
        secret("outcome_note"),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        moment("proposed_starts_at", nullable=True),
        points_to("appointments", "proposed_by_id", "staff.id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
        sa.UniqueConstraint("number", name="uq_appointments_number"),
    )
    op.create_index("ix_appointments_customer_id_starts_at", "appointments", ["customer_id", "starts_at"])
    op.create_index("ix_appointments_store_id_starts_at", "appointments", ["store_id", "starts_at"])
    op.create_index("ix_appointments_advisor_id_starts_at", "appointments", ["advisor_id", "starts_at"])
    op.create_index("ix_appointments_held", "appointments", ["hold_until"], **where("state = 'held'"))
    op.create_index("ix_appointments_open", "appointments", ["starts_at"], **where("state IN ('booked', 'arrived')"))
    op.create_table(
        "appointment_pieces",
        sa.Column("id", BIG_ID, nullable=False),
        points_to("appointment_pieces", "appointment_id", "appointments.id", ondelete="CASCADE"),
        points_to("appointment_pieces", "style_id", "styles.id", nullable=True),
        points_to("appointment_pieces", "piece_id", "pieces.id", nullable=True),
        secret("words"),
        sa.Column("state", sa.String(24), nullable=False),
        points_to("appointment_pieces", "from_store_id", "stores.id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_appointment_pieces"),
    )
    op.create_index("ix_appointment_pieces_appointment_id", "appointment_pieces", ["appointment_id"])
    op.create_index(
        "uq_appointment_pieces_set_aside",
        "appointment_pieces",
        ["piece_id"],
        unique=True,
        **where("state IN ('reserved', 'coming')"),
    )
    op.create_table(
        "seats",
        points_to("seats", "store_id", "stores.id"),
        sa.Column("cell", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        points_to("seats", "advisor_id", "staff.id", nullable=True),
        points_to("seats", "appointment_id", "appointments.id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("store_id", "cell", "place", name="pk_seats"),
        sa.UniqueConstraint("advisor_id", "cell", name="uq_seats_advisor_id_cell"),
    )
    op.create_index("ix_seats_appointment_id", "seats", ["appointment_id"])


def create_opening_times() -> None:
    op.create_table(
        "opening_days",
        sa.Column("id", BIG_ID, nullable=False),
        points_to("opening_days", "store_id", "stores.id"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Time()),
        sa.Column("closes", sa.Time()),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_opening_days"),
        sa.UniqueConstraint("store_id", "day", name="uq_opening_days_store_id_day"),
    )


def create_roster() -> None:
    op.create_table(
        "absences",
        sa.Column("id", BIG_ID, nullable=False),
        points_to("absences", "staff_id", "staff.id"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("first", sa.Time()),
        sa.Column("last", sa.Time()),
        sa.Column("works", sa.Boolean(), nullable=False),
        secret("note"),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
    )
    op.create_index("ix_absences_staff_id_day", "absences", ["staff_id", "day"])
    op.create_table(
        "weekly_rests",
        points_to("weekly_rests", "staff_id", "staff.id"),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", "weekday", name="pk_weekly_rests"),
    )
    op.create_table(
        "blocks",
        sa.Column("id", BIG_ID, nullable=False),
        points_to("blocks", "store_id", "stores.id"),
        points_to("blocks", "advisor_id", "staff.id", nullable=True),
        moment("starts_at"),
        moment("ends_at"),
        secret("note"),
        points_to("blocks", "by_staff_id", "staff.id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_blocks"),
    )
    op.create_index("ix_blocks_store_id_ends_at", "blocks", ["store_id", "ends_at"])


def create_waiting_list() -> None:
    op.create_table(
        "waiting_entries",
        sa.Column("id", BIG_ID, nullable=False),
        points_to("waiting_entries", "customer_id", "customers.id"),
        points_to("waiting_entries", "store_id", "stores.id"),
        moment("first"),
        moment("last"),
        secret("for_whom"),
        secret("wishes"),
        secret("pieces"),
        sa.Column("state", sa.String(24), nullable=False),
        points_to("waiting_entries", "offered_appointment_id", "appointments.id", nullable=True),
        moment("created_at"),
        moment("closed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_waiting_entries"),
    )
    op.create_index("ix_waiting_entries_customer_id", "waiting_entries", ["customer_id"])
    op.create_index("ix_waiting_entries_open", "waiting_entries", ["id"], **where("state IN ('waiting', 'offered')"))


def create_tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        points_to("tasks", "staff_id", "staff.id", nullable=True),
        points_to("tasks", "store_id", "stores.id", nullable=True),
        points_to("tasks", "customer_id", "customers.id", nullable=True),
        points_to("tasks", "appointment_id", "appointments.id", nullable=True, ondelete="CASCADE"),
        points_to("tasks", "piece_id", "pieces.id", nullable=True),
        secret("words"),
        moment("due_at"),
        moment("created_at"),
        moment("done_at", nullable=True),
        sa.Column("done_by", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
    )
    op.create_index("ix_tasks_customer_id", "tasks", ["customer_id"])
    op.create_index("ix_tasks_appointment_id", "tasks", ["appointment_id"])
    op.create_index("ix_tasks_open", "tasks", ["due_at"], **where("done_at IS NULL"))


def points_to(
    table: str, name: str, target: str, *, nullable: bool = False, ondelete: str | None = None
) -> sa.Column[Any]:
    key = sa.ForeignKey(target, name=f"fk_{table}_{name}", ondelete=ondelete)
    return sa.Column(name, BIG_ID, key, nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def secret(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
