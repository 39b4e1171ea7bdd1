"""By what else a person was called, for her erasure."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.models import MergedCode, MergeRecord
from crm.services.linking.snapshots import from_json


def former_signs(session: Session, customer_id: int) -> list[str]:
    """Codes, names and phones under which staff may have spoken of those who went up in her."""
    codes = session.scalars(select(MergedCode.code).where(MergedCode.customer_id == customer_id)).all()
    standing = (MergeRecord.customer_id == customer_id, MergeRecord.undone_at.is_(None))
    formers = [from_json(former) for former in session.scalars(select(MergeRecord.former).where(*standing))]
    named = [former.get(name, "") for former in formers for name in ("name", "phone")]
    return [*codes, *filter(None, named)]
