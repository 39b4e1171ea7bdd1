"""投诉 and 处理完: managers see what is open in their shop and say what was done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.messages import IncomingMessage, Reply, Text
from bot.router import Router
from crm.actors import Actor
from crm.errors import Invalid, NotAllowed, NotFound
from crm.models import Role
from crm.services.households import satisfaction
from handlers.advisor.commands import COMPLAINTS, SETTLED, first_word, rest_of, spelled
from handlers.context import ShopFacts
from handlers.filters import staff as by_staff
from handlers.outbox import Outbox
from handlers.speech import as_said
from wording import Wording

router = Router("complaints")

# Lines of one message, and characters of a customer's words in each.
LISTED, SHOWN = 10, 60


@router.on(by_staff, spelled(*COMPLAINTS))
def listed(actor: Actor, session: Session, shop: ShopFacts, say: Wording) -> Reply:
    """The oldest first."""
    if actor.role == Role.ADVISOR:
        return Text(say("household.close_not_allowed"))
    found = satisfaction.open_complaints(session, actor)
    if not found:
        return Text(say("household.complaints_none"))
    lines = [
        say(
            "household.complaints_line",
            number=one.id,
            at=f"{one.at.astimezone(shop.zone):%m-%d %H:%M}",
            name=one.customer.name or one.customer.code,
            code=one.customer.code,
            words=one.words[:SHOWN],
        )
        for one in found[:LISTED]
    ]
    return Text("\n".join([say("household.complaints_head", count=len(found)), *lines, say("household.close_how")]))


@router.on(by_staff, spelled(*SETTLED))
def close(
    message: IncomingMessage,
    actor: Actor,
    session: Session,
    outbox: Outbox,
    shop: ShopFacts,
    say: Wording,
    now: datetime,
) -> Reply:
    """`处理完 12 已道歉`: the customer is told what was done, too."""
    number, remedy = first_word(rest_of(message.text))
    if not number.isdecimal() or not remedy:
        return Text(say("household.close_how"))
    try:
        closed = satisfaction.close(session, actor, int(number), remedy, now)
    except NotAllowed:
        return Text(say("household.close_not_allowed"))
    except (NotFound, Invalid):
        return Text(say("household.close_none"))
    store = closed.store.name if closed.store else shop.name
    told = say("household.complaint_closed_told", store=store, remedy=as_said(remedy))
    outbox.serve(closed.customer_id, Text(told), job="complaint_closed")
    return Text(say("household.close_done", number=closed.id, remedy=remedy))
