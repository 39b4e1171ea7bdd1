"""What speaks for an entry, and how much: from evidence to a confidence that means what it says."""

import math
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against one entry as the answer to one question; between 0 and 1 unless said."""

    # Likeness to the entry's ways of asking: to all of them taken as one, and to the closest three.
    whole_entry: float = 0.0
    closest_three: float = 0.0
    keywords: float = 0.0
    # Lead over the best other entry in likeness and in keywords; negative for those behind.
    lead_whole: float = 0.0
    lead_keywords: float = 0.0
    # The share of what was said that the entry knows, times its likeness to the closest way or its keywords.
    known_and_close: float = 0.0
    # Things that no entry at all speaks of, in rare words (up to 2); where no piece is named, any such words.
    nowhere_known: float = 0.0
    strange_things: float = 0.0
    # 1 when neither a material nor a kind of piece is named.
    no_piece: float = 0.0
    # Words of other trades (up to 2).
    foreign: float = 0.0
    # 1 when the entry is about other materials than the question.
    other_material: float = 0.0
    # The share of the concerns asked about that the entry's ways of asking and keywords never name.
    other_concern: float = 0.0
    # How much the question says at all, in rare words (up to 3).
    said: float = 0.0


@dataclass(frozen=True, slots=True)
class Scale:
    """What each piece of evidence counts."""

    weights: Evidence
    bias: float

    def confidence(self, evidence: Evidence) -> float:
        """How likely this entry is the right one (0-1)."""
        total = self.bias + sum(getattr(self.weights, name) * getattr(evidence, name) for name in _NAMES)
        return 1 / (1 + math.exp(-total))


_NAMES = tuple(each.name for each in fields(Evidence))
