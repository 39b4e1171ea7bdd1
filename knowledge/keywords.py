"""Keywords: ideas or characters that, standing together in a question, speak for an entry by themselves."""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass

from knowledge.entry import Entry
from knowledge.lexicon import Lexicon
from knowledge.reading import Reading

# Each further keyword of the same entry leaves this share of the doubt that the best one left.
FURTHER_KEYWORD = 0.97


@dataclass(frozen=True, slots=True)
class _Keyword:
    entry: int
    ideas: frozenset[str]
    # Characters that are no idea of the lexicon; they have to stand in the text as they are.
    characters: tuple[str, ...]
    weight: float


class Keywords:
    """The keywords of all entries, found by one of their ideas."""

    def __init__(self, entries: Sequence[Entry], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._by_idea: dict[str, list[_Keyword]] = defaultdict(list)
        self._without_idea: list[_Keyword] = []
        self._add(entries, 0, lexicon)

    def extended(self, entries: Sequence[Entry], first: int) -> "Keywords":
        """The same with those of further entries, numbered from `first`."""
        longer = Keywords((), self._lexicon)
        longer._by_idea.update({idea: list(keywords) for idea, keywords in self._by_idea.items()})
        longer._without_idea.extend(self._without_idea)
        longer._add(entries, first, self._lexicon)
        return longer

    def _add(self, entries: Sequence[Entry], first: int, lexicon: Lexicon) -> None:
        for number, entry in enumerate(entries, start=first):
            for words, weight in entry.keywords:
                ideas = [word for word in words if word in lexicon.kinds]
                characters = tuple(word for word in words if word not in lexicon.kinds)
                keyword = _Keyword(number, frozenset(ideas), characters, weight)
                (self._by_idea[ideas[0]] if ideas else self._without_idea).append(keyword)

    def scores(self, reading: Reading) -> dict[int, float]:
        """How sure the keywords alone make each entry (0-1)."""
        said = {wider for idea in reading.ideas for wider in (idea, *self._lexicon.wider_ideas(idea))}
        weights: dict[int, list[float]] = defaultdict(list)
        for keyword in self._met(said, reading):
            weights[keyword.entry].append(keyword.weight)
        return {entry: 1 - (1 - max(met)) * FURTHER_KEYWORD ** (len(met) - 1) for entry, met in weights.items()}

    def _met(self, said: Set[str], reading: Reading) -> list[_Keyword]:
        candidates = [keyword for idea in said for keyword in self._by_idea.get(idea, ())] + self._without_idea
        return [
            keyword
            for keyword in candidates
            if keyword.ideas <= said and all(word in reading.text for word in keyword.characters)
        ]
