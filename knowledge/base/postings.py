"""Which rows of a base share words and pairs of characters with a question; arrays make 100,000 rows quick."""

import math
from array import array
from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int32]
Scores = npt.NDArray[np.float32]

# The usual BM25: how soon a repeated feature is enough, and how much long rows are held back.
ENOUGH, LENGTH_SHARE = 1.2, 0.6
# A feature that stands in more rows than this share says nothing and would take the most time.
TOO_COMMON = 0.2
FEWEST_COMMON = 2_000
# Different counts of rows whose logarithms are kept.
MOST_COUNTS = 16_384


class Postings:
    """BM25 over one kind of features (each counted once a row)."""

    def __init__(self) -> None:
        self.count = 0
        self._holders: dict[str, array[int]] = {}
        self._lengths = array("f")
        self._rows: dict[str, Numbers] = {}
        self._weight: Scores = np.ones(0, dtype=np.float32)

    def add(self, features: Collection[str]) -> None:
        """The next row."""
        for feature in features:
            self._holders.setdefault(feature, array("i")).append(self.count)
        self._lengths.append(max(1, len(features)))
        self.count += 1

    def close(self) -> None:
        """All rows are there: from now on it answers."""
        lengths = np.frombuffer(self._lengths, dtype=np.float32)
        share = 1 - LENGTH_SHARE + LENGTH_SHARE * lengths / float(lengths.mean())
        self._weight = ((ENOUGH + 1) / (1 + ENOUGH * share)).astype(np.float32)
        self._rows = {feature: np.frombuffer(numbers, dtype=np.int32) for feature, numbers in self._holders.items()}

    def rarity(self, feature: str) -> float:
        """How rare a feature is among the rows (natural logarithm, as BM25 has it)."""
        return _rarity(self.count, len(self._rows.get(feature, ())))

    def holds(self, feature: str) -> bool:
        """Does any row have it?"""
        return feature in self._rows

    def add_scores(self, asked: Iterable[str], scores: Scores, share: float) -> None:
        """Add each row's BM25 for these features, times `share`, to `scores`."""
        most = max(FEWEST_COMMON, TOO_COMMON * self.count)
        for feature in asked:
            numbers = self._rows.get(feature)
            if numbers is not None and len(numbers) <= most:
                scores[numbers] += np.float32(share * self.rarity(feature)) * self._weight[numbers]


def best(scores: Scores, most: int) -> list[int]:
    """The numbers of the highest scores above zero, highest first."""
    found = np.argpartition(scores, -most)[-most:] if len(scores) > most else np.arange(len(scores))
    ordered = found[np.argsort(-scores[found], kind="stable")]
    return [int(number) for number in ordered if scores[number] > 0]


class Rareness:
    """How rare features are among rows, where nothing needs to be found by them."""

    def __init__(self) -> None:
        self._held: Counter[str] = Counter()
        self._count = 0

    def add(self, features: Collection[str]) -> None:
        """The next row."""
        self._held.update(features)
        self._count += 1

    def __call__(self, feature: str) -> float:
        """The natural logarithm that BM25 uses."""
        return _rarity(self._count, self._held[feature])


@lru_cache(MOST_COUNTS)
def _rarity(count: int, held: int) -> float:
    return math.log(1 + (count - held + 0.5) / (held + 0.5))
