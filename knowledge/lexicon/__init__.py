"""The jeweller's words: ideas and how they are written, wrong spellings, words without meaning, foreign words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import LexiconError

HERE = Path(__file__).parent

# Kinds of ideas that carry the conversation from one question to the next.
MATERIAL, TREATMENT, CONCERN, OBJECT, INSULT = "material", "treatment", "concern", "object", "insult"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that the reading of a question knows about words."""

    kinds: dict[str, str] = field(default_factory=dict)
    wider: dict[str, str] = field(default_factory=dict)
    surfaces: dict[str, tuple[str, ...]] = field(default_factory=dict)
    respellings: dict[str, str] = field(default_factory=dict)
    # A character, and the trade's character that it is taken for by eye.
    lookalikes: dict[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    foreign: dict[str, str] = field(default_factory=dict)
    small_talk: dict[str, str] = field(default_factory=dict)
    # What is usually asked by a single word: the idea, and up to three topics.
    bare: dict[str, tuple[str, ...]] = field(default_factory=dict)
    usual: dict[str, dict[str, str]] = field(default_factory=dict)

    def wider_ideas(self, idea: str) -> Iterator[str]:
        """The ideas that hold this one, nearest first."""
        while idea in self.wider:
            idea = self.wider[idea]
            yield idea

    def related(self, one: str, other: str) -> bool:
        """Is one of these two the other, or a kind of it?"""
        return one == other or one in self.wider_ideas(other) or other in self.wider_ideas(one)

    def written(self, idea: str) -> tuple[str, ...]:
        """Every way of writing this idea alone."""
        return tuple(word for word, ideas in self.surfaces.items() if ideas == (idea,))

    def own_words(self) -> Iterator[str]:
        """Words that the segmenter must not cut apart."""
        yield from (word for word in self.surfaces if len(word) > 1 and " " not in word)
        yield from (word for word in self.foreign if len(word) > 1)


def shop_lexicon(folder: Path = HERE) -> Lexicon:
    """The lexicon of the jewellery trade. Raises LexiconError on a line that can't be read."""
    kinds, wider, surfaces = _ideas(_lines(folder / "concepts.txt"))
    surfaces.update(_compounds(_lines(folder / "compounds.txt"), kinds, surfaces))
    return Lexicon(
        kinds=kinds,
        wider=wider,
        surfaces=surfaces,
        respellings=dict(_pair(line, "=") for line in _lines(folder / "respell.txt")),
        lookalikes=dict(_lookalikes(_lines(folder / "lookalikes.txt"))),
        ignored=frozenset(word for line in _lines(folder / "ignored.txt") for word in line.split()),
        foreign=_grouped(folder / "foreign.yaml"),
        small_talk=_grouped(folder / "small_talk.yaml"),
        bare={idea: tuple(topics) for idea, topics in _yaml(folder / "bare.yaml").items()},
        usual=_yaml(folder / "usual.yaml"),
    )


def plain_lexicon(folder: Path = HERE) -> Lexicon:
    """A lexicon for other trades: only the words without meaning, and greetings."""
    return Lexicon(
        ignored=frozenset(word for line in _lines(folder / "ignored.txt") for word in line.split()),
        small_talk=_grouped(folder / "small_talk.yaml"),
    )


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def _lookalikes(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        meant, *taken_for = line.split()
        yield from ((char, meant) for char in taken_for)


def _pair(line: str, mark: str) -> tuple[str, str]:
    left, found, right = line.partition(mark)
    if not found or not left.strip() or not right.strip():
        raise LexiconError(f"a line of the lexicon lacks '{mark}': {line!r}")
    return left.strip(), right.strip()


def _ideas(lines: Iterator[str]) -> tuple[dict[str, str], dict[str, str], dict[str, tuple[str, ...]]]:
    kinds: dict[str, str] = {}
    wider: dict[str, str] = {}
    surfaces: dict[str, tuple[str, ...]] = {}
    kind = ""
    for line in lines:
        if line.startswith("["):
            kind = line.strip("[]")
            continue
        head, words = _pair(line, ":")
        idea, _, parent = (part.strip() for part in head.partition("<"))
        kinds[idea] = kind
        if parent:
            wider[idea] = parent
        for word in words.split():
            written = word.replace("_", " ")
            # The first idea that claims a way of writing keeps it.
            surfaces.setdefault(written, (idea,))
    return kinds, wider, surfaces


def _compounds(
    lines: Iterator[str], kinds: dict[str, str], surfaces: dict[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        word, ideas = _pair(line, "=")
        for idea in ideas.split():
            # An idea that only lives in compounds is a concern.
            kinds.setdefault(idea, CONCERN)
        found[word] = tuple(ideas.split())
    return found


def _grouped(path: Path) -> dict[str, str]:
    return {str(word): str(group) for group, words in _yaml(path).items() for word in words}


def _yaml(path: Path) -> dict[str, Any]:
    stored: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return stored
