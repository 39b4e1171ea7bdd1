"""The same unionid is the same person: WeChat's own word, asked for once per id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.actors import Actor
from crm.models import Customer, Identity, IdentityKind, MergeRecord, UnionidQuestion
from crm.services import audit
from crm.services.linking.matches import kept_and_other
from crm.services.linking.tokens import WHY
from crm.services.merging import is_erased, merge, unmerge

# Unionids hold across accounts: they stand under a name of their own.
ACCOUNT = "unionid"
# The newest ids among which is looked for some that were not asked about; an import brings its own unionids.
LOOKED_AT = 1000

PROGRAM = Actor.program("unionid")


def unasked(session: Session, kind: IdentityKind, limit: int) -> Sequence[Identity]:
    """Ids of this kind that are new and not asked about, the newest first."""
    newest = select(Identity.id).order_by(Identity.id.desc()).limit(LOOKED_AT).subquery()
    asked = select(UnionidQuestion.identity_id)
    new = (
        select(Identity)
        .join(newest, newest.c.id == Identity.id)
        .where(Identity.kind == kind, Identity.left_at.is_(None), Identity.id.not_in(asked))
    )
    return session.scalars(new.order_by(Identity.id.desc()).limit(limit)).all()


def asked(session: Session, identity_ids: Iterable[int], now: datetime) -> None:
    """These are not asked about again, whatever came of it."""
    there = select(Identity.id).where(Identity.id.in_(list(identity_ids)))
    for identity_id in session.scalars(there):
        session.merge(UnionidQuestion(identity_id=identity_id, asked_at=now))
    session.flush()


def learned(session: Session, identity_id: int, unionid: str, now: datetime) -> Customer | None:
    """The platform says whose id this is; the customer she is from now on, None when the id is gone."""
    identity = session.get(Identity, identity_id)
    if identity is None or not unionid:
        return None
    customer = session.get_one(Customer, identity.customer_id)
    if is_erased(session, customer):
        return None
    known = _known(session, unionid)
    if _unionids(session, customer) - {unionid}:
        _part(session, customer, now)
        session.refresh(identity)
        customer = session.get_one(Customer, identity.customer_id)
    if known is None:
        session.add(
            Identity(account=ACCOUNT, kind=IdentityKind.UNIONID, value=unionid, customer_id=customer.id, since=now)
        )
        session.flush()
        return customer
    session.refresh(known)
    if known.customer_id == customer.id:
        return customer
    keep, other = kept_and_other(customer, session.get_one(Customer, known.customer_id))
    if is_erased(session, keep) or is_erased(session, other):
        return customer
    merge(session, PROGRAM, keep, other, "the same unionid", now)
    return keep


def _part(session: Session, customer: Customer, now: datetime) -> None:
    """Another unionid than hers: who scanned her code was somebody else, so that link is undone."""
    newest = select(MergeRecord).where(MergeRecord.customer_id == customer.id, MergeRecord.undone_at.is_(None))
    record = session.scalars(newest.order_by(MergeRecord.id.desc()).limit(1)).one_or_none()
    if record is not None and record.why == WHY:
        unmerge(session, PROGRAM, record, now)
    else:
        audit.note(session, now, PROGRAM, "unionids-differ", customer.code)


def _known(session: Session, unionid: str) -> Identity | None:
    named = (Identity.account == ACCOUNT, Identity.kind == IdentityKind.UNIONID, Identity.value == unionid)
    return session.scalars(select(Identity).where(*named)).one_or_none()


def _unionids(session: Session, customer: Customer) -> set[str]:
    hers = (Identity.customer_id == customer.id, Identity.kind == IdentityKind.UNIONID)
    return set(session.scalars(select(Identity.value).where(*hers)))
