"""Finding the jeweller's words by their sound: homophones, near-sounds and pinyin written in letters."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from pypinyin import lazy_pinyin

# Windows of this many characters are compared by sound; one character sounds like too many others.
SHORTEST, LONGEST = 2, 4
_FOLDS = ((re.compile("^zh"), "z"), (re.compile("^ch"), "c"), (re.compile("^sh"), "s"), (re.compile("ng$"), "n"))
# Single characters that hold sentences together are never half of a misspelt word.
PARTICLES = frozenset(
    "我你您他她它的地得了着过吗呢吧啊呀嘛么不没有是在会能要想去来给把被和跟就都也还很太这那哪个怎用完好后前上下里面"
)
# Letters beside digits are a mark (pt950), not pinyin.
_LETTERS = re.compile(r"(?<![a-z0-9])[a-z]+(?: [a-z]+)*(?![a-z0-9])")
Known = Callable[[str], bool]
_CHINESE = re.compile(r"[一-鿿]+")


@lru_cache(maxsize=8192)
def syllable(char: str) -> str:
    """The sound of one character, without tone, with the sounds folded that southern typing mixes up."""
    spelled: str = lazy_pinyin(char)[0]
    return fold(spelled)


def fold(spelled: str) -> str:
    """zh/z, ch/c, sh/s and ng/n as one."""
    for pattern, plain in _FOLDS:
        spelled = pattern.sub(plain, spelled)
    return spelled


class Sounds:
    """The words that may be found by sound; `spelled` are further ones that count only in letters (zenme)."""

    def __init__(self, words: Iterable[str], spelled: Iterable[str] = ()) -> None:
        self._by_sound: dict[tuple[str, ...], list[str]] = {}
        self._by_letters: dict[str, str] = {}
        for word in filter(_can_be_heard, words):
            self._by_sound.setdefault(tuple(map(syllable, word)), []).append(word)
            self._by_letters.setdefault("".join(lazy_pinyin(word)), word)
        for word in filter(_can_be_heard, spelled):
            self._by_letters.setdefault("".join(lazy_pinyin(word)), word)

    def repair(self, tokens: Sequence[str], known: Known, common: Known) -> str:
        """The text of these tokens, with runs of loose characters replaced by the word that sounds the same.

        Only what the segmenter could not make a word of, or a rare one, is touched: a common word stays what it is.
        """
        loose = [_loose(token, known, common) for token in tokens]
        repaired: list[str] = []
        at = 0
        while at < len(tokens):
            width, word = (
                self._sounding_run(tokens, at, loose, known) if any(loose[at : at + LONGEST]) else (1, tokens[at])
            )
            repaired.append(word)
            at += width
        return "".join(repaired)

    def _sounding_run(self, tokens: Sequence[str], at: int, loose: Sequence[bool], known: Known) -> tuple[int, str]:
        for width in range(min(LONGEST, len(tokens) - at), 0, -1):
            run = tokens[at : at + width]
            text = "".join(run)
            misheard = any(loose[at : at + width]) and not PARTICLES & set(text) and not all(map(known, run))
            if misheard and _can_be_heard(text) and (word := self._sounds_like(text)):
                return width, word
        return 1, tokens[at]

    def _sounds_like(self, text: str) -> str:
        """The word with this sound that shares most characters; one without any is more likely chance."""
        words = self._by_sound.get(tuple(map(syllable, text)), ())
        shared = max(words, key=lambda word: len(set(word) & set(text)), default="")
        return shared if set(shared) & set(text) else ""

    def spell_out(self, text: str) -> str:
        """Pinyin in letters ("lan baoshi") written as the word that it spells; other letters stay."""
        return _LETTERS.sub(lambda match: self._spelled(match.group()), text)

    def _spelled(self, letters: str) -> str:
        words = letters.split(" ")
        said = ""
        while words:
            width = next((width for width in range(len(words), 0, -1) if "".join(words[:width]) in self._by_letters), 0)
            word = self._by_letters["".join(words[:width])] if width else words[0]
            # Only letters need a space between them.
            said += f" {word}" if said and said[-1].isascii() and word.isascii() else word
            words = words[max(width, 1) :]
        return said


def _can_be_heard(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and bool(_CHINESE.fullmatch(word))


def _loose(token: str, known: Known, common: Known) -> bool:
    """A single character, or a rare word that is none of ours."""
    return len(token) == 1 or not (known(token) or common(token))
