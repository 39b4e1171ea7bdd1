"""What staff read and wrote of a customer, between them and the bot: look-ups, notes, cards, relays; emptied with her.

No table says whom a text is about: it is found by her signs (`signs.py`) or by the message that caused it. A long
answer comes in several parts of which one names her: all that one message caused goes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from crm.models import Delivery, DeliveryState, InboxRow, Interaction
from crm.services.privacy.signs import Signs

# Rows opened at once while looking for her name.
PAGE = 500
_BETWEEN = (Interaction.customer_id.is_(None), Interaction.staff_id.is_not(None))
_TO_STAFF = (Delivery.customer_id.is_(None), Delivery.staff_id.is_not(None))
_FROM_STAFF = (InboxRow.channel == "wecom",)
# Where such texts lie, the moment of each, and whose it is.
Place = tuple[
    Any,
    tuple[ColumnElement[bool], ...],
    InstrumentedAttribute[Any],
    InstrumentedAttribute[Any],
    InstrumentedAttribute[Any],
]
PLACES: tuple[Place, ...] = (
    (Interaction, _BETWEEN, Interaction.text, Interaction.at, Interaction.staff_id),
    (Delivery, _TO_STAFF, Delivery.body, Delivery.planned_at, Delivery.staff_id),
    (InboxRow, _FROM_STAFF, InboxRow.body, InboxRow.received_at, InboxRow.person),
    (InboxRow, _FROM_STAFF, InboxRow.reply, InboxRow.received_at, InboxRow.person),
)
# The reason of what is not sent any more.
ERASED = "erased"


def empty(
    session: Session, signs: Signs, now: datetime, keys: Collection[str] = (), since: datetime | None = None
) -> None:
    """Empty what carries one of the signs or belongs to one of the messages; what waits to be sent is not sent.

    `since`: nothing older, and nothing that is still to be sent.
    """
    messages = set(keys)
    for place in PLACES:
        messages |= {
            message_key(key) for _, key, words, member in _texts(session, place, since) if signs.are_in(words, member)
        }
    for place in PLACES:
        model, _, words, _, _ = place
        found = [
            row[0] for row in _texts(session, place, since) if row[1] in messages or message_key(row[1]) in messages
        ]
        for start in range(0, len(found), PAGE):
            these = model.id.in_(found[start : start + PAGE])
            if model is Delivery:
                _skip(session, these, now)
            emptied = update(model).where(these).values({words.key: ""})
            session.execute(emptied, execution_options={"synchronize_session": False})


def _skip(session: Session, these: ColumnElement[bool], now: datetime) -> None:
    """A delivery without its words can't go out."""
    planned = update(Delivery).where(these, Delivery.state == DeliveryState.PLANNED)
    skipped = planned.values(state=DeliveryState.SKIPPED, reason=ERASED, ended_at=now)
    session.execute(skipped, execution_options={"synchronize_session": False})


def message_key(key: str) -> str:
    """The message that a delivery belongs to: its key is "<account>:<message key>:<number>" (`handlers/outbox.py`)."""
    if key.startswith("card:") or key.count(":") < 2:
        return key
    return key.removesuffix(":unsent").split(":", 1)[-1].rsplit(":", 1)[0]


def _texts(session: Session, place: Place, since: datetime | None) -> Iterator[Any]:
    model, where, words, at, member = place
    wanted = select(model.id, model.key, words, member).where(*where, words.is_not(None))
    if since is not None:
        wanted = wanted.where(at >= since, *((Delivery.ended_at.is_not(None),) if model is Delivery else ()))
    rows = session.execute(wanted.execution_options(yield_per=PAGE))
    return (row for row in rows if row[2])
