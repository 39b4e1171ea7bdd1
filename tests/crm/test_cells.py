"""Cells of tables: whatever they hold, they are read, refused in one sentence, or come back unchanged."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.services.blind import is_found_by, name_searches, name_tokens, normal_phone
from crm.services.tables import Accounts, tables
from crm.services.tables import cells as of
from crm.services.tables.files import plain, safe

CELLS = [column.cell for t in tables(ZoneInfo("UTC"), Accounts("", "")).values() for column in t.columns]
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@given(st.text())
def test_what_is_made_safe_comes_back(cell: str) -> None:
    assert plain(safe(cell)) == cell


@given(st.sampled_from(DANGEROUS), st.text())
def test_nothing_dangerous_stands_in_front_unless_it_is_a_number(first: str, rest: str) -> None:
    made = safe(first + rest)
    assert not made.startswith(DANGEROUS) or float(made) <= 0


@given(st.text(min_size=1) | st.from_regex(r"[-+0-9.:TZ/ ]{1,30}"), st.sampled_from(CELLS))
def test_any_text_is_read_or_refused_with_a_reason(written: str, cell: of.Cell) -> None:
    stripped = written.strip()
    if not stripped:
        return
    value = outcome(cell, stripped)
    if isinstance(value, ValueError):
        assert str(value).split()[0] in ("must", "has", "holds", "is")
    else:
        assert value in ("", cell.parse(cell.format(value)))


def outcome(cell: of.Cell, written: str) -> Any:
    try:
        return cell.parse(written)
    except ValueError as refused:
        return refused


VALUES = [
    (of.MONEY_IN_YUAN, st.integers(-of.MOST_FEN, of.MOST_FEN)),
    (of.GRAMS, st.decimals(0, of.MOST_GRAMS, places=3)),
    (of.DAY, st.dates()),
    (of.CLOCK_TIME, st.times().map(lambda moment: moment.replace(second=0, microsecond=0))),
    (of.YES_NO, st.booleans()),
    (of.degrees(180), st.floats(-180, 180).map(lambda value: round(value, 9))),
    (
        of.instant(ZoneInfo("Asia/Shanghai")),
        st.datetimes(timezones=st.just(UTC)).filter(lambda moment: 1950 < moment.year < 2100),
    ),
]


@pytest.mark.parametrize(("cell", "values"), VALUES)
def test_every_value_comes_back_from_its_text(cell: of.Cell, values: st.SearchStrategy[Any]) -> None:
    @given(values)
    def comes_back(value: Any) -> None:
        assert cell.parse(cell.format(value)) == value

    comes_back()


@pytest.mark.parametrize(
    ("cell", "written", "value"),
    [
        (of.MONEY_IN_YUAN, "1280.5", 128050),
        (of.MONEY_IN_YUAN, "-3496.00", -349600),
        (of.GRAMS, "5.10", Decimal("5.1")),
        (of.DAY, "2026-11-21", date(2026, 11, 21)),
        (of.CLOCK_TIME, "9:30", time(9, 30)),
        (of.CLOCK_TIME, "09:30:00", time(9, 30)),
        (of.WEEKDAYS, "7;1", "17"),
        (of.PHONE, "（0571）8888 9999", "057188889999"),
        (of.semicolons(50), "老客；珍珠; 老客;", "老客;珍珠"),
        (of.text(50), "王 \n 小美", "王 小美"),
        (of.instant(ZoneInfo("Asia/Shanghai")), "2026-11-21", datetime(2026, 11, 20, 16, tzinfo=UTC)),
        (of.instant(ZoneInfo("Asia/Shanghai")), "2026-11-21T10:00Z", datetime(2026, 11, 21, 10, tzinfo=UTC)),
    ],
)
def test_what_is_meant_is_understood(cell: of.Cell, written: str, value: Any) -> None:
    assert cell.parse(written) == value


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (of.MONEY_IN_YUAN, "¥100"),
        (of.MONEY_IN_YUAN, "1e5"),
        (of.MONEY_IN_YUAN, "NaN"),
        (of.MONEY_IN_YUAN, "１００"),
        (of.GRAMS, "Infinity"),
        (of.DAY, "2026/11/21"),
        (of.DAY, "20261121"),
        (of.DAY, "2026-02-29"),
        (of.CLOCK_TIME, "24:00"),
        (of.WEEKDAYS, "0"),
        (of.whole(1, 9), "1.0"),
        (of.YES_NO, "是"),
    ],
)
def test_what_could_be_misunderstood_is_refused(cell: of.Cell, written: str) -> None:
    with pytest.raises(ValueError, match="must"):
        cell.parse(written)


@given(st.text(max_size=30), st.data())
def test_every_name_is_found_by_every_part_of_two_or_more_characters(name: str, data: st.DataObject) -> None:
    compact = "".join(character for character in name if character.isalnum()).casefold()[:20]
    if len(compact) < 2:
        return
    start = data.draw(st.integers(0, len(compact) - 2))
    part = compact[start : data.draw(st.integers(start + 2, len(compact)))]
    tokens = name_tokens(compact)
    assert any(asked <= tokens for asked in name_searches(part))
    assert is_found_by(compact, part)


@given(st.from_regex(r"1\d{10}", fullmatch=True), st.sampled_from(["", "+86", "86", "0086", "+86 ", "＋86"]))
def test_one_phone_however_it_is_written(number: str, prefix: str) -> None:
    number = number.encode("ascii", "ignore").decode()
    if len(number) == 11:
        assert normal_phone(f"{prefix}{number[:3]}-{number[3:7]} {number[7:]}") == number


def test_marks_that_turn_the_writing_are_left_out() -> None:
    """In a name they would turn round the lines in which staff read it."""
    assert of.text(64).parse("\u202e周\u2066芸\u200f") == "周芸"
    with pytest.raises(ValueError, match="nothing that can be read"):
        of.text(64).parse("\u202e")
