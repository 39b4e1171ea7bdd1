"""Several questions in one message told apart, and the clauses of a story."""

import re

from knowledge.text import LONGEST_QUESTION

# A longer message is a story; its clauses are circumstances, not questions.
LONGEST_DOUBLE_QUESTION = 60
MOST_QUESTIONS = 3
SHORTEST_QUESTION = 4
# A message of this many clauses is a story.
FEWEST_CLAUSES = 3
# A part without one of these tells something; it asks nothing.
_ASKS = re.compile(
    r"吗|么|呢|嘛|不$|没$|怎|咋|如何|多少|几点|几天|几号|啥|什么|哪|谁|能|可以|想|帮我"
    r"|[要会是行好]不|有没|是否|为何|多久|多大"
)
_JOINTS = re.compile(r"[,，?？;；。!！\n]+|顺便|另外|还有就是|以及|再问下|再问一下|还想问")


def separate_questions(question: str) -> list[str]:
    """The parts that may be questions of their own; empty when the message is one question or a story."""
    if len(question) > LONGEST_DOUBLE_QUESTION:
        return []
    parts = [part for part in _parts(question) if _ASKS.search(part)]
    return parts if 1 < len(parts) <= MOST_QUESTIONS else []


def clauses_of_a_story(question: str) -> list[str]:
    """The clauses of a message that tells as much as it asks; empty for one or two clauses."""
    parts = _parts(question)
    return parts if len(parts) >= FEWEST_CLAUSES else []


def _parts(question: str) -> list[str]:
    parts = (part.strip() for part in _JOINTS.split(question[:LONGEST_QUESTION]))
    return [part for part in parts if len(part) >= SHORTEST_QUESTION]
