"""What staff read and wrote of a customer, between them and the bot: look-ups, notes, cards, relays; emptied with her.

No table says whom a text is about: it is found by her signs (name, code, phone, numbers of her visits) or by the
message that caused it. A long answer comes in several parts of which one names her: all that one message caused goes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from crm.models import Delivery, InboxRow, Interaction

# Rows opened at once while looking for her name.
PAGE = 500
_BETWEEN = (Interaction.customer_id.is_(None), Interaction.staff_id.is_not(None))
_TO_STAFF = (Delivery.customer_id.is_(None), Delivery.staff_id.is_not(None))
_FROM_STAFF = (InboxRow.channel == "wecom",)
# Where such texts lie, and the moment of each.
Place = tuple[Any, tuple[ColumnElement[bool], ...], InstrumentedAttribute[Any], InstrumentedAttribute[Any]]
PLACES: tuple[Place, ...] = (
    (Interaction, _BETWEEN, Interaction.text, Interaction.at),
    (Delivery, _TO_STAFF, Delivery.body, Delivery.planned_at),
    (InboxRow, _FROM_STAFF, InboxRow.body, InboxRow.received_at),
    (InboxRow, _FROM_STAFF, InboxRow.reply, InboxRow.received_at),
)


def empty(session: Session, signs: Collection[str], keys: Collection[str] = (), since: datetime | None = None) -> None:
    """Empty what carries one of the signs or belongs to one of the messages.

    `since`: nothing older, and nothing that is still to be sent.
    """
    messages = set(keys)
    for place in PLACES:
        messages |= {message_key(row[1]) for row in _texts(session, place, since) if _names(row[2], signs)}
    for place in PLACES:
        model, _, words, _ = place
        found = [
            row[0] for row in _texts(session, place, since) if row[1] in messages or message_key(row[1]) in messages
        ]
        for start in range(0, len(found), PAGE):
            these = update(model).where(model.id.in_(found[start : start + PAGE])).values({words.key: ""})
            session.execute(these, execution_options={"synchronize_session": False})


def message_key(key: str) -> str:
    """The message that a delivery belongs to: its key is "<account>:<message key>:<number>" (`handlers/outbox.py`)."""
    if key.startswith("card:") or key.count(":") < 2:
        return key
    return key.removesuffix(":unsent").split(":", 1)[-1].rsplit(":", 1)[0]


def _texts(session: Session, place: Place, since: datetime | None) -> Iterator[Any]:
    model, where, words, at = place
    wanted = select(model.id, model.key, words).where(*where, words.is_not(None))
    if since is not None:
        wanted = wanted.where(at >= since, *((Delivery.ended_at.is_not(None),) if model is Delivery else ()))
    rows = session.execute(wanted.execution_options(yield_per=PAGE))
    return (row for row in rows if row[2])


def _names(words: Any, signs: Collection[str]) -> bool:
    return any(sign in words for sign in signs)
