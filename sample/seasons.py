"""When people buy jewellery in China, and what a gram of gold cost in the shop on a day."""

from datetime import date, timedelta
from decimal import Decimal

FIRST_DAY = date(2023, 11, 21)
LAST_DAY = date(2026, 11, 20)

# (first day, last day, how many times as busy as an ordinary day)
_BUSY = [
    (date(2023, 12, 22), date(2024, 1, 3), 2),  # 圣诞、元旦
    (date(2024, 1, 27), date(2024, 2, 14), 4),  # 春节、情人节
    (date(2024, 5, 11), date(2024, 5, 20), 5),  # 母亲节、520
    (date(2024, 8, 3), date(2024, 8, 10), 5),  # 七夕
    (date(2024, 9, 15), date(2024, 10, 7), 4),  # 中秋、国庆、婚嫁季
    (date(2024, 12, 22), date(2025, 1, 3), 2),
    (date(2025, 1, 15), date(2025, 2, 14), 4),
    (date(2025, 5, 9), date(2025, 5, 20), 5),
    (date(2025, 8, 22), date(2025, 8, 29), 5),
    (date(2025, 9, 20), date(2025, 10, 8), 4),
    (date(2025, 12, 22), date(2026, 1, 3), 2),
    (date(2026, 1, 31), date(2026, 2, 17), 4),
    (date(2026, 5, 8), date(2026, 5, 20), 5),
    (date(2026, 8, 12), date(2026, 8, 19), 5),
    (date(2026, 9, 19), date(2026, 10, 7), 4),
]
_WEEKEND = 2  # Saturdays and Sundays see about twice the customers

# Yuan for a gram of 足金 in the shop, from this day on. Of the market's order of size; no quotation.
_GOLD_PRICES = [
    (date(2023, 11, 1), 612),
    (date(2024, 3, 1), 655),
    (date(2024, 4, 10), 715),
    (date(2024, 8, 1), 738),
    (date(2024, 10, 15), 798),
    (date(2025, 2, 1), 868),
    (date(2025, 4, 10), 1008),
    (date(2025, 9, 1), 1068),
    (date(2025, 10, 10), 1208),
    (date(2025, 12, 1), 1318),
    (date(2026, 2, 1), 1408),
    (date(2026, 5, 1), 1362),
    (date(2026, 9, 1), 1428),
]


def gold_price(day: date) -> Decimal:
    """Yuan for a gram of 足金 in the shop on that day."""
    return Decimal([price for since, price in _GOLD_PRICES if since <= day][-1])


def festival_factor(day: date) -> int:
    """How many times as busy as an ordinary day; 1 outside the festivals."""
    return max((factor for first, last, factor in _BUSY if first <= day <= last), default=1)


def busyness(day: date) -> int:
    """How likely a purchase falls on that day, against 1 for an ordinary weekday."""
    return festival_factor(day) * (_WEEKEND if day.weekday() >= 5 else 1)


def days(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
