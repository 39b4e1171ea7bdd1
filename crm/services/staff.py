"""Members of staff as the company directory changes them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm.models import Role, Staff


def leaves(session: Session, userid: str, now: datetime) -> None:
    """He has no rights from now on; what he did stays his. An unknown userid changes nothing."""
    session.execute(update(Staff).where(Staff.userid == userid, Staff.left_at.is_(None)).values(left_at=now))


def renamed(session: Session, userid: str, new_userid: str) -> None:
    """The directory knows him under another userid now."""
    session.execute(update(Staff).where(Staff.userid == userid).values(userid=new_userid))


def manager_of(session: Session, member: Staff) -> Staff | None:
    """Who decides for this member of staff: the manager of his store, else headquarters."""
    working = select(Staff).where(Staff.left_at.is_(None)).order_by(Staff.id)
    theirs = working.where(Staff.role == Role.MANAGER, Staff.store_id == member.store_id)
    above = working.where(Staff.role == Role.HEADQUARTERS)
    return session.scalars(theirs.limit(1)).one_or_none() or session.scalars(above.limit(1)).one_or_none()
