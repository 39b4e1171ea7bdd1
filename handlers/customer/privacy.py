"""What the shop keeps of a customer, for herself: to see, to have, to mend, to be forgotten, to hear less."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.links import Links
from bot.messages import IncomingMessage, Menu, Option, Reply, Text
from bot.router import Router, menu_tap, said, state, words
from crm.models import Customer, OccasionKind
from crm.services import consents
from crm.services.customers import masked_phone
from crm.services.erasure import erase
from crm.services.households import keeping
from crm.services.households.days import of_card
from crm.services.households.told import DayTold
from crm.services.names import has_surname
from crm.services.privacy import holds, own_record
from crm.services.privacy.own_record import HERSELF
from handlers.context import ShopFacts
from handlers.customer import privacy_wishes as wishes
from handlers.customer.privacy_words import birthday_words, details, gender_words, summary
from handlers.customer.taking_back import gone_for_good, may_take_back
from handlers.dialogue import Dialogue
from handlers.filters import chose, in_talk, tapped, when
from handlers.filters import customer as by_customer
from handlers.ledger import Place
from handlers.outbox import Outbox
from handlers.states import State
from wording import Wording

router = Router("privacy")

# How long the address of her copy and the code of an erasure are good.
COPY_LIFE, CODE_LIFE = timedelta(hours=24), timedelta(minutes=2)
CODE_DIGITS = 4
RENAME, KEEP_NAME = "own-name:", "own-name-keep"
REMOVE_PHONE, KEEP_PHONE = "own-phone:remove", "own-phone:keep"

wants_summary = when(lambda visit: wishes.asks_what_is_known(visit.plain))
wants_more = when(lambda visit: wishes.asks_for_more(visit.plain))
wants_copy = when(lambda visit: wishes.wants_copy(visit.plain))
wants_erasure = when(lambda visit: wishes.wants_erasure(visit.plain))
wants_fewer = when(lambda visit: wishes.wants_fewer(visit.plain))
wants_normal = when(lambda visit: wishes.wants_normal(visit.plain))
forgets_all = when(lambda visit: visit.state != State.FORGETTING and wishes.wants_all_forgotten(visit.plain))
removes_phone = when(lambda visit: wishes.removes_phone(visit.plain))
mends_gender = when(lambda visit: wishes.mends_gender(visit.plain))
mends_phone = when(lambda visit: wishes.mends_phone(visit.plain))
says_name_is_wrong = when(lambda visit: wishes.says_name_is_wrong(visit.plain))
mends_allergies = when(lambda visit: wishes.says_allergies_are_wrong(visit.plain))
mends_birthday = when(lambda visit: wishes.mends_birthday(visit.plain))
mends_something = when(lambda visit: wishes.asks_to_mend(visit.plain))
says_a_name = when(lambda visit: bool(wishes.new_name(visit.plain)))


@router.on(by_customer, said, state(State.CONFIRMING_ERASURE), words(r"\d{4}"))
def erase_now(
    session: Session,
    customer: Customer,
    dialogue: Dialogue,
    place: Place,
    outbox: Outbox,
    plain: str,
    say: Wording,
    now: datetime,
) -> Reply:
    """Her own act. What is said after it belongs to nobody: neither this message nor the answer is kept with her."""
    step = dialogue.step
    dialogue.go_back()
    if now > datetime.fromisoformat(step["until"]):
        return Text(say("privacy.erase_late"))
    # Two became one, or one two, since she read what goes: she is asked anew.
    if step.get("who") != own_record.merges_of(session, customer):
        return Text(say("privacy.erase_changed"))
    if not secrets.compare_digest(plain, step["code"]):
        return Text(say("privacy.erase_wrong"))
    told = Text(say("privacy.erased_staff", code=customer.code))
    staff = own_record.told_of_erasure(session, customer)
    dialogue.forget()
    held = erase(session, HERSELF, customer, now)
    for member in staff:
        outbox.to_staff(member, told, job="erasure")
    place.conversation_id = None
    return Text(say("privacy.erased_held", count=held) if held else say("privacy.erased"))


@router.on(by_customer, said, state(State.CONFIRMING_ERASURE))
def erase_not(dialogue: Dialogue, plain: str, say: Wording) -> Reply | None:
    """A yes without the code is no yes; anything else stops it, and what is no answer is answered by whose it is."""
    said = dialogue.yes_or_no(plain)
    if said:
        dialogue.enter(State.CONFIRMING_ERASURE, **dialogue.step)
        return Text(say("privacy.erase_code_only", code=dialogue.step["code"]))
    back = dialogue.go_back()
    if said is None and plain not in STOPS:
        return None
    return Text(say("privacy.erase_stopped_back" if back else "privacy.erase_stopped"))


STOPS = frozenset(["取消", "算了", "不删了", "不删", "不要", "不用了", "不", "否", "先不删", "等等"])


@router.on(by_customer, said, wants_erasure | (~in_talk & forgets_all))
def ask_to_erase(session: Session, customer: Customer, dialogue: Dialogue, say: Wording, now: datetime) -> Reply:
    """What goes, what stays and why; nothing happens before the code."""
    code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    who = own_record.merges_of(session, customer)
    dialogue.interrupt(State.CONFIRMING_ERASURE, code=code, until=(now + CODE_LIFE).isoformat(), who=who)
    held = len(holds.lines_of(session, customer.id, now))
    parts = [say("privacy.erase"), say("privacy.erase_held", count=held) if held else ""]
    return Text("\n".join(filter(None, [*parts, say("privacy.erase_code", code=code)])))


@router.on(by_customer, said, wants_copy)
def copy(session: Session, customer: Customer, links: Links, say: Wording, now: datetime) -> Reply:
    """An address that holds a day; what she does there is audited."""
    mark = own_record.mark_of(session, customer)
    return Text(say("privacy.copy", link=links.copy(customer.id, mark, now + COPY_LIFE)))


@router.on(by_customer, said, wants_summary)
def known(
    session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    dialogue.enter(State.READING_OWN_RECORD)
    own = own_record.own_record(session, customer, now.astimezone(shop.zone).date(), now)
    return Text(summary(own, shop.zone, say))


@router.on(by_customer, said, state(State.READING_OWN_RECORD, State.FORGETTING), wants_more)
def more(
    session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    """Also below one of the lists of what we remember, which stays open: those are part of it."""
    if dialogue.state == State.READING_OWN_RECORD:
        dialogue.leave()
    return Text(details(own_record.own_record(session, customer, now.astimezone(shop.zone).date(), now), say))


@router.on(by_customer, said, tapped(RENAME) | chose(State.CORRECTING_NAME) | tapped(KEEP_NAME))
def name_chosen(
    session: Session, customer: Customer, dialogue: Dialogue, choice: str, say: Wording, now: datetime
) -> Reply:
    """What a tap carries was written by us, but need not have been: it is held to the rules of names again."""
    dialogue.leave()
    new = choice.removeprefix(RENAME)
    if not choice.startswith(RENAME) or not wishes.is_name(new):
        return Text(say("privacy.name_kept"))
    return _renamed(session, customer, new, say, now)


@router.on(by_customer, said, ~in_talk, says_a_name)
def name(session: Session, customer: Customer, dialogue: Dialogue, plain: str, say: Wording, now: datetime) -> Reply:
    """Where no name stands, a name with a known surname is taken at once; anything else is asked about."""
    new = wishes.new_name(plain)
    if new == customer.name or (not customer.name and has_surname(new)):
        return _renamed(session, customer, new, say, now)
    options = (Option(f"{RENAME}{new}", say("privacy.name_yes", name=new)), Option(KEEP_NAME, say("privacy.name_no")))
    offered = dialogue.offer(State.CORRECTING_NAME, options)
    if not customer.name:
        return Menu(say("privacy.name_ask", name=new), offered)
    return Menu(say("privacy.name_choose", before=customer.name, name=new), offered)


@router.on(by_customer, said, mends_birthday)
def birthday(session: Session, customer: Customer, shop: ShopFacts, plain: str, say: Wording, now: datetime) -> Reply:
    new = wishes.new_birthday(plain, now.astimezone(shop.zone).date())
    if new is None:
        return Text(say("privacy.birthday_unclear"))
    own_record.correct_birthday(session, customer, new.day, new.calendar, now, leap=new.leap)
    born = of_card(new.day, new.calendar, new.leap)
    assert born is not None
    # What she told of it in other words before would stand beside it.
    keeping.keep(session, customer, DayTold("", OccasionKind.BIRTHDAY, "", born), now)
    return Text(say("privacy.birthday_corrected", birthday=birthday_words(customer)))


@router.on(by_customer, said, ~in_talk, mends_gender)
def gender(session: Session, customer: Customer, dialogue: Dialogue, plain: str, say: Wording, now: datetime) -> Reply:
    new = wishes.new_gender(plain)
    if new is None:
        return Text(say("privacy.gender_how"))
    before = customer.gender
    own_record.correct_gender(session, customer, new, now)
    if not new:
        gone_for_good(dialogue, now)
        return Text(say("privacy.gender_removed"))
    may_take_back(dialogue, [{"table": "customers", "id": customer.id, "column": "gender", "value": before}], now)
    return Text(say("privacy.gender_corrected", gender=gender_words(new, say)))


@router.on(by_customer, said, ~in_talk, removes_phone)
def ask_to_remove_phone(session: Session, customer: Customer, dialogue: Dialogue, say: Wording, now: datetime) -> Reply:
    """She reads what it is for first. What a law wants kept beside a purchase stays."""
    if not customer.phone:
        return Text(say("privacy.phone_none"))
    if holds.lines_of(session, customer.id, now):
        return Text(say("privacy.phone_held"))
    options = (Option(REMOVE_PHONE, say("privacy.phone_yes")), Option(KEEP_PHONE, say("privacy.phone_no")))
    offered = dialogue.offer(State.REMOVING_PHONE, options)
    return Menu(say("privacy.phone_remove", phone=masked_phone(customer.phone)), offered)


@router.on(by_customer, said, menu_tap(REMOVE_PHONE, KEEP_PHONE) | chose(State.REMOVING_PHONE))
def phone_chosen(
    session: Session, customer: Customer, dialogue: Dialogue, choice: str, say: Wording, now: datetime
) -> Reply:
    """Only while she is asked: an old list would take a number that was bound since."""
    asked = dialogue.state == State.REMOVING_PHONE
    dialogue.leave()
    if choice != REMOVE_PHONE or not asked:
        return Text(say("privacy.phone_kept"))
    own_record.remove_phone(session, customer, now)
    gone_for_good(dialogue, now)
    return Text(say("privacy.phone_removed"))


@router.on(by_customer, said, ~in_talk, says_name_is_wrong)
def name_how(say: Wording) -> Reply:
    return Text(say("privacy.name_how"))


@router.on(by_customer, said, ~in_talk, mends_allergies)
def allergies_how(customer: Customer, say: Wording) -> Reply:
    return Text(say("privacy.allergies_how", words=customer.allergies or say("privacy.unknown")))


@router.on(by_customer, said, ~in_talk, mends_phone)
def phone(say: Wording) -> Reply:
    """Never by mere claim: a code that the shop reads out to her proves who she is."""
    return Text(say("privacy.phone_by_binding"))


@router.on(by_customer, said, ~in_talk, mends_something)
def mend(say: Wording) -> Reply:
    return Text(say("privacy.mend"))


@router.on(by_customer, said, ~in_talk, wants_fewer)
def fewer(message: IncomingMessage, session: Session, customer: Customer, say: Wording, now: datetime) -> Reply:
    """One marketing message in a month, from this moment on."""
    if not consents.has_marketing_consent(session, customer.id):
        return Text(say("privacy.fewer_none"))
    if consents.wanting_fewer(session, [customer.id]):
        return Text(say("privacy.fewer_already"))
    return _how_often(consents.withdraw, say("privacy.fewer"), message, session, customer, now)


@router.on(by_customer, said, ~in_talk, wants_normal)
def normal(message: IncomingMessage, session: Session, customer: Customer, say: Wording, now: datetime) -> Reply:
    """Changes something only for somebody who asked for less; who wants none at all since reads that it stays so."""
    if not consents.wanting_fewer(session, [customer.id]):
        granted = consents.has_marketing_consent(session, customer.id)
        return Text(say("privacy.normal_already" if granted else "privacy.fewer_none_yet"))
    wanted = consents.has_marketing_consent(session, customer.id)
    answer = say("privacy.normal") if wanted else say("privacy.normal_without")
    return _how_often(consents.grant, answer, message, session, customer, now)


def _how_often(
    word: Callable[..., None],
    answer: str,
    message: IncomingMessage,
    session: Session,
    customer: Customer,
    now: datetime,
) -> Reply:
    """Keep her word on how often, with the version of the sentence that she reads."""
    version = consents.version_of(session, answer, now, consents.OFTEN)
    told = {"channel": message.channel, "at": now, "text_version": version, "proof": message.key}
    word(session, customer.id, consents.OFTEN, **told)
    return Text(answer)


def _renamed(session: Session, customer: Customer, new: str, say: Wording, now: datetime) -> Reply:
    own_record.correct_name(session, customer, new, now)
    return Text(say("privacy.name_corrected", name=customer.name))
