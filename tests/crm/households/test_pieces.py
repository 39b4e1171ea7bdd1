"""When a piece is next looked after."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from crm.models import Purchase
from crm.services.households.pieces import YEAR, next_care
from scheduler import maintenance


def test_the_scheduler_counts_the_same_years() -> None:
    assert maintenance.YEAR == YEAR


@pytest.mark.parametrize(
    ("bought", "today", "comes"),
    [
        ("2025-11-21T23:30+08:00", date(2025, 11, 21), date(2026, 11, 21)),
        ("2025-11-21T23:30+08:00", date(2026, 11, 21), date(2026, 11, 21)),
        ("2025-11-21T23:30+08:00", date(2026, 11, 22), date(2027, 11, 21)),
        ("2023-11-21T00:30+08:00", date(2024, 11, 21), date(2025, 11, 20)),  # 2024 had 366 days
    ],
)
def test_the_next_care_is_a_whole_number_of_365_days_after_the_purchase(bought: str, today: date, comes: date) -> None:
    line = Purchase(purchased_at=datetime.fromisoformat(bought))
    assert next_care(line, today, ZoneInfo("Asia/Shanghai")) == comes
