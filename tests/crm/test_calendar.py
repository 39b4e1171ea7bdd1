"""Two calendars: lunar dates with leap months, what comes round when, festivals by their names."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.calendar import (
    FESTIVALS,
    LunarDate,
    lunar_of,
    next_holiday,
    next_lunar,
    next_lunar_day,
    next_solar,
    solar_in,
    solar_of,
    solar_term,
)

TODAY = date(2026, 11, 24)
days = st.dates(date(1901, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("solar", "lunar"),
    [
        (date(2027, 2, 6), LunarDate(2027, 1, 1)),
        (date(2027, 2, 5), LunarDate(2026, 12, 29)),
        (date(2025, 7, 25), LunarDate(2025, 6, 1, leap=True)),
        (date(2025, 6, 25), LunarDate(2025, 6, 1)),
        (date(2026, 9, 25), LunarDate(2026, 8, 15)),
        (date(1990, 10, 11), LunarDate(1990, 8, 23)),
    ],
)
def test_a_day_has_a_lunar_date_and_back(solar: date, lunar: LunarDate) -> None:
    assert lunar_of(solar) == lunar
    assert solar_of(lunar) == solar


@given(days)
def test_every_day_comes_back(day: date) -> None:
    assert solar_of(lunar_of(day)) == day


def test_born_in_a_leap_month_is_kept_in_the_plain_month_of_other_years() -> None:
    assert solar_of(LunarDate(2026, 6, 15, leap=True)) == solar_of(LunarDate(2026, 6, 15))
    assert next_lunar(6, 15, date(2025, 7, 20), leap=True) == solar_of(LunarDate(2025, 6, 15, leap=True))
    assert next_lunar(6, 15, date(2025, 7, 1)) == date(2025, 7, 9)


def test_the_thirtieth_is_kept_on_the_last_day_of_a_short_month() -> None:
    assert solar_of(LunarDate(2026, 12, 30)) == date(2027, 2, 5)


def test_the_29th_of_february_is_kept_on_the_28th_of_common_years() -> None:
    assert solar_in(2027, 2, 29) == date(2027, 2, 28)
    assert next_solar(2, 29, date(2027, 3, 1)) == date(2028, 2, 29)


@given(days, st.integers(1, 12), st.integers(1, 30), st.booleans())
def test_the_next_lunar_date_is_ahead_and_near(since: date, month: int, day: int, leap: bool) -> None:
    found = next_lunar(month, day, since, leap=leap)
    assert timedelta() <= found - since <= timedelta(days=385 + 30)


@given(days, st.integers(1, 30))
def test_the_next_lunar_day_has_its_number(since: date, day: int) -> None:
    found = next_lunar_day(day, since)
    assert lunar_of(found).day == day
    assert timedelta() <= found - since <= timedelta(days=90)


def test_what_comes_round_today_is_today() -> None:
    assert next_solar(11, 24, TODAY) == TODAY
    assert next_solar(11, 23, TODAY) == date(2027, 11, 23)
    assert next_lunar(10, 16, TODAY) == TODAY


@pytest.mark.parametrize(("month", "day"), [(13, 1), (0, 1), (1, 31), (1, 0)])
def test_days_that_no_lunar_calendar_has_are_refused(month: int, day: int) -> None:
    with pytest.raises(ValueError, match="no lunar year"):
        solar_of(LunarDate(2026, month, day))


@pytest.mark.parametrize("year", [1890, 2101])
def test_years_that_the_tables_do_not_hold_are_refused(year: int) -> None:
    with pytest.raises(ValueError, match="1900 to 2100"):
        solar_of(LunarDate(year, 1, 1))


def test_a_31st_lunar_day_is_refused() -> None:
    with pytest.raises(ValueError, match="no lunar month"):
        next_lunar_day(31, TODAY)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("春节", date(2027, 2, 6)),
        ("除夕", date(2027, 2, 5)),
        ("大年三十", date(2027, 2, 5)),
        ("元宵节", date(2027, 2, 20)),
        ("清明", date(2027, 4, 5)),
        ("端午节", date(2027, 6, 9)),
        ("七夕", date(2027, 8, 8)),
        ("中秋", date(2027, 9, 15)),
        ("重阳节", date(2027, 10, 8)),
        ("腊八", date(2027, 1, 15)),
        ("小年", date(2027, 1, 30)),
        ("冬至", date(2027, 12, 22)),
        ("情人节", date(2027, 2, 14)),
        ("520", date(2027, 5, 20)),
        ("三八", date(2027, 3, 8)),
        ("女神节", date(2027, 3, 8)),
        ("母亲节", date(2027, 5, 9)),
        ("父亲节", date(2027, 6, 20)),
        ("儿童节", date(2027, 6, 1)),
        ("五一", date(2027, 5, 1)),
        ("十一", date(2027, 10, 1)),
        ("教师节", date(2027, 9, 10)),
        ("双十一", date(2027, 11, 11)),
        ("双12", date(2027, 12, 12)),
        ("618", date(2027, 6, 18)),
        ("平安夜", date(2027, 12, 24)),
        ("元旦", date(2027, 1, 1)),
        ("感恩节", date(2027, 11, 25)),
        ("万圣节", date(2027, 10, 31)),
    ],
)
def test_a_festival_has_its_day_in_2027(name: str, day: date) -> None:
    assert FESTIVALS[name].on(2027) == day


@pytest.mark.parametrize("name", sorted(FESTIVALS))
@pytest.mark.parametrize("since", [TODAY, date(2027, 2, 6), date(2028, 1, 1)])
def test_the_next_festival_is_ahead(name: str, since: date) -> None:
    assert timedelta() <= FESTIVALS[name].next(since) - since <= timedelta(days=385)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("国庆", date(2027, 10, 1), date(2027, 10, 7)),
        ("元旦", date(2027, 1, 1), date(2027, 1, 3)),
        ("春节", date(2027, 2, 5), date(2027, 2, 12)),
        ("清明", date(2027, 4, 3), date(2027, 4, 5)),  # a Monday
        ("中秋", date(2027, 9, 15), date(2027, 9, 15)),  # a Wednesday
        ("情人节", date(2027, 2, 14), date(2027, 2, 14)),
    ],
)
def test_the_usual_days_off(name: str, first: date, last: date) -> None:
    kept = FESTIVALS[name]
    assert kept.days_off(kept.on(2027)) == (first, last)


@pytest.mark.parametrize(
    ("year", "first", "last"),
    [(2024, (4, 4), (4, 6 + 1)), (2025, (4, 4), (4, 6)), (2026, (4, 4), (4, 6)), (2023, (4, 5), (4, 5))],
)
def test_a_festival_takes_the_weekend_that_touches_it(year: int, first: tuple[int, int], last: tuple[int, int]) -> None:
    kept = FESTIVALS["清明"]
    assert kept.days_off(kept.on(year)) == (date(year, *first), date(year, *last))


def test_the_next_holiday_is_new_year_s_day() -> None:
    kept, day = next_holiday(TODAY)
    assert (kept.name, day) == ("元旦", date(2027, 1, 1))


def test_a_word_that_is_no_solar_term_is_refused() -> None:
    with pytest.raises(KeyError):
        solar_term("周六", 2027)
