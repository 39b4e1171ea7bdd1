"""The ledger of what customers agreed to: rows are only added, the newest about a purpose holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from crm.models import Consent, Customer

MARKETING = "marketing"


def grant(
    session: Session,
    customer_id: int,
    purpose: str = MARKETING,
    *,
    channel: str,
    at: datetime,
    text_version: str,
    proof: str = "",
) -> None:
    """She agreed. `text_version` names the wording she saw, `proof` the key of the message that says so."""
    _add(session, customer_id, purpose, True, channel, at, text_version, proof)


def withdraw(
    session: Session,
    customer_id: int,
    purpose: str = MARKETING,
    *,
    channel: str,
    at: datetime,
    text_version: str = "",
    proof: str = "",
) -> None:
    """She said no, or no longer: holds from this row on."""
    _add(session, customer_id, purpose, False, channel, at, text_version, proof)


def has_marketing_consent(session: Session, customer_id: int) -> bool:
    row = latest(session, [customer_id]).get(customer_id)
    return row is not None and row.granted


def marketing_allowed() -> ColumnElement[bool]:
    """Customers whose newest word about marketing is yes: a condition for queries over Customer."""
    newest = (
        select(Consent.granted)
        .where(Consent.customer_id == Customer.id, Consent.purpose == MARKETING)
        .order_by(Consent.id.desc())
        .limit(1)
    )
    return newest.correlate(Customer).scalar_subquery() == true()


def latest(session: Session, customer_ids: list[int], purpose: str = MARKETING) -> dict[int, Consent]:
    """The row that holds for each of these customers; who never said anything is not in it."""
    wanted = select(Consent).where(Consent.customer_id.in_(customer_ids), Consent.purpose == purpose)
    return {consent.customer_id: consent for consent in session.scalars(wanted.order_by(Consent.id))}


def _add(
    session: Session,
    customer_id: int,
    purpose: str,
    granted: bool,
    channel: str,
    at: datetime,
    text_version: str,
    proof: str,
) -> None:
    row = Consent(
        customer_id=customer_id,
        purpose=purpose,
        granted=granted,
        channel=channel,
        at=at,
        text_version=text_version,
        proof=proof,
    )
    session.add(row)
