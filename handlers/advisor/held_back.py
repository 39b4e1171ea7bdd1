"""What an advisor writes in a talk and plainly means for the bot, though it is no command: it is not relayed."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.router import TRADITIONAL
from crm.actors import Actor
from crm.models import Customer, MergedCode
from crm.services import customers
from handlers.advisor.commands import HOUSEHOLD_COMMANDS, LINKING_COMMANDS
from wording import Wording

# What may be the code of a card, wherever it stands.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{2,31}")
# Command words that are followed by whom they are about; the longest first.
ABOUT_SOMEBODY = sorted(
    {"客户", "查", "查询", "顾客", "备注", "记", "记录", *LINKING_COMMANDS, *HOUSEHOLD_COMMANDS}, key=len, reverse=True
)
SHORTEST_NAME = 2


def why_held(session: Session, actor: Actor, text: str, name: str, say: Wording) -> str:
    """The sentence that he reads instead; "" when it may go to the customer, called `name`."""
    words = unicodedata.normalize("NFKC", text).strip()
    tokens = {token.upper() for token in CODE.findall(words)}
    if tokens and (code := _card(session, tokens)):
        return say("advisor.relay_held", code=code, name=name)
    word, who = _beginning(words)
    if len(who) >= SHORTEST_NAME and any(who in one.name for one in customers.find(session, actor, who)):
        return say("advisor.relay_held_name", word=word, name=name)
    return ""


def _card(session: Session, tokens: set[str]) -> str:
    for column in (Customer.code, MergedCode.code):
        found = session.scalar(select(column).where(column.in_(tokens)).limit(1))
        if found:
            return found
    return ""


def _beginning(words: str) -> tuple[str, str]:
    """The command word at the head and what follows it directly: "备注周芸 她嫌贵" → "备注", "周芸"."""
    for word in ABOUT_SOMEBODY:
        for written in (word, word.translate(TRADITIONAL)):
            if words.startswith(written):
                return word, re.split(r"[\s:,]", words.removeprefix(written), maxsplit=1)[0]
    return "", ""
