"""TF-IDF over pairs of characters, as it is usually done: what the engine is compared with."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence


class PairTfIdf:
    """Cosine of TF-IDF vectors of neighbouring characters."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [_pairs(text) for text in texts]
        held: Counter[str] = Counter(pair for found in counts for pair in found)
        self._rarity = {pair: math.log((1 + len(texts)) / (1 + holders)) + 1 for pair, holders in held.items()}
        self._holding: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, found in enumerate(counts):
            for pair, weight in self._unit_length(found).items():
                self._holding[pair].append((number, weight))

    def best(self, question: str) -> tuple[int, float]:
        """The number of the most like text and the cosine."""
        dots: dict[int, float] = defaultdict(float)
        for pair, weight in self._unit_length(_pairs(question)).items():
            for number, stored in self._holding.get(pair, ()):
                dots[number] += weight * stored
        return max(dots.items(), key=lambda found: found[1], default=(0, 0.0))

    def _unit_length(self, counts: Counter[str]) -> dict[str, float]:
        weights = {pair: count * self._rarity.get(pair, 0.0) for pair, count in counts.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {pair: weight / length for pair, weight in weights.items()}


def _pairs(text: str) -> Counter[str]:
    return Counter(text[at : at + 2] for at in range(len(text) - 1))
