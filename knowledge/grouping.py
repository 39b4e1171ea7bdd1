"""Like questions told by what they say: the key under which unanswered ones are counted together."""

from collections.abc import Iterable

from knowledge.lexicon import Lexicon
from knowledge.reading import Reading

# Characters of a key; longer stories are cut, their beginning says enough to group them.
LONGEST_KEY = 120


def group_key(reading: Reading, lexicon: Lexicon) -> str:
    """What is asked about which material and piece; without any concern, the content words; else the text itself."""
    ideas = sorted(_narrowest(reading.ideas, lexicon))
    if reading.concerns:
        return "+".join(ideas)[:LONGEST_KEY]
    words = sorted({*ideas, *reading.words, *reading.foreign})
    return ("+".join(words) or reading.text)[:LONGEST_KEY]


def _narrowest(ideas: Iterable[str], lexicon: Lexicon) -> set[str]:
    """Without the ideas that another one says more exactly (gold beside pure gold)."""
    named = set(ideas)
    return named - {wider for idea in named for wider in lexicon.wider_ideas(idea)}
