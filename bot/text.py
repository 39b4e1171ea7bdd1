"""Cutting words to what a platform takes, never through a visible character."""

from __future__ import annotations

import regex

# A passive or customer-service text holds at most this many bytes of UTF-8.
TEXT_BYTES = 2048
GRAPHEME = regex.compile(r"\X")
# What neither XML 1.0 nor PostgreSQL text can hold.
UNPRINTABLE = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
OPEN_LINK = regex.compile(r"<a\b(?:(?!</a>).)*\Z", regex.DOTALL)


def clip(text: str, max_bytes: int = TEXT_BYTES) -> str:
    """The longest beginning of `text` that fits; ends in … when cut, and not inside a link."""
    text = printable(text)
    if len(text.encode()) <= max_bytes:
        return text
    room = max_bytes - len("…".encode())
    kept: list[str] = []
    for grapheme in GRAPHEME.findall(text):
        room -= len(grapheme.encode())
        if room < 0:
            break
        kept.append(grapheme)
    whole: str = OPEN_LINK.sub("", "".join(kept))
    return whole + "…"


def printable(text: str) -> str:
    """`text` without control characters and unpaired surrogates."""
    kept: str = UNPRINTABLE.sub("", text)
    return kept
