"""Cutting text into words with jieba's dictionary and the jeweller's own words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

# Far above jieba's most frequent word parts, so that the shop's words are never cut apart.
OWN_WORD_FREQUENCY = 200_000
# Count in jieba's dictionary. A word rarer than this is as foreign, and as likely a slip, as a word can be.
RARE_COUNT = 300
# Rare things are told by words of two characters; longer ones are mostly names.
RARE_LENGTH = 2

Cut = Callable[[str], list[str]]


def segmenter(own_words: Iterable[str]) -> Cut:
    """A function that cuts text; rjieba when it is installed (same cut, a third of the memory), otherwise jieba."""
    words = sorted(set(own_words))
    return rust_segmenter(words) if find_spec("rjieba") else python_segmenter(words)


def rust_segmenter(words: Iterable[str]) -> Cut:
    """Cut with rjieba."""
    import rjieba

    tokenizer = rjieba.Jieba()
    for word in words:
        tokenizer.add_word(word, OWN_WORD_FREQUENCY, "n")
    return lambda text: list(tokenizer.cut(text, False))


def python_segmenter(words: Iterable[str]) -> Cut:
    """Cut with jieba itself."""
    import jieba

    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for word in words:
        tokenizer.add_word(word, OWN_WORD_FREQUENCY, "n")
    return lambda text: list(tokenizer.cut(text, HMM=False))


@dataclass(frozen=True, slots=True)
class EverydayWord:
    """How often a word occurs in everyday language (count in jieba's dictionary), and whether it names a thing."""

    count: int
    noun: bool


def everyday_words(at_least: int) -> dict[str, EverydayWord]:
    """The words of jieba's own dictionary that occur that often; none where jieba is not installed."""
    return everyday_words_and_rare_things(at_least)[0]


def everyday_words_and_rare_things(at_least: int) -> tuple[dict[str, EverydayWord], frozenset[str]]:
    """The words that occur that often, and the names of things (no people, no places) that occur less often."""
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        return {}, frozenset()
    found: dict[str, EverydayWord] = {}
    rare: set[str] = set()
    with (Path(spec.origin).parent / "dict.txt").open(encoding="utf-8") as dictionary:
        for line in dictionary:
            word, count, tag = line.split()
            if int(count) >= at_least:
                found[word] = EverydayWord(int(count), tag[0] == "n")
            elif tag == "n" and len(word) == RARE_LENGTH:
                rare.add(word)
    return found, frozenset(rare)
