"""Making an answer of staff's words: what it would say, why it may not, and what follows when it goes live."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Text
from bot.text import printable
from crm.models import KnowledgeAddition, QuestionState
from crm.services.learning import additions, questions
from crm.services.learning.additions import MOST_ASKINGS, Wording
from crm.services.learning.questions import Group
from handlers.advisor.entries import EVERY_FACT
from handlers.context import Visit
from handlers.live_knowledge import addition_of
from handlers.speech import as_said
from knowledge import Knowledge
from knowledge.saying import fill_in

# Different words of one group that become ways of asking; the others are like them.
ASKINGS_TAKEN = 12
# Characters: longer ones tell a story, and shorter ones ask nothing.
LONGEST_ASKING, SHORTEST_ASKING = 40, 2
LONGEST_TITLE = 20
# A phone, an order, an address: nobody's way of asking.
_PERSONAL = re.compile(r"\d{5,}|@|https?:|微信号|www\.", re.IGNORECASE)
_LONG = re.compile(r"\n\s*详细\s*[:：]\s*")


def new_entry(visit: Visit, group: Group, text: str) -> Wording:
    """A new entry out of a group's questions and the words of staff; a line "详细：…" begins the longer answer."""
    short, *rest = _LONG.split(as_said(printable(text)).strip(), maxsplit=1)
    asked = askings(visit, group)
    title = next((words for words in asked if len(words) <= LONGEST_TITLE), "")
    return Wording(topic_for(group), title, asked, short.strip(), rest[0].strip() if rest else "")


def attached(visit: Visit, group: Group, topic: str) -> Wording:
    """An entry as the shop has it now, asked in this group's ways as well."""
    stored = additions.of_topic(visit.session, topic)
    held = additions.worded(stored) if stored else Wording(topic)
    return replace(held, askings=tuple(dict.fromkeys((*held.askings, *askings(visit, group))))[:MOST_ASKINGS])


def topic_for(group: Group) -> str:
    """The id of the entry that is made of a group."""
    return f"shop-{group.question.id}"


def askings(visit: Visit, group: Group) -> tuple[str, ...]:
    """The group's words that may stand as ways of asking: short, and nothing personal in them."""
    said = questions.askings_of(visit.session, group.question.id, 2 * ASKINGS_TAKEN)
    fit = [words for words in said if SHORTEST_ASKING <= len(words) <= LONGEST_ASKING and not _PERSONAL.search(words)]
    return tuple(fit[:ASKINGS_TAKEN])


def materials(visit: Visit, group: Group, topic: str) -> tuple[Sequence[str], Sequence[str]]:
    """What the group's questions are made of, and what the entry is about."""
    knowledge = visit.desk.knowledge.current
    asked = (knowledge.answer(words, EVERY_FACT).turn.materials for words in askings(visit, group))
    about = next((entry.materials for entry in knowledge.entries if entry.id == topic), ())
    return list(dict.fromkeys(material for named in asked for material in named)), about


def faults(knowledge: Knowledge, said: Wording) -> Sequence[str]:
    """Why it must not be said, as `flask knowledge check` would find it.

    An entry of the shop's own has nothing that it must never advise: what the entries next to it must not, it must
    not either.
    """
    addition = addition_of(said, knowledge.topics())
    if addition is None:
        return ()
    guarded = any(entry.id == said.topic and entry.never for entry in knowledge.entries)
    near = () if guarded else _neighbours(knowledge, said)
    found = (knowledge.faults_of(replace(addition, topic=topic)) for topic in (said.topic, *near))
    return list(dict.fromkeys(fault for faults_found in found for fault in faults_found))


def _neighbours(knowledge: Knowledge, said: Wording) -> Sequence[str]:
    """The entries that its questions, or its own words taken for a question, lead to."""
    answers = (knowledge.answer(words, EVERY_FACT) for words in (*said.askings, said.text, said.long_text) if words)
    return list(dict.fromkeys(topic for answer in answers for topic in answer.topics))


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
