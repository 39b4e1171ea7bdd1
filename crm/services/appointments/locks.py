"""Who waits for whom: the customer first, then the visit, then seats and pieces, so that nobody waits in a circle.

SQLite has one writer at a time and needs none of it.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.models import Appointment, Customer


def lock_customer(session: Session, customer_id: int) -> None:
    """Two bookings of one customer go one after the other; rows that merely point to her need not wait."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(Customer.id).where(Customer.id == customer_id).with_for_update(key_share=True))


def lock_visit(session: Session, appointment: Appointment) -> None:
    """Whoever else changes this visit waits, and what he wrote before is seen."""
    session.flush()
    # Not `refresh`: it would join what the object was loaded with, which PostgreSQL cannot lock.
    wanted = select(Appointment).where(Appointment.id == appointment.id).with_for_update()
    session.scalars(wanted.execution_options(populate_existing=True)).one()
