"""What a table brings under the code of somebody who went up in another: noted under the merge, hers when they part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from crm.models import MergeMove
from crm.services.customers import merged_into
from crm.services.linking.sides import OWNER, Sides


def note_rows(session: Session, model: type[Any], codes: Mapping[int, str]) -> None:
    """New rows of this table, each by its id with the code under which it came."""
    merges = {code: _merges(session, code) for code in set(codes.values())}
    rows = [
        {"record_id": record_id, "table": model.__tablename__, "column": OWNER, "row_id": row_id, "was": ""}
        for row_id, code in codes.items()
        for record_id in merges[code]
    ]
    if rows:
        session.execute(insert(MergeMove), rows)


def _merges(session: Session, code: str) -> list[int]:
    owner_id = session.scalar(merged_into({code}))
    return Sides(session, owner_id).gone_up(("", code)) if owner_id is not None else []
