"""A shop's name with one character that only sounds right: 湖兵 for 湖滨."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pypinyin import lazy_pinyin

from handlers.customer.appointments.where import NAME_LENGTHS, ShopName

_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
# What follows the name of a place: not 金安全 for 静安.
_BEHIND = re.compile(r"(?:分|门)?店|[那这吧呢的有行可能]|\W|$")
# Sounds that many do not tell apart: zh and z, ng and n.
_ALIKE = re.compile(r"(?<=^[zcs])h|(?<=n)g$")


def as_called(words: str, shops: Sequence[ShopName]) -> str:
    """The words with shops' names as they are written; what sounds the same but for two characters stays."""
    for name in dict.fromkeys(name for shop in shops for name in shop.names):
        if name not in words and len(name) in NAME_LENGTHS and _CHINESE.fullmatch(name):
            words = _restored(words, name)
    return words


def _restored(words: str, name: str) -> str:
    sounds = [_sound(char) for char in name]
    for at in range(len(words) - len(name) + 1):
        heard = words[at : at + len(name)]
        slips = sum(one != other for one, other in zip(heard, name, strict=True))
        in_place = slips == 1 and _BEHIND.match(words, at + len(name))
        if in_place and [_sound(char) for char in heard] == sounds:
            return f"{words[:at]}{name}{words[at + len(name) :]}"
    return words


@lru_cache(maxsize=4096)
def _sound(char: str) -> str:
    return _ALIKE.sub("", lazy_pinyin(char)[0])
