"""Normalisation: every way of typing the same characters becomes one."""

import re
import unicodedata

from opencc import OpenCC

# A customer's question fits in this many characters; what is longer is cut, so that no message can hold up the webhook.
LONGEST_QUESTION = 400

# The Taiwan table also knows 著 for 着.
_TO_SIMPLIFIED = OpenCC("tw2s")
_REPEATED = re.compile(r"([^\w\s])\1+|([一-鿿])\2{2,}")
# WeChat sends its own faces as words: [太阳], [Smile].
_FACES = re.compile(r"\[(?:[一-鿿]{1,4}|[A-Z][A-Za-z]{2,10})\]")
_SPACES = re.compile(r"\s+")
_SENTENCE_MARKS = frozenset(",.!?;:，。！？；：、~…\n")
# Letters and digits, marks that belong to numbers, and everything Chinese.
_KEPT_SYMBOLS = frozenset("%+-/*=.'")


def normalise(raw: str) -> str:
    """Width, case, traditional characters, emoji, zero-width characters and repeated marks made plain."""
    folded = unicodedata.normalize("NFKC", _FACES.sub(" ", raw[:LONGEST_QUESTION])).lower()
    plain = "".join(_plain(char) for char in folded)
    return _SPACES.sub(" ", _REPEATED.sub(r"\1\2", simplified(plain))).strip()


def simplified(text: str) -> str:
    """Traditional characters made simplified ones."""
    plain: str = _TO_SIMPLIFIED.convert(text)
    return plain


def _plain(char: str) -> str:
    if char in _SENTENCE_MARKS:
        return _as_mark(char)
    category = unicodedata.category(char)
    if category[0] in "LN" or char in _KEPT_SYMBOLS:
        return char
    if category in {"Cf", "Mn", "Me"}:
        return ""
    return " "


def _as_mark(char: str) -> str:
    if char in "?？":
        return "?"
    return "\n" if char in ".。!！;；\n…" else ","
