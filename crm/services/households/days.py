"""Days of the year as customers say them: solar or lunar, with a leap month, with a year or without."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from crm import calendar
from crm.calendar import LunarDate

SOLAR, LUNAR = "solar", "lunar"
DIGITS = {word: number for number, word in enumerate("零一二三四五六七八九十")} | {"〇": 0, "两": 2, "元": 1}
MONTHS = {"正": 1, "冬": 11, "腊": 12}
_NUMBER = r"[0-9]{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_LUNAR_NUMBER = rf"初[一二三四五六七八九十]|廿[一二三四五六七八九]?|{_NUMBER}"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
# Only what stands here is a day; whatever else a customer writes is not guessed at.
SPOKEN = re.compile(
    rf"(?P<calendar>农历|阴历|旧历|古历|阳历|公历|新历|国历)?(?:的)?(?:{_YEAR}年)?(?P<calendar2>农历|阴历|阳历|公历)?(?:的)?"
    rf"(?P<leap>闰)?(?P<month>正|冬|腊|{_NUMBER})月份?(?:的)?(?P<day>{_LUNAR_NUMBER})(?P<mark>号|日)?"
)
WRITTEN = re.compile(
    rf"(?P<calendar>农历|阴历|阳历|公历)?(?:{_YEAR}[-./])?(?P<month>0?[1-9]|1[0-2])[-./](?P<day>[0-3]?[0-9])"
)
# Both in one pattern without names, for sentences that have a day somewhere.
PATTERN = "|".join(re.sub(r"\?P<\w+>", "?:", one.pattern) for one in (SPOKEN, WRITTEN))
LUNAR_WORDS = ("农历", "阴历", "旧历", "古历")


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day that comes round. `year`: when it was for the first time; None: she did not say."""

    month: int
    day: int
    year: int | None = None
    calendar: str = SOLAR
    leap_month: bool = False

    def next(self, today: date) -> date:
        """The next time; today counts."""
        if self.calendar == LUNAR:
            return calendar.next_lunar(self.month, self.day, today, leap=self.leap_month)
        return calendar.next_solar(self.month, self.day, today)

    def is_day_of(self, other: YearDay) -> bool:
        """The same day of the same calendar, whatever the year."""
        return replace(self, year=None) == replace(other, year=None)

    def in_year_of(self, other: YearDay) -> YearDay | None:
        """This day in the other one's year; None where calendars differ, or that year has no such day."""
        return _checked(replace(self, year=other.year)) if self.calendar == other.calendar else None


def read_day(words: str) -> YearDay | None:
    """The whole of `words` is a day; None when it is none, or one that no calendar has."""
    found = SPOKEN.fullmatch(words)
    if found is not None:
        return _checked(_spoken(found))
    found = WRITTEN.fullmatch(words)
    if found is None:
        return None
    kept = LUNAR if found["calendar"] in LUNAR_WORDS else SOLAR
    return _checked(YearDay(int(found["month"]), int(found["day"]), _year(found), kept))


def of_card(day: str, calendar: str, leap_month: bool) -> YearDay | None:
    """A birthday as the till's table has it: an ISO date of its own calendar; None for ""."""
    if not day:
        return None
    year, month, number = map(int, day.split("-"))
    return YearDay(month, number, year, LUNAR if calendar == LUNAR else SOLAR, leap_month)


def in_words(day: YearDay) -> str:
    """As it is said back: 农历闰四月初八, 1990年5月20日."""
    year = f"{day.year}年" if day.year else ""
    if day.calendar == SOLAR:
        return f"{year}{day.month}月{day.day}日"
    return f"农历{year}{'闰' if day.leap_month else ''}{_month_word(day.month)}月{_day_word(day.day)}"


def _spoken(found: re.Match[str]) -> YearDay:
    said = found["calendar"] or found["calendar2"] or ""
    lunar = said in LUNAR_WORDS or (not said and _sounds_lunar(found))
    month = MONTHS.get(found["month"]) or _number(found["month"])
    return YearDay(month, _number(found["day"]), _year(found), LUNAR if lunar else SOLAR, bool(found["leap"]))


def _sounds_lunar(found: re.Match[str]) -> bool:
    """初八, 廿三, 正月, 闰四月; and 八月十五 as it is spelled, without 日 or 号."""
    spelled = not re.search(r"[0-9]", found["month"] + found["day"])
    marked = bool(found["leap"]) or found["month"] in MONTHS or found["day"][0] in "初廿"
    return marked or (spelled and not found["mark"])


def _year(found: re.Match[str]) -> int | None:
    return int(found["year"]) if found["year"] else None


def _checked(day: YearDay) -> YearDay | None:
    try:
        if day.calendar == LUNAR:
            calendar.solar_of(LunarDate(day.year or calendar.LAST_YEAR - 1, day.month, day.day, day.leap_month))
        else:
            date(day.year or 2000, day.month, day.day)
    except ValueError:
        return None
    return None if day.calendar == SOLAR and day.leap_month else day


def _number(word: str) -> int:
    if word.isdecimal():
        return int(word)
    word = word.removeprefix("初")
    if word.startswith("廿"):
        return 20 + DIGITS.get(word[1:], 0)
    tens, ten, ones = word.rpartition("十")
    if not ten:
        return DIGITS[word]
    return DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0)


_CHINESE = "零一二三四五六七八九十"


def _month_word(month: int) -> str:
    return {1: "正", 10: "十", 11: "冬", 12: "腊"}.get(month) or _CHINESE[month]


def _day_word(day: int) -> str:
    if day <= 10:
        return f"初{_CHINESE[day]}"
    tens, ones = divmod(day, 10)
    if not ones:
        return f"{_CHINESE[tens]}十"
    return f"{ {1: '十', 2: '廿'}.get(tens, '三十') }{_CHINESE[ones]}"
