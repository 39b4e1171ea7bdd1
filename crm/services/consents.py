"""The ledger of what customers agreed to: rows are only added, the newest about a purpose holds."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.models import Consent, ConsentText, Customer

MARKETING = "marketing"
# As often as the shop's own cap allows: who said no wants less of it, not nothing.
OFTEN = "marketing_often"
# Characters of a version's name that tell one wording from another.
VERSION_CHARS = 10


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


def wanting_fewer(session: Session, customer_ids: list[int]) -> set[int]:
    """Those of them who asked for less marketing."""
    return {customer_id for customer_id, word in latest(session, customer_ids, OFTEN).items() if not word.granted}


def version_of(session: Session, words: str, now: datetime, purpose: str = MARKETING) -> str:
    """The name of this wording, which goes into the ledger; a wording that is new is kept with its first moment."""
    digest = hashlib.sha256(words.encode()).hexdigest()[:VERSION_CHARS]
    version = f"{purpose}-{digest}"
    if session.get(ConsentText, version) is None:
        try:
            with session.begin_nested():
                session.add(ConsentText(version=version, purpose=purpose, words=words, since=now))
        except IntegrityError:  # another process kept it in this moment: the same words
            session.expire_all()
    return version


def ledger(session: Session, customer_id: int) -> list[tuple[Consent, ConsentText | None]]:
    """All that she agreed to and withdrew, the oldest first, each with the words that she saw where they are kept."""
    rows = select(Consent, ConsentText).join(ConsentText, ConsentText.version == Consent.text_version, isouter=True)
    found = session.execute(rows.where(Consent.customer_id == customer_id).order_by(Consent.id))
    return [(consent, text) for consent, text in found]


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
