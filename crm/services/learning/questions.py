"""Questions that were not answered, or not to the customer's liking: kept with their like, counted, closed by staff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, delete, exists, func, literal, select, tuple_, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session, joinedload

from crm.actors import Actor
from crm.errors import NotFound
from crm.models import Asking, Conversation, Delivery, DeliveryState, Question, QuestionState, Talk, Why
from crm.services import audit
from crm.vault import vault

# Characters of one question that are kept; what is longer is a letter.
LONGEST_WORDS = 200
# A customer's words are forgotten after the time for which conversations are kept (24 months).
KEPT_FOR = timedelta(days=730)
# Old words that one message clears away, so that no job is needed and no message waits.
CLEARED_AT_ONCE = 20
# Examples of a group that a reader sees.
EXAMPLES = 3
# Somebody who asked longer ago than this is not written to any more: it is the platform's window.
STILL_WAITING = timedelta(hours=48)
# People who get one answer at once; more have not asked the same within two days in any shop.
MOST_TOLD = 500


def _count_up() -> Any:
    """The row of a group, made or counted up; what was dismissed stays dismissed. Both databases understand it."""
    state = Question.state.type
    again = case(
        (Question.state == QuestionState.DISMISSED, literal(QuestionState.DISMISSED, state)),
        else_=literal(QuestionState.OPEN, state),
    )
    made = postgresql.insert(Question.__table__).values(  # type: ignore[arg-type]
        key=bindparam("key"),
        state=QuestionState.OPEN,
        asked=1,
        first_asked_at=bindparam("now"),
        last_asked_at=bindparam("now"),
        topic="",
        closed_by="",
    )
    changes = {"asked": Question.asked + 1, "last_asked_at": made.excluded.last_asked_at, "state": again}
    return made.on_conflict_do_update(index_elements=["key"], set_=changes).returning(Question.id)


def _put_words() -> Any:
    """One person's words for it; asked again, the newest ones stay, and she waits again."""
    made = postgresql.insert(Asking.__table__)  # type: ignore[arg-type]
    renewed: dict[str, Any] = {name: made.excluded[name] for name in ("words", "why", "topic", "at", "told_at")}
    return made.on_conflict_do_update(index_elements=["question_id", "conversation_id"], set_=renewed)


COUNT_UP, PUT_WORDS = _count_up(), _put_words()


