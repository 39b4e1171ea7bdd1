"""What the till keeps: orders and their lines, and how a line stands in purchases.csv.

Amounts are never negative (a minus would open a formula in a spreadsheet): the kind says which way the money
went. A `sale` and an `exchange` carry the price of the piece that the customer took home, a `return` what was paid
back, a `trade_in` what the old gold counted for. The original is the line whose piece came back to the shop.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sample.customers import Customer
from sample.styles import Style

COLUMNS = [
    "number", "line", "kind", "original_number", "original_line", "customer_code", "store_code", "advisor_userid",
    "purchased_at", "style_no", "barcode", "name", "category", "material", "gem", "setting", "certificate_no",
    "quantity", "amount", "payment",
]  # fmt: skip
_OF_STYLE = ["style_no", "name", "category", "material", "gem", "setting"]


@dataclass(eq=False)
class Line:
    """One line of an order; weight in grams for one piece, amount in yuan for all of them."""

    kind: str
    style: Style | None
    weight: Decimal
    quantity: int
    amount: Decimal
    original: "Line | None" = None
    barcode: str = ""
    certificate: str = ""
    order: "Order" = field(init=False)


@dataclass(eq=False)
class Order:
    """What one customer did at the till at one time; `number` is given when all orders are known."""

    customer: Customer
    store: str
    advisor: str
    at: datetime
    payment: str
    lines: list[Line] = field(default_factory=list)
    number: str = ""

    def add(self, line: Line) -> Line:
        """Append the line and return it."""
        line.order = self
        self.lines.append(line)
        return line


def taken_home(orders: list[Order]) -> list[Line]:
    """The lines whose pieces are still with the customers."""
    back = {line.original for order in orders for line in order.lines}
    return [line for order in orders for line in order.lines if line.kind in ("sale", "exchange") and line not in back]


def purchase_row(line: Line) -> dict[str, str]:
    """The line of purchases.csv."""
    order, original = line.order, line.original
    return {
        "number": order.number,
        "line": str(order.lines.index(line) + 1),
        "kind": line.kind,
        "original_number": original.order.number if original else "",
        "original_line": str(original.order.lines.index(original) + 1) if original else "",
        "customer_code": order.customer.row["code"],
        "store_code": order.store,
        "advisor_userid": order.advisor,
        "purchased_at": f"{order.at.isoformat()}+08:00",
        "barcode": line.barcode,
        "certificate_no": line.certificate,
        "quantity": str(line.quantity),
        "amount": f"{line.amount:.2f}",
        "payment": "other" if line.kind == "trade_in" else order.payment,
    } | _what(line)


def _what(line: Line) -> dict[str, str]:
    if line.style is None:
        return dict.fromkeys(_OF_STYLE, "") | {"name": "旧金饰（他牌）", "category": "旧料", "material": "足金"}
    row = line.style.row()
    return {column: row[column] for column in _OF_STYLE}
