"""What the pages work with, and how the visit behind an address is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.links import BadLink, Links
from bot.platforms.js_sdk import SubscribeTag
from crm import db
from crm.models import Appointment
from crm.services import appointments
from handlers.context import ShopFacts, patiently
from wording import Wording

# A page may be looked at this long after the visit; then its address leads nowhere.
KEPT_AFTER_VISIT = timedelta(days=30)


@dataclass(frozen=True)
class PageDesk:
    """One process's connections and words.

    `tag`: with which a visitor allows one reminder. `wake_up`: told after a commit which deliveries are new.
    """

    engine: Engine
    sessions: db.Sessions
    clock: Clock
    links: Links
    say: Wording
    shop: ShopFacts
    wecom_account: str
    tag: SubscribeTag
    wake_up: Callable[[list[int]], None]

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A look that changes nothing; raises StorageAway."""
        with patiently(), db.reading(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction; raises StorageAway."""
        with patiently(), self.sessions.begin() as session:
            yield session

    def visit(self, session: Session, token: str, *, lock: bool = False) -> Appointment:
        """The visit behind an address; raises BadLink for a forged one, an unknown one and one long over.

        `lock`: nobody else changes it until the end of the transaction.
        """
        number = self.links.number_of(token)
        locked = select(Appointment).where(Appointment.number == number).with_for_update()
        found = session.scalar(locked) if lock else appointments.by_number(session, number)
        if found is None or found.ends_at + KEPT_AFTER_VISIT < self.clock.now():
            raise BadLink("visit")
        return found
