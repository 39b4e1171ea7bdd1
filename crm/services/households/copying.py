"""The household's part of a customer's copy of her data, as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm.models import (
    Complaint,
    Feedback,
    FieldDefinition,
    FieldValue,
    LifeStage,
    Occasion,
    PieceCare,
    Purchase,
    Relative,
    ServiceOrder,
    Size,
    SkinTest,
    Taste,
)

Json = dict[str, Any]
# Per table: the name in the copy, and what is told of a row. Whether a relative is a customer too is not hers to know.
PARTS: tuple[tuple[str, type[Any], tuple[str, ...]], ...] = (
    ("relatives", Relative, ("relation", "called", "gift_partner", "notes", "created_at")),
    ("sizes", Size, ("of", "kind", "value", "at")),
    (
        "occasions",
        Occasion,
        (
            *("of", "kind", "label", "calendar", "year", "month", "day", "leap_month"),
            *("wants_reminder", "source", "created_at"),
        ),
    ),
    ("tastes", Taste, ("kind", "value", "source", "at")),
    ("skin_tests", SkinTest, ("material", "result", "words", "source", "at")),
    ("life_stages", LifeStage, ("stage", "since", "until", "source")),
    (
        "services",
        ServiceOrder,
        ("number", "piece_barcode", "kind", "received_on", "promised_on", "stage", "fee", "finished_at"),
    ),
    ("feedback", Feedback, ("ref", "asked_at", "score", "words", "answered_at")),
    ("complaints", Complaint, ("words", "at", "state", "closed_at", "remedy")),
)


def household(session: Session, customer_id: int) -> Json:
    """Everything about her in the tables of this package."""
    parts = {name: [_told(row, names) for row in _rows(session, model, customer_id)] for name, model, names in PARTS}
    return {**parts, "piece_care": _piece_care(session, customer_id), "fields": fields(session, customer_id)}


def _rows(session: Session, model: Any, customer_id: int) -> Iterable[Any]:
    return session.scalars(select(model).where(model.customer_id == customer_id).order_by(model.id))


def _told(row: Any, names: tuple[str, ...]) -> Json:
    return {name: _relation(row) if name == "of" else _plain(getattr(row, name)) for name in names}


def _relation(row: Size | Occasion) -> str:
    return row.relative.relation if row.relative else ""


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value


def _piece_care(session: Session, customer_id: int) -> list[Json]:
    rows = session.scalars(
        select(PieceCare)
        .join(PieceCare.purchase)
        .where(Purchase.customer_id == customer_id)
        .options(joinedload(PieceCare.purchase), joinedload(PieceCare.wearer))
        .order_by(PieceCare.id)
    )
    return [
        {
            "number": row.purchase.number,
            "line": row.purchase.line,
            "wearer": row.wearer.relation if row.wearer else "",
            **_told(row, ("surprise_until", "size", "engraving")),
        }
        for row in rows
    ]


def fields(session: Session, customer_id: int) -> Json:
    """The newest value of each of the shop's own fields."""
    rows = session.execute(
        select(FieldDefinition.key, FieldValue.value)
        .join(FieldDefinition, FieldDefinition.id == FieldValue.field_id)
        .where(FieldValue.customer_id == customer_id)
        .order_by(FieldValue.id)
    )
    return {row[0]: row[1] for row in rows}
