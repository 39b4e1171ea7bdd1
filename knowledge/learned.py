"""What the written wordings teach: counts for the index, and the words of other trades that an entry may answer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from knowledge.entry import Entry
from knowledge.index import FOREIGN, Counts, count
from knowledge.reading import Reader, Reading


@dataclass(frozen=True, slots=True)
class Learned:
    """Everything that is read out of the entries' wordings, in the order of the entries."""

    counts: Counts
    # Words of other trades that each entry's own ways of asking hold.
    claimed: list[frozenset[str]]


def learn(
    entries: Sequence[Entry],
    reader: Reader,
    foreign: Sequence[str] = (),
    read: Callable[[str], Reading] | None = None,
) -> Learned:
    """Read all wordings; `foreign` are questions that a person has to take, `read` may know readings already."""
    read = read or reader.read
    ways = [(number, read(words)) for number, entry in enumerate(entries) for words in entry.ways]
    other = ((number, words) for number, entry in enumerate(entries) for words in (entry.title, *entry.askings))
    further = [(number, read(words)) for number, words in other]
    further.extend((FOREIGN, read(words)) for words in foreign)
    counts = count((*ways, *further), reader.lexicon)
    for number, entry in enumerate(entries):
        counts.vocabulary.setdefault(number, set()).update(
            f"idea:{word}" for words, _ in entry.keywords for word in words
        )
    return Learned(counts, claimed_words(ways, len(entries)))


def claimed_words(readings: Iterable[tuple[int, Reading]], entry_count: int) -> list[frozenset[str]]:
    """By entry, the words of other trades that its ways of asking hold."""
    found: list[set[str]] = [set() for _ in range(entry_count)]
    for number, reading in readings:
        found[number].update(reading.foreign)
    return [frozenset(words) for words in found]
