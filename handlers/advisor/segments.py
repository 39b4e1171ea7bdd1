"""分层 C0001, 为什么 C0001: where a customer stands, with the figures that say why."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy.orm import Session

from bot.messages import IncomingMessage, Reply, Text
from bot.router import CARD, Router
from crm.actors import Actor
from crm.services import audit, customers
from crm.services.membership.policy import Policy
from crm.services.merging import is_erased
from handlers.advisor.commands import about_standing, rest_of
from handlers.advisor.standing import in_words
from handlers.context import ShopFacts
from handlers.filters import staff as by_staff
from wording import Wording

router = Router("segments")


@router.on(by_staff, about_standing)
def why(
    message: IncomingMessage,
    actor: Actor,
    session: Session,
    membership: Policy,
    shop: ShopFacts,
    say: Wording,
    now: datetime,
) -> Reply:
    """By the rights of whoever asks; audited like a profile."""
    card = re.search(rf"{CARD}\s*$", message.text)
    who = card[0].strip() if card else rest_of(message.text)
    if not who:
        return Text(say("membership.standing_how"))
    found = customers.find(session, actor, who)
    if not found:
        return Text(say("advisor.find_none"))
    if len(found) > 1:
        return Text(say("household.name_one"))
    if is_erased(session, found[0]):
        return Text(say("advisor.profile_erased", code=found[0].code))
    audit.note(session, now, actor, "standing", found[0].code)
    head = say("membership.standing_of", name=found[0].name or found[0].code, code=found[0].code)
    return Text("\n".join([head, in_words(session, found[0].id, membership, shop.zone, say, now)]))
