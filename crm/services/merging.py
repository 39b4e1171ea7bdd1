"""A stranger who turns out to be a customer we know: her history goes along, nothing is lost."""

from __future__ import annotations

from sqlalchemy import Column, select, update
from sqlalchemy.orm import Session

from crm.db import Base
from crm.models import Consent, Customer, Identity, NameIndex, Purchase
from crm.services import consents
from crm.services.customers import STRANGERS_CODE, set_name, set_phone

# What a stranger may have told the bot before we knew who she was.
TOLD = ("gender", "birthday", "wedding_anniversary", "store_id", "advisor_id", "ring_size", "allergies", "preferences")


def is_stranger(session: Session, former_id: int, customer: Customer) -> bool:
    """Made by the program for an id that is now `customer`'s: no card, no purchase, no other id, no other phone."""
    former = session.get_one(Customer, former_id)
    if not STRANGERS_CODE.fullmatch(former.code) or former.phone not in ("", customer.phone or former.phone):
        return False
    bought = select(Purchase.id).where(Purchase.customer_id == former_id)
    known_by = select(Identity.id).where(Identity.customer_id == former_id)
    return all(session.scalar(rows.limit(1)) is None for rows in (bought, known_by))


def absorb(session: Session, former_id: int, customer: Customer) -> None:
    """Move every row about the stranger to `customer`, keep what she told, and end the stranger."""
    session.flush()
    # Whoever writes about the stranger in this moment holds her row: wait for it, so that its row moves too.
    former = session.scalars(select(Customer).where(Customer.id == former_id).with_for_update()).one()
    _keep_what_was_told(session, former, customer)
    refused = _newest_refusal(session, former_id)
    for column in _columns_about_customers():
        session.execute(update(column.table).where(column == former_id).values({column.name: customer.id}))
    session.flush()
    session.expire_all()
    session.delete(former)
    session.flush()
    if refused is not None:
        # What she said herself holds, whenever a table said otherwise: the newest row of the ledger counts.
        consents.withdraw(
            session, customer.id, refused.purpose, channel=refused.channel, at=refused.at, proof=refused.proof
        )


def _newest_refusal(session: Session, customer_id: int) -> Consent | None:
    word = consents.latest(session, [customer_id]).get(customer_id)
    return word if word is not None and not word.granted else None


def _keep_what_was_told(session: Session, former: Customer, customer: Customer) -> None:
    if former.birthday and not customer.birthday:
        customer.birthday_calendar = former.birthday_calendar
        customer.birthday_leap_month = former.birthday_leap_month
    for name in TOLD:
        if not getattr(customer, name):
            setattr(customer, name, getattr(former, name))
    if former.name and not customer.name:
        set_name(session, customer, former.name)
    if former.phone and not customer.phone:
        set_phone(customer, former.phone)
    customer.notes = "\n".join(filter(None, (customer.notes, former.notes)))


def _columns_about_customers() -> list[Column[object]]:
    """Every column that points to a customer, of tables that come later as well; the name index is made anew."""
    return [
        column
        for table in Base.metadata.sorted_tables
        if table is not NameIndex.__table__
        for column in table.columns
        for key in column.foreign_keys
        if key.column is Customer.__table__.c.id
    ]
