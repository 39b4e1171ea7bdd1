"""The hundred and fifty pieces that carry a barcode: those in the show-cases and those last taken home."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sample.seasons import LAST_DAY
from sample.shop import STORES
from sample.styles import STYLES, Style
from sample.till import Line, Order, taken_home

COLUMNS = ["barcode", "style_no", "store_code", "weight_g", "received_on", "status"]

PIECES = 150
_SOLD = 40  # the newest; older purchases went over the old till, which had no barcodes
_IN_SERVICE = 6  # of these: back in the workshop
_RESERVED = 8  # of those in the show-cases
_BY_HAND = {"C0001", "C0002", "C0003"}  # the pieces of the demonstrations all have their barcodes


@dataclass(eq=False)
class Piece:
    """One piece with its barcode; weight in grams; `line` is the sale, if it ever was sold."""

    style: Style
    store: str
    weight: Decimal
    received: date
    status: str
    line: Line | None = None
    barcode: str = ""

    def row(self) -> dict[str, str]:
        """The line of pieces.csv."""
        return {
            "barcode": self.barcode,
            "style_no": self.style.style_no,
            "store_code": self.store,
            "weight_g": f"{self.weight:.2f}",
            "received_on": self.received.isoformat(),
            "status": self.status,
        }


def draw_pieces(orders: list[Order]) -> list[Piece]:
    """All pieces by barcode; writes the barcodes of sold pieces into the lines of their purchases."""
    rng = random.Random("show-cases of 拾光里")
    home = [line for line in taken_home(orders) if line.quantity == 1]
    by_hand = [line for order in orders if order.customer.row["code"] in _BY_HAND for line in order.lines]
    shown = [line for line in by_hand if line.kind == "sale"]
    newest = [line for line in reversed(home) if line not in shown][:_SOLD]
    pieces = [_bought(rng, line, "sold" if line in home else "in_stock") for line in shown + newest]
    pieces += [_in_case(rng) for _ in range(PIECES - len(pieces))]
    pieces.sort(key=lambda piece: piece.received)
    _give_barcodes(rng, pieces, orders)
    _set_aside(rng, pieces)
    return pieces


def _bought(rng: random.Random, line: Line, status: str) -> Piece:
    assert line.style is not None
    received = line.order.at.date() - timedelta(days=rng.randint(10, 150))
    return Piece(line.style, line.order.store, line.weight, received, status, line)


def _in_case(rng: random.Random) -> Piece:
    style = rng.choice(STYLES)
    weight = (style.weight * Decimal(rng.randint(97, 103)) / 100).quantize(Decimal("0.01"))
    received = LAST_DAY - timedelta(days=rng.randint(3, 400))
    return Piece(style, rng.choice(STORES)["code"], weight, received, "in_stock")


def _give_barcodes(rng: random.Random, pieces: list[Piece], orders: list[Order]) -> None:
    number = 100000
    for piece in pieces:
        number += rng.randint(3, 19)
        piece.barcode = f"SG{number}"
        if piece.line:
            piece.line.barcode = piece.barcode
    for line in (line for order in orders for line in order.lines):
        if line.original and line.kind != "exchange":
            line.barcode = line.original.barcode


def _set_aside(rng: random.Random, pieces: list[Piece]) -> None:
    sold = [p for p in pieces if p.status == "sold" and p.line and p.line.order.customer.row["code"] not in _BY_HAND]
    for piece in rng.sample(sold, _IN_SERVICE):
        piece.status = "in_service"
    for piece in rng.sample([p for p in pieces if p.status == "in_stock" and not p.line], _RESERVED):
        piece.status = "reserved"
