"""`python -m sample.generate [FOLDER]` writes the sample shop: one CSV file for each kind, the same at every run."""

import csv
import sys
from collections.abc import Iterable
from pathlib import Path

from sample import customers, members, pieces, purchases, till
from sample.shop import FACTS, OPENING_DAYS, SERVICE_COLUMNS, SERVICES, STAFF, STORES
from sample.styles import STYLES

_HERE = Path(__file__).parent

COLUMNS = {
    "stores": list(STORES[0]),
    "staff": list(STAFF[0]),
    "opening_days": list(OPENING_DAYS[0]),
    "products": list(STYLES[0].row()),
    "pieces": pieces.COLUMNS,
    "customers": customers.COLUMNS,
    "purchases": till.COLUMNS,
    "services": SERVICE_COLUMNS,
    "points": members.POINT_COLUMNS,
    "coupons": members.COUPON_COLUMNS,
    "shop_facts": ["key", "value"],
}


def sample_shop() -> dict[str, list[dict[str, str]]]:
    """The rows of every file, by the import's name of their kind."""
    people = customers.draw_customers()
    orders = purchases.draw_orders(people)
    coded = pieces.draw_pieces(orders)  # before the purchases are written: it gives their barcodes
    return {
        "stores": STORES,
        "staff": STAFF,
        "opening_days": OPENING_DAYS,
        "products": [style.row() for style in STYLES],
        "pieces": [piece.row() for piece in coded],
        "customers": [customer.row for customer in people],
        "purchases": [till.purchase_row(line) for order in orders for line in order.lines],
        "services": SERVICES,
        "points": members.draw_points(orders),
        "coupons": members.draw_coupons(people),
        "shop_facts": [{"key": key, "value": value} for key, value in FACTS.items()],
    }


def write_shop(folder: Path) -> None:
    """Write KIND.csv for every kind into the folder, which must exist."""
    for kind, rows in sample_shop().items():
        _write(folder / f"{kind}.csv", COLUMNS[kind], rows)


def _write(path: Path, columns: list[str], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else _HERE
    if not target.is_dir():
        sys.exit(f"{target} is not a folder")
    write_shop(target)
