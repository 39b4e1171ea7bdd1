"""What an advisor writes in a talk and may mean for the bot, though it is no command: it is not relayed unasked."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.router import TRADITIONAL
from crm.actors import Actor
from crm.models import Customer, MergedCode
from crm.services import customers
from crm.when.writing import simplified
from handlers.advisor.commands import HOUSEHOLD_COMMANDS, LINKING_COMMANDS
from wording import Wording

# What may be the code of a card, wherever it stands.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{2,31}")
# Command words that are followed by whom they are about; the longest first.
ABOUT_SOMEBODY = sorted(
    {"客户", "查", "查询", "顾客", "备注", "记", "记录", "分层", *LINKING_COMMANDS, *HOUSEHOLD_COMMANDS},
    key=len,
    reverse=True,
)
SHORTEST_NAME = 2
# Held back whoever is named in it, also a customer whom he may not see: one click sends what was meant for her,
# nothing takes a note back that she has read.
OURS = re.compile(
    r"(?P<word>备注|记一下|保密|分层|阶段(?=\s|[:,])|处理完(?=\s*\d)|(?:不)?是同一人(?=\s*\d)|绑定码|撤销合并|确认合并)"
    r"|(?:为什么|为啥).{0,12}是|(?:客户|顾客).{2,4}是(?!否)"
)
# "给周芸备注：老公买对戒": a note, wherever in the line the word stands.
NOTE = re.compile("备注")
_OPENING = re.compile(r"^[\s/\[(【「『《<#*·•-]+")


def why_held(session: Session, actor: Actor, text: str, name: str, say: Wording) -> str:
    """The sentence that he reads instead; "" when it may go to the customer, called `name`."""
    words = unicodedata.normalize("NFKC", text).strip()
    tokens = {token.upper() for token in CODE.findall(words)}
    if tokens and (code := _card(session, tokens)):
        return say("advisor.relay_held", code=code, name=name)
    word, who = _beginning(words)
    if len(who) >= SHORTEST_NAME and any(who in one.name for one in customers.find(session, actor, who)):
        return say("advisor.relay_held_name", word=word, name=name)
    meant = simplified(_OPENING.sub("", words))
    found = OURS.match(meant) or NOTE.search(meant)
    return say("advisor.relay_held_name", word=found[0], name=name) if found else ""


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
