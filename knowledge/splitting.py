"""Several questions in one message told apart."""

import re
from collections.abc import Iterable

from knowledge.lexicon import Lexicon
from knowledge.reading import Reading
from knowledge.text import LONGEST_QUESTION

# A longer message is a story; its clauses are circumstances, not questions.
LONGEST_DOUBLE_QUESTION = 60
MOST_QUESTIONS = 3
SHORTEST_QUESTION = 3
# A message of this many clauses is a story.
FEWEST_CLAUSES = 3
# A part without one of these tells something; it asks nothing.
_ASKS = re.compile(
    r"吗|么|呢|嘛|不$|没$|怎|咋|如何|多少|几点|几天|几号|啥|什么|哪|谁|能|可以|想|帮我"
    r"|[要会是行好]不|有没|是否|为何|多久|多大"
)
# In a story only a part with one of these asks: "想换成…" and "能…" are circumstances there.
_ASKS_PLAINLY = re.compile(
    r"吗|么[?\s]*$|呢|嘛|怎么|咋|如何|多少|几点|几天|啥时|哪[里个儿种]|[会能要行好]不|有没有|是否|为何|为什么|多久|多大"
)
_JOINTS = re.compile(
    r"[,，?？;；。!！\n]+|(?<=[一-鿿])\s+(?=[一-鿿])|顺便|顺带|另外|还有就是|以及|再问下|再问一下|还想问"
)
# Behind one of these a wish is a question too: "顺便里面刻生日".
_BESIDES = re.compile(r"顺便|顺带|另外|还想")


def separate_questions(question: str) -> list[str]:
    """The parts that may be questions of their own; empty when the message is one question or a story."""
    if len(question) > LONGEST_DOUBLE_QUESTION:
        return []
    wishes = bool(_BESIDES.search(question))
    parts = _parts(question)
    question_words = _ASKS_PLAINLY if len(parts) >= FEWEST_CLAUSES else _ASKS
    parts = [part for part in parts if wishes or question_words.search(part)]
    return parts if 1 < len(parts) <= MOST_QUESTIONS else []


def by_treatment(reading: Reading, lexicon: Lexicon) -> list[str]:
    """ "洗澡洗碗能戴吗" once for each treatment; empty when it names only one."""
    if not 1 < len(reading.treatments) <= MOST_QUESTIONS:
        return []
    return [_without(reading.text, set(reading.treatments) - {kept}, lexicon) for kept in reading.treatments]


def _without(text: str, treatments: Iterable[str], lexicon: Lexicon) -> str:
    for word in sorted((word for one in treatments for word in lexicon.written(one)), key=len, reverse=True):
        text = text.replace(word, "")
    return text


def asks(part: str) -> bool:
    """Does this part of a message ask something?"""
    return bool(_ASKS.search(part))


def second_question(question: str) -> str:
    """What a message of two questions asks in its second one; a circumstance before it, or a story, is none."""
    parts = _parts(question)
    return parts[-1] if len(parts) == 2 and all(map(_ASKS_PLAINLY.search, parts)) else ""


def _parts(question: str) -> list[str]:
    parts = (part.strip() for part in _JOINTS.split(question[:LONGEST_QUESTION]))
    return [part for part in parts if len(part) >= SHORTEST_QUESTION]
