"""The pieces that a customer may hear of: her own, what she gave, what was given to her; no surprise before its day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from crm.models import PieceCare, Purchase, Relative
from crm.services.households import people
from crm.services.purchases import owned

# A piece is looked after once in so many days, counted from the day of its purchase.
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class HouseholdPiece:
    """One piece; `care` None: nothing is known beside the till's line. `was_given`: bought by somebody else for her."""

    purchase: Purchase
    care: PieceCare | None
    was_given: bool

    @property
    def wearer(self) -> Relative | None:
        return self.care.wearer if self.care else None

    def is_surprise(self, today: date) -> bool:
        return self.care is not None and is_secret(self.care, today)


def is_secret(care: PieceCare, today: date) -> bool:
    """On the day itself it is given: from then on it is no secret."""
    return care.surprise_until is not None and today < care.surprise_until


def of_household(session: Session, customer_id: int) -> list[HouseholdPiece]:
    """Everything bought on her card, the newest first, surprises too: for who looks after her."""
    return [HouseholdPiece(purchase, care, False) for purchase, care in _lines(session, customer_id)]


def shown_to(session: Session, customer_id: int, today: date) -> list[HouseholdPiece]:
    """What she herself may hear of, the newest first.

    Hidden: what is kept secret from the holder of the card, and gifts of others before the day that the
    giver named. A gift without such a day is never shown to who gets it: nobody said that she knows.
    """
    own = [
        piece for piece in of_household(session, customer_id) if not (piece.wearer is None and piece.is_surprise(today))
    ]
    given = [HouseholdPiece(purchase, care, True) for purchase, care in _given(session, customer_id, today)]
    return sorted(own + given, key=lambda piece: (piece.purchase.purchased_at, piece.purchase.id), reverse=True)


def known_to_her(session: Session, customer_id: int, today: date) -> list[Purchase]:
    """As `purchases.owned_pieces`, without what she must not hear of yet, with what was given to her."""
    return [piece.purchase for piece in shown_to(session, customer_id, today)]


def kept_from_holder(on: date) -> ColumnElement[bool]:
    """Whether a line of `purchases` is a secret, on that day, from the very holder of the card."""
    secret = and_(PieceCare.wearer_relative_id.is_(None), PieceCare.surprise_until > on)
    return exists().where(PieceCare.purchase_id == Purchase.id, secret)


def counts_secretly(session: Session, customer_id: int, on: date) -> bool:
    """Whether an amount that she spent would tell of a piece that is a secret from her."""
    hers = select(Purchase.id).where(Purchase.customer_id == customer_id, kept_from_holder(on)).limit(1)
    return session.scalar(hers) is not None


def kept_from(session: Session, customer_ids: Collection[int], on: date) -> set[tuple[int, str]]:
    """Customers with the barcodes of which they must not hear on that day: own pieces, and gifts of others to them."""
    own = select(Purchase.customer_id, Purchase.barcode).where(Purchase.customer_id.in_(customer_ids))
    given = (
        select(Relative.linked_customer_id, Purchase.barcode)
        .join(PieceCare, PieceCare.wearer_relative_id == Relative.id)
        .join(PieceCare.purchase)
        .where(Relative.linked_customer_id.in_(customer_ids), Purchase.customer_id != Relative.linked_customer_id)
        .where(or_(PieceCare.surprise_until.is_(None), PieceCare.surprise_until > on))
    )
    found = [*session.execute(own.where(kept_from_holder(on))), *session.execute(given)]
    return {(row[0], row[1]) for row in found if row[1]}


def give_to(session: Session, purchase: Purchase, relation: str, now: datetime) -> PieceCare:
    """She bought it for this relative."""
    assert purchase.customer_id is not None
    wearer = people.find_or_make(session, purchase.customer_id, relation, now)
    wearer.gift_partner = True
    care = care_of(session, purchase)
    care.wearer_relative_id, care.wearer = wearer.id, wearer
    session.flush()
    return care


def keep_secret(session: Session, purchase: Purchase, until: date) -> PieceCare:
    """Until that day its wearer hears nothing of it from us."""
    care = care_of(session, purchase)
    care.surprise_until = until
    session.flush()
    return care


def keep_herself(session: Session, purchase: Purchase) -> None:
    """She wears it: it is nobody's gift, and no secret."""
    care = care_of(session, purchase)
    care.wearer, care.wearer_relative_id, care.surprise_until = None, None, None
    session.flush()


def care_of(session: Session, purchase: Purchase) -> PieceCare:
    """The row beside this line, made when there is none."""
    found = session.scalars(select(PieceCare).where(PieceCare.purchase_id == purchase.id)).one_or_none()
    if found is None:
        found = PieceCare(purchase_id=purchase.id, size="", engraving="")
        session.add(found)
        session.flush()
    return found


def next_care(purchase: Purchase, today: date, zone: ZoneInfo) -> date:
    """The day on which the shop next invites to look after it; today counts."""
    bought = purchase.purchased_at.astimezone(zone).date()
    years = max(1, -((bought - today) // YEAR))
    return bought + years * YEAR


def _lines(session: Session, customer_id: int) -> Sequence[tuple[Purchase, PieceCare | None]]:
    wanted = (
        select(Purchase, PieceCare)
        .outerjoin(PieceCare, PieceCare.purchase_id == Purchase.id)
        .where(Purchase.customer_id == customer_id, owned())
        .order_by(Purchase.purchased_at.desc(), Purchase.id.desc())
    )
    return [(row[0], row[1]) for row in session.execute(wanted.options(*_WHOLE))]


def _given(session: Session, customer_id: int, today: date) -> Sequence[tuple[Purchase, PieceCare]]:
    told = and_(PieceCare.surprise_until.is_not(None), PieceCare.surprise_until <= today)
    wanted = (
        select(Purchase, PieceCare)
        .join(PieceCare, PieceCare.purchase_id == Purchase.id)
        .join(Relative, Relative.id == PieceCare.wearer_relative_id)
        .where(Relative.linked_customer_id == customer_id, told, owned())
        .where(or_(Purchase.customer_id.is_(None), Purchase.customer_id != customer_id))
    )
    return [(row[0], row[1]) for row in session.execute(wanted.options(*_WHOLE))]


_WHOLE = (joinedload(Purchase.store), joinedload(PieceCare.wearer))
