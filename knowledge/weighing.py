"""What speaks for an entry, and how much: from evidence to a confidence that means what it says."""

import math
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against one entry as the answer to one question; between 0 and 1 unless said."""

    # Lead in log-odds over the best other entry, and over the questions that are nobody's (up to 4 either way).
    lead: float = 0.0
    lead_over_nobody: float = 0.0
    keywords: float = 0.0
    # Lead over the best other entry in keywords; negative for those behind.
    lead_keywords: float = 0.0
    # The share of what was said that the entry knows.
    known: float = 0.0
    # Things that the entry does not know, in rare words (up to 2), where no piece is named.
    strange_things: float = 0.0
    # 1 when neither a material nor a kind of piece is named.
    no_piece: float = 0.0
    # Words of other trades (up to 2).
    foreign: float = 0.0
    # 1 when the entry is about other materials than the question.
    other_material: float = 0.0
    # How long it is, in features: with a story around it the same lead says more.
    length: float = 0.0


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
