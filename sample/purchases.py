"""Three years at the till: sales, returns, exchanges, old gold for new."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sample.customers import Customer
from sample.seasons import FIRST_DAY, LAST_DAY, busyness, days, festival_factor, gold_price
from sample.shop import STAFF
from sample.styles import STYLE, STYLES, Style
from sample.till import Line, Order

# The purchases of the demonstrations: the same order as in the day's line; "<" names the line whose piece came back.
_BY_HAND = """
C0001 2025-12-08T15:20 sale   ZZ-0001 1 card
C0001 2025-12-08T15:20 sale   GF-0001 1 card
C0001 2025-12-08T15:20 sale   ZS-0006 1 card
C0001 2025-12-13T14:05 return ZS-0006 1 card <
C0002 2025-11-28T19:10 sale   PT-0002 1 card
C0002 2025-11-28T19:10 sale   PT-0003 1 card
C0003 2025-12-15T16:40 sale   CB-0001 1 card
C0004 2026-09-26T10:30 sale   GF-0002 2 cash
"""

# Loyalty: (fewest orders, most orders, first day, last day).
_ORDERS = {
    "种子": (0, 0, FIRST_DAY, LAST_DAY),
    "沉睡": (1, 2, FIRST_DAY, date(2025, 4, 30)),
    "新客": (1, 1, date(2026, 6, 1), LAST_DAY),
    "常客": (1, 3, FIRST_DAY, LAST_DAY),
}
_REGULAR_SINCE = date(2025, 8, 1)  # a regular has been here at least once after this day
_NEXT_STORE = {"HZ01": "HZ02", "HZ02": "HZ01"}  # the two in one town
_PAIRS = {"ZJ-0001", "ZJ-0007"}  # bangles sold one by one, often taken by two
_TOGETHER = {"PT-0002": "PT-0003", "PT-0003": "PT-0002"}  # the couple's rings
_PAYMENTS = {"wechat": 46, "alipay": 26, "card": 21, "cash": 5, "other": 2}
_HOURS = [4, 6, 4, 5, 9, 10, 9, 7, 6, 10, 8]  # how busy: 10 o'clock first, 20 o'clock last
_DEAR = Decimal(20000)  # from here on the balances of the phones are too small: people pay by card
_RETURN_DAYS, _EXCHANGE_DAYS = 7, 30  # as the shop promises in shop_facts
_FOREIGN_GOLD = 3  # pieces of other makers taken as old gold
WEAR_PER_GRAM = Decimal(15)  # yuan kept back for each gram of old gold


def draw_orders(customers: list[Customer]) -> list[Order]:
    """All orders of all customers by time, numbered, with certificates; the same at every call."""
    rng = random.Random("till of 拾光里")
    by_code = {customer.row["code"]: customer for customer in customers}
    drawn = [order for customer in customers if customer.habit for order in _orders_of(rng, customer)]
    drawn += _come_back(rng, drawn)
    orders = sorted(_orders_by_hand(by_code) + drawn, key=lambda order: (order.at, order.store, order.advisor))
    _number(orders)
    _certify(orders)
    return orders


def _orders_by_hand(customers: dict[str, Customer]) -> list[Order]:
    rng = random.Random("demonstration")
    orders: dict[tuple[str, str], Order] = {}
    sold: dict[tuple[str, str], Line] = {}
    for code, at, kind, style_no, quantity, payment, *back in (line.split() for line in _BY_HAND.strip().splitlines()):
        row = customers[code].row
        moment = datetime.fromisoformat(at)
        new = Order(customers[code], row["store_code"], row["advisor_userid"], moment, payment)
        order = orders.setdefault((code, at), new)
        if back:
            order.add(_back(kind, sold[code, style_no]))
        else:
            sold[code, style_no] = order.add(_sale(rng, STYLE[style_no], moment.date(), int(quantity)))
    return list(orders.values())


def _orders_of(rng: random.Random, customer: Customer) -> list[Order]:
    fewest, most, first, last = _ORDERS[customer.loyalty]
    orders = []
    for n in range(rng.randint(fewest, most)):
        wedding = n == 0 and customer.wedding is not None
        since = _REGULAR_SINCE if n == 0 and customer.loyalty == "常客" else first
        day = _before_wedding(rng, customer, first) if wedding else _busy_day(rng, since, last)
        order = _order(rng, customer, day)
        _fill(rng, order, rng.randint(1, 3) if wedding else rng.choices([1, 2], weights=[94, 6])[0])
        orders.append(order)
    return orders


def _busy_day(rng: random.Random, first: date, last: date) -> date:
    choice = days(first, last)
    return rng.choices(choice, weights=[busyness(day) for day in choice])[0]


def _before_wedding(rng: random.Random, customer: Customer, first: date) -> date:
    assert customer.wedding is not None
    return max(first, customer.wedding - timedelta(days=rng.randint(15, 100)))


def _order(rng: random.Random, customer: Customer, day: date) -> Order:
    store = customer.row["store_code"]
    advisor = customer.row["advisor_userid"]
    if rng.random() < 0.05 and store in _NEXT_STORE:
        store, advisor = _NEXT_STORE[store], ""
    if not advisor or rng.random() < 0.1:
        advisor = rng.choice([person["userid"] for person in STAFF if person["store_code"] == store])
    hour = rng.choices(range(10, 21), weights=_HOURS)[0]
    at = datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)))
    return Order(customer, store, advisor, at, rng.choices(list(_PAYMENTS), weights=list(_PAYMENTS.values()))[0])


def _fill(rng: random.Random, order: Order, count: int) -> None:
    habit = order.customer.habit
    assert habit is not None
    liked = [style for style in STYLES if style.liked_by & set(habit.likes)]
    for style in _set_of(rng, liked, count):
        quantity = 2 if style.style_no in _PAIRS and rng.random() < 0.6 else 1
        order.add(_sale(rng, style, order.at.date(), quantity))
    if sum(line.amount for line in order.lines) > _DEAR and order.payment != "cash":
        order.payment = "card"


def _set_of(rng: random.Random, liked: list[Style], count: int) -> list[Style]:
    """So many styles of different categories; a ring of the couple's pair never comes alone."""
    by_category = {style.category: style for style in rng.sample(liked, len(liked))}
    chosen = rng.sample(list(by_category.values()), min(count, len(by_category)))
    return sorted(
        {*chosen, *(STYLE[_TOGETHER[style.style_no]] for style in chosen if style.style_no in _TOGETHER)},
        key=lambda style: style.style_no,
    )


