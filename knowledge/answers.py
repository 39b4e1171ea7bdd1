"""The values that leave this package: answers, offered readings and what a conversation is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

ASK_BACK = "您想了解的是哪一个呢？回复数字就好："
ASK_WHETHER = "您是想了解这个吗？是的话，回复 1 就好："


class Decision(StrEnum):
    """What the caller shall do with an answer."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    HANDOVER = "handover"


@dataclass(frozen=True, slots=True)
class Offer:
    """One of up to three readings of an unclear question, to be tapped or chosen by number."""

    topic: str
    title: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What the conversation is about now; the caller stores it and hands it back with the next question."""

    topic: str = ""
    materials: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    # The topic's long text was given too: more of it a person has to tell.
    in_full: bool = False
    # The points of the topic that were said, by their place in the entry.
    told: tuple[int, ...] = ()
    # The question that is still open: it was only offered readings, or left to a person.
    asked: str = ""

    def to_json(self) -> dict[str, Any]:
        """The turn as plain JSON values."""
        return {
            "topic": self.topic,
            "materials": list(self.materials),
            "objects": list(self.objects),
            "concerns": list(self.concerns),
            "offered": list(self.offered),
            "in_full": self.in_full,
            "told": list(self.told),
            "asked": self.asked,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> "Turn":
        """Read back what `to_json` gave; None or an older shape makes an empty turn."""
        if not stored:
            return cls()
        return cls(
            topic=str(stored.get("topic") or ""),
            materials=_names(stored.get("materials")),
            objects=_names(stored.get("objects")),
            concerns=_names(stored.get("concerns")),
            offered=_names(stored.get("offered")),
            in_full=bool(stored.get("in_full")),
            told=_places(stored.get("told")),
            asked=str(stored.get("asked") or ""),
        )


def _places(value: object) -> tuple[int, ...]:
    return tuple(place for place in value if isinstance(place, int)) if isinstance(value, list | tuple) else ()


def _names(value: object) -> tuple[str, ...]:
    return tuple(str(name) for name in value) if isinstance(value, list | tuple) else ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be said; `text` is ready to send and empty when a person has to answer."""

    decision: Decision
    topics: tuple[str, ...] = ()
    confidence: float = 0.0
    text: str = ""
    offers: tuple[Offer, ...] = ()
    long_text: str = ""
    turn: Turn = field(default_factory=Turn)
    small_talk: str = ""


class Answering(Protocol):
    """What answers questions: the shop's own entries, or a base of another trade."""

    def answer(self, question: str, facts: Mapping[str, str], turn: Turn | None = None) -> Answer:
        """The answer to a question in its conversation."""

    def topics(self) -> dict[str, str]:
        """Every topic with its title."""

    def askings(self) -> list[tuple[str, str]]:
        """Every way of asking, with its topic."""


def choices(offers: Sequence[Offer]) -> str:
    """The offered readings as a list to choose from by number."""
    lines = [f"{number}. {offer.title}" for number, offer in enumerate(offers, start=1)]
    return "\n".join([ASK_BACK if len(offers) > 1 else ASK_WHETHER, *lines])
