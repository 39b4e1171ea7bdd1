"""Talks between a customer and an advisor: asked for, taken by one, ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, false, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from crm.actors import Actor
from crm.models import Customer, Delivery, DeliveryState, Role, Staff, Talk

# A talk in which the advisor has been silent this long ends by itself when the customer writes
# again: otherwise a forgotten talk would keep the bot silent for good.
ADVISOR_SILENCE = timedelta(hours=2)
# A customer who waited this long for nobody is called for anew when she asks again.
NOBODY_CAME = timedelta(hours=2)


def open_talk(session: Session, conversation_id: int, customer: Customer, asked: str, now: datetime) -> Talk:
    """A new waiting talk; the person lock and a partial unique index keep it the only open one."""
    talk = Talk(conversation_id=conversation_id, customer_id=customer.id, asked=asked, opened_at=now)
    session.add(talk)
    session.flush()
    return talk


def called_for(session: Session, customer: Customer) -> Sequence[Staff]:
    """Whom to call: her advisor; without one everybody in her shop; without a shop headquarters."""
    working = select(Staff).where(Staff.left_at.is_(None)).order_by(Staff.id)
    if customer.advisor_id is not None:
        advisor = session.scalars(working.where(Staff.id == customer.advisor_id)).all()
        if advisor:
            return advisor
    if customer.store_id is not None:
        people = session.scalars(working.where(Staff.store_id == customer.store_id)).all()
        if people:
            return people
    return session.scalars(working.where(Staff.role == Role.HEADQUARTERS)).all()


def waiting(session: Session, actor: Actor, limit: int = 9) -> Sequence[Talk]:
    """Who waits and may be taken by this actor, longest first."""
    return session.scalars(
        select(Talk)
        .join(Talk.customer)
        .where(Talk.closed_at.is_(None), Talk.taken_at.is_(None), _may_take(actor))
        .options(joinedload(Talk.customer))
        .order_by(Talk.opened_at)
        .limit(limit)
    ).all()


def take(session: Session, talk_id: int, actor: Actor, now: datetime) -> Talk | None:
    """Give the talk to this actor; None when somebody was first, or it is none of his."""
    mine = select(Talk.id).join(Talk.customer).where(Talk.id == talk_id, _may_take(actor))
    taken = session.execute(
        update(Talk)
        .where(Talk.id.in_(mine.scalar_subquery()), Talk.taken_at.is_(None), Talk.closed_at.is_(None))
        .values(staff_id=actor.staff_id, taken_at=now, staff_spoke_at=now)
        .returning(Talk.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if taken is None:
        return None
    found = select(Talk).where(Talk.id == taken).options(joinedload(Talk.conversation), joinedload(Talk.customer))
    return session.scalars(found.execution_options(populate_existing=True)).one()


def close(session: Session, talk: Talk, by: str, now: datetime) -> None:
    """End a talk; `by` is "customer", "staff" or "time". Written at once, so that a new one may open."""
    talk.closed_at, talk.closed_by = now, by
    session.flush()


def cards_of(session: Session, talk: Talk) -> Sequence[Delivery]:
    """The cards that called for this talk and can still be turned grey."""
    called = Delivery.key.like(f"card:talk-{talk.id}-%")
    return session.scalars(select(Delivery).where(called, Delivery.receipt != "")).all()


def withdraw_cards(session: Session, talk: Talk, now: datetime) -> None:
    """Cards that were not sent yet call nobody any more; one that a worker holds goes out and says "taken"."""
    unsent = (Delivery.key.like(f"card:talk-{talk.id}-%"), Delivery.state == DeliveryState.PLANNED)
    values = {"state": DeliveryState.SKIPPED, "reason": "the talk was taken", "ended_at": now}
    session.execute(update(Delivery).where(*unsent).values(values), execution_options={"synchronize_session": False})


def is_forgotten(talk: Talk, now: datetime) -> bool:
    """Whether the advisor has been silent for too long."""
    return talk.staff_spoke_at is not None and now - talk.staff_spoke_at > ADVISOR_SILENCE


def on_the_way(session: Session, account: str, person: str) -> int:
    """How many messages to this person are planned but not sent yet."""
    open_to_him = (
        Delivery.account == account,
        Delivery.person == person,
        Delivery.state.in_((DeliveryState.PLANNED, DeliveryState.CLAIMED)),
    )
    return session.scalar(select(func.count()).select_from(Delivery).where(*open_to_him)) or 0


def _may_take(actor: Actor) -> ColumnElement[bool]:
    """Own customers; those of the shop whom nobody advises any more; a manager's whole shop; headquarters all."""
    if actor.role == Role.HEADQUARTERS:
        return Talk.id.is_not(None)
    in_my_shop = (Customer.store_id == actor.store_id) if actor.store_id is not None else false()
    if actor.role == Role.MANAGER:
        return in_my_shop
    gone = select(Staff.id).where(Staff.left_at.is_not(None))
    unadvised = or_(Customer.advisor_id.is_(None), Customer.advisor_id.in_(gone))
    return or_(Customer.advisor_id == actor.staff_id, unadvised & in_my_shop)
