"""What the shop learns: questions nobody could answer, answers that staff added, how often each entry serves."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db import Base, BigId, Instant
from crm.models.talks import Conversation
from crm.models.types import one_of
from crm.vault import INDEX_BYTES, Secret


class QuestionState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    DISMISSED = "dismissed"


class Why(StrEnum):
    """Why a question is kept."""

    UNANSWERED = "unanswered"  # a person was offered instead
    PASSED_OVER = "passed_over"  # readings were offered, none was taken
    DISLIKED = "disliked"  # it was answered, and the customer said that this did not help


class Question(Base):
    """A group of like questions. `key` is the blind index of what they have in common.

    `asked` counts every time; `topic` is the entry that answers it since staff said so.
    """

    __tablename__ = "questions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(INDEX_BYTES), unique=True)
    state: Mapped[QuestionState] = mapped_column(one_of(QuestionState), default=QuestionState.OPEN)
    asked: Mapped[int] = mapped_column(default=1)
    first_asked_at: Mapped[datetime] = mapped_column(Instant)
    last_asked_at: Mapped[datetime] = mapped_column(Instant)
    topic: Mapped[str] = mapped_column(String(64), default="")
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[str] = mapped_column(String(64), default="")

    __table_args__ = (Index(None, "state", "asked"),)


class Asking(Base):
    """One person's own words for a question, the latest ones; they go with her conversation.

    `topic` is the answer that she did not like; `told_at`: the shop's later answer went to her.
    """

    __tablename__ = "askings"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Secret("askings.words"))
    why: Mapped[Why] = mapped_column(one_of(Why))
    topic: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    told_at: Mapped[datetime | None] = mapped_column(Instant)

    conversation: Mapped[Conversation] = relationship()

    __table_args__ = (UniqueConstraint("question_id", "conversation_id"),)


class KnowledgeAddition(Base):
    """One version of what the shop says about a topic beside, or instead of, the files. Rows are only added.

    The newest version that was not taken back holds, as a whole. `askings` is a JSON list; it and the
    title may be customers' own words. An empty title or text leaves the one of the files.
    """

    __tablename__ = "knowledge_additions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    topic: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(Secret("knowledge_additions.title"), default="")
    askings: Mapped[str] = mapped_column(Secret("knowledge_additions.askings"), default="[]")
    text: Mapped[str] = mapped_column(Text, default="")
    long_text: Mapped[str] = mapped_column(Text, default="")
    off: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(256), default="")
    checked: Mapped[date | None]
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id", ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[str] = mapped_column(String(64))
    taken_back_at: Mapped[datetime | None] = mapped_column(Instant)
    taken_back_by: Mapped[str] = mapped_column(String(64), default="")

    __table_args__ = (UniqueConstraint("topic", "version"),)


class KnowledgeOverlay(Base):
    """One row: grows with every change of the additions, so that each process sees that there is one."""

    __tablename__ = "knowledge_overlay"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    version: Mapped[int] = mapped_column(default=0)


class EntryUse(Base):
    """How often an entry served on one day (the shop's). `slot` spreads a busy entry over several rows."""

    __tablename__ = "entry_uses"

    topic: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    answered: Mapped[int] = mapped_column(default=0)
    offered: Mapped[int] = mapped_column(default=0)
    chosen: Mapped[int] = mapped_column(default=0)
    liked: Mapped[int] = mapped_column(default=0)
    disliked: Mapped[int] = mapped_column(default=0)
