"""The line of allergies on her card: materials with marks between them, as she and the till write them."""

from __future__ import annotations

import re
from collections.abc import Callable

_BETWEEN = re.compile(r"[、,，;；/\s]+")


def words_of(line: str) -> list[str]:
    """Each as it stands there."""
    return [word for word in _BETWEEN.split(line) if word]


def bare(word: str) -> str:
    """Cards say 镍, 镍过敏 or 对镍过敏."""
    return word.removeprefix("对").removesuffix("过敏")


def same(word: str, material: str) -> bool:
    return bare(word).casefold() == bare(material).casefold()


def without(line: str, material: str) -> str:
    """The line without this material; word for word as it was when it does not stand there."""
    return but(line, lambda word: same(word, material))


def but(line: str, leaves_out: Callable[[str], bool]) -> str:
    """The line without what `leaves_out` holds for; word for word as it was where it holds for nothing."""
    words = words_of(line)
    left = [word for word in words if not leaves_out(word)]
    return line if left == words else "、".join(left)
