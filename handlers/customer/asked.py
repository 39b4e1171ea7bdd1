"""What a customer asked last and what she got: remembered in the dialogue, counted, kept for the shop to learn from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from crm.models import Why
from crm.services.learning import questions, uses
from crm.services.learning.questions import LONGEST_WORDS, Kept
from handlers.context import Visit
from handlers.dialogue import Dialogue
from handlers.states import MEMORY, State
from knowledge import Turn

# Where the dialogue remembers the readings that are on offer, and the last answer.
OFFERED, ANSWERED = "offered", "answered"
# Characters; one alone is the number of a list, not a question.
SHORTEST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: the words, what the conversation was about before it, the topics offered or answered."""

    words: str
    before: Turn
    topics: tuple[str, ...] = ()

    @classmethod
    def now(cls, visit: Visit, topics: Iterable[str] = ()) -> Asked:
        """The question that this message is."""
        words = " ".join(visit.message.text.split())[:LONGEST_WORDS]
        return cls(words, turn_of(visit.dialogue), tuple(topics))

    @classmethod
    def from_json(cls, stored: Any) -> Asked | None:
        if not isinstance(stored, dict):
            return None
        return cls(str(stored["words"]), Turn.from_json(stored["before"]), tuple(stored["topics"]))

    def to_json(self) -> dict[str, Any]:
        return {"words": self.words, "before": self.before.to_json(), "topics": list(self.topics)}


def turn_of(dialogue: Dialogue) -> Turn:
    """What the conversation is about; readings that were offered too long ago, or passed over, are no list any more."""
    turn = Turn.from_json(dialogue.memory.get("turn"))
    return turn if dialogue.state == State.CHOOSING_TOPIC else replace(turn, offered=())


def remember_offered(dialogue: Dialogue, asked: Asked) -> None:
    """Readings were offered for this question."""
    dialogue.memory[OFFERED] = asked.to_json()


def take_offered(dialogue: Dialogue) -> Asked | None:
    """The question whose readings were offered last, once."""
    return Asked.from_json(dialogue.memory.pop(OFFERED, None))


def remember_answered(visit: Visit, asked: Asked) -> int:
    """This question was answered; the number of the answer in this conversation."""
    memory = visit.dialogue.memory
    number = int((memory.get(ANSWERED) or {}).get("number", 0)) + 1
    memory[ANSWERED] = {**asked.to_json(), "number": number, "at": visit.now.isoformat(), "rated": False}
    return number


def last_answered(visit: Visit) -> tuple[Asked, int] | None:
    """The last answered question and its number, while it is still what she may be speaking of."""
    stored = visit.dialogue.memory.get(ANSWERED) or {}
    asked = Asked.from_json(stored) if stored else None
    if asked is None or visit.now - datetime.fromisoformat(stored["at"]) > MEMORY:
        return None
    return asked, int(stored["number"])


def rate_once(dialogue: Dialogue) -> bool:
    """Whether the last answer was not rated yet; from now on it is."""
    stored = dialogue.memory[ANSWERED]
    first = not stored["rated"]
    stored["rated"] = True
    return first


def count(visit: Visit, use: uses.Use, topics: Iterable[str]) -> None:
    """Count a use of these entries, on the shop's day."""
    day = visit.now.astimezone(visit.desk.shop.zone).date()
    uses.count(visit.connection, visit.place.conversation_id or 0, day, use, topics)


def keep(visit: Visit, *wanted: tuple[Asked, Why]) -> None:
    """Keep questions that staff should answer, each with its like."""
    knowledge = visit.desk.knowledge.current
    kept = [
        Kept(knowledge.group_of(asked.words, asked.before), asked.words, why, _disliked(asked, why))
        for asked, why in wanted
        if len(asked.words) >= SHORTEST_WORDS
    ]
    if kept:
        questions.keep(visit.session, visit.place.conversation_id or 0, kept, visit.now)


def _disliked(asked: Asked, why: Why) -> str:
    return asked.topics[0] if asked.topics and why is Why.DISLIKED else ""
