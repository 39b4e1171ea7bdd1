"""Values of a template message, cut to what the type of each field takes."""

from __future__ import annotations

from collections.abc import Mapping

from bot.text import GRAPHEME, printable

# Characters of a field by its type, as of 2026-11-21; a longer one is refused with 47003.
# Words end with "…" when cut.
WORD_CAPS = {"thing": 20, "const": 20}
# Codes, numbers and phrases take no ellipsis: it is a character that their type refuses.
CODE_CAPS = {"character_string": 32, "phrase": 5, "phone_number": 17, "car_number": 8}
ELLIPSIS = "…"


def template_fields(values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Values by key ("thing1") as the platform wants them; other types go as they are."""
    return {key: {"value": _capped(key.rstrip("0123456789"), value)} for key, value in values.items()}


def _capped(kind: str, value: str) -> str:
    whole = " ".join(printable(value).split())  # a field is one line
    if kind in WORD_CAPS:
        return _clip(whole, WORD_CAPS[kind], ELLIPSIS)
    return _clip(whole, CODE_CAPS[kind], "") if kind in CODE_CAPS else whole


def _clip(text: str, most: int, ellipsis: str) -> str:
    """At most `most` code points, never through a visible character."""
    if len(text) <= most:
        return text
    kept = ""
    for grapheme in GRAPHEME.findall(text):
        if len(kept) + len(grapheme) > most - len(ellipsis):
            break
        kept += grapheme
    return kept + ellipsis
