"""What the shop does for a piece once a year, by category, material, gem and setting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

# Works named for one piece: more would not be read.
WORKS = 2
STRUNG = ("项链", "手链", "手串")
GENTLE = ("绿松石", "蜜蜡", "琥珀", "珊瑚", "贝母", "碧玺")
JADE = ("翡翠", "和田玉", "玉")


class Described(Protocol):
    """A piece as the till describes it."""

    @property
    def category(self) -> str: ...
    @property
    def material(self) -> str: ...
    @property
    def gem(self) -> str: ...
    @property
    def setting(self) -> str: ...


def _has(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)


# The works in the order of their weight, under their keys in wording/pushes.yaml; the first that
# fit are named.
RULES: tuple[tuple[str, Callable[[Described], bool]], ...] = (
    ("care_restring", lambda piece: "珍珠" in piece.gem and _has(piece.category, STRUNG)),
    ("care_pearl", lambda piece: "珍珠" in piece.gem and not _has(piece.category, STRUNG)),
    ("care_prongs", lambda piece: "爪" in piece.setting),
    ("care_setting", lambda piece: _has(piece.setting, ("包镶", "微镶", "轨道"))),
    ("care_jade", lambda piece: _has(piece.gem + piece.material, JADE)),
    ("care_cord", lambda piece: _has(piece.gem, GENTLE) and _has(piece.category, STRUNG)),
    ("care_gentle", lambda piece: _has(piece.gem, GENTLE)),
    ("care_silver", lambda piece: "银" in piece.material),
    ("care_gold", lambda piece: "足金" in piece.material),
    ("care_polish", lambda piece: not piece.gem and _has(piece.material, ("铂", "K金"))),
    ("care_clasp", lambda piece: _has(piece.category, STRUNG)),
)


def works_for(piece: Described) -> list[str]:
    """The keys of what is done; at least one."""
    return [key for key, fits in RULES if fits(piece)][:WORKS] or ["care_clean"]
