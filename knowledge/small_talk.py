"""Greetings, thanks and goodbyes: a friendly word is due, no care answer."""

import re
from collections.abc import Mapping

from knowledge.text import normalise

_PARTS = re.compile(r"[\s,?\n~!.]+")
_TAILS = re.compile(r"[呀啊哦啦呢哈喔嘛吧哒滴]+$")
# More than this is no greeting any more, whatever it begins with.
LONGEST_SMALL_TALK = 16


def kind_of(question: str, phrases: Mapping[str, str]) -> str:
    """greeting, thanks, goodbye or nothing; only when the message says nothing else."""
    text = normalise(question)
    if not text or len(text) > LONGEST_SMALL_TALK:
        return ""
    whole = _kind(text, phrases)
    if whole:
        return whole
    kinds = [_kind(part, phrases) for part in _PARTS.split(text) if part]
    if not kinds or not all(kinds):
        return ""
    return next((kind for kind in kinds if kind != "greeting"), "greeting")


def _kind(text: str, phrases: Mapping[str, str]) -> str:
    bare = _TAILS.sub("", text)
    found = phrases.get(text) or phrases.get(bare)
    if found:
        return found
    # "收到感谢", "好的谢谢你": phrases written together.
    for cut in range(1, len(bare)):
        first, second = phrases.get(bare[:cut]), phrases.get(bare[cut:])
        if first and second:
            return second if second != "greeting" else first
    return ""
