"""Chinese time phrases as customers type them: `read_when("周六下午想试戴", now)`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta

from crm.when import dates, feasts, hours, joints, spans, weekdays
from crm.when.choosing import choose
from crm.when.marks import DAY_BEGINS, DOORS_OPEN, Scanner, Seen
from crm.when.meaning import When, WhenKind
from crm.when.not_times import hide
from crm.when.phrases import Reading, read_phrases
from crm.when.windows import windows_of
from crm.when.writing import Writing, read_writing

__all__ = ["DAY_BEGINS", "When", "WhenKind", "read_when", "windows_of"]

# Of rules that match at one place the first holds.
_SCANNER = Scanner(
    (
        *hours.DOTTED,
        *weekdays.RULES,
        *spans.RULES,
        *feasts.RULES,
        *dates.RULES,
        *hours.RULES,
        *joints.RULES,
    )
)
# Nobody tells a time in more words; what stands behind is not read.
_MOST_CHARACTERS = 500
# "Any will do" said of nothing else in particular.
_ALL_THE_SAME = re.compile(
    r"(?:好|的|嗯|那|我|这边|你们?|时间|的话|呀|啊|吧|呢|哦|亲|这|[，。])*"
    r"(?:(?:都|均|全|怎么都)(?:可以|行|ok|好|成|没问题|方便)|随便你?们?|随意|无所谓|不限|你们?(?:看着办|安排))"
    r"(?:了|的|吧|啊|呀|哦|哈|呢|就行|都可以|都行|[，。~!])*"
)
_ABOUT_BEFORE = re.compile(r"(?:大概|大约|差不多|估计|可能|(?<!预)约)(?:是|在)?$")
_ABOUT_BEHIND = re.compile(r"(?:左右|前后|上下|这样子?|样子|的时候|之间|期间|吧)")


def read_when(words: str, now: datetime, opens: time = DOORS_OPEN) -> When:
    """What time these words name, seen from `now` (aware, in the shop's zone). Any text will do.

    "Before three" begins when the doors open; who speaks of a whole day names an earlier hour.
    """
    seen = Seen(_next_minute(now), opens)
    writing = read_writing(words[:_MOST_CHARACTERS])
    plain = hide(writing.plain)
    reading = read_phrases(_SCANNER.marks(plain), plain, seen)
    if not reading.phrases and _ALL_THE_SAME.fullmatch(plain):
        reading = replace(reading, any_time=True, used=[(0, len(plain))])
    when = choose(reading, plain, seen)
    if when.kind is WhenKind.NONE:
        return replace(when, rest=words)
    return replace(when, rest=_rest(writing, plain, reading) + words[_MOST_CHARACTERS:])


def _next_minute(now: datetime) -> datetime:
    whole = now.replace(second=0, microsecond=0)
    return whole if whole == now else whole + timedelta(minutes=1)


def _rest(writing: Writing, plain: str, reading: Reading) -> str:
    """The words without the time, and without the "about" that belongs to it."""
    return writing.without([_with_about(plain, first, end) for first, end in reading.used])


def _with_about(plain: str, first: int, end: int) -> tuple[int, int]:
    before, behind = _ABOUT_BEFORE.search(plain[:first]), _ABOUT_BEHIND.match(plain, end)
    return before.start() if before else first, behind.end() if behind else end
