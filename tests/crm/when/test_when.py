"""What a reading holds beside start and end: the rest of the words, choices to ask back, what is over, windows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crm.when import When, WhenKind, read_when, windows_of
from tests.crm.when.labelled import NOW, SHANGHAI, iso


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        ("周六下午想试戴古法手镯", "想试戴古法手镯"),
        ("后天下午3点半带我妈来", "带我妈来"),
        ("13号手寸，周六下午来试", "13号手寸，来试"),
        ("周六我想带妈妈来，大概下午三点左右到", "我想带妈妈来，到"),
        ("周 六 下午，看对戒", "看对戒"),
        ("想看18K的项链", "想看18K的项链"),
        ("Ａ款周六", "Ａ款"),
        ("把明天的预约改到后天下午", "把的预约"),
        ("随时都可以", ""),
        ("", ""),
    ],
)
def test_the_rest_is_her_words_without_the_time(words: str, rest: str) -> None:
    assert read_when(words, NOW).rest == rest


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        ("明天八点", ["2026-11-25T20:00", "2026-11-25T08:00"]),
        ("明天9点半", ["2026-11-25T09:30", "2026-11-25T21:30"]),
        ("八点", ["2026-11-24T20:00", "2026-11-25T08:00"]),
        ("初八", ["2026-12-16", "2027-02-13"]),
        ("29号周六", ["2026-11-29", "2026-11-28"]),
        ("今天八点", []),
        ("明天早上八点", []),
        ("明天08:00", []),
        ("周六三点", []),
    ],
)
def test_what_can_be_read_in_several_ways_is_offered_as_choices(words: str, choices: list[str]) -> None:
    when = read_when(words, NOW)
    assert [iso(one.start) for one in when.choices] == choices
    assert not choices or iso(when.start) == choices[0]


@pytest.mark.parametrize(
    "words", ["昨天", "上周六", "前天下午三点", "2025年12月5日", "今天上午九点", "三天前", "去年国庆"]
)
def test_what_is_over_for_good_is_flagged(words: str) -> None:
    when = read_when(words, NOW)
    assert when.past
    assert when.start is not None


def test_a_weekday_of_this_week_that_is_over_offers_the_next_one() -> None:
    when = read_when("这周一", NOW)
    assert (when.past, when.start) == (True, date(2026, 11, 23))
    assert [one.start for one in when.choices] == [date(2026, 11, 23), date(2026, 11, 30)]


def test_what_is_over_does_not_count_beside_what_is_ahead() -> None:
    when = read_when("上周买的戒指，昨天发现松了，周六想来看看", NOW)
    assert (when.kind, when.start, when.past) == (WhenKind.DAY, date(2026, 11, 28), False)


def test_alternatives_are_whole_times() -> None:
    when = read_when("周六下午或者周日上午十点", NOW)
    first, second = when.alternatives
    assert (first.kind, first.start, first.end) == (WhenKind.PART, at(28, 13), at(28, 18))
    assert (second.kind, second.start, second.end) == (WhenKind.POINT, at(29, 10), None)


def test_seconds_of_the_clock_do_not_put_a_time_into_the_past() -> None:
    now = NOW.replace(hour=15, minute=20, second=31)
    assert read_when("下午", now).start == at(24, 15, 21)
    assert read_when("十分钟后", now).start == at(24, 15, 31)


def test_only_the_beginning_of_an_endless_message_is_read() -> None:
    words = "周六" + "，" + "好" * 600 + "周日"
    when = read_when(words, NOW)
    assert (when.kind, when.start) == (WhenKind.DAY, date(2026, 11, 28))
    assert when.rest.endswith("周日")


def test_a_minute_is_one_window_of_that_minute() -> None:
    assert windows_of(read_when("周六三点", NOW), SHANGHAI) == [(utc(28, 7), utc(28, 7))]


def test_a_day_is_open_from_midnight_to_its_last_minute() -> None:
    assert windows_of(read_when("周六", NOW), SHANGHAI) == [(utc(27, 16), utc(28, 15, 59))]


def test_several_days_are_one_window_and_alternatives_are_several() -> None:
    assert windows_of(read_when("周末", NOW), SHANGHAI) == [(utc(27, 16), utc(29, 15, 59))]
    assert windows_of(read_when("周六下午或周日", NOW), SHANGHAI) == [
        (utc(28, 5), utc(28, 10)),
        (utc(28, 16), utc(29, 15, 59)),
    ]


def test_no_time_has_no_window() -> None:
    assert windows_of(When(WhenKind.NONE), SHANGHAI) == []


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)
