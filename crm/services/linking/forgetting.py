"""By what else a person was called, for her erasure."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.models import MergedCode, MergeRecord
from crm.services.linking.snapshots import from_json


def former_signs(session: Session, customer_id: int) -> tuple[list[str], list[str], list[str]]:
    """Codes, names and phones of those who went up in her, under which staff may have spoken of them."""
    codes = session.scalars(select(MergedCode.code).where(MergedCode.customer_id == customer_id)).all()
    standing = (MergeRecord.customer_id == customer_id, MergeRecord.undone_at.is_(None))
    formers = [from_json(former) for former in session.scalars(select(MergeRecord.former).where(*standing))]
    names, phones = ([former[name] for former in formers if former.get(name)] for name in ("name", "phone"))
    return list(codes), names, phones
