"""Whose piece is it: sales and what came back, in whatever order the till reports them."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from sqlalchemy import select

from crm.db import Sessions
from crm.models import Purchase
from crm.services.purchases import owned, owned_pieces
from tests.crm.builders import a_customer, a_line

Line = tuple[str, dict[str, Any]]


def sale(number: str, **fields: Any) -> Line:
    return number, {"kind": "sale", "name": number, **fields}


def back(number: str, kind: str, original: str, **fields: Any) -> Line:
    return number, {"kind": kind, "original_number": original, "original_line": 1, "name": number, **fields}


CASES: dict[str, tuple[list[Line], list[str]]] = {
    "sold": ([sale("A")], ["A"]),
    "returned": ([sale("A"), sale("B"), back("C", "return", "A")], ["B"]),
    "traded in": ([sale("A"), back("B", "trade_in", "A")], []),
    "old gold of another house traded in": ([sale("A"), ("B", {"kind": "trade_in", "name": "B"})], ["A"]),
    "exchanged for another piece": ([sale("A", barcode="1"), back("B", "exchange", "A", barcode="2")], ["B"]),
    "exchanged without barcodes": ([sale("A"), back("B", "exchange", "A")], ["B"]),
    "a till that repeats the old piece": ([sale("A", barcode="1"), back("B", "exchange", "A", barcode="1")], []),
    "exchanged and then returned": ([sale("A"), back("B", "exchange", "A"), back("C", "return", "B")], []),
    "a return of a sale never reported": ([back("B", "return", "A")], []),
    "another line of the same order": ([sale("A"), back("C", "return", "A", original_line=2)], ["A"]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_piece_is_owned_until_it_comes_back_whatever_the_order_of_reports(sessions: Sessions, case: str) -> None:
    lines, kept = CASES[case]
    for number, order in enumerate(itertools.permutations(lines)):
        with sessions.begin() as session:
            customer = a_customer(session, f"C{number}")
            for name, fields in order:
                a_line(session, customer, name, **fields)
            assert sorted(piece.name for piece in owned_pieces(session, customer.id)) == kept
            session.rollback()


def test_a_sale_to_nobody_is_nobodys_piece(sessions: Sessions) -> None:
    with sessions.begin() as session:
        line = a_line(session, a_customer(session, "C1"), "A")
        line.customer_id = None
        session.flush()
        assert session.scalars(select(Purchase).where(owned())).all() == []


def test_another_customers_return_under_another_number_takes_nothing(sessions: Sessions) -> None:
    with sessions.begin() as session:
        one, other = a_customer(session, "C1"), a_customer(session, "C2")
        a_line(session, one, "A")
        a_line(session, other, "B", "return", original_number="X", original_line=1)
        assert session.scalars(select(Purchase.customer_id).where(owned())).all() == [one.id]
