"""Forgetting what one customer asked: her words, and what of them went into the shop's answers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from crm.models import Asking, Conversation, Question
from crm.services.learning import additions


def words_of(session: Session, customer_id: int) -> Sequence[str]:
    """Her questions that are kept."""
    return session.scalars(
        select(Asking.words).join(Asking.conversation).where(Conversation.customer_id == customer_id)
    ).all()


def forget_questions(session: Session, customer_id: int) -> None:
    """Before her conversations are deleted: her words go, also as ways of asking, unless others said the same."""
    hers = select(Conversation.id).where(Conversation.customer_id == customer_id)
    asked = session.execute(
        select(Asking.question_id, Asking.words, Question.topic).join(Question).where(Asking.conversation_id.in_(hers))
    ).all()
    numbers = [question_id for question_id, _, _ in asked]
    session.execute(delete(Asking).where(Asking.conversation_id.in_(hers)))
    topics = sorted({topic for _, _, topic in asked if topic})
    words = frozenset(words for _, words, _ in asked)
    only_hers = words - _said_by_others(session, numbers)
    if topics and only_hers:
        additions.forget_words(session, topics, only_hers)
    session.execute(
        delete(Question).where(Question.id.in_(numbers), ~exists().where(Asking.question_id == Question.id))
    )


def _said_by_others(session: Session, question_ids: Sequence[int]) -> frozenset[str]:
    return frozenset(session.scalars(select(Asking.words).where(Asking.question_id.in_(question_ids))))
