"""What members have: points as the till counts them, one for ten yuan, and a few coupons."""

from datetime import date, timedelta

from sample.customers import Customer
from sample.till import Line, Order, taken_home

POINT_COLUMNS = ["customer_code", "entry_no", "points", "reason", "at", "expires_on"]
COUPON_COLUMNS = ["customer_code", "coupon_no", "title", "value", "condition", "valid_from", "valid_to", "status"]
Row = dict[str, str]

# Yuan for a point; points live two years from the purchase.
_YUAN_PER_POINT, _LIVE = 10, timedelta(days=730)
# The shop's today: what ended before it was booked by the till.
_TODAY = date(2026, 11, 21)
# Series, title, value in yuan, condition, first and last day.
_BIRTHDAY = ("SR26", "生日礼券", "200.00", "工费满1000元可用", "2026-11-01", "2026-12-31")
_POLISHING = ("PG26", "免费抛光护理", "0.00", "本店购买的首饰", "2026-10-01", "2027-03-31")


def draw_points(orders: list[Order]) -> list[Row]:
    """Points for every piece that was kept and whose points still live,"""
    kept = {line for line in taken_home(orders) if (line.order.at.date() + _LIVE) >= _TODAY}
    return [
        _row(order, number, line)
        for order in orders
        for number, line in enumerate(order.lines, 1)
        if line in kept and line.amount >= _YUAN_PER_POINT
    ]


def draw_coupons(people: list[Customer]) -> list[Row]:
    """A birthday coupon for November and December, a polishing for newcomers, one that was used."""
    rows = [_coupon("C0001", _BIRTHDAY, "issued")]
    for customer in people:
        code, birthday = customer.row["code"], customer.row["birthday"]
        if birthday[5:7] in ("11", "12") and customer.loyalty != "种子":
            rows.append(_coupon(code, _BIRTHDAY, "used" if int(code[1:]) % 5 == 0 else "issued"))
        if customer.loyalty == "新客":
            rows.append(_coupon(code, _POLISHING, "issued"))
    return rows


def _row(order: Order, number: int, line: Line) -> Row:
    points, ends = line.amount // _YUAN_PER_POINT, order.at.date() + _LIVE
    reason = f"消费 {line.style.name}" if line.style else "消费"
    values = (
        order.customer.row["code"],
        f"{order.number}-{number}",
        str(points),
        reason,
        f"{order.at.isoformat()}+08:00",
        str(ends),
    )
    return dict(zip(POINT_COLUMNS, values, strict=True))


def _coupon(code: str, kind: tuple[str, ...], status: str) -> Row:
    series, *values = kind
    return dict(zip(COUPON_COLUMNS, (code, f"{series}-{code}", *values, status), strict=True))
