"""How sure is sure in this base: what its own questions would be answered with if their topic were not in it."""

import math
from collections.abc import Callable, Sequence

# Topics that are passed over one after the other; more would make loading slow and change little.
MOST_TRIED = 200
# This share of near foreign questions stays below the bar: the rest are mostly the same thing under another id.
KEPT_OUT = 0.9
# The bar never goes below the first (few, unlike rows say little) nor above the second (a base full of doubles).
LOWEST_BAR, HIGHEST_BAR = 0.45, 0.65

Ask = Callable[[int], float]


def bar(topic_count: int, best_without: Ask) -> float:
    """The likelihood from which a row of this base means the question.

    `best_without` asks the base one of a topic's own questions while that topic is passed over.
    """
    step = max(1, topic_count // MOST_TRIED)
    return bar_of([best_without(topic) for topic in range(0, topic_count, step)])


def bar_of(near_foreign: Sequence[float]) -> float:
    """The bar for these likelihoods of wrong answers."""
    if not near_foreign:
        return LOWEST_BAR
    at = min(len(near_foreign) - 1, int(KEPT_OUT * len(near_foreign)))
    return min(HIGHEST_BAR, max(LOWEST_BAR, sorted(near_foreign)[at]))


def shifted(likelihood: float, bar: float, onto: float) -> float:
    """The likelihood moved on its scale so that the bar becomes `onto`; the order stays."""
    return 1 / (1 + math.exp(_logit(bar) - _logit(likelihood) - _logit(onto)))


def _logit(likelihood: float) -> float:
    kept = min(1 - 1e-9, max(1e-9, likelihood))
    return math.log(kept / (1 - kept))
