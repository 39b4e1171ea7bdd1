"""What a shop adds to the written entries: new ones, further ways of asking, other answers, topics switched off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.entry import Entry
from knowledge.matching import Matcher

# How sure the ideas of a shop's own way of asking make a new entry when they stand together in a question.
OWN_KEYWORD = 0.8
# Ideas; one alone would claim every question about a material.
FEWEST_IDEAS = 2


@dataclass(frozen=True, slots=True)
class Addition:
    """What a shop says about one topic, beside or instead of what is written.

    A topic that exists keeps what is empty here; one that does not exist needs a title or a way of asking.
    A `text` of its own takes the place of the short answer and the points, and of the long one unless `long_text`
    is given.
    """

    topic: str
    askings: tuple[str, ...] = ()
    title: str = ""
    text: str = ""
    long_text: str = ""
    off: bool = False


def overlaid(entries: Sequence[Entry], matcher: Matcher, additions: Sequence[Addition]) -> tuple[list[Entry], Matcher]:
    """The entries and the matcher with these additions; several for one topic are taken one after the other."""
    merged = list(entries)
    numbers = {entry.id: number for number, entry in enumerate(merged)}
    asked: list[tuple[int, str]] = []
    off: dict[str, bool] = {}
    for addition in additions:
        number = numbers.setdefault(addition.topic, len(merged))
        if number == len(merged):
            merged.append(_new(addition))
        else:
            merged[number] = _changed(merged[number], addition)
        asked.extend((number, asking) for asking in addition.askings if asking.strip())
        off[addition.topic] = addition.off
    for number in range(len(entries), len(merged)):
        merged[number] = replace(merged[number], keywords=tuple(_keywords(merged[number], matcher)))
    hidden = [numbers[topic] for topic, is_off in off.items() if is_off]
    return merged, matcher.overlaid(merged, asked, hidden)


def _new(addition: Addition) -> Entry:
    title = addition.title or next(iter(addition.askings), addition.topic)
    return Entry(addition.topic, title, addition.askings, short=addition.text, long=addition.long_text)


def _changed(entry: Entry, addition: Addition) -> Entry:
    return replace(
        entry,
        title=addition.title or entry.title,
        ways=(*entry.ways, *addition.askings),
        short=addition.text or entry.short,
        long=addition.long_text or ("" if addition.text else entry.long),
        points=() if addition.text else entry.points,
    )


def _keywords(entry: Entry, matcher: Matcher) -> Iterator[tuple[tuple[str, ...], float]]:
    """The ideas that each way of asking names together."""
    readings = (matcher.read(way) for way in entry.ways)
    for ideas in dict.fromkeys(reading.ideas for reading in readings if len(reading.ideas) >= FEWEST_IDEAS):
        yield ideas, OWN_KEYWORD
