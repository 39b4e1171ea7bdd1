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


@pytest.mark.parametrize(
    ("words", "starts"),
    [
        ("12月26号或者27号下午两点半", ["2026-12-26T14:30", "2026-12-27T14:30"]),
        ("12月26或27号", ["2026-12-26", "2026-12-27"]),
        ("下个月26号或者2号", ["2026-12-26", "2026-12-02"]),
        ("26号或者5号", ["2026-11-26", "2026-12-05"]),
        ("明天或者27号", ["2026-11-25", "2026-11-27"]),
    ],
)
def test_a_month_holds_for_the_second_of_two_dates(words: str, starts: list[str]) -> None:
    assert [iso(one.start) for one in read_when(words, NOW).alternatives] == starts


@pytest.mark.parametrize(
    "words",
    [
        "想约湖滨2月30号下午三点",
        "二月三十号",
        "11月31号下午3点",
        "13月1日下午3点",
        "12月32号下午3点",
        "32号下午3点",
        "2月29到31号",
        "明年2月29号",
        "2026年2月30日",
        "2026-02-30 15:00",
        "周八下午3点",
        "星期九",
        "我13月1日休息",
        "周六改到2月30号下午三点",
        "2月30号或者3月1号",
    ],
)
def test_a_date_that_does_not_exist_is_no_time_and_said_to_be_none(words: str) -> None:
    when = read_when(words, NOW)
    assert (when.kind, when.impossible, when.rest) == (WhenKind.NONE, True, words)


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("2月30号不行，3月1号吧", "2027-03-01"),
        ("2月30号，哦不，3月1号下午三点", "2027-03-01T15:00"),
        ("她2月30号过生日，我周六下午来", "2026-11-28T13:00"),
        ("周日八点", "2026-11-29T20:00"),
        ("12月31号", "2026-12-31"),
        ("十二月三十一号", "2026-12-31"),
    ],
)
def test_beside_it_or_near_it_a_date_that_exists_is_read(words: str, start: str) -> None:
    when = read_when(words, NOW)
    assert (iso(when.start), when.impossible) == (start, False)


@pytest.mark.parametrize("words", ["每周八次", "两周八天", "推迟半小时", "晚半小时到", "推迟一小时", "想看32克的手镯"])
def test_counts_and_delays_are_neither_times_nor_impossible_dates(words: str) -> None:
    when = read_when(words, NOW)
    assert (when.kind, when.impossible) == (WhenKind.NONE, False)


@pytest.mark.parametrize(
    ("words", "start", "rest"),
    [
        ("tomorrow 3pm", "2026-11-25T15:00", ""),
        ("Tomorrow 3:30 pm please", "2026-11-25T15:30", "please"),
        ("saturday afternoon", "2026-11-28T13:00", ""),
        ("I want to try rings on Saturday afternoon", "2026-11-28T13:00", "I want to try rings"),
    ],
)
def test_the_plainest_english_is_read_too(words: str, start: str, rest: str) -> None:
    when = read_when(words, NOW)
    assert (iso(when.start), when.rest) == (start, rest)
