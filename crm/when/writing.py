"""Spellings brought to one form: simplified characters, half width, no gaps, frequent slips of the finger mended."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from opencc import OpenCC

from crm.when.slips import LATIN_WORD, RISKY_SLIPS, SLIPS, from_latin

_END_OF_LATIN = 0x250
# Characters in which Chinese words are written.
_HAN = range(0x4E00, 0xA000)
_SLIP = re.compile("|".join(sorted(map(re.escape, SLIPS), key=len, reverse=True)))
_BREAKS = str.maketrans({"\n": "，", "\r": "，", "〜": "~", "～": "~", "—": "-", "–": "-", "―": "-", "−": "-"})


def _to_simplified() -> dict[int, str]:
    """Each traditional character with its simplified one, character by character so that places are kept."""
    every = [chr(code) for code in _HAN]
    plain = OpenCC("t2s").convert("\n".join(every)).split("\n")
    return {ord(old): new for old, new in zip(every, plain, strict=True) if old != new and len(new) == 1}


_SIMPLIFIED = _to_simplified() | {ord("禮"): "礼", ord("鍾"): "钟", ord("裡"): "里"}


def simplified(words: str) -> str:
    """Each traditional character as its simplified one, so that every place stays what it was."""
    return words.translate(_SIMPLIFIED)


@dataclass(frozen=True, slots=True)
class Writing:
    """Words in the one form in which they are read, and where each character stood."""

    words: str
    plain: str
    places: tuple[int, ...]

    def without(self, spans: list[tuple[int, int]]) -> str:
        """The words as they were written, without these spans of `plain`."""
        kept, at = [], 0
        for first, end in sorted(span for span in spans if span[0] < span[1]):
            kept.append(self.words[at : max(at, self.places[first])])
            at = max(at, self.places[end - 1] + 1)
        return _tidy("".join([*kept, self.words[at:]]))


def read_writing(words: str) -> Writing:
    """Words as the layers after this one want them; any text will do."""
    folded, places = [], []
    for place, char in enumerate(words):
        for plain in _plain(char):
            folded.append(plain)
            places.append(place)
    kept = [at for at in range(len(folded)) if folded[at] != " " or _parts_digits(folded, at)]
    text, places = _from_latin("".join(folded[at] for at in kept), [places[at] for at in kept])
    mended = _SLIP.sub(lambda slip: SLIPS[slip.group()], text)
    for slip, meant in RISKY_SLIPS:
        mended = slip.sub(meant, mended)
    return Writing(words, mended, tuple(places))


def _from_latin(text: str, places: list[int]) -> tuple[str, list[int]]:
    """Time words in Chinese; the first character keeps the place of the word's beginning, the last that of its end."""
    made, stood, at = [], [], 0
    for found in LATIN_WORD.finditer(text):
        chinese = from_latin(found)
        made += [text[at : found.start()], chinese]
        stood += places[at : found.start()] + [places[found.start()]] * (len(chinese) - 1) + [places[found.end() - 1]]
        at = found.end()
    return "".join([*made, text[at:]]), stood + places[at:]


def _plain(char: str) -> str:
    if char < "\x7f":
        return "，" if char in "\n\r" else " " if char.isspace() else char.lower()
    if char in "，。、（）～：；！？":
        return _MARKS.get(char, char)
    if ord(char) in _HAN:
        return _SIMPLIFIED.get(ord(char), char)
    if unicodedata.category(char) in ("Cf", "Mn", "Cc"):
        return ""
    # Pinyin loses its tones.
    bare = unicodedata.normalize("NFD", char)[0] if ord(char) < _END_OF_LATIN else char
    folded = unicodedata.normalize("NFKC", bare).translate(_BREAKS)
    return "".join(" " if one.isspace() else one for one in folded.lower())


_MARKS = {"：": ":", "～": "~", "；": "，", "！": "。"}


def _parts_digits(folded: list[str], at: int) -> bool:
    """A gap counts between two digits alone: "12 5", not "周 六"."""
    before = next((char for char in reversed(folded[:at]) if char != " "), "")
    after = next((char for char in folded[at + 1 :] if char != " "), "")
    return before.isdigit() and after.isdigit() and folded[at - 1] != " "


_TIDY = re.compile(r"^[\s，,。、；;：:！!？?~\-—（）()|/]+|[\s，,。、；;：:~\-—（(|/]+$")
_DOUBLED = re.compile(r"(?<=[，,。、；;\s])[\s，,、；;]+|[（(][）)]")


def _tidy(words: str) -> str:
    return _TIDY.sub("", _DOUBLED.sub("", words))
