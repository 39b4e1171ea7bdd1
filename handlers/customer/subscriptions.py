"""A follower's yes or no to being told once by a subscription notification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.messages import IncomingMessage, Reply, Silence
from bot.router import Router, event
from crm.services import subscriptions
from handlers.filters import customer as by_customer

router = Router("subscriptions")

# Names of the platform inside each node.
TEMPLATE, CHOSEN = "TemplateId", "SubscribeStatusString"


@router.on(by_customer, event("subscribe_msg_popup_event"))
def answered(message: IncomingMessage, session: Session, now: datetime) -> Reply:
    """She was asked on a page or in an article."""
    for choice in listed(message.fields.get("choices")):
        template_id = choice.get(TEMPLATE, "")
        match choice.get(CHOSEN, ""):
            case "accept":
                subscriptions.grant(session, message.account, message.person, template_id, now)
            case "reject":
                subscriptions.refuse(session, message.account, message.person, template_id, now)
            case _:  # banned by the platform, or a word that we do not know
                subscriptions.stop(session, message.account, message.person, template_id, now)
    return Silence()


@router.on(by_customer, event("subscribe_msg_change_event"))
def switched_off(message: IncomingMessage, session: Session, now: datetime) -> Reply:
    """She switched them off where WeChat lists them: what she agreed to before is worth nothing any more."""
    for choice in listed(message.fields.get("choices") or message.fields.get("choices_misnamed")):
        if choice.get(CHOSEN) == "reject":
            subscriptions.stop(session, message.account, message.person, choice.get(TEMPLATE, ""), now)
    return Silence()


def listed(node: Any) -> Iterator[Mapping[str, str]]:
    """What stands in an event's List nodes, of which the platform sends one or several."""
    found = node.get("List", []) if isinstance(node, Mapping) else []
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, Mapping):
            yield {name: value for name, value in one.items() if isinstance(value, str)}
