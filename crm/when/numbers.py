"""Numbers as they are typed: 12, 十二, 二十八, 廿三, 两."""

from __future__ import annotations

_UNITS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"廿": 20, "卅": 30}

# Pieces of regular expressions, longest spelling first; they hold no group.
NUMERAL = "0-9零〇一二三四五六七八九十两廿卅"
UP_TO_12 = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二两三四五六七八九])"
UP_TO_31 = (
    "(?:3[01]|[12][0-9]|0?[1-9]|三十一?|卅一?|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?"
    "|十[一二三四五六七八九]?|[一二三四五六七八九])"
)
UP_TO_24 = "(?:2[0-4]|1[0-9]|0?[0-9]|二十[一二三四]?|十[一二三四五六七八九]?|零|[一二两三四五六七八九])"
UP_TO_59 = "(?:[0-5]?[0-9]|[二三四五]十[一二三四五六七八九]?|十[一二三四五六七八九]?|[零〇]?[一二三四五六七八九])"
COUNT = "(?:[0-9]{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"


def number(written: str) -> int:
    """The value of a number below 100 in Chinese, or of any in digits; ValueError for other words."""
    if written.isdecimal():
        return int(written)
    before, ten, after = written.partition("十")
    if not ten:
        return _below_100(written)
    return (_UNITS[before] if before else 1) * 10 + (_UNITS[after] if after else 0)


def _below_100(written: str) -> int:
    if written[:1] in _TENS:
        return _TENS[written[0]] + (_UNITS[written[1]] if written[1:] else 0)
    if not written or any(char not in _UNITS for char in written):
        raise ValueError(f"{written!r} is no number")
    return int("".join(str(_UNITS[char]) for char in written))
