"""The knowledge as it holds now: the written entries with the shop's additions, followed from the database."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from crm import db
from crm.services.learning import additions
from crm.services.learning.additions import Wording
from knowledge import Addition, Knowledge
from knowledge.errors import KnowledgeError

# Seconds between two looks at the version of the additions: what staff add is live everywhere within two.
LOOK_SECONDS = 1.0
# Characters of a title that is made of the answer, when nobody gave one.
TITLE_LENGTH = 20
_CLAUSE = re.compile(r"[，。；！？\n]")

log = structlog.get_logger("knowledge")


class LiveKnowledge:
    """One process's knowledge. `refresh` before each message, then `current` costs nothing.

    The look is one small row, at most once a second, by whichever message comes first; messages that
    come while the additions are put together wait for it, so that nobody gets an answer that was
    taken back. Without a message nothing is looked at, and no thread has to survive a fork.
    """

    def __init__(self, engine: Engine, base: Knowledge, look_seconds: float = LOOK_SECONDS) -> None:
        self.base = base
        self.current = base
        self._engine = engine
        self._look_seconds = look_seconds
        self._lock = threading.Lock()
        self._version = 0
        self._until = 0.0

    def refresh(self) -> None:
        """Follow the database when the last look is too old; raises DBAPIError when it is away."""
        if time.monotonic() < self._until:
            return
        with self._lock:
            if time.monotonic() < self._until:
                return
            with db.reading(self._engine) as session:
                self._follow(session)
            self._until = time.monotonic() + self._look_seconds

    def _follow(self, session: Session) -> None:
        version = additions.overlay_version(session)
        if version != self._version:
            self.current = with_additions(self.base, session)
            self._version = version


def with_additions(base: Knowledge, session: Session) -> Knowledge:
    """The written entries with every addition that holds and can be used; a broken one is logged and left out."""
    usable = list(_usable(base, session))
    if not usable:
        return base
    try:
        return base.with_overlay(usable)
    except KnowledgeError as error:
        log.error("additions do not go together", reason=str(error))
        return base.with_overlay([one for one in usable if _goes(base, one)])


def addition_of(said: Wording, written: Iterable[str]) -> Addition | None:
    """The shop's wording as the knowledge takes it; None for a topic that is nowhere written and says nothing."""
    if said.topic not in written and not said.text:
        return None
    title = said.title or ("" if said.topic in written else _CLAUSE.split(said.text)[0][:TITLE_LENGTH])
    return Addition(said.topic, said.askings, title, said.text, said.long_text, said.off)


def _usable(base: Knowledge, session: Session) -> Iterable[Addition]:
    written = base.topics()
    for stored in additions.in_force(session):
        try:
            addition = addition_of(additions.worded(stored), written)
        except (ValueError, TypeError) as error:
            log.error("addition left out", addition=stored.id, reason=str(error))
            continue
        if addition is not None:
            yield addition


def _goes(base: Knowledge, addition: Addition) -> bool:
    try:
        base.with_overlay([addition])
    except KnowledgeError as error:
        log.error("addition left out", topic=addition.topic, reason=str(error))
        return False
    return True
