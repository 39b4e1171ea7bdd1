"""Questions a line each, answers a line each: the `flask knowledge answer` command without Flask."""

from collections.abc import Iterable, Iterator, Mapping

from knowledge.answers import Answer, Answering, Decision, Turn

FOLLOW_UP = ">>>"


def answer_lines(knowledge: Answering, facts: Mapping[str, str], lines: Iterable[str]) -> Iterator[str]:
    """One tab-separated line (decision, topics, confidence, text) for each question; `a>>>b` is a conversation."""
    for line in lines:
        yield _as_line(last_answer(knowledge, facts, line.rstrip("\r\n")))


def last_answer(knowledge: Answering, facts: Mapping[str, str], line: str) -> Answer:
    """The answer to the last question of a line, after those before it were asked."""
    turn: Turn | None = None
    answer = Answer(Decision.HANDOVER)
    for question in line.split(FOLLOW_UP):
        answer = knowledge.answer(question, facts, turn)
        turn = answer.turn
    return answer


def _as_line(answer: Answer) -> str:
    topics = "|".join(answer.topics) if answer.decision is not Decision.HANDOVER else ""
    text = answer.text.replace("\r", "").replace("\t", " ").replace("\n", "\\n")
    return f"{answer.decision}\t{topics or '-'}\t{answer.confidence:.3f}\t{text}"
