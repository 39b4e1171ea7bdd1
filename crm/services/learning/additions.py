"""The shop's own answers beside the written ones: versions that are only added, and taken back one by one.

Invalid
├── TakenBack   this version was taken back before
└── Newer       a later version of the topic holds: it goes first
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session, aliased

from crm.actors import Actor
from crm.errors import Invalid, KeyMissing, NotAllowed, NotFound
from crm.models import KnowledgeAddition, KnowledgeOverlay, Role
from crm.services import audit
from crm.services.learning import questions

# Different ways of asking that one topic takes from the shop; more make it no surer.
MOST_ASKINGS = 60
TEACHERS = frozenset({Role.MANAGER, Role.HEADQUARTERS, "operator"})

log = structlog.get_logger("knowledge")


class TakenBack(Invalid):
    """It was taken back before."""


class Newer(Invalid):
    """A later version holds; `holding` is its number."""

    def __init__(self, addition_id: int, holding: int) -> None:
        super().__init__(f"{holding} came after {addition_id}: take that one back first.")
        self.holding = holding


@dataclass(frozen=True, slots=True)
class Wording:
    """What the shop says about one topic; empty parts leave what is written."""

    topic: str
    title: str = ""
    askings: tuple[str, ...] = ()
    text: str = ""
    long_text: str = ""
    off: bool = False
    source: str = ""
    checked: date | None = None


def may_teach(actor: Actor) -> bool:
    """Managers, headquarters and the operator; advisors read."""
    return actor.role in TEACHERS


def overlay_version(session: Session) -> int:
    """Grows with every change: one small row, so that every process may look often."""
    return session.scalar(select(KnowledgeOverlay.version).where(KnowledgeOverlay.id == 1)) or 0


def in_force(session: Session) -> list[KnowledgeAddition]:
    """The additions that hold, oldest first. One that can't be opened any more is logged and left out."""
    wanted = select(KnowledgeAddition).where(_holds()).order_by(KnowledgeAddition.id)
    try:
        return list(session.scalars(wanted))
    except KeyMissing:
        session.expunge_all()
        return list(_those_that_open(session, wanted))


def of_topic(session: Session, topic: str) -> KnowledgeAddition | None:
    """The version of this topic that holds."""
    return session.scalar(select(KnowledgeAddition).where(_holds(), KnowledgeAddition.topic == topic))


def worded(addition: KnowledgeAddition) -> Wording:
    """What an addition says."""
    asked = tuple(str(one) for one in json.loads(addition.askings or "[]"))
    texts = (addition.title, asked, addition.text, addition.long_text)
    return Wording(addition.topic, *texts, addition.off, addition.source, addition.checked)


def add(
    session: Session, actor: Actor, wording: Wording, now: datetime, question_id: int | None = None
) -> KnowledgeAddition:
    """The next version of a topic: from the commit on it holds, as a whole. Raises NotAllowed or Invalid."""
    _must_teach(actor)
    wait_for_turn(session)
    if len(wording.askings) > MOST_ASKINGS:
        raise Invalid(f"{len(wording.askings)} ways of asking for one topic are too many: at most {MOST_ASKINGS}.")
    latest = select(func.max(KnowledgeAddition.version)).where(KnowledgeAddition.topic == wording.topic)
    made = KnowledgeAddition(
        topic=wording.topic,
        version=(session.scalar(latest) or 0) + 1,
        title=wording.title,
        askings=json.dumps(wording.askings, ensure_ascii=False),
        text=wording.text,
        long_text=wording.long_text,
        off=wording.off,
        source=wording.source,
        checked=wording.checked,
        question_id=question_id,
        made_at=now,
        made_by=actor.name,
    )
    session.add(made)
    session.flush()
    audit.note(session, now, actor, "knowledge-add", detail=f"{made.id} {made.topic} v{made.version}")
    return made


def take_back(session: Session, actor: Actor, addition_id: int, now: datetime) -> KnowledgeAddition:
    """End a version; the one before it holds again. Raises NotAllowed, NotFound, TakenBack or Newer."""
    _must_teach(actor)
    wait_for_turn(session)
    addition = session.get(KnowledgeAddition, addition_id)
    if addition is None:
        raise NotFound(f"There is no addition {addition_id}.")
    holding = of_topic(session, addition.topic)
    if addition.taken_back_at is not None:
        raise TakenBack(f"{addition_id} was taken back already.")
    if holding is not None and holding.id != addition_id:
        raise Newer(addition_id, holding.id)
    addition.taken_back_at, addition.taken_back_by = now, actor.name
    session.flush()
    questions.reopen(session, addition.question_id, addition.topic)
    audit.note(session, now, actor, "knowledge-take-back", detail=f"{addition.id} {addition.topic}")
    return addition


def topics_made_of(session: Session, question_ids: Sequence[int]) -> list[str]:
    """Every topic that was ever taught for these questions, taken back or not."""
    made = select(KnowledgeAddition.topic).where(KnowledgeAddition.question_id.in_(question_ids)).distinct()
    return list(session.scalars(made))


def forget_words(session: Session, topics: Sequence[str], words: frozenset[str]) -> None:
    """Take somebody's own words out of every version: she wants to be forgotten."""
    wait_for_turn(session)
    for addition in session.scalars(select(KnowledgeAddition).where(KnowledgeAddition.topic.in_(topics))):
        said = worded(addition)
        kept = [one for one in said.askings if one not in words]
        addition.askings = json.dumps(kept, ensure_ascii=False)
        addition.title = "" if said.title in words else said.title


def wait_for_turn(session: Session) -> None:
    """Done before anything is read: whoever changes the additions at the same time waits here; raises the version."""
    raised = update(KnowledgeOverlay).where(KnowledgeOverlay.id == 1).values(version=KnowledgeOverlay.version + 1)
    session.execute(raised, execution_options={"synchronize_session": False})


def _must_teach(actor: Actor) -> None:
    if not may_teach(actor):
        raise NotAllowed("Answers are added by managers and headquarters.")


def _holds() -> ColumnElement[bool]:
    other = aliased(KnowledgeAddition)
    newest = (
        select(func.max(other.version))
        .where(other.topic == KnowledgeAddition.topic, other.taken_back_at.is_(None))
        .scalar_subquery()
    )
    return KnowledgeAddition.taken_back_at.is_(None) & (KnowledgeAddition.version == newest)


def _those_that_open(session: Session, wanted: Select[Any]) -> Iterator[KnowledgeAddition]:
    for addition_id in session.scalars(wanted.with_only_columns(KnowledgeAddition.id)).all():
        try:
            yield session.get_one(KnowledgeAddition, addition_id)
        except KeyMissing as error:
            log.error("addition left out", addition=addition_id, reason=str(error))
