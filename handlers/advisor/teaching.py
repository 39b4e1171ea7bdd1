"""Making an answer of staff's words: what it would say, why it may not, and what follows when it goes live."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from hashlib import blake2s

from bot.messages import Text
from bot.text import printable
from crm.models import KnowledgeAddition, QuestionState
from crm.services.learning import additions, questions
from crm.services.learning.additions import MOST_ASKINGS, Wording
from crm.services.learning.personal import is_personal
from crm.services.learning.questions import Group
from handlers.context import Visit
from handlers.live_knowledge import addition_of
from handlers.speech import as_said
from knowledge import Knowledge
from knowledge.facts import EVERY_FACT, fill_in

# Different words of one group that become ways of asking; the others are like them.
ASKINGS_TAKEN = 12
# Characters: longer ones tell a story, and shorter ones ask nothing.
LONGEST_ASKING, SHORTEST_ASKING = 40, 2
LONGEST_TITLE = 20
_LONG = re.compile(r"\n\s*详细\s*[:：]\s*")


def proposed(visit: Visit, group: Group, topic: str, text: str, shown: Collection[str] | None = None) -> Wording:
    """What the shop would say: an entry (`topic`) asked in this group's ways too, or a new one with this text."""
    asked = askings(visit, group, shown)
    return attached(visit, asked, topic) if topic else new_entry(visit, asked, topic_for(group), text)


def new_entry(visit: Visit, asked: Sequence[str], topic: str, text: str) -> Wording:
    """A new entry asked in these ways, in the words of staff; a line "详细：…" begins the longer answer.

    Where the topic was taught before, it keeps the ways in which it was asked then.
    """
    short, *rest = _LONG.split(as_said(printable(text)).strip(), maxsplit=1)
    said = attached(visit, asked, topic)
    title = said.title or next((words for words in said.askings if len(words) <= LONGEST_TITLE), "")
    long_text = rest[0].strip() if rest else ""
    return Wording(topic, title, said.askings, short.strip(), long_text)


def attached(visit: Visit, asked: Sequence[str], topic: str) -> Wording:
    """An entry as the shop has it now, asked in these ways as well, as far as there is room."""
    stored = additions.of_topic(visit.session, topic)
    held = additions.worded(stored) if stored else Wording(topic)
    return replace(held, askings=tuple(dict.fromkeys((*held.askings, *asked)))[:MOST_ASKINGS])


def holding(visit: Visit, topic: str) -> int:
    """The number of the addition that a topic has now; 0 without any."""
    stored = additions.of_topic(visit.session, topic)
    return stored.id if stored else 0


def is_there(visit: Visit, topic: str) -> bool:
    """Is it still an entry that is given? A release, or whoever took it back, may have ended it since."""
    stored = additions.of_topic(visit.session, topic)
    said = additions.worded(stored) if stored else Wording(topic)
    return not said.off and (bool(said.text) or topic in visit.desk.knowledge.base.topics())


def topic_for(group: Group) -> str:
    """The id of the entry that is made of a group."""
    return f"shop-{group.question.id}"


def askings(visit: Visit, group: Group, shown: Collection[str] | None = None) -> tuple[str, ...]:
    """The group's words that may stand as ways of asking: short, and nothing personal in them.

    `shown`: only those whose marks these are; what customers typed since then nobody has looked at.
    """
    fit = [words for words in _of_a_length(visit, group) if not is_personal(words)]
    return tuple(words for words in fit[:ASKINGS_TAKEN] if shown is None or mark(words) in shown)


def personal_count(visit: Visit, group: Group) -> int:
    """How many of the group's words are left out because they say who asked."""
    return sum(map(is_personal, _of_a_length(visit, group)))


def mark(words: str) -> str:
    """What remembers words that were shown without keeping them: they may have to be forgotten meanwhile."""
    return blake2s(words.encode(), digest_size=8).hexdigest()


def _of_a_length(visit: Visit, group: Group) -> list[str]:
    said = questions.askings_of(visit.session, group.question.id, 2 * ASKINGS_TAKEN)
    return [words for words in said if SHORTEST_ASKING <= len(words) <= LONGEST_ASKING]


def materials(visit: Visit, group: Group, topic: str) -> tuple[Sequence[str], Sequence[str]]:
    """What the group's questions are made of, and what the entry is about."""
    knowledge = visit.desk.knowledge.current
    asked = (knowledge.answer(words, EVERY_FACT).turn.materials for words in askings(visit, group))
    about = next((entry.materials for entry in knowledge.entries if entry.id == topic), ())
    return list(dict.fromkeys(material for named in asked for material in named)), about


def faults(knowledge: Knowledge, said: Wording) -> Sequence[str]:
    """Why it must not be said: its form, and what the rules forbid of all that it would be an answer to."""
    addition = addition_of(said, knowledge.topics())
    return knowledge.faults_of(addition) if addition else ()


def publish(visit: Visit, group: Group, said: Wording) -> tuple[KnowledgeAddition, int]:
    """Make it hold, close the group, tell those who wait; returns the version and how many are told."""
    made = additions.add(visit.session, visit.actor, said, visit.now, group.question.id)
    questions.close(visit.session, visit.actor, group.question, QuestionState.ANSWERED, visit.now, said.topic)
    return made, _tell(visit, group, said)


def _tell(visit: Visit, group: Group, said: Wording) -> int:
    facts = visit.desk.shop.current()
    written = visit.desk.knowledge.current.by_topic(said.topic, facts)
    text = fill_in(said.text, facts) if said.text else (written.text if written else "")
    if not text:
        return 0
    waiting = questions.take_those_waiting(visit.session, group.question.id, visit.now)
    for asking in waiting:
        words = visit.desk.say("learning.answer_arrived", words=as_said(asking.words), text=text)
        visit.outbox.to_customer(asking.conversation, Text(words), job="learned")
    return len(waiting)
