"""The usual ways of finding an answer on the same content and questions, each answering as often as the engine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TypeVar

from rapidfuzz import fuzz, process

from knowledge.answers import Answering, Decision
from knowledge.askings import NOBODY
from knowledge.errors import YardstickMissing
from knowledge.evaluating import Judged, Labelled, Outcome, judge
from knowledge.lines import FOLLOW_UP
from knowledge.text import normalise
from knowledge.yardsticks import PairTfIdf

T = TypeVar("T")
# A method: for a question, the number of the best way of asking and how good it is (any scale).
Best = Callable[[str], tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of the questions: answered right, wrong, found first at all, and answered though foreign."""

    first: float
    right: float
    wrong: float
    false: float

    def line(self, name: str) -> str:
        """A row of the table."""
        return f"{name:<26} {self.first:>7.1%} {self.right:>7.1%} {self.wrong:>7.1%} {self.false:>7.1%}"


def comparison(knowledge: Answering, questions: Sequence[Labelled], facts: Mapping[str, str]) -> Iterator[str]:
    """The lines of the table. Raises YardstickMissing when rank_bm25 is not installed."""
    judged = list(judge(knowledge, facts, questions))
    topics, texts = zip(*knowledge.askings(), strict=True)
    own = _engine(judged)
    answered = sum(one.answer.decision is Decision.ANSWER and NOBODY not in one.asked.topics for one in judged)
    yield f"{'at the same answer rate':<26} {'first':>7} {'right':>7} {'wrong':>7} {'false':>7}"
    yield own.line("this engine")
    for name, method in _methods([normalise(text) for text in texts]):
        yield _rates(method, topics, questions, answered).line(name)


def _engine(judged: Sequence[Judged]) -> Rates:
    inside = [one for one in judged if NOBODY not in one.asked.topics]
    outside = [one for one in judged if NOBODY in one.asked.topics]
    return Rates(
        first=_share(inside, lambda one: bool(set(one.answer.topics[:1]) & one.asked.topics)),
        right=_share(inside, lambda one: one.outcome is Outcome.RIGHT),
        wrong=_share(inside, lambda one: one.outcome is Outcome.WRONG),
        false=_share(outside, lambda one: one.outcome is Outcome.FALSE_ANSWER),
    )


def _rates(best: Best, topics: Sequence[str], questions: Sequence[Labelled], answered: int) -> Rates:
    """The method with the threshold at which it answers as many of the questions that have an answer."""
    # A conversation's last question stands alone for a method that knows no conversation.
    found = [(one, *best(normalise(one.question.split(FOLLOW_UP)[-1]))) for one in questions]
    inside = [(one, topics[number] in one.topics, score) for one, number, score in found if NOBODY not in one.topics]
    outside = [score for one, _, score in found if NOBODY in one.topics]
    scores = sorted((score for _, _, score in inside), reverse=True)
    limit = scores[answered - 1] if 0 < answered <= len(scores) else float("inf")
    return Rates(
        first=_share(inside, lambda one: one[1]),
        right=_share(inside, lambda one: one[1] and one[2] >= limit),
        wrong=_share(inside, lambda one: not one[1] and one[2] >= limit),
        false=_share(outside, lambda score: score >= limit),
    )


def _share(all_of: Sequence[T], counts: Callable[[T], bool]) -> float:
    return sum(map(counts, all_of)) / len(all_of) if all_of else 0.0


def _methods(texts: Sequence[str]) -> Iterator[tuple[str, Best]]:
    yield "BM25, jieba (rank_bm25)", _bm25(texts)
    yield "rapidfuzz, WRatio", _fuzzy(texts, fuzz.WRatio)
    yield "rapidfuzz, ratio", _fuzzy(texts, fuzz.ratio)
    yield "TF-IDF, character pairs", _pairs(texts)


def _bm25(texts: Sequence[str]) -> Best:
    if not find_spec("rank_bm25") or not find_spec("jieba"):
        raise YardstickMissing("rank_bm25 and jieba are needed to compare with: pip install -r requirements-dev.txt")
    import jieba
    from rank_bm25 import BM25Okapi

    tokenizer = jieba.Tokenizer()
    okapi = BM25Okapi([tokenizer.lcut(text) for text in texts])

    def best(question: str) -> tuple[int, float]:
        scores = okapi.get_scores(tokenizer.lcut(question))
        number = int(scores.argmax())
        return number, float(scores[number])

    return best


def _fuzzy(texts: Sequence[str], scorer: Callable[..., float]) -> Best:
    def best(question: str) -> tuple[int, float]:
        found = process.extractOne(question, texts, scorer=scorer)
        return (found[2], float(found[1])) if found else (0, 0.0)

    return best


def _pairs(texts: Sequence[str]) -> Best:
    return PairTfIdf(texts).best
