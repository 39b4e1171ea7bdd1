"""What holds for any words at any moment, and every spelling of a date with every spelling of an hour."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.when import When, WhenKind, read_when, windows_of
from tests.crm.when.labelled import NOW, SHANGHAI, table

PIECES = (
    *"周一二三四五六日天上下这个月号点半刻到至-~./:，。或和不是改前后早晚年初零〇廿0123456789 ",
    *(
        "星期",
        "礼拜",
        "上午",
        "下午",
        "晚上",
        "下班后",
        "元旦",
        "国庆",
        "中秋",
        "腊月",
        "正月",
        "初八",
        "节后",
        "月底",
        "周末",
    ),
    *(
        "分钟",
        "小时",
        "天后",
        "第二天",
        "前一天",
        "放假",
        "除了",
        "不行",
        "都可以",
        "随时",
        "尽快",
        "左右",
        "以后",
        "之前",
        "差一刻",
    ),
    *(
        "号手寸",
        "克拉",
        "厘米",
        "块",
        "岁",
        "想试戴",
        "最后一个",
        "今天",
        "明天",
        "后天",
        "大年",
        "农历",
        "闰",
        "春节",
        "十一",
        "520",
    ),
)
EARLIEST, LATEST = (datetime.fromisoformat(f"{year}-01-01") for year in (2020, 2090))
moments = st.datetimes(EARLIEST, LATEST).map(lambda naive: naive.replace(tzinfo=SHANGHAI))
messages = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def begins(when: When) -> datetime | None:
    if isinstance(when.start, datetime) or when.start is None:
        return when.start
    return datetime(when.start.year, when.start.month, when.start.day, 23, 59, 59, 999999, tzinfo=SHANGHAI)


def holds(when: When, words: str, now: datetime) -> None:
    assert len(when.rest) <= len(words)
    assert (when.start is None) == (when.kind is WhenKind.NONE)
    assert (when.end is not None) == (when.kind in (WhenKind.RANGE, WhenKind.PART)) or when.kind is WhenKind.ALTS
    for one in (when, *when.alternatives, *when.choices):
        assert type(one.start) is type(one.end) or one.end is None
        assert one.end is None or one.start is None or one.start <= one.end  # type: ignore[operator]
        start = begins(one)
        assert one.past or start is None or start >= now
    assert len(windows_of(when, SHANGHAI)) == (len(when.alternatives) or int(when.start is not None))


@settings(max_examples=500, deadline=None)
@given(messages, moments)
def test_any_pieces_of_time_phrases_are_read_soundly(words: str, now: datetime) -> None:
    holds(read_when(words, now), words, now)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), moments)
def test_any_text_is_read_soundly(words: str, now: datetime) -> None:
    holds(read_when(words, now), words, now)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(table("phrases.tsv") + table("held_out.tsv")), moments)
def test_every_phrase_is_sound_at_any_moment(phrase: object, now: datetime) -> None:
    words = phrase.words  # type: ignore[attr-defined]
    holds(read_when(words, now), words, now)


HAN = dict(enumerate("零一二三四五六七八九"))


def han(number: int) -> str:
    """Numbers below 60 as they are said."""
    ten, one = divmod(number, 10)
    if not ten:
        return HAN[one]
    return f"{HAN[ten] if ten > 1 else ''}十{HAN[one] if one else ''}"


def day_spellings(day: date) -> list[str]:
    ahead = (day - NOW.date()).days
    month, number = han(day.month), han(day.day)
    spelled = [
        *(f"{day.month}{between}{day.day}" for between in "./-"),
        *(f"{day.month}月{day.day}{unit}" for unit in "号日"),
        *(f"{month}月{number}{unit}" for unit in "号日"),
        *(f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日"),
        *(f"{ahead}天后", f"{han(ahead)}天以后"),
    ]
    weekday = "一二三四五六日"[day.weekday()]
    weeks = (day - timedelta(days=day.weekday()) - (NOW.date() - timedelta(days=NOW.weekday()))).days // 7
    if weeks <= 2:
        spelled += [
            f"{which}{week}{weekday}"
            for which in ("这", "下", "下下")[weeks : weeks + 1]
            for week in ("周", "星期", "礼拜")
        ]
    return spelled


def hour_spellings(hour: int, minute: int) -> list[str]:
    said = hour - 12 if hour > 12 else hour
    part = "上午" if hour < 12 else "中午" if hour == 12 else "下午" if hour < 18 else "晚上"
    minutes = {
        0: ("", "整", "钟"),
        15: ("一刻", "15", "十五分"),
        30: ("半", "30", "三十分"),
        45: ("三刻", "45", "四十五"),
    }[minute]
    spelled = [f"{part}{number}点{more}" for number in (said, han(said) if said != 2 else "两") for more in minutes]
    return [*spelled, f"{hour}:{minute:02}", f"{part}{said}:{minute:02}", f"{hour:02}：{minute:02}"]


DAYS = [
    date(2026, 11, 27),
    date(2026, 11, 29),
    date(2026, 12, 1),
    date(2026, 12, 11),
    date(2026, 12, 25),
    date(2027, 1, 20),
]
HOURS = [(10, 0), (11, 30), (12, 15), (13, 0), (15, 45), (20, 30)]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_spelling_of_a_date_and_an_hour_is_read_back(day: date) -> None:
    misread = []
    for (hour, minute), date_words in product(HOURS, day_spellings(day)):
        meant = datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)
        for hour_words, between in product(hour_spellings(hour, minute), (" ", "我想来，")):
            when = read_when(date_words + between + hour_words, NOW)
            if (when.kind, when.start) != (WhenKind.POINT, meant):
                misread.append((date_words + between + hour_words, when))
    assert misread == []


@pytest.mark.parametrize(
    "piece",
    sorted({*PIECES, "嗯", "在", "好的", "戴", "的", "我", "a", "a1", "手寸是", "周六下午三点或", "1-", "预算在"}),
)
def test_an_endless_repetition_is_read_in_time(piece: str) -> None:
    started = process_time()
    read_when(piece * (500 // len(piece)) + "x", NOW)
    assert process_time() - started < 0.25


def test_a_phrase_takes_less_than_a_millisecond() -> None:
    phrases = table("phrases.tsv")
    for phrase in phrases:
        phrase.read()
    started = process_time()
    for phrase in phrases:
        phrase.read()
    assert (process_time() - started) / len(phrases) < 0.001
