"""How like a question and a row of a base are: what both say, what only one says, how they look and sound."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from knowledge.base.words import Asked, sound

# How much of a word is met by one that sounds the same, or shares half its characters.
SAME_SOUND, HALF_THE_CHARACTERS = 0.9, 0.6
# A word's characters all stand in the other text, but apart.
SCATTERED = 0.35
# Pairs of words whose likeness is kept; the words of one subject meet again and again.
MOST_REMEMBERED = 65_536

Rarity = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Rarities:
    """How much each part of a question says in one base."""

    word: Callable[[str, float], float]
    pair: Rarity
    character: Rarity
    sound: Rarity


@dataclass(frozen=True, slots=True)
class Likeness:
    """What speaks for a row as the meaning of a question; between 0 and 1 unless said."""

    # The share, by weight, of the question's words met by the row, and the other way round.
    question_met: float = 0.0
    row_met: float = 0.0
    both_met: float = 0.0
    # The weight of the heaviest word that is not met, of the question and of the row.
    question_lacks: float = 0.0
    row_lacks: float = 0.0
    # Both lack a heavy word: one stands in the other's place ("身份证" for "会员卡").
    exchanged: float = 0.0
    # Pairs of characters in common (Dice, weighted by rarity), and the likeness of the spelling as a whole.
    pairs: float = 0.0
    characters: float = 0.0
    sounds: float = 0.0
    spelling: float = 0.0
    spelling_sorted: float = 0.0
    # 1 when one asks how and the other why, when numbers differ, when only one denies.
    other_kind: float = 0.0
    other_number: float = 0.0
    other_negation: float = 0.0
    # Words of the question that no row of the base has, in weight (up to 2).
    unknown: float = 0.0
    # How far this row is ahead of the best row of another topic, in likeness (-1 to 1).
    lead: float = 0.0
    # How much the question says (up to 1; short ones are met by chance).
    said: float = 0.0


NAMES = tuple(each.name for each in fields(Likeness))


def likeness(asked: Asked, row: Asked, rarity: Rarities, unknown: float) -> Likeness:
    """Everything but the lead."""
    question_met, question_lacks, said = _met(asked, row, rarity)
    row_met, row_lacks, _ = _met(row, asked, rarity)
    return Likeness(
        question_met=question_met,
        row_met=row_met,
        both_met=question_met * row_met,
        question_lacks=question_lacks,
        row_lacks=row_lacks,
        exchanged=min(question_lacks, row_lacks),
        pairs=_dice(asked.pairs, row.pairs, rarity.pair),
        characters=_dice(asked.characters, row.characters, rarity.character),
        sounds=_dice(asked.sounds, row.sounds, rarity.sound),
        spelling=Indel.normalized_similarity(asked.core, row.core),
        spelling_sorted=fuzz.ratio("".join(sorted(asked.text)), "".join(sorted(row.text))) / 100,
        other_kind=float(bool(asked.kinds and row.kinds and not asked.kinds & row.kinds)),
        other_number=float(asked.numbers != row.numbers),
        other_negation=float(asked.negated != row.negated),
        unknown=min(2.0, unknown),
        said=min(1.0, said / 3),
    )


def _met(one: Asked, other: Asked, rarity: Rarities) -> tuple[float, float, float]:
    """The share of one's words that the other meets, the heaviest lack, and all the weight."""
    total = met = lack = 0.0
    for word, says in one.words.items():
        weight = rarity.word(word, says)
        share = _meets(word, one.written[word], other)
        total += weight
        met += weight * share
        lack = max(lack, weight * (1 - share))
    return (met / total if total else 0.0), lack, total


def _meets(word: str, written: str, other: Asked) -> float:
    if word in other.words:
        return 1.0
    if len(written) > 1 and written in other.text:
        return 1.0
    best = max((_alike(written, token) for token in other.written.values()), default=0.0)
    if best < SCATTERED and len(written) > 1 and all(char in other.text for char in written):
        return SCATTERED
    return best


@lru_cache(MOST_REMEMBERED)
def _alike(one: str, other: str) -> float:
    if len(one) == len(other) and len(one) > 1 and sound(one) == sound(other):
        return SAME_SOUND
    shared = len(set(one) & set(other))
    return HALF_THE_CHARACTERS if shared * 2 >= max(len(one), len(other)) and shared else 0.0


def _dice(one: frozenset[str], other: frozenset[str], rarity: Rarity) -> float:
    shared = sum(map(rarity, one & other))
    total = sum(map(rarity, one)) + sum(map(rarity, other))
    return 2 * shared / total if total else 0.0


def as_row(like: Likeness) -> list[float]:
    """The numbers in the order of NAMES, for fitting."""
    return [getattr(like, name) for name in NAMES]


def weighted(like: Likeness, weights: Mapping[str, float]) -> float:
    """The sum of what speaks for and against, each times its weight."""
    return float(sum(weight * getattr(like, name) for name, weight in weights.items()))
