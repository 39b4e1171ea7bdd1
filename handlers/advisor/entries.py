"""Entries as staff look for them: by id, title, a part of it, or a way of asking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge import Knowledge
from knowledge.facts import EVERY_FACT

ENTRY = "entry:"


def searched(knowledge: Knowledge, words: str, most: int) -> Sequence[str]:
    """The topics that may be meant; the surest kind of finding that finds any decides."""
    wanted = words.strip().casefold()
    found = next((topics for topics in _findings(knowledge, wanted) if topics), []) if wanted else []
    return found[:most]


def _findings(knowledge: Knowledge, wanted: str) -> Iterator[list[str]]:
    titles = knowledge.topics()
    yield [topic for topic, title in titles.items() if wanted in (topic.casefold(), title.casefold())]
    yield [topic for topic, title in titles.items() if wanted in title.casefold()]
    yield [entry.id for entry in knowledge.entries if any(wanted in way.casefold() for way in entry.ways)]
    yield list(knowledge.answer(wanted, EVERY_FACT).topics)
