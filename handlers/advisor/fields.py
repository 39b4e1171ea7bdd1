"""标签 and 字段: what the shop itself notes about a customer, put on her card by her advisor."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy.orm import Session

from bot.messages import IncomingMessage, Reply, Text
from bot.router import Router
from crm.actors import Actor
from crm.errors import Invalid, NotFound
from crm.models import Customer
from crm.services import customers
from crm.services.households import fields
from crm.services.merging import is_erased
from handlers.advisor.commands import FIELD, TAG, first_word, rest_of, spelled
from handlers.filters import staff as by_staff
from wording import Wording

router = Router("advisor_fields")

# "俱乐部=晨跑", with the sign as any keyboard writes it.
ASSIGNED = re.compile(r"(?P<key>[^=＝\s]+)\s*[=＝]\s*(?P<value>.*)")


@router.on(by_staff, spelled(*TAG))
def tag(message: IncomingMessage, actor: Actor, session: Session, say: Wording, now: datetime) -> Reply:
    """`标签 C0001 婚戒客户` puts it on, `标签 C0001 -婚戒客户` takes it off."""
    who, name = first_word(rest_of(message.text))
    on = not name.startswith(("-", "－"))
    name = name.lstrip("-－+＋").strip()
    if not name:
        return Text(_how_to_tag(session, say))
    customer = _one(session, actor, who)
    if customer is None:
        return Text(say("advisor.find_none"))
    if is_erased(session, customer):
        return Text(say("advisor.profile_erased", code=customer.code))
    try:
        fields.put_tag(session, actor, customer, name, now, on=on)
    except (NotFound, Invalid):
        return Text(_how_to_tag(session, say))
    tags = customer.tags.replace(";", "、") or say("advisor.unknown_value")
    return Text(say("household.tagged", name=customer.name or customer.code, tags=tags))


@router.on(by_staff, spelled(*FIELD))
def field(message: IncomingMessage, actor: Actor, session: Session, say: Wording, now: datetime) -> Reply:
    """`字段 C0001 俱乐部=晨跑`; nothing behind the sign empties it."""
    who, words = first_word(rest_of(message.text))
    found = ASSIGNED.fullmatch(words)
    if found is None:
        return Text(_how_to_fill_in(session, say))
    customer = _one(session, actor, who)
    if customer is None:
        return Text(say("advisor.find_none"))
    if is_erased(session, customer):
        return Text(say("advisor.profile_erased", code=customer.code))
    try:
        definition = fields.definition(session, found["key"])
        kept = fields.set_value(session, actor, customer, definition, found["value"], now)
    except (NotFound, Invalid):
        return Text(_how_to_fill_in(session, say))
    value = kept or say("advisor.unknown_value")
    return Text(say("household.filled_in", name=customer.name or customer.code, label=definition.label, value=value))


def _one(session: Session, actor: Actor, who: str) -> Customer | None:
    found = customers.find(session, actor, who)
    return found[0] if len(found) == 1 else None


def _how_to_tag(session: Session, say: Wording) -> str:
    names = "、".join(one.name for one in fields.tags(session))
    return say("household.tag_how", tags=names or say("household.none_defined"))


def _how_to_fill_in(session: Session, say: Wording) -> str:
    labels = "、".join(
        f"{one.label}（{one.choices.replace(';', '/')}）" if one.choices else one.label
        for one in fields.definitions(session)
    )
    return say("household.field_how", fields=labels or say("household.none_defined"))
