"""What a question asks for in particular, and which sentence of an entry says it."""

from collections.abc import Collection, Mapping, Sequence

from knowledge.entry import Entry, Point
from knowledge.facts import fill_in
from knowledge.lexicon import Lexicon
from knowledge.reading import Reading

# More than this before the answer itself is no answer to one question any more.
MOST_POINTS = 2


def asked_for(
    entry: Entry, own: Reading, whole: Reading, lexicon: Lexicon, said_before: Collection[int] = ()
) -> tuple[Point, ...]:
    """The points of an entry that the question asks for, in the entry's order.

    `said_before`: the places of those that are not said again. `own` is the message, `whole` the message completed
    by the conversation: something of a point is said in the message itself, "多少钱" of the message before last is
    not asked again.
    """
    open_points = [point for place, point in enumerate(entry.points) if place not in said_before]
    said, known = _ideas(own, lexicon), _ideas(whole, lexicon)

    def stands(words: Sequence[str]) -> bool:
        return all(_named(word, known, whole, lexicon) for word in words) and any(
            _named(word, said, own, lexicon) for word in words
        )

    return tuple(point for point in open_points if any(map(stands, point.asked)))[:MOST_POINTS]


def places(entry: Entry, points: Sequence[Point]) -> tuple[int, ...]:
    """Where these points stand in their entry: what a conversation remembers of them."""
    return tuple(place for place, point in enumerate(entry.points) if point in points)


def told(entry: Entry, points: Sequence[Point], facts: Mapping[str, str], again: bool = False) -> str:
    """The points and the short answer; `again`, where that was said just before, the points alone.

    A point whose fact is missing is left out; empty where the short answer itself can't be given.
    """
    sentences = [(point, fill_in(point.say, facts)) for point in points]
    said = [(point, text) for point, text in sentences if text]
    firsts = [text for _, text in said]
    if said and (again or any(point.alone for point, _ in said)):
        return "".join(firsts)
    short = fill_in(entry.short, facts)
    return "\n".join(filter(None, ["".join(firsts), short])) if short else ""


def _ideas(reading: Reading, lexicon: Lexicon) -> frozenset[str]:
    return frozenset(wider for idea in reading.ideas for wider in (idea, *lexicon.wider_ideas(idea)))


def _named(word: str, ideas: frozenset[str], reading: Reading, lexicon: Lexicon) -> bool:
    return word in ideas if word in lexicon.kinds else word in reading.text
