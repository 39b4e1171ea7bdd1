"""Whose data, by whom, when, what: the audit log read for an incident."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from crm.models import AuditEntry, Customer, MergedCode
from crm.services.audit import NOBODY

# Rows read at once.
PAGE = 1000
# Acts that took everybody's data out of the program at once.
ON_EVERYBODY = ("export",)


@dataclass(frozen=True, slots=True)
class Incident:
    """What one actor did to one customer's data, so many times, first and last."""

    actor: str
    action: str
    subject: str
    times: int
    first: datetime
    last: datetime


def incidents(
    session: Session, *, customer: str = "", actor: str = "", since: datetime | None = None
) -> Iterator[Incident]:
    """Acts by actor, kind and customer, the latest first; the filters narrow it down.

    Of one customer also what concerned everybody, and what was done under a code that she bore before.
    """
    what = (AuditEntry.actor, AuditEntry.action, AuditEntry.subject)
    first, last = (edge(AuditEntry.at, type_=AuditEntry.at.type) for edge in (func.min, func.max))
    rows = select(*what, func.count(), first, last).where(*_narrowed(session, customer, actor, since))
    wanted = rows.group_by(*what).order_by(last.desc()).execution_options(yield_per=PAGE)
    for row in session.execute(wanted):
        yield Incident(*row)


def entries(
    session: Session, *, customer: str = "", actor: str = "", since: datetime | None = None
) -> Iterator[AuditEntry]:
    """The same acts one by one, the latest first."""
    rows = select(AuditEntry).where(*_narrowed(session, customer, actor, since))
    wanted = rows.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).execution_options(yield_per=PAGE)
    yield from session.scalars(wanted)


def _narrowed(session: Session, customer: str, actor: str, since: datetime | None) -> list[ColumnElement[bool]]:
    narrowed = [_about(session, customer)] if customer else []
    if actor:
        narrowed.append(AuditEntry.actor == actor)
    if since is not None:
        narrowed.append(AuditEntry.at >= since)
    return narrowed


def _about(session: Session, code: str) -> ColumnElement[bool]:
    """Her acts under every code, and those on everybody."""
    now = select(Customer.code).join(MergedCode, MergedCode.customer_id == Customer.id).where(MergedCode.code == code)
    current = session.scalar(now) or code
    former = select(MergedCode.code).join(Customer, Customer.id == MergedCode.customer_id)
    codes = {code, current, *session.scalars(former.where(Customer.code == current))}
    everybody = and_(AuditEntry.subject == NOBODY, AuditEntry.action.in_(ON_EVERYBODY))
    return or_(AuditEntry.subject.in_(codes), everybody)
