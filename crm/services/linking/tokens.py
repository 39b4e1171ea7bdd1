"""The surest link: she adds her advisor by a code that was made for her alone."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crm.actors import Actor
from crm.models import (
    Customer,
    DoubtfulMatch,
    Identity,
    IdentityKind,
    LinkToken,
    MatchReason,
    MergeRecord,
    Role,
    Staff,
)
from crm.services import audit
from crm.services.blind import normal_name
from crm.services.customers import STRANGERS_CODE
from crm.services.linking import matches
from crm.services.merging import is_erased, is_stranger, merge

LIFE = timedelta(days=7)
# A code that ends sooner than this is made anew when she asks again.
STILL_USEFUL = timedelta(days=1)
# 24 hexadecimal characters behind the letter: nobody guesses them, and WeCom's state takes 30.
LETTER, RANDOM_BYTES = "L", 12
# Members behind one code: their userids have to fit the column.
MOST_MEMBERS = 10

PROGRAM = Actor.program("contact code")
WHY = "added the advisor by the code made for her"


@dataclass(frozen=True, slots=True)
class Linked:
    """Her official account and the advisor's contact are one person now; `merged`: they were two until now."""

    customer: Customer
    merged: bool


@dataclass(frozen=True, slots=True)
class Doubted:
    """The contact is known as somebody else: it waits for an advisor."""

    match: DoubtfulMatch


def members_for(session: Session, customer: Customer) -> Sequence[Staff]:
    """Whom she may add: her advisor; without one the advisors of her shop, or whoever works there; else nobody."""
    working = select(Staff).where(Staff.left_at.is_(None)).order_by(Staff.id)
    hers = session.scalars(working.where(Staff.id == customer.advisor_id)).all()
    if hers or customer.store_id is None:
        return hers
    people = session.scalars(working.where(Staff.store_id == customer.store_id)).all()
    return [one for one in people if one.role is Role.ADVISOR] or people


def issue(session: Session, customer: Customer, members: Sequence[Staff], now: datetime) -> LinkToken:
    """A token for a code of these members; the one she has, while it is good for another day.

    One of before a merge may be the other one's: it is shown to nobody again before they part.
    """
    userids = ",".join(member.userid for member in members[:MOST_MEMBERS])
    hers = (LinkToken.customer_id == customer.id, LinkToken.members == userids, LinkToken.used_at.is_(None))
    open_one = select(LinkToken).where(*hers, LinkToken.expires_at > now + STILL_USEFUL)
    merges = (MergeRecord.customer_id == customer.id, MergeRecord.undone_at.is_(None))
    merged_at = session.scalar(select(func.max(MergeRecord.at)).where(*merges))
    found = session.scalars(open_one.order_by(LinkToken.id.desc()).limit(1)).one_or_none()
    if found is not None and (merged_at is None or found.created_at > merged_at):
        return found
    token = f"{LETTER}{secrets.token_hex(RANDOM_BYTES)}"
    made = LinkToken(token=token, customer_id=customer.id, members=userids, created_at=now, expires_at=now + LIFE)
    session.add(made)
    session.flush()
    return made


def find(session: Session, token: str) -> LinkToken | None:
    """What the worker makes the code of; None when it is no longer of use."""
    return session.scalars(select(LinkToken).where(LinkToken.token == token)).one_or_none()


def made(session: Session, token: str, config_id: str, picture_url: str) -> None:
    """WeCom has made the code; a second attempt finds it here."""
    mine = (LinkToken.token == token, LinkToken.config_id == "")
    session.execute(update(LinkToken).where(*mine).values(config_id=config_id, picture_url=picture_url))


def redeem(session: Session, state: str, contact: Identity, now: datetime) -> Linked | Doubted | None:
    """She added the advisor by the code of this token; None for one that is unknown, used or too old.

    The first who scans it is believed, unless he is known as somebody else or something contradicts.
    """
    token = _use(session, state, now)
    if token is None:
        return None
    owner, other = (session.get_one(Customer, one) for one in (token.customer_id, contact.customer_id))
    if owner.id == other.id:
        return Linked(owner, merged=False)
    if is_erased(session, owner) or is_erased(session, other):
        return None
    if two_cards(owner, other) or contradict(session, owner, other) or not _sure(session, owner, other, contact):
        return Doubted(matches.doubt(session, owner, other, MatchReason.TOKEN, now))
    keep, gone = matches.kept_and_other(owner, other)
    merge(session, PROGRAM, keep, gone, WHY, now)
    audit.note(session, now, PROGRAM, "link", keep.code, f"{contact.kind.value} by token {token.id}")
    return Linked(keep, merged=True)


def _use(session: Session, state: str, now: datetime) -> LinkToken | None:
    """Uses the token up; of two who scan at once one wins."""
    good = (LinkToken.token == state, LinkToken.used_at.is_(None), LinkToken.expires_at > now)
    used = session.scalar(update(LinkToken).where(*good).values(used_at=now).returning(LinkToken.id))
    return session.get(LinkToken, used) if used is not None else None


def _sure(session: Session, owner: Customer, other: Customer, contact: Identity) -> bool:
    """The contact was nobody until now, or what both say of themselves is the same."""
    if is_stranger(session, other.id, owner, beside=contact.id):
        return True
    same_phone = bool(owner.phone) and owner.phone == other.phone
    return same_phone or bool(_unionids(session, owner) & _unionids(session, other))


def two_cards(owner: Customer, other: Customer) -> bool:
    """The shop knew both before a platform did."""
    return not any(STRANGERS_CODE.fullmatch(one.code) for one in (owner, other))


def contradict(session: Session, owner: Customer, other: Customer) -> bool:
    """What says that they are two: other phones, other names, other unionids."""
    ones, others = _unionids(session, owner), _unionids(session, other)
    return any(
        (
            bool(ones and others) and not ones & others,
            bool(owner.phone and other.phone) and owner.phone != other.phone,
            bool(owner.name and other.name) and normal_name(owner.name) != normal_name(other.name),
        )
    )


def _unionids(session: Session, customer: Customer) -> set[str]:
    hers = (Identity.customer_id == customer.id, Identity.kind == IdentityKind.UNIONID)
    return set(session.scalars(select(Identity.value).where(*hers)))
