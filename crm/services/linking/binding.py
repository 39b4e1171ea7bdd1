"""She proves that a card is hers: six digits that her advisor reads out, or a phone that he knows."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crm.actors import Actor
from crm.errors import Invalid
from crm.models import BindCode, BindTry, Customer, DoubtfulMatch, MatchReason
from crm.services import audit
from crm.services.blind import normal_phone, phone_index
from crm.services.linking.matches import doubt
from crm.services.linking.tokens import contradict, two_cards
from crm.services.merging import is_erased, merge
from crm.vault import vault

CODE_LIFE = timedelta(minutes=10)
DIGITS = 6
# Wrong codes of one person within the life of a code: a guesser has 5 in 1,000,000.
TRIES = 5
# Claims of one person in a day, and cards that one claim may ask about: a family shares a phone.
CLAIMS, CLAIM_DAY, CARDS_ASKED = 3, timedelta(days=1), 3
CODE, CLAIM = "code", "claim"


class Enough(Invalid):
    """Tried too often: wait."""


def blind_id(account: str, person: str) -> bytes:
    """By what tries are counted: who erases herself and comes back goes on where she was."""
    return vault.index(f"{account}\0{person}", "bind try")


def make_code(session: Session, actor: Actor, customer: Customer, now: datetime) -> str:
    """Six digits for this card; an older code of hers ends."""
    session.execute(
        update(BindCode).where(BindCode.customer_id == customer.id, BindCode.used_at.is_(None)).values(used_at=now)
    )
    digits = _free_digits(session, now)
    session.add(
        BindCode(customer_id=customer.id, digest=_digest(digits), made_by=actor.name, expires_at=now + CODE_LIFE)
    )
    audit.note(session, now, actor, "bind-code", customer.code)
    session.flush()
    return digits


def bind(
    session: Session, speaker: Customer, who: bytes, digits: str, now: datetime
) -> BindCode | DoubtfulMatch | None:
    """The speaker (`who`: see `blind_id`) is the card's owner from now on; None for a wrong or old code. Raises Enough.

    Whoever has a card that says otherwise stays herself: a match that waits for staff.
    """
    if _count(session, who, CODE, now - CODE_LIFE) >= TRIES:
        raise Enough("Too many codes were tried.")
    good = (BindCode.digest == _digest(digits), BindCode.used_at.is_(None), BindCode.expires_at > now)
    used = session.scalar(update(BindCode).where(*good).values(used_at=now).returning(BindCode.id))
    if used is None:
        session.add(BindTry(who=who, kind=CODE, at=now))
        return None
    code = session.get_one(BindCode, used, populate_existing=True)
    card = session.get_one(Customer, code.customer_id)
    if card.id != speaker.id and not is_erased(session, card):
        if two_cards(card, speaker) and contradict(session, card, speaker):
            return doubt(session, card, speaker, MatchReason.CODE, now)
        merge(session, Actor.program("bind code"), card, speaker, f"typed the code of {code.made_by}", now)
    return code


def claim(session: Session, speaker: Customer, who: bytes, phone: str, now: datetime) -> Sequence[DoubtfulMatch]:
    """She says that this number is hers: its cards' advisors are asked. Raises Enough, Invalid.

    What comes back is for the advisors only: she hears the same whether there is such a card or not.
    """
    number = normal_phone(phone)
    if _count(session, who, CLAIM, now - CLAIM_DAY) >= CLAIMS:
        raise Enough("Too many phones were claimed.")
    session.add(BindTry(who=who, kind=CLAIM, at=now))
    with_it = select(Customer).where(Customer.phone_index == phone_index(number), Customer.id != speaker.id)
    cards = session.scalars(with_it.order_by(Customer.id).limit(CARDS_ASKED)).all()
    return [doubt(session, card, speaker, MatchReason.CLAIM, now) for card in cards]


def _free_digits(session: Session, now: datetime) -> str:
    """Digits that no other open code has, so that they name one card."""
    while True:
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        taken = select(BindCode.id).where(BindCode.digest == _digest(digits), BindCode.expires_at > now)
        if session.scalar(taken.limit(1)) is None:
            return digits


def _digest(digits: str) -> bytes:
    return vault.index(digits, "bind code")


def _count(session: Session, who: bytes, kind: str, since: datetime) -> int:
    hers = (BindTry.who == who, BindTry.kind == kind, BindTry.at > since)
    return session.scalar(select(func.count()).select_from(BindTry).where(*hers)) or 0
