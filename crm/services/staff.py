"""Members of staff as the company directory changes them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from crm.models import Staff


def leaves(session: Session, userid: str, now: datetime) -> None:
    """He has no rights from now on; what he did stays his. An unknown userid changes nothing."""
    session.execute(update(Staff).where(Staff.userid == userid, Staff.left_at.is_(None)).values(left_at=now))


def renamed(session: Session, userid: str, new_userid: str) -> None:
    """The directory knows him under another userid now."""
    session.execute(update(Staff).where(Staff.userid == userid).values(userid=new_userid))
