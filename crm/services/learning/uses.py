"""How often each entry served: counted with the message that it served, read as sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from crm.models import EntryUse
from crm.prepared import Prepared

Use = Literal["answered", "offered", "chosen", "liked", "disliked"]
USES: tuple[Use, ...] = ("answered", "offered", "chosen", "liked", "disliked")
# Rows of one entry and day: customers who ask the same at once wait for each other in one of eight cases.
SLOTS = 8


def _statement() -> Prepared:
    """Both databases understand this form of "insert or count up", so one statement serves them."""
    made = postgresql.insert(EntryUse)
    sums = {use: getattr(EntryUse, use) + made.excluded[use] for use in USES}
    return Prepared(
        made.on_conflict_do_update(index_elements=["topic", "day", "slot"], set_=sums), ["topic", "day", "slot", *USES]
    )


COUNT = _statement()


@dataclass(frozen=True, slots=True)
class Sums:
    """What one entry did in a time."""

    answered: int = 0
    offered: int = 0
    chosen: int = 0
    liked: int = 0
    disliked: int = 0

    @property
    def used(self) -> int:
        """How often it was read."""
        return self.answered + self.chosen


def count(connection: Connection, conversation_id: int, day: date, use: Use, topics: Iterable[str]) -> None:
    """Count one use of each of these entries."""
    place: dict[str, object] = {"day": day, "slot": conversation_id % SLOTS}
    place.update({one: int(one == use) for one in USES})
    # In order, so that two messages about the same two entries never wait for each other in a circle.
    COUNT.run(connection, *({"topic": topic, **place} for topic in sorted(set(topics))))


def sums(session: Session, since: date) -> Mapping[str, Sums]:
    """Every entry that was counted since that day."""
    wanted = select(EntryUse.topic, *(func.sum(getattr(EntryUse, use)) for use in USES)).where(EntryUse.day >= since)
    return {topic: Sums(*map(int, counts)) for topic, *counts in session.execute(wanted.group_by(EntryUse.topic))}
