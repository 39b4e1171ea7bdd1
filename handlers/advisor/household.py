"""详情: the long view of a customer, and what her advisor enters there: stage of life, relatives, surprises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.messages import IncomingMessage, Reply, Text
from bot.router import Router
from crm.actors import Actor
from crm.errors import Invalid, NotFound
from crm.models import Customer
from crm.services import consents, customers
from crm.services.households import pieces, whole
from crm.services.households.pieces import HouseholdPiece
from crm.services.households.relations import KEPT_AS
from crm.services.households.wearing import named_day
from crm.services.merging import is_erased
from handlers.advisor.commands import DETAIL, RELATIVE, STAGE, SURPRISE, first_word, rest_of, spelled
from handlers.advisor.household_words import in_words
from handlers.context import ShopFacts
from handlers.filters import staff as by_staff
from wording import Wording

router = Router("advisor_household")

Act = Callable[[Customer], str]
# Written for "no customer", as keyboards have it.
NOBODY = ("-", "－", "—", "——")
# Bytes of one message; the platform cuts at 2,048.
MESSAGE_BYTES = 1900


@router.on(by_staff, spelled(*DETAIL))
def long_view(
    message: IncomingMessage, actor: Actor, session: Session, shop: ShopFacts, say: Wording, now: datetime
) -> Sequence[Reply]:
    """Everything about her, in as many messages as it takes."""

    def told(customer: Customer) -> str:
        seen = whole.whole(session, actor, customer, now)
        word = consents.latest(session, [customer.id]).get(customer.id)
        return in_words(seen, word.granted if word else None, shop.zone, now, say)

    shown = _about(rest_of(message.text), "household.detail_how", session, actor, say, told)
    return [Text(part) for part in in_messages(shown.content)]


@router.on(by_staff, spelled(*STAGE))
def stage(
    message: IncomingMessage, actor: Actor, session: Session, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    """`阶段 C0001 备婚`."""
    who, words = first_word(rest_of(message.text))

    def begun(customer: Customer) -> str:
        whole.begin_stage(session, actor, customer, words, now.astimezone(shop.zone).date(), now)
        return say("household.stage_done", name=customer.name or customer.code, stage=words)

    return _about(who if words else "", "household.stage_how", session, actor, say, begun)


@router.on(by_staff, spelled(*RELATIVE))
def relative(message: IncomingMessage, actor: Actor, session: Session, say: Wording, now: datetime) -> Reply:
    """`家人 C0001 太太 C0002`: from then on no surprise of his reaches her. `家人 C0001 太太 -` takes it back."""
    who, rest = first_word(rest_of(message.text))
    relation, other = first_word(rest)
    nobody = other in NOBODY

    def linked(customer: Customer) -> str:
        if nobody:
            was = whole.unlink(session, actor, customer, KEPT_AS[relation], now)
            key = "household.unlinked" if was else "household.not_linked"
            return say(key, name=customer.name or customer.code, relation=KEPT_AS[relation])
        found = customers.find(session, actor, other)
        linked_to = next((one for one in found if one.code == other.upper()), None)
        if linked_to is not None and is_erased(session, linked_to):
            return say("advisor.profile_erased", code=linked_to.code)
        row = whole.link(session, actor, customer, KEPT_AS[relation], other.upper(), now)
        called = linked_to.name if linked_to is not None and linked_to.name else other.upper()
        return say("household.linked", name=customer.name or customer.code, relation=row.relation, other=called)

    complete = other and relation in KEPT_AS
    return _about(who if complete else "", "household.link_how", session, actor, say, linked)


@router.on(by_staff, spelled(*SURPRISE))
def surprise(
    message: IncomingMessage, actor: Actor, session: Session, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    """`保密 C0001 2 12月24日`: the second piece of the long view. `保密 C0001 2 -` ends it."""
    who, rest = first_word(rest_of(message.text))
    number, day = first_word(rest)
    today = now.astimezone(shop.zone).date()
    ends = day in NOBODY
    until = today if ends else named_day(day.removeprefix("到"), today)

    def hidden(customer: Customer) -> str:
        assert until is not None
        listed = pieces.of_household(session, customer.id)
        if not 0 < int(number) <= len(listed):
            return say("household.hide_no_piece", number=number, code=customer.code)
        if until <= today and not ends:
            return say("household.hide_day_gone", day=f"{until:%Y-%m-%d}")
        before = _secret_until(listed[int(number) - 1], today)
        piece = whole.hide_piece(session, actor, customer, int(number), until, now)
        return _hidden_words(piece, before, None if ends else until, customer, say)

    complete = number.isdecimal() and until is not None
    return _about(who if complete else "", "household.hide_how", session, actor, say, hidden)


def _secret_until(piece: HouseholdPiece, today: date) -> date | None:
    return piece.care.surprise_until if piece.care is not None and piece.is_surprise(today) else None


def _hidden_words(
    piece: HouseholdPiece, before: date | None, until: date | None, customer: Customer, say: Wording
) -> str:
    """From whom it is hidden; a giver's own day is not moved without a word about it."""
    name = customer.name or customer.code
    words = {"piece": piece.purchase.name, "name": name, "day": f"{until:%Y-%m-%d}" if until else ""}
    if until is None:
        told = say("household.hidden_ended" if before else "household.hidden_not", **words)
    elif piece.wearer is None:
        told = say("household.hidden", **words)
    else:
        told = say("household.hidden_from_wearer", relation=piece.wearer.relation, **words)
    if piece.wearer is None or before is None or before == until:
        return told
    return told + say("household.hidden_moved", name=name, before=f"{before:%Y-%m-%d}")


def _about(who: str, how: str, session: Session, actor: Actor, say: Wording, act: Act) -> Text:
    """Do it for the one customer that these words name; another advisor's is not found."""
    if not who:
        return Text(say(how))
    found = customers.find(session, actor, who)
    if len(found) > 1:
        return Text(say("household.name_one"))
    if found and is_erased(session, found[0]):
        return Text(say("advisor.profile_erased", code=found[0].code))
    try:
        return Text(act(found[0]) if found else say("advisor.find_none"))
    except NotFound:
        return Text(say("advisor.find_none"))
    except Invalid:
        return Text(say(how))


def in_messages(words: str) -> list[str]:
    """Cut between lines, so that nothing of a long view is lost."""
    parts = [""]
    for line in words.splitlines():
        if parts[-1] and len(f"{parts[-1]}\n{line}".encode()) > MESSAGE_BYTES:
            parts.append("")
        parts[-1] = f"{parts[-1]}\n{line}" if parts[-1] else line
    return parts
