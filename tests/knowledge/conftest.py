"""The shop's own knowledge, loaded once, and a shop that has told everything about itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge import Answer, Knowledge
from knowledge.facts import KNOWN_FACTS
from knowledge.lexicon import Lexicon, shop_lexicon
from knowledge.reading import Reader

Ask = Callable[..., Answer]


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return shop_lexicon()


@pytest.fixture(scope="session")
def reader(lexicon: Lexicon) -> Reader:
    return Reader(lexicon)


@pytest.fixture(scope="session")
def facts() -> dict[str, str]:
    return {key: f"«{key}»" for key in KNOWN_FACTS}


@pytest.fixture(scope="session")
def ask(knowledge: Knowledge, facts: dict[str, str]) -> Ask:
    """`ask("first", "and then")`: the answer to the last question of a conversation."""

    def asked(*questions: str) -> Answer:
        answer = knowledge.answer(questions[0], facts)
        for question in questions[1:]:
            answer = knowledge.answer(question, facts, answer.turn)
        return answer

    return asked
