"""Two customers who may be one: asked of somebody who knows them, decided once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from crm.actors import Actor
from crm.errors import NotFound
from crm.models import Customer, DoubtfulMatch, MatchReason, MatchVerdict, Role, Staff
from crm.services import audit
from crm.services.customers import STRANGERS_CODE
from crm.services.merging import is_erased, merge
from crm.services.talks import called_for
from crm.services.visibility import visible

# Matches shown at once.
LISTED = 9


def kept_and_other(one: Customer, second: Customer) -> tuple[Customer, Customer]:
    """Who stays when two become one: she who has a card of the shop, else she whom we know longer."""
    ordered = sorted((one, second), key=lambda each: (bool(STRANGERS_CODE.fullmatch(each.code)), each.id))
    return ordered[0], ordered[1]


def doubt(
    session: Session, one: Customer, second: Customer, reason: MatchReason, now: datetime, staff: Staff | None = None
) -> DoubtfulMatch:
    """Ask about these two; what was asked and not answered, or answered no, is not asked again."""
    keep, other = kept_and_other(one, second)
    pair = or_(
        and_(DoubtfulMatch.customer_id == keep.id, DoubtfulMatch.other_id == other.id),
        and_(DoubtfulMatch.customer_id == other.id, DoubtfulMatch.other_id == keep.id),
    )
    standing = or_(DoubtfulMatch.verdict.is_(None), DoubtfulMatch.verdict == MatchVerdict.DIFFERENT)
    found = session.scalars(select(DoubtfulMatch).where(pair, standing).limit(1)).one_or_none()
    if found is not None:
        return found
    asked = _who_is_asked(session, keep, other, staff)
    match = DoubtfulMatch(
        customer_id=keep.id, other_id=other.id, reason=reason, staff_id=asked.id if asked else None, asked_at=now
    )
    session.add(match)
    session.flush()
    return match


def waiting(session: Session, actor: Actor) -> Sequence[DoubtfulMatch]:
    """What this actor may answer, the oldest first."""
    open_ones = select(DoubtfulMatch).where(DoubtfulMatch.verdict.is_(None), _his(actor))
    both = (joinedload(DoubtfulMatch.customer), joinedload(DoubtfulMatch.other))
    return session.scalars(open_ones.options(*both).order_by(DoubtfulMatch.id).limit(LISTED)).all()


def decide(session: Session, actor: Actor, match_id: int, same: bool, now: datetime) -> DoubtfulMatch:
    """He knows them: one person, or two. Raises NotFound when it is not his to say, or was said."""
    hers = select(DoubtfulMatch).where(DoubtfulMatch.id == match_id, DoubtfulMatch.verdict.is_(None), _his(actor))
    match = session.scalars(hers.with_for_update()).one_or_none()
    if match is None:
        raise NotFound("There is no such question any more.")
    keep, other = match.customer, match.other
    match.decided_at, match.decided_by = now, actor.name
    if any(is_erased(session, one) for one in (keep, other)):
        match.verdict = MatchVerdict.VOID
        return match
    match.verdict = MatchVerdict.SAME if same else MatchVerdict.DIFFERENT
    if same:
        # Whoever is asked may say who she is: this one merge is his to cause.
        merge(session, Actor.program(actor.name), keep, other, f"match {match.id}: {match.reason.value}", now)
    else:
        audit.note(session, now, actor, "not-the-same", keep.code, other.code)
    session.flush()
    return match


def _who_is_asked(session: Session, keep: Customer, other: Customer, staff: Staff | None) -> Staff | None:
    """Whoever knows one of them and may see both: of two advisors' customers a manager, or headquarters."""
    managers = select(Staff).where(Staff.left_at.is_(None), Staff.role == Role.MANAGER, Staff.store_id == keep.store_id)
    headquarters = select(Staff).where(Staff.left_at.is_(None), Staff.role == Role.HEADQUARTERS)
    known = [staff] if staff else called_for(session, keep)
    everybody = chain(
        known, session.scalars(managers.order_by(Staff.id)), session.scalars(headquarters.order_by(Staff.id))
    )
    both = Customer.id.in_((keep.id, other.id))
    return next(
        (
            one
            for one in everybody
            if len(session.scalars(select(Customer.id).where(both, _may_judge(Actor.of(one)))).all()) > 1
        ),
        None,
    )


def _his(actor: Actor) -> ColumnElement[bool]:
    """Asked of him, or for a manager about his shop; whoever may not see both of them sees neither here."""
    judged = select(Customer.id).where(_may_judge(actor))
    both = and_(DoubtfulMatch.customer_id.in_(judged), DoubtfulMatch.other_id.in_(judged))
    return and_(DoubtfulMatch.staff_id == actor.staff_id, both) if actor.role == Role.ADVISOR else both


def _may_judge(actor: Actor) -> ColumnElement[bool]:
    """Customers that he may see, and those whom nobody looks after yet, in his shop or in none."""
    nobodys = and_(Customer.advisor_id.is_(None), or_(Customer.store_id.is_(None), Customer.store_id == actor.store_id))
    return or_(visible(actor), nobodys)