@dataclass(frozen=True, slots=True)
class Kept:
    """One question to be kept: what like questions share, the customer's words, why, and what was answered."""

    group: str
    words: str
    why: Why
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Like questions, as staff read them: how often, by how many people, the latest words, the reasons."""

    question: Question
    words: tuple[str, ...] = ()
    reasons: Mapping[Why, int] = field(default_factory=dict)
    disliked: tuple[str, ...] = ()

    @property
    def askers(self) -> int:
        return sum(self.reasons.values())


def keep(session: Session, conversation_id: int, kept: Sequence[Kept], now: datetime) -> None:
    """Count these questions of one person with their like; an answered one that comes again is open again."""
    connection = session.connection()
    # Two that are alike count as one, in her latest words.
    by_key = {vault.index(one.group, "question"): one for one in kept}
    # In the order of their keys: two messages that keep the same two never wait for each other in a circle.
    for key in sorted(by_key):
        one = by_key[key]
        question_id = connection.execute(COUNT_UP, {"key": key, "now": now}).scalar_one()
        words = {"words": one.words[:LONGEST_WORDS], "why": one.why, "topic": one.topic, "at": now, "told_at": None}
        connection.execute(PUT_WORDS, {"question_id": question_id, "conversation_id": conversation_id, **words})
    old = select(Asking.id).where(Asking.at < now - KEPT_FOR).limit(CLEARED_AT_ONCE)
    connection.execute(delete(Asking).where(Asking.id.in_(old)))


def open_groups(session: Session, limit: int = 9, offset: int = 0) -> list[Group]:
    """The questions that wait for an answer, most asked first."""
    wanted = select(Question).where(Question.state == QuestionState.OPEN)
    latest = (Question.asked.desc(), Question.last_asked_at.desc(), Question.id.desc())
    return _groups(session, session.scalars(wanted.order_by(*latest).limit(limit).offset(offset)).all())


def open_count(session: Session) -> int:
    """How many groups wait for an answer."""
    return session.scalar(select(func.count()).where(Question.state == QuestionState.OPEN)) or 0


def group(session: Session, question_id: int) -> Group:
    """One group by its number; raises NotFound."""
    question = session.get(Question, question_id)
    if question is None:
        raise NotFound(f"There is no question {question_id}.")
    return _groups(session, [question])[0]


def askings_of(session: Session, question_id: int, limit: int) -> list[str]:
    """The different words of a group, the latest first."""
    latest = select(Asking.words).where(Asking.question_id == question_id).order_by(Asking.at.desc(), Asking.id.desc())
    # Twice as many rows as wanted: the same words come from several people.
    return list(dict.fromkeys(session.scalars(latest.limit(2 * limit))))[:limit]


def close(
    session: Session, actor: Actor, question: Question, state: QuestionState, now: datetime, topic: str = ""
) -> None:
    """Answered by an entry, or not worth one."""
    question.state, question.topic = state, topic
    question.closed_at, question.closed_by = now, actor.name
    audit.note(session, now, actor, f"question-{state.value}", detail=f"{question.id} {topic}".strip())


def reopen(session: Session, question_id: int | None, topic: str) -> None:
    """Its answer was taken back; one that another topic answers by now stays closed."""
    values = {"state": QuestionState.OPEN, "topic": "", "closed_at": None, "closed_by": ""}
    answered = (Question.id == question_id, Question.topic == topic, Question.state == QuestionState.ANSWERED)
    session.execute(update(Question).where(*answered).values(values))


def take_those_waiting(session: Session, question_id: int, now: datetime) -> list[Asking]:
    """Who asked lately, was not told yet and can be written to now; each is given out once."""
    waiting = (
        select(Asking)
        .join(Asking.conversation)
        .where(
            Asking.question_id == question_id,
            Asking.told_at.is_(None),
            Asking.at >= now - STILL_WAITING,
            Conversation.window_until > now,
            ~_in_a_talk(),
        )
        .options(joinedload(Asking.conversation))
        .order_by(Asking.at)
        .limit(MOST_TOLD)
        .with_for_update(of=Asking)
    )
    found = session.scalars(waiting).all()
    on_the_way = _on_the_way(session, [asking.conversation for asking in found])
    told = [asking for asking in found if asking.conversation.window_left > on_the_way[_address(asking.conversation)]]
    for asking in told:
        asking.told_at = now
    return told


def _groups(session: Session, questions: Sequence[Question]) -> list[Group]:
    ids = [question.id for question in questions]
    counted = (
        select(Asking.question_id, Asking.why, func.count())
        .where(Asking.question_id.in_(ids))
        .group_by(Asking.question_id, Asking.why)
    )
    reasons: dict[int, dict[Why, int]] = {}
    for question_id, why, count in session.execute(counted):
        reasons.setdefault(question_id, {})[why] = count
    words = _examples(session, ids)
    disliked = _disliked(session, ids)
    return [Group(one, words.get(one.id, ()), reasons.get(one.id, {}), disliked.get(one.id, ())) for one in questions]


def _examples(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    place = func.row_number().over(partition_by=Asking.question_id, order_by=(Asking.at.desc(), Asking.id.desc()))
    numbered = select(Asking.id, place.label("place")).where(Asking.question_id.in_(ids)).subquery()
    latest = select(Asking.question_id, Asking.words).join(numbered, numbered.c.id == Asking.id)
    found: dict[int, dict[str, None]] = {}
    for question_id, words in session.execute(latest.where(numbered.c.place <= EXAMPLES).order_by(numbered.c.place)):
        found.setdefault(question_id, {})[words] = None
    return {question_id: tuple(words) for question_id, words in found.items()}


def _disliked(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    wanted = select(Asking.question_id, Asking.topic).where(Asking.question_id.in_(ids), Asking.topic != "").distinct()
    found: dict[int, list[str]] = {}
    for question_id, topic in session.execute(wanted.order_by(Asking.topic)):
        found.setdefault(question_id, []).append(topic)
    return {question_id: tuple(topics) for question_id, topics in found.items()}


def _in_a_talk() -> ColumnElement[bool]:
    """A person is answering her already."""
    return exists().where(Talk.conversation_id == Conversation.id, Talk.closed_at.is_(None), Talk.taken_at.is_not(None))


def _address(conversation: Conversation) -> tuple[str, str]:
    return conversation.account, conversation.person


def _on_the_way(session: Session, conversations: Sequence[Conversation]) -> Counter[tuple[str, str]]:
    """Messages to these people that are planned and will take a place of their window."""
    unsent = Delivery.state.in_((DeliveryState.PLANNED, DeliveryState.CLAIMED))
    hers = tuple_(Delivery.account, Delivery.person).in_([_address(one) for one in conversations])
    counted = select(Delivery.account, Delivery.person, func.count()).where(unsent, hers)
    rows = session.execute(counted.group_by(Delivery.account, Delivery.person)) if conversations else ()
    return Counter({(account, person): count for account, person, count in rows})
