"""What we remember of a customer is forgotten at her word: one thing, a relative with all of hers, or a whole list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.messages import Reply, Text
from bot.router import Router, said, state
from crm.models import Customer
from crm.services.households import allergies, remembering
from crm.services.households.remembering import Remembered
from crm.services.privacy import own_record
from handlers.context import ShopFacts
from handlers.customer.forget_wishes import (
    GENDER,
    NUMBERED,
    Forgetting,
    forgets_the_list,
    is_about_forgetting,
    to_forget,
)
from handlers.customer.remembered_words import line
from handlers.customer.taking_back import gone_for_good
from handlers.dialogue import NUMBERS, Dialogue
from handlers.filters import customer as by_customer
from handlers.filters import in_talk, when
from handlers.states import BUSY, State
from wording import Wording

router = Router("forgetting")


@router.on(by_customer, said, state(State.FORGETTING), when(lambda visit: bool(NUMBERED.fullmatch(visit.plain))))
def forget_numbered(
    plain: str, session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    """One line of the list that she just read; the numbers of the others stay as they are."""
    found = NUMBERED.fullmatch(plain)
    number = _number(found["number"]) if found else 0
    names: list[str] = dialogue.step.get("names", [])
    wanted = _listed(session, customer, names[number - 1 : number] if number else [])
    if not wanted:
        return Text(say("household.no_such_line"))
    gone_for_good(dialogue, now)
    return _forgotten(wanted, session, customer, _today(shop, now), say)


@router.on(by_customer, said, state(State.FORGETTING), when(lambda visit: forgets_the_list(visit.plain)))
def forget_list(
    session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    """Every line of it; who means everything that the shop has of her reads how that is said."""
    wanted = _listed(session, customer, dialogue.step.get("names", []))
    dialogue.leave()
    if not wanted:
        return Text(say("household.not_remembered"))
    gone_for_good(dialogue, now)
    told = _forgotten(wanted, session, customer, _today(shop, now), say)
    return Text("\n".join([told.content, say("household.erase_hint")]))


@router.on(by_customer, said, when(lambda visit: to_forget(visit.plain) is not None))
def forget_named(
    plain: str, session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    """ "忘记我妈妈的生日"; "忘记我妈妈" takes all that is hers and herself."""
    wish = to_forget(plain)
    assert wish is not None
    today = _today(shop, now)
    gone_for_good(dialogue, now)
    if GENDER in wish.kinds:
        return _gender_forgotten(session, customer, say, now)
    hers = [one for one in remembering.remembered(session, customer) if _is_meant(one, wish)]
    if wish.relation and not wish.kinds:
        lines = [line(one, today, say) for one in hers]
        if remembering.forget_relative(session, customer, wish.relation):
            return Text("\n".join([say("household.forgotten_relative", relation=wish.relation), *lines]))
        return Text(say("household.no_relative", relation=wish.relation))
    return _forgotten(hers, session, customer, today, say) if hers else Text(say("household.not_remembered"))


@router.on(
    by_customer, said, ~in_talk, when(lambda visit: visit.state not in BUSY and is_about_forgetting(visit.plain))
)
def how_to_forget(say: Wording) -> Reply:
    """Plainly about what we remember, but not which: no lecture on jewellery, nothing is forgotten on a guess."""
    return Text(say("household.forget_how"))


def _gender_forgotten(session: Session, customer: Customer, say: Wording, now: datetime) -> Reply:
    if not customer.gender:
        return Text(say("household.not_remembered"))
    own_record.correct_gender(session, customer, "", now)
    return Text(say("privacy.gender_removed"))


def _is_meant(one: Remembered, wish: Forgetting) -> bool:
    if one.of != wish.relation or (wish.kinds and str(one.kind) not in wish.kinds):
        return False
    return not wish.materials or any(allergies.same(one.value, material) for material in wish.materials)


def _listed(session: Session, customer: Customer, names: Sequence[str]) -> list[Remembered]:
    """What is still there of a list."""
    known = {one.name: one for one in remembering.remembered(session, customer)}
    return [known[name] for name in names if name in known]


def _forgotten(wanted: Sequence[Remembered], session: Session, customer: Customer, today: date, say: Wording) -> Text:
    lines = [line(one, today, say) for one in wanted if remembering.forget(session, customer, one.name)]
    return Text("\n".join([say("household.forgotten"), *lines]))


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else NUMBERS[word]


def _today(shop: ShopFacts, now: datetime) -> date:
    return now.astimezone(shop.zone).date()
