"""Forgetting what one customer asked: her words, and what of them went into the shop's answers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from crm.models import Asking, Conversation, Question
from crm.services.learning import additions
from crm.services.learning.personal import masked


def words_of(session: Session, customer_id: int) -> Sequence[tuple[int, str]]:
    """Her questions that are kept: the number of each, and her words as she typed them and as staff read them."""
    hers = Conversation.customer_id == customer_id
    kept = session.execute(select(Asking.question_id, Asking.words).join(Asking.conversation).where(hers)).all()
    return list(dict.fromkeys((number, told) for number, words in kept for told in (words, masked(words))))


def forget_questions(session: Session, customer_id: int) -> None:
    """Before her conversations are deleted: her words go, also as ways of asking, unless others said the same."""
    hers = select(Conversation.id).where(Conversation.customer_id == customer_id)
    asked = session.execute(
        select(Asking.question_id, Asking.words, Question.topic).join(Question).where(Asking.conversation_id.in_(hers))
    ).all()
    numbers = [question_id for question_id, _, _ in asked]
    topics = sorted({*(topic for _, _, topic in asked if topic), *additions.topics_made_of(session, numbers)})
    if topics:
        # Before her rows are locked: whoever publishes an answer takes these two in the same order.
        additions.wait_for_turn(session)
    session.execute(delete(Asking).where(Asking.conversation_id.in_(hers)))
    words = frozenset(words for _, words, _ in asked)
    only_hers = words - _said_by_others(session, numbers)
    if topics and only_hers:
        additions.forget_words(session, topics, only_hers)
    session.execute(
        delete(Question).where(Question.id.in_(numbers), ~exists().where(Asking.question_id == Question.id))
    )


def _said_by_others(session: Session, question_ids: Sequence[int]) -> frozenset[str]:
    return frozenset(session.scalars(select(Asking.words).where(Asking.question_id.in_(question_ids))))
