"""What a question asks for in particular, and which sentence of an entry says it."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from knowledge.entry import Entry, Point
from knowledge.facts import FACT, fill_in
from knowledge.lexicon import Lexicon
from knowledge.reading import Reading

# More than this before the answer itself is no answer to one question any more.
MOST_POINTS = 2


def asked_for(
    entry: Entry, own: Reading, whole: Reading, lexicon: Lexicon, said_before: Collection[int] = ()
) -> tuple[Point, ...]:
    """The points of an entry that the question asks for, in the entry's order; of whole answers only the first.

    `said_before`: the places of those that are not said again. `own` is the message, `whole` the message completed
    by the conversation: something of a point is said in the message itself, "多少钱" of the message before last is
    not asked again.
    """
    open_points = [point for place, point in enumerate(entry.points) if place not in said_before]
    met = [point for point in open_points if any(_stand(words, own, whole, lexicon) for words in point.asked)]
    return tuple(_each_once(met))[:MOST_POINTS]


def _each_once(points: Sequence[Point]) -> Iterator[Point]:
    """Without a second whole answer, and without a fact that another point has said."""
    said: set[tuple[str, str]] = set()
    whole = False
    for point in points:
        facts = set(FACT.findall(point.say))
        if not (facts & said or (point.alone and whole)):
            yield point
            said |= facts
            whole = whole or point.alone


def words_of(points: Sequence[Point], reading: Reading, lexicon: Lexicon) -> frozenset[str]:
    """The ideas and characters by which this message alone asks for these points."""
    groups = (words for point in points for words in point.asked if _stand(words, reading, reading, lexicon))
    return frozenset(word for words in groups for word in words)


def _stand(words: Sequence[str], own: Reading, whole: Reading, lexicon: Lexicon) -> bool:
    named = [_named(word, own, lexicon) for word in words]
    return any(named) and all(one or _named(word, whole, lexicon) for one, word in zip(named, words, strict=True))


def places(entry: Entry, points: Sequence[Point]) -> tuple[int, ...]:
    """Where these points stand in their entry: what a conversation remembers of them."""
    return tuple(place for place, point in enumerate(entry.points) if point in points)


def told(entry: Entry, points: Sequence[Point], facts: Mapping[str, str], again: bool = False) -> str:
    """The points and the short answer; the points alone `again`, and where one is all of it or has the same fact.

    Empty where the short answer itself can't be given. The facts of the points are there (`sayable`).
    """
    first = "".join(fill_in(point.say, facts) for point in points)
    facts_said = {fact for point in points for fact in FACT.findall(point.say)}
    says_it = any(point.alone for point in points) or bool(facts_said & set(FACT.findall(entry.short)))
    if points and (again or says_it):
        return first
    short = fill_in(entry.short, facts)
    return "\n".join(filter(None, [first, short])) if short else ""


def sayable(points: Sequence[Point], facts: Mapping[str, str]) -> tuple[Point, ...]:
    """Those whose facts the shop has filled in."""
    return tuple(point for point in points if fill_in(point.say, facts))


def _named(word: str, reading: Reading, lexicon: Lexicon) -> bool:
    if word not in lexicon.kinds:
        return word in reading.text
    return any(word == idea or word in lexicon.wider_ideas(idea) for idea in reading.ideas)
