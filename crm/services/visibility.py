"""Which customers an actor may see, as a condition for any query over customers."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from crm.actors import Actor
from crm.models import Customer, Role, Staff


def visible(actor: Actor) -> ColumnElement[bool]:
    """An advisor's own customers, a manager's store, everybody for headquarters and the operator."""
    if actor.role == Role.ADVISOR:
        return Customer.advisor_id == actor.staff_id
    if actor.role == Role.MANAGER:
        return or_(Customer.advisor_id == actor.staff_id, _of_the_store(actor.store_id))
    return true()


def sees(session: Session, actor: Actor, customer: Customer) -> bool:
    """Whether the actor may see this one."""
    return session.scalar(select(Customer.id).where(Customer.id == customer.id, visible(actor))) is not None


def _of_the_store(store_id: int | None) -> ColumnElement[bool]:
    if store_id is None:
        return false()
    # A customer without a store belongs to the store of the advisor who looks after her.
    colleagues = select(Staff.id).where(Staff.store_id == store_id)
    return or_(Customer.store_id == store_id, and_(Customer.store_id.is_(None), Customer.advisor_id.in_(colleagues)))
