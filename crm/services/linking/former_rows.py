"""What a table brings under the code of somebody who went up in another: noted under the merge, hers when they part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, insert, or_, select
from sqlalchemy.orm import Session

from crm.models import MergeMove, MergeRecord


def note_rows(session: Session, model: type[Any], codes: Mapping[int, str]) -> None:
    """New rows of this table, each by its id with the code under which it came."""
    if not codes:
        return
    merges = {code: _merges(session, code) for code in set(codes.values())}
    rows = [
        {"record_id": record_id, "table": model.__tablename__, "column": "customer_id", "row_id": row_id, "was": ""}
        for row_id, code in codes.items()
        for record_id in merges[code]
    ]
    if rows:
        session.execute(insert(MergeMove), rows)


def _merges(session: Session, code: str) -> list[int]:
    """The merge in which this code was given up, and later ones that took it along."""
    own = and_(MergeRecord.former_code == code, MergeRecord.undone_at.is_(None))
    first = select(MergeRecord.id).where(own)
    took_along = select(MergeMove.record_id).where(
        MergeMove.table == MergeRecord.__tablename__, MergeMove.row_id.in_(first)
    )
    later = and_(MergeRecord.id.in_(took_along), MergeRecord.undone_at.is_(None))
    return list(session.scalars(select(MergeRecord.id).where(or_(own, later))))
