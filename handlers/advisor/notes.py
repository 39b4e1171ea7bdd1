"""A note on a customer, in one line or in two steps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.messages import IncomingMessage, Reply, Text
from bot.router import Router, command, said, state, words
from crm.actors import Actor
from crm.errors import Invalid, NotFound
from crm.models import Customer
from crm.services import customers, history
from crm.services.merging import is_erased
from handlers.advisor.commands import rest_of
from handlers.context import ShopFacts
from handlers.dialogue import Dialogue
from handlers.filters import staff as by_staff
from handlers.filters import when
from handlers.states import State
from wording import Wording

router = Router("notes")

# What other commands take for "nothing"; as a note it would say nothing.
NOTHING = ("-", "－", "—", "——")


@router.on(by_staff, state(State.WRITING_NOTE), words("取消|算了|不记了"))
def cancel(dialogue: Dialogue, say: Wording) -> Reply:
    dialogue.leave()
    return Text(say("advisor.note_cancelled"))


@router.on(by_staff, command("备注", "记", "记录", "/备注", "/记"))
def note(
    message: IncomingMessage,
    actor: Actor,
    session: Session,
    dialogue: Dialogue,
    shop: ShopFacts,
    say: Wording,
    now: datetime,
) -> Reply:
    """`备注 C0001 …`; without words the note is asked for."""
    who, _, text = rest_of(message.text).partition(" ")
    if not who:
        return Text(say("advisor.note_how"))
    found = customers.find(session, actor, who)
    if len(found) != 1:
        return Text(say("advisor.find_none" if not found else "advisor.note_how"))
    if text.strip() in NOTHING:
        return Text(say("advisor.note_how"))
    if text.strip():
        return _write(found[0], text.strip(), actor, session, shop, say, now)
    dialogue.enter(State.WRITING_NOTE, customer=customers.asked_for(session, found[0]))
    return Text(say("advisor.note_what", name=found[0].name, code=found[0].code))


@router.on(by_staff, state(State.WRITING_NOTE), said)
def written(
    message: IncomingMessage,
    actor: Actor,
    session: Session,
    dialogue: Dialogue,
    shop: ShopFacts,
    say: Wording,
    now: datetime,
) -> Reply:
    """The words of the note that was begun; rights are looked at again."""
    code = str(dialogue.step.get("customer", ""))
    dialogue.leave()
    try:
        customer = customers.by_code(session, actor, code)
    except NotFound:
        return Text(say("advisor.find_none"))
    return _write(customer, message.text.strip(), actor, session, shop, say, now)


@router.on(by_staff, said, when(lambda visit: visit.dialogue.overdue == State.WRITING_NOTE))
def too_late(dialogue: Dialogue, say: Wording) -> Reply:
    """What he writes now may be no note any more: said, not stored."""
    dialogue.leave()
    return Text(say("advisor.note_over"))


def _write(
    customer: Customer, text: str, actor: Actor, session: Session, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    if is_erased(session, customer):
        return Text(say("advisor.profile_erased", code=customer.code))
    try:
        history.add_note(session, actor, customer, text, now, shop.zone)
    except Invalid:
        return Text(say("advisor.note_refused"))
    return Text(say("advisor.note_done", name=customer.name, code=customer.code, words=text))
