"""Opting out of marketing and back in, in every spelling a person would use."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.messages import IncomingMessage, Menu, Option, Reply, Text
from bot.router import Router, menu_tap, said
from crm.models import Customer
from crm.services import consents
from crm.services.merging import merges_of
from handlers.customer.wishes import is_to_a_person, mentions_out, wants_in, wants_out
from handlers.dialogue import Dialogue
from handlers.filters import chose, in_talk, when
from handlers.filters import customer as by_customer
from handlers.states import State
from wording import Wording

router = Router("preferences")

UNSUBSCRIBE, REFUND = "preferences:out", "preferences:order"

opting_out = when(lambda visit: wants_out(visit.plain) and not (visit.talking and is_to_a_person(visit.plain)))
opting_in = when(lambda visit: wants_in(visit.plain))
mentioning = when(lambda visit: mentions_out(visit.plain))


@router.on(by_customer, said, opting_out | menu_tap(UNSUBSCRIBE) | chose(State.CHOOSING_OPT_OUT, UNSUBSCRIBE))
def opt_out(
    message: IncomingMessage, customer: Customer, session: Session, dialogue: Dialogue, say: Wording, now: datetime
) -> Reply:
    """Effective in this very transaction; service notices go on, and so does a booking that she is in."""
    if dialogue.state == State.CHOOSING_OPT_OUT:
        dialogue.leave()
    known, hers = _last_word(session, customer, message)
    words = say("customer.opted_out_already" if known is False else "customer.opted_out")
    if known is False and hers:
        return Text(words)
    version = consents.version_of(session, words, now)
    consents.withdraw(session, customer.id, channel=message.channel, at=now, text_version=version, proof=message.key)
    return Text(words)


@router.on(by_customer, said, opting_in)
def opt_in(message: IncomingMessage, customer: Customer, session: Session, say: Wording, now: datetime) -> Reply:
    """She wants to hear from us (again)."""
    known, hers = _last_word(session, customer, message)
    words = say("customer.opted_in_already" if known else "customer.opted_in")
    if known and hers:
        return Text(words)
    version = consents.version_of(session, words, now)
    consents.grant(session, customer.id, channel=message.channel, at=now, text_version=version, proof=message.key)
    return Text(words)


@router.on(by_customer, said, menu_tap(REFUND) | chose(State.CHOOSING_OPT_OUT, REFUND))
def about_an_order(dialogue: Dialogue, say: Wording) -> Reply:
    """It was the order that she wants to give back."""
    dialogue.leave()
    return Text(say("customer.refund_person"))


@router.on(by_customer, said, mentioning, ~in_talk)
def unclear(dialogue: Dialogue, say: Wording) -> Reply:
    """ "退订单怎么办": an order or the messages? Asked, not guessed."""
    options = (
        Option(UNSUBSCRIBE, say("customer.opt_out_choice_messages")),
        Option(REFUND, say("customer.opt_out_choice_order")),
    )
    return Menu(say("customer.opt_out_unclear"), dialogue.offer(State.CHOOSING_OPT_OUT, options))


def _last_word(session: Session, customer: Customer, message: IncomingMessage) -> tuple[bool | None, bool]:
    """Yes, no, or never asked; and whether she said so here herself: no table, and nobody who is one with her."""
    word = consents.latest(session, [customer.id]).get(customer.id)
    alone = all(record.undone_at is not None for record in merges_of(session, customer))
    return (word.granted, alone and word.channel == message.channel) if word else (None, False)
