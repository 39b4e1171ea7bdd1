"""The ids under which platforms know a customer: met, linked to one person, left, come back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.models import Conversation, Customer, Identity, IdentityKind, SubscriptionCredit, UnionidQuestion
from crm.services.customers import register
from crm.services.merging import absorb, is_stranger


def customer_of(session: Session, account: str, kind: IdentityKind, value: str) -> Customer | None:
    """Whom this id belongs to; also while the person has left."""
    wanted = select(Customer).join(Identity, Identity.customer_id == Customer.id)
    return session.scalars(wanted.where(*_names(account, kind, value))).one_or_none()


def meet(session: Session, account: str, kind: IdentityKind, value: str, now: datetime) -> Identity:
    """The id, made together with a new customer if nobody has it yet.

    Two transactions may meet the same new person at once: the unique constraint lets one of them
    make her, the other finds what was made.
    """
    found = _find(session, account, kind, value)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            return add(session, register(session, now), account, kind, value, now)
    except IntegrityError:
        return session.scalars(select(Identity).where(*_names(account, kind, value))).one()


def add(session: Session, customer: Customer, account: str, kind: IdentityKind, value: str, now: datetime) -> Identity:
    """A new id of a customer we know; raises IntegrityError when somebody has it already."""
    identity = Identity(account=account, kind=kind, value=value, customer_id=customer.id, since=now)
    session.add(identity)
    session.flush()
    return identity


def link(session: Session, identity: Identity, customer: Customer, now: datetime | None = None) -> None:
    """From now on this id is `customer`'s.

    A stranger who was only known by this id is the same person: all that was said with her goes
    along. Between two known customers only the id and its conversation move.
    """
    former_id = identity.customer_id
    if former_id == customer.id:
        return
    if is_stranger(session, former_id, customer, beside=identity.id):
        absorb(session, former_id, customer, now)
        session.refresh(identity)
        return
    identity.customer_id = customer.id
    session.flush()
    _move_conversation(session, identity)


def leave(session: Session, account: str, kind: IdentityKind, value: str, now: datetime) -> None:
    """Unfollowed, or removed the advisor: what the platform told about this id is forgotten.

    Purchases and appointments stay: they are contracts with the shop. The id itself stays, so
    that nothing is sent to it. Somebody we never met leaves no trace.
    """
    identity = _find(session, account, kind, value)
    if identity is None:
        return
    identity.left_at = now
    identity.remark = ""
    session.execute(delete(SubscriptionCredit).where(SubscriptionCredit.identity_id == identity.id))
    session.execute(
        update(Conversation)
        .where(Conversation.account == account, Conversation.person == value)
        .values(state="", state_until=None, memory="{}", window_opened_by="", window_until=None, window_left=0)
    )
    _forget_unionid(session, identity.customer_id)


def come_back(session: Session, account: str, kind: IdentityKind, value: str, now: datetime) -> bool:
    """Follows for the first time, or again; True when she had left before."""
    identity = meet(session, account, kind, value, now)
    had_left = identity.left_at is not None
    if had_left:
        identity.left_at, identity.since = None, now
        # Her unionid may have been forgotten when she left.
        session.execute(delete(UnionidQuestion).where(UnionidQuestion.identity_id == identity.id))
    return had_left


def _names(account: str, kind: IdentityKind, value: str) -> tuple[ColumnElement[bool], ...]:
    return (Identity.account == account, Identity.kind == kind, Identity.value == value)


def _find(session: Session, account: str, kind: IdentityKind, value: str) -> Identity | None:
    return session.scalars(select(Identity).where(*_names(account, kind, value))).one_or_none()


def _move_conversation(session: Session, identity: Identity) -> None:
    session.execute(
        update(Conversation)
        .where(Conversation.account == identity.account, Conversation.person == identity.value)
        .values(customer_id=identity.customer_id)
    )


def _forget_unionid(session: Session, customer_id: int) -> None:
    """The unionid came with the other ids: when the last of them has left, it is no longer ours to know."""
    session.flush()
    rows = session.scalars(select(Identity).where(Identity.customer_id == customer_id)).all()
    if any(row.left_at is None for row in rows if row.kind != IdentityKind.UNIONID):
        return
    for row in rows:
        if row.kind == IdentityKind.UNIONID:
            session.delete(row)
