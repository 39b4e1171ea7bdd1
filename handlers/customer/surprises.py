"""Gifts and surprises: whom a piece is for, and until when that person hears nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.messages import Menu, Option, Reply, Text
from bot.router import Router, said, state
from crm.models import Customer, Purchase
from crm.services.households import pieces
from crm.services.households.pieces import HouseholdPiece
from crm.services.households.relations import KEPT_AS
from crm.services.households.wearing import (
    day_of_secret,
    ends_secret,
    named_day,
    wants_secret,
    wearer_in,
    wears_herself,
)
from handlers.context import ShopFacts, Visit
from handlers.customer.jewellery import LISTED, label, start_of
from handlers.dialogue import Dialogue
from handlers.filters import chose, overdue, tapped, when
from handlers.filters import customer as by_customer
from handlers.states import BUSY, State
from wording import Wording

router = Router("surprises")

# A piece that shall be a secret, or more of the list, with whom it is for and until when: "gift:7:太太:2026-12-24".
GIFT, MORE_GIFTS = "gift:", "gifts-from:"
# What may follow the passport of a piece: whom it is for, and until when that is a secret.
about_the_wearer = when(lambda visit: wearer_in(visit.plain, visit.now.date()) is not None)
about_the_secret = when(lambda visit: wants_secret(visit.plain))
about_the_end = when(lambda visit: ends_secret(visit.plain))
hers_after_all = when(lambda visit: wears_herself(visit.plain))
a_day_as_asked = when(
    lambda visit: bool(visit.dialogue.step.get("until_when")) and named_day(visit.plain, visit.now.date()) is not None
)
about_a_secret = when(lambda visit: wants_secret(visit.plain) or _names_a_surprise(visit))
not_busy = when(lambda visit: visit.state not in BUSY)


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom a piece is for ("": she did not say) and until when that is a secret."""

    relation: str
    until: date | None

    def written(self) -> str:
        """As the id of an option carries it."""
        return f":{self.relation}:{self.until.isoformat() if self.until else ''}"


def _names_a_surprise(visit: Visit) -> bool:
    named = wearer_in(visit.plain, visit.now.date())
    return named is not None and named.secret


