"""Several questions in one message, told apart."""

import re

# A longer message is a story; its clauses are circumstances, not questions.
LONGEST_DOUBLE_QUESTION = 60
MOST_QUESTIONS = 3
SHORTEST_QUESTION = 4
_JOINTS = re.compile(r"[,，?？;；。!！\n]+|顺便|另外|还有就是|以及|再问下|再问一下|还想问")


def separate_questions(question: str) -> list[str]:
    """The parts that may be questions of their own; empty when the message is one question or a story."""
    if len(question) > LONGEST_DOUBLE_QUESTION:
        return []
    parts = [part.strip() for part in _JOINTS.split(question)]
    parts = [part for part in parts if len(part) >= SHORTEST_QUESTION]
    return parts if 1 < len(parts) <= MOST_QUESTIONS else []
