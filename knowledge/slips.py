"""Finding the jeweller's words behind slips of the eye and the finger: look-alikes, swapped or missing characters."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Indel

from knowledge.lexicon import MATERIAL, OBJECT, Lexicon
from knowledge.sounds import PARTICLES

# Windows of this many characters are compared.
SHORTEST, LONGEST = 2, 4
# Changes between two sketches (two signs a character: its look and itself). 2 is a look-alike (戎指) or a character
# left out (祖绿); from 4, any other character in its place, 食指 would be as near to 戒指 as a slip.
MOST_CHANGES = 2
# Marks of fineness are short: a letter too many is still the mark (18kk: 0.86), a strange one is not (18x: 0.67).
SAME_MARK = 0.85
# Two characters are as often a size, a page or a phone as a mark.
SHORTEST_MARK = 3
# Runs of words whose meant word is kept; customers make the same slips.
MOST_REMEMBERED = 8_192
_CHINESE = re.compile(r"[一-鿿]+")
_MARK = re.compile(r"(?<![a-z0-9])(?=[a-z]*[0-9])(?=[0-9]*[a-z])[a-z0-9]+(?![a-z0-9])")
_AS_DIGITS = str.maketrans("olizsb", "011258")
_NO_DIGITS = re.compile(r"[^0-9]+")


class Slips:
    """The lexicon's words, ready to be found behind a slip; a word of the everyday dictionary is never changed."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        words = [word for word in lexicon.surfaces if SHORTEST <= len(word) <= LONGEST and _CHINESE.fullmatch(word)]
        self._sketches = {word: self._sketch(word) for word in words}
        self._holding: dict[str, set[str]] = defaultdict(set)
        for word in words:
            for char in word:
                self._holding[char].add(word)
        # Two characters that are no name are also a phrase the other way round: 擦布, 布擦.
        swappable = [word for word in words if len(word) > SHORTEST or self._names_a_thing(word)]
        self._swapped = {wrong: word for word in swappable for wrong in _swaps(word)}
        self._meant = lru_cache(MOST_REMEMBERED)(self._find_meant)
        self._marks = {word: word.translate(_AS_DIGITS) for word in _marks(lexicon)}

    def mend_marks(self, text: str) -> str:
        """Marks of fineness with a letter typed for a digit or twice (pt95o, 18kk); no digit becomes another one."""
        return _MARK.sub(lambda match: self._meant_mark(match.group()), text)

    def mend(self, tokens: Sequence[str]) -> str:
        """The text of these tokens, with windows around a loose character replaced by the word that was meant."""
        loose = list(map(self._loose, tokens))
        mended: list[str] = []
        at = 0
        while at < len(tokens):
            width, word = self._slipped_run(tokens, at) if any(loose[at : at + LONGEST]) else (1, tokens[at])
            mended.append(word)
            at += width
        return "".join(mended)

    def _slipped_run(self, tokens: Sequence[str], at: int) -> tuple[int, str]:
        for width in range(min(LONGEST, len(tokens) - at), 1, -1):
            run = tokens[at : at + width]
            if self._may_be_slipped(run) and (word := self._meant(tuple(run))):
                return width, word
        return 1, tokens[at]

    def _may_be_slipped(self, run: Sequence[str]) -> bool:
        text = "".join(run)
        if len(text) > LONGEST or not _CHINESE.fullmatch(text) or PARTICLES & set(text):
            return False
        return any(map(self._loose, run)) and not any(token in self._lexicon.foreign for token in run)

    def _loose(self, token: str) -> bool:
        """One character that is no word of ours; the segmenter makes longer tokens of dictionary words only."""
        return len(token) == 1 and token not in self._lexicon.surfaces and token not in self._lexicon.ignored

    def _find_meant(self, run: tuple[str, ...]) -> str:
        text = "".join(run)
        swapped = self._swapped.get(text, "")
        return swapped if swapped and self._keeps(run, swapped) else self._nearest(run, text)

    def _nearest(self, run: Sequence[str], text: str) -> str:
        holding = {word for char in text for word in self._holding.get(char, ())}
        sketches = {word: self._sketches[word] for word in sorted(holding) if self._possible(run, text, word)}
        found = process.extract(
            self._sketch(text), sketches, scorer=Indel.distance, score_cutoff=MOST_CHANGES, limit=None
        )
        return self._only_one([word for _, changes, word in found if changes == found[0][1]])

    def _possible(self, run: Sequence[str], text: str, word: str) -> bool:
        if len(word) == len(text):
            return self._keeps(run, word)
        # Left out: inside a word, at its ends the rest is too often a phrase of its own (抹油, 贝珠).
        inside = (text[0], text[-1]) == (word[0], word[-1]) and len(word) == len(text) + 1
        return inside and self._names_a_thing(word) and all(map(self._loose, run)) and any(map(self._tells, text))

    def _tells(self, char: str) -> bool:
        """Does this character stand in the words of one idea only? 祖 tells 祖母绿, 红 and 石 tell nothing."""
        return len({self._ideas(word) for word in self._holding.get(char, ())}) == 1

    def _keeps(self, run: Iterable[str], word: str) -> bool:
        """Does every word of the run that is no slip, ours or an everyday one, live on in this word?"""
        ideas = self._ideas(word)
        return all(self._loose(token) or token in word or self._lives_on(token, ideas) for token in run)

    def _lives_on(self, token: str, ideas: frozenset[str]) -> bool:
        return token in self._lexicon.surfaces and self._ideas(token) <= ideas

    def _names_a_thing(self, word: str) -> bool:
        return any(self._lexicon.kinds.get(idea) in {MATERIAL, OBJECT} for idea in self._lexicon.surfaces[word])

    def _ideas(self, word: str) -> frozenset[str]:
        return frozenset(self._lexicon.surfaces.get(word, ()))

    def _only_one(self, words: Sequence[str]) -> str:
        """The word, unless others with another meaning are as near."""
        return words[0] if len({self._ideas(word) for word in words}) == 1 else ""

    def _sketch(self, word: str) -> str:
        return "".join(self._lexicon.lookalikes.get(char, char) + char for char in word)

    def _meant_mark(self, written: str) -> str:
        if len(written) < SHORTEST_MARK or written in self._lexicon.surfaces:
            return written
        meant = written.translate(_AS_DIGITS)
        same_digits = {mark: sketch for mark, sketch in self._marks.items() if _digits(sketch) == _digits(meant)}
        best = process.extractOne(meant, same_digits, scorer=Indel.normalized_similarity, score_cutoff=SAME_MARK)
        return best[2] if best else written


def _swaps(word: str) -> Iterator[str]:
    """The word with two neighbours swapped, at each place."""
    for at in range(len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _marks(lexicon: Lexicon) -> Iterator[str]:
    """What is stamped into materials: letters and digits."""
    for word, ideas in lexicon.surfaces.items():
        if lexicon.kinds.get(ideas[0]) == MATERIAL and word.isascii() and word.isalnum() and _digits(word):
            yield word


def _digits(text: str) -> str:
    return _NO_DIGITS.sub("", text)
