"""How well labelled questions are answered: right, offered, handed over, wrong; all in all and by kind."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from knowledge.answers import Answer, Answering, Decision
from knowledge.askings import NOBODY
from knowledge.errors import EntryError
from knowledge.lines import last_answer

COLUMNS = {"question", "topic_id", "kind"}


class Outcome(StrEnum):
    """What became of one labelled question."""

    RIGHT = "right"
    OFFERED = "offered"
    NOT_OFFERED = "not offered"
    HANDED_OVER = "handed over"
    WRONG = "wrong"
    KEPT_BACK = "kept back"
    FALSE_OFFER = "false offer"
    FALSE_ANSWER = "false answer"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question (`first>>>second` is a conversation), the topics that are right, and its kind."""

    question: str
    topics: frozenset[str]
    kind: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled question with what was answered."""

    asked: Labelled
    answer: Answer
    outcome: Outcome


def read_labelled(path: Path) -> list[Labelled]:
    """The rows of a TSV with question, topic_id (several joined by |, or NONE) and kind. Raises EntryError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as table:
            reader = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
            if not set(reader.fieldnames or ()) >= COLUMNS:
                raise EntryError(f"{path} needs the columns question, topic_id and kind")
            return [
                Labelled(row["question"], frozenset((row["topic_id"] or NOBODY).split("|")), row["kind"] or "")
                for row in reader
                if row["question"]
            ]
    except (OSError, UnicodeDecodeError) as error:
        raise EntryError(f"{path} can't be read: {error}") from error


def judge(knowledge: Answering, facts: Mapping[str, str], questions: Iterable[Labelled]) -> Iterator[Judged]:
    """Ask every question and judge the answer."""
    for asked in questions:
        answer = last_answer(knowledge, facts, asked.question)
        yield Judged(asked, answer, outcome_of(asked, answer))


def outcome_of(asked: Labelled, answer: Answer) -> Outcome:
    """How good this answer is for this question."""
    if NOBODY in asked.topics:
        return {
            Decision.ANSWER: Outcome.FALSE_ANSWER,
            Decision.CLARIFY: Outcome.FALSE_OFFER,
            Decision.HANDOVER: Outcome.KEPT_BACK,
        }[answer.decision]
    hit = bool(asked.topics & set(answer.topics))
    if answer.decision is Decision.ANSWER:
        return Outcome.RIGHT if hit else Outcome.WRONG
    if answer.decision is Decision.CLARIFY:
        return Outcome.OFFERED if hit else Outcome.NOT_OFFERED
    return Outcome.HANDED_OVER


def report(judged: list[Judged]) -> Iterator[str]:
    """The lines of the report: rates first, then a row for each kind."""
    counts = Counter(one.outcome for one in judged)
    outside = sum(counts[outcome] for outcome in (Outcome.KEPT_BACK, Outcome.FALSE_OFFER, Outcome.FALSE_ANSWER))
    inside = len(judged) - outside
    yield f"questions            {len(judged)} ({inside} to answer, {outside} for a person)"
    yield f"accuracy             {_share(counts[Outcome.RIGHT], inside)}"
    yield f"offers as half       {_share(counts[Outcome.RIGHT] + counts[Outcome.OFFERED] / 2, inside)}"
    yield f"with offers          {_share(counts[Outcome.RIGHT] + counts[Outcome.OFFERED], inside)}"
    yield f"wrong answers        {_share(counts[Outcome.WRONG], inside)}"
    yield f"false answers        {_share(counts[Outcome.FALSE_ANSWER], outside)}"
    yield f"false offers         {_share(counts[Outcome.FALSE_OFFER], outside)}"
    for kind in dict.fromkeys(one.asked.kind for one in judged):
        of_kind = Counter(one.outcome for one in judged if one.asked.kind == kind)
        yield f"  {kind:<18} " + ", ".join(f"{outcome} {count}" for outcome, count in of_kind.most_common())


def _share(part: float, whole: int) -> str:
    return f"{part / whole:6.1%} ({part:g} of {whole})" if whole else "     - (none asked)"
