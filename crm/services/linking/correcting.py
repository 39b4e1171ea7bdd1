"""What customers mended or forgot in their card while two were one: each one's own correction when they part."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.models import Correction, Customer, MergeMove, MergeRecord, SkinResult, SkinTest
from crm.services.households import allergies
from crm.services.linking import fields
from crm.services.linking.snapshots import from_json
from crm.services.linking.spoken import HER_CARD
from crm.services.privacy.corrections import note

# The column of a note of a merge that names the newest correction of those days.
NEWEST = "newest"
ALLERGIES = "allergies"


def mark(session: Session, record_id: int) -> None:
    """Every correction behind this one is of the time in which the two are one."""
    newest = session.scalar(select(func.max(Correction.id))) or 0
    place = {"table": Correction.__tablename__, "column": NEWEST, "row_id": newest, "was": ""}
    session.add(MergeMove(record_id=record_id, **place))


def part(
    session: Session,
    record: MergeRecord,
    kept: tuple[Customer, Mapping[str, Any]],
    back: tuple[Customer, Mapping[str, Any]],
    now: datetime,
) -> None:
    """One row for every field of either that a customer changed; beside each of the two: her card before the merge.

    The rows that were written meanwhile name the one's values under the other: they go. Call it when both cards are
    as each of them knows hers, and while the notes of the merge are there.
    """
    session.flush()
    spoken_by_back = _spoken_in_card(session, record.id)
    mended = _take_out(session, record, kept[0])
    for one, before in (kept, back):
        hers = set(mended) if one is kept[0] else spoken_by_back & set(mended)
        for field in hers | _skin(session, one, record.at):
            if getattr(one, field) != before[field]:
                note(session, one, field, before[field], mended.get(field, now))
    session.flush()


def _skin(session: Session, customer: Customer, since: datetime) -> set[str]:
    """What she said that she does not bear stood in the card of both already: it has to stand in hers."""
    told = (SkinTest.customer_id == customer.id, SkinTest.result == SkinResult.REACTION, SkinTest.at >= since)
    words = allergies.words_of(customer.allergies)
    materials = session.scalars(select(SkinTest.material).where(*told).order_by(SkinTest.id)).all()
    missing = [one for one in materials if not any(allergies.same(word, one) for word in words)]
    if missing:
        customer.allergies = fields.LISTS[ALLERGIES].join(filter(None, (customer.allergies, *missing)))
    return {ALLERGIES} if missing else set()


def _take_out(session: Session, record: MergeRecord, kept: Customer) -> dict[str, datetime]:
    """By field the moment of the newest one."""
    here = (MergeMove.record_id == record.id, MergeMove.table == Correction.__tablename__, MergeMove.column == NEWEST)
    newest = session.scalar(select(MergeMove.row_id).where(*here))
    since = Correction.at >= record.at if newest is None else Correction.id > newest
    mended = select(Correction).where(Correction.customer_id == kept.id, since).order_by(Correction.id)
    rows = session.scalars(mended).all()
    for row in rows:
        session.delete(row)
    return {row.field: row.at for row in rows}


def _spoken_in_card(session: Session, record_id: int) -> set[str]:
    """Fields that the other one changed in her own words; staff speak without an account."""
    here = (MergeMove.record_id == record_id, MergeMove.table == HER_CARD[0])
    noted = session.execute(select(MergeMove.column, MergeMove.was).where(*here))
    return {field for field, change in noted if change and from_json(change).get("account")}
