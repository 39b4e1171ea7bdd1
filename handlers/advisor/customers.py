"""Who is this customer: look-up by name, phone, last digits or card code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.messages import IncomingMessage, Menu, Option, Reply, Text
from bot.router import Router, command
from crm.actors import Actor
from crm.errors import Invalid, NotFound
from crm.models import Customer, Purchase
from crm.services import customers
from crm.services.households import fields
from crm.services.membership.policy import Policy
from crm.services.merging import is_erased
from crm.services.profiles import Profile, profile
from handlers.advisor.commands import rest_of
from handlers.advisor.fields import ASSIGNED
from handlers.advisor.household_words import do_not_tell
from handlers.advisor.standing import in_words
from handlers.context import ShopFacts
from handlers.dialogue import Dialogue
from handlers.filters import chose, overdue
from handlers.filters import staff as by_staff
from handlers.states import State
from wording import Wording

router = Router("customers")

CUSTOMER = "customer:"
CONSENTS = {
    True: "advisor.profile_consent_yes",
    False: "advisor.profile_consent_no",
    None: "advisor.profile_consent_unasked",
}
# Lines that a phone's screen takes before an advisor stops reading.
PIECES_SHOWN, NOTES_SHOWN, SAID_SHOWN = 6, 5, 40


@router.on(by_staff, command("客户", "查", "查询", "/客户", "/查", "顾客"))
def find(
    message: IncomingMessage,
    actor: Actor,
    session: Session,
    dialogue: Dialogue,
    membership: Policy,
    shop: ShopFacts,
    say: Wording,
    now: datetime,
) -> Reply:
    """One found is shown, several are offered; another advisor's customer is not found."""
    words = rest_of(message.text)
    if not words:
        return Text(say("advisor.find_how"))
    found = _found(session, actor, words)
    if not found:
        return Text(say("advisor.find_none"))
    if len(found) == 1:
        return _one(found[0], actor, session, membership, shop, say, now)
    return _several(found, dialogue, say)


@router.on(by_staff, chose(State.CHOOSING_CUSTOMER))
def chosen(
    choice: str,
    actor: Actor,
    session: Session,
    dialogue: Dialogue,
    membership: Policy,
    shop: ShopFacts,
    say: Wording,
    now: datetime,
) -> Reply:
    dialogue.leave()
    try:
        customer = customers.by_code(session, actor, choice.removeprefix(CUSTOMER))
    except NotFound:
        return Text(say("advisor.find_none"))
    return _one(customer, actor, session, membership, shop, say, now)


def _one(
    customer: Customer,
    actor: Actor,
    session: Session,
    membership: Policy,
    shop: ShopFacts,
    say: Wording,
    now: datetime,
) -> Reply:
    """Nobody is followed up who wanted to be forgotten."""
    if is_erased(session, customer):
        return Text(say("advisor.profile_erased", code=customer.code))
    standing = in_words(session, customer.id, membership, shop.zone, say, now)
    return shown(profile(session, actor, customer, now), standing, shop, say, now.astimezone(shop.zone).date())


@router.on(by_staff, overdue(State.CHOOSING_CUSTOMER, State.CHOOSING_WAITING))
def too_late(dialogue: Dialogue, say: Wording) -> Reply:
    dialogue.leave()
    return Text(say("advisor.choice_over"))


def _found(session: Session, actor: Actor, words: str) -> Sequence[Customer]:
    """By the shop's own fields and tags ("俱乐部=晨跑", "标签=婚戒客户"), else by name and number."""
    asked = ASSIGNED.fullmatch(words)
    if asked is None:
        return customers.find(session, actor, words)
    try:
        return fields.find(session, actor, asked["key"], asked["value"])
    except (NotFound, Invalid):
        return ()


def _several(found: Sequence[Customer], dialogue: Dialogue, say: Wording) -> Reply:
    options = tuple(
        Option(
            f"{CUSTOMER}{customer.code}",
            say(
                "advisor.find_line",
                name=customer.name,
                code=customer.code,
                phone=customers.masked_phone(customer.phone),
            ),
        )
        for customer in found[:9]
    )
    head = say("advisor.find_several", count=len(found))
    return Menu(head, dialogue.offer(State.CHOOSING_CUSTOMER, options))


def shown(seen: Profile, standing: str, shop: ShopFacts, say: Wording, today: date) -> Reply:
    """A customer at a glance, the phone masked; `standing`: where she stands, in words."""
    parts = [
        say("advisor.profile_head", name=seen.customer.name or seen.customer.code, code=seen.customer.code),
        _basics(seen, say),
        _pieces(seen, shop, say, today),
        _totals(seen, shop, say),
        standing,
        say(CONSENTS[seen.marketing_consent]),
        _notes(seen.customer.notes, say),
        _last_said(seen, shop, say),
        say("household.detail_hint", code=seen.customer.code),
    ]
    return Text("\n".join(part for part in parts if part))


def _basics(seen: Profile, say: Wording) -> str:
    customer, unknown = seen.customer, say("advisor.unknown_value")
    return say(
        "advisor.profile_basics",
        phone=seen.phone or unknown,
        birthday=_birthday(customer) or unknown,
        ring_size=customer.ring_size or unknown,
        allergies=customer.allergies or unknown,
        preferences=customer.preferences or unknown,
        tags="、".join(seen.tags) or unknown,
        store=seen.store.name if seen.store else unknown,
        advisor=seen.advisor.name if seen.advisor else unknown,
    )


def _birthday(customer: Customer) -> str:
    if customer.birthday and customer.birthday_calendar == "lunar":
        return f"农历{'闰' if customer.birthday_leap_month else ''} {customer.birthday}"
    return customer.birthday


def _pieces(seen: Profile, shop: ShopFacts, say: Wording, today: date) -> str:
    if not seen.pieces:
        return ""
    lines = [_piece(piece, seen.secrets.get(piece.id), shop, say, today) for piece in seen.pieces[:PIECES_SHOWN]]
    if len(seen.pieces) > PIECES_SHOWN:
        lines.append(say("advisor.profile_more", count=len(seen.pieces) - PIECES_SHOWN))
    return "\n".join([say("advisor.profile_pieces", count=len(seen.pieces)), *lines])


def _piece(piece: Purchase, secret: date | None, shop: ShopFacts, say: Wording, today: date) -> str:
    bought = f"{piece.purchased_at.astimezone(shop.zone):%Y-%m-%d}"
    store = piece.store.name if piece.store else ""
    told = say("advisor.profile_piece", name=piece.name, bought=bought, store=store)
    return f"{told}（{do_not_tell(secret, today, say)}）" if secret is not None and today < secret else told


def _totals(seen: Profile, shop: ShopFacts, say: Wording) -> str:
    if seen.last_purchase_at is None:
        return say("advisor.profile_never")
    last = f"{seen.last_purchase_at.astimezone(shop.zone):%Y-%m-%d}"
    return say("advisor.profile_totals", amount=f"{seen.kept_fen / 100:,.0f}", count=len(seen.pieces), last=last)


def _notes(notes: str, say: Wording) -> str:
    lines = notes.splitlines()[-NOTES_SHOWN:]
    return "\n".join([say("advisor.profile_notes"), *lines]) if lines else ""


def _last_said(seen: Profile, shop: ShopFacts, say: Wording) -> str:
    said = next((one for one in seen.interactions if one.direction == "in" and one.kind == "text"), None)
    if said is None:
        return ""
    return say("advisor.profile_last", words=said.text[:SAID_SHOWN], at=f"{said.at.astimezone(shop.zone):%m-%d %H:%M}")