@router.on(by_customer, said, state(State.VIEWING_PIECE), about_the_wearer)
def for_somebody(
    plain: str, session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply | None:
    """She bought it for somebody: kept with the piece; how to make it a surprise is said below."""
    named = wearer_in(plain, _today(shop, now))
    piece = _viewed(session, customer, dialogue, shop, now)
    if piece is None or named is None:
        return None
    pieces.give_to(session, piece, named.relation, now)
    if named.secret:
        return _secret(session, piece, named.day, dialogue, _today(shop, now), say)
    care = pieces.care_of(session, piece)
    words = {"piece": piece.name, "relation": named.relation}
    if care.surprise_until is not None and pieces.is_secret(care, _today(shop, now)):
        return Text(say("household.for_somebody_secret", day=_date(care.surprise_until), **words))
    return Text(say("household.for_somebody", **words))


@router.on(by_customer, said, state(State.VIEWING_PIECE), about_the_secret | a_day_as_asked)
def secret(
    plain: str, session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply | None:
    """Nobody but her hears of it until that day."""
    piece = _viewed(session, customer, dialogue, shop, now)
    today = _today(shop, now)
    day = day_of_secret(plain, today) or (named_day(plain, today) if not wants_secret(plain) else None)
    return None if piece is None else _secret(session, piece, day, dialogue, today, say)


@router.on(by_customer, said, state(State.VIEWING_PIECE), hers_after_all)
def hers_herself(
    session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply | None:
    """For nobody else, so that there is nobody from whom it could be a secret."""
    piece = _viewed(session, customer, dialogue, shop, now)
    if piece is None:
        return None
    pieces.keep_herself(session, piece)
    return Text(say("household.for_herself", piece=piece.name))


@router.on(by_customer, said, not_busy, about_the_end)
def secret_ended(
    session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply | None:
    """Of the piece whose passport is open, else of the only secret that she keeps."""
    today = _today(shop, now)
    opened = _viewed(session, customer, dialogue, shop, now) if dialogue.state == State.VIEWING_PIECE else None
    kept = [piece.purchase for piece in _own(session, customer, today) if piece.is_surprise(today)]
    if opened is not None and opened not in kept:
        return Text(say("household.secret_none", piece=opened.name))
    ended = opened or (kept[0] if len(kept) == 1 else None)
    if ended is not None:
        pieces.keep_secret(session, ended, today)
        return Text(say("household.secret_ended", piece=ended.name))
    return Text(say("household.secret_ended_which")) if kept else None


@router.on(by_customer, said, not_busy, about_a_secret)
def which_is_secret(
    plain: str, session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    """No passport is open: which piece? Until she has chosen nothing is a secret, and she reads so."""
    today = _today(shop, now)
    named = wearer_in(plain, today)
    until = named.day if named else day_of_secret(plain, today)
    own = _own(session, customer, today)
    if not own:
        return Text(say("household.secret_no_piece"))
    return _ask_which(own, 0, Wish(named.relation if named else "", until), dialogue, shop, say)


@router.on(by_customer, said, tapped(GIFT) | tapped(MORE_GIFTS) | chose(State.CHOOSING_GIFT))
def gift_chosen(
    choice: str, session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    """The piece that shall be a secret; a tap carries the whole wish, so that an old list means what it says."""
    today = _today(shop, now)
    own = _own(session, customer, today)
    number, wish = _wish(choice)
    if choice.startswith(MORE_GIFTS):
        return _ask_which(own, start_of(number, own), wish, dialogue, shop, say)
    piece = next((one.purchase for one in own if str(one.purchase.id) == number), None)
    if piece is None:
        dialogue.leave()
        return Text(say("household.piece_gone"))
    dialogue.enter(State.VIEWING_PIECE, piece=piece.id)
    if wish.relation:
        pieces.give_to(session, piece, wish.relation, now)
    return _secret(session, piece, wish.until, dialogue, today, say)


@router.on(by_customer, said, overdue(State.CHOOSING_GIFT))
def gift_too_late(dialogue: Dialogue, say: Wording) -> Reply:
    dialogue.leave()
    return Text(say("household.gift_choice_over"))


def _secret(
    session: Session, piece: Purchase, until: date | None, dialogue: Dialogue, today: date, say: Wording
) -> Reply:
    """Kept until that day; where no day that is to come was said she is asked, and reads what holds meanwhile."""
    care = pieces.care_of(session, piece)
    if care.wearer is None:
        return Text(say("household.secret_whose", piece=piece.name))
    words = {"piece": piece.name, "relation": care.wearer.relation}
    if until is not None and until > today:
        pieces.keep_secret(session, piece, until)
        return Text(say("household.secret", day=_date(until), **words))
    dialogue.enter(State.VIEWING_PIECE, **{**dialogue.step, "until_when": True})
    gone = say("household.secret_day_gone", day=_date(until)) if until is not None else ""
    if care.surprise_until is not None and pieces.is_secret(care, today):
        return Text(gone + say("household.secret_already", day=_date(care.surprise_until), **words))
    return Text(gone + say("household.secret_until_when", piece=piece.name))


def _viewed(
    session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, now: datetime
) -> Purchase | None:
    """The piece whose passport is open, if it was bought on her own card."""
    shown = pieces.shown_to(session, customer.id, _today(shop, now))
    found = next((piece for piece in shown if piece.purchase.id == dialogue.step.get("piece")), None)
    return None if found is None or found.was_given else found.purchase


def _ask_which(
    own: Sequence[HouseholdPiece], start: int, wish: Wish, dialogue: Dialogue, shop: ShopFacts, say: Wording
) -> Reply:
    options = [
        Option(f"{GIFT}{piece.purchase.id}{wish.written()}", label(piece, shop, say))
        for piece in own[start : start + LISTED]
    ]
    rest = len(own) - start - LISTED
    if rest > 0:
        options.append(
            Option(f"{MORE_GIFTS}{start + LISTED}{wish.written()}", say("household.more_pieces", count=rest))
        )
    return Menu(
        say("household.secret_which"), dialogue.offer(State.CHOOSING_GIFT, options), say("household.secret_which_tail")
    )


def _wish(choice: str) -> tuple[str, Wish]:
    """The number of a piece, or where the list goes on, and the wish that an option carries; none of it is trusted."""
    number, relation, day = (*choice.partition(":")[2].split(":"), "", "", "")[:3]
    return number, Wish(relation if relation in KEPT_AS else "", _day(day))


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _own(session: Session, customer: Customer, today: date) -> list[HouseholdPiece]:
    """What was bought on her own card: of that she may make gifts."""
    return [piece for piece in pieces.shown_to(session, customer.id, today) if not piece.was_given]


def _date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _today(shop: ShopFacts, now: datetime) -> date:
    return now.astimezone(shop.zone).date()