def _sale(rng: random.Random, style: Style, day: date, quantity: int = 1) -> Line:
    weight = (style.weight * Decimal(rng.randint(97, 103)) / 100).quantize(Decimal("0.01"))
    discount = Decimal("0.95") if festival_factor(day) > 2 else Decimal(1)
    return Line("sale", style, weight, quantity, style.cost(weight, day, discount) * quantity)


def _back(kind: str, sold: Line, amount: Decimal | None = None) -> Line:
    return Line(kind, sold.style, sold.weight, sold.quantity, sold.amount if amount is None else amount, sold)


def _come_back(rng: random.Random, orders: list[Order]) -> list[Order]:
    """Returns, exchanges and old gold; no piece comes back twice."""
    lines = [line for order in orders for line in order.lines]
    fixed = [line for line in lines if line.style and line.style.price is not None and line.quantity == 1]
    gold = [line for line in lines if line.style and line.style.price is None]
    unworn = [line for line in fixed if _age(line) > _EXCHANGE_DAYS]
    chosen = rng.sample(unworn, 22)
    returns = [_return(rng, line) for line in chosen[:12]]
    exchanges = [_exchange(rng, line) for line in chosen[12:]]
    old = rng.sample([line for line in gold if _age(line) > 400 and line.order.customer.loyalty == "常客"], 13)
    foreign = rng.sample([order for order in orders if order.lines[0] in gold], _FOREIGN_GOLD)
    for order in foreign:
        _take_foreign_gold(rng, order)
    return returns + exchanges + [_trade_in(rng, line) for line in old]


def _age(line: Line) -> int:
    return (LAST_DAY - line.order.at.date()).days


def _later(rng: random.Random, line: Line, fewest: int, most: int) -> Order:
    day = line.order.at.date() + timedelta(days=rng.randint(fewest, most))
    order = _order(rng, line.order.customer, day)
    order.store, order.payment = line.order.store, line.order.payment
    order.advisor = line.order.advisor
    return order


def _return(rng: random.Random, line: Line) -> Order:
    order = _later(rng, line, 1, _RETURN_DAYS - 1)
    order.add(_back("return", line))
    return order


def _exchange(rng: random.Random, line: Line) -> Order:
    order = _later(rng, line, 3, _EXCHANGE_DAYS - 1)
    assert line.style is not None
    price = line.style.price or Decimal(0)
    dearer = [style for style in STYLES if style.price is not None and price <= style.price < price * 3]
    same = [style for style in dearer if style.category == line.style.category]
    new = _sale(rng, rng.choice(same or dearer), order.at.date())
    new.kind, new.original = "exchange", line
    order.add(new)
    return order


def _trade_in(rng: random.Random, line: Line) -> Order:
    order = _later(rng, line, 180, _age(line))
    day = order.at.date()
    old_weight = line.weight * line.quantity
    heavy = [style for style in STYLES if style.price is None and style.weight >= old_weight / 2]
    order.add(_sale(rng, rng.choice(heavy), day))
    order.add(_back("trade_in", line, _worth(old_weight, day)))
    return order


def _take_foreign_gold(rng: random.Random, order: Order) -> None:
    weight = Decimal(rng.randint(200, 400)) / 100
    order.add(Line("trade_in", None, weight, 1, _worth(weight, order.at.date())))


def _worth(weight: Decimal, day: date) -> Decimal:
    return (weight * (gold_price(day) - WEAR_PER_GRAM)).quantize(Decimal("0.01"))


def _number(orders: list[Order]) -> None:
    counts: dict[str, int] = {}
    for order in orders:
        prefix = f"{order.store}-{order.at:%Y%m%d}"
        counts[prefix] = counts.get(prefix, 0) + 1
        order.number = f"{prefix}-{counts[prefix]:02}"


def _certify(orders: list[Order]) -> None:
    lines = [line for order in orders for line in order.lines]
    for count, line in enumerate(lines, start=1):
        if line.style and line.style.gem and line.kind in ("sale", "exchange"):
            line.certificate = f"SGJ{line.order.at:%y%m}{count:05}"
    for line in lines:
        if line.original and line.kind != "exchange":
            line.certificate = line.original.certificate
