"""What speaks for an entry, and how much: from evidence to a confidence that means what it says."""

import math
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against one entry as the answer to one question; each between 0 and 1 unless said."""

    # Likeness to the closest way of asking (ideas, words, pairs of characters), and to the entry as a whole.
    closest_way: float = 0.0
    whole_entry: float = 0.0
    # Agreement of the three closest ways of asking.
    closest_three: float = 0.0
    # Likeness letter by letter to the closest way.
    letters: float = 0.0
    keywords: float = 0.0
    # Lead over the best other entry; negative for those behind.
    lead: float = 0.0
    lead_whole: float = 0.0
    lead_keywords: float = 0.0
    # Share of what was said that the entry knows, and how much it does not know (in rare words, up to 2).
    known: float = 0.0
    unknown_ideas: float = 0.0
    unknown_words: float = 0.0
    unknown_things: float = 0.0
    # Things that no entry at all speaks of (up to 2).
    nowhere_known: float = 0.0
    # No material and no piece is named; and the things known nowhere then.
    no_piece: float = 0.0
    strange_things: float = 0.0
    # Words of other trades, up to 2.
    foreign: float = 0.0
    other_material: float = 0.0
    unnamed_material: float = 0.0
    # How much the question says at all (in rare words, up to 3).
    said: float = 0.0
    known_and_close: float = 0.0


WEIGHTS = Evidence()
BIAS = 0.0


def confidence(evidence: Evidence) -> float:
    """How likely this entry is the right one (0-1)."""
    total = BIAS + sum(getattr(WEIGHTS, each.name) * getattr(evidence, each.name) for each in fields(Evidence))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
