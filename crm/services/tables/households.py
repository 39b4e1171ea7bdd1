"""The table of services: pieces that customers left in the workshop."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from crm.models import ServiceKind, ServiceOrder, Staff, Store
from crm.services.tables.cells import DAY, MONEY_IN_YUAN, choice, text
from crm.services.tables.declarations import Column, Reference, Row, Table
from crm.services.tables.membership import CUSTOMER

# Stages after which she has her piece back, or may fetch it, however the workshop writes them.
FINISHED = frozenset(
    (
        *("done", "finished", "completed", "ready", "collected", "delivered", "closed"),
        *("完成", "已完成", "已完工", "待取", "待取件", "可取件", "已取", "已取件", "已取走", "已交付", "已送达"),
    )
)


def services_table() -> Table:
    """One order of the workshop a row; its stage moves on from table to table."""
    columns = (
        Column("number", text(64), "number", required=True),
        Column("customer_code", text(32), "customer_id", refers=CUSTOMER),
        Column("store_code", text(32), "store_id", refers=Reference(Store.id, Store.code)),
        Column("advisor_userid", text(64), "advisor_id", refers=Reference(Staff.id, Staff.userid)),
        Column("piece_barcode", text(64), "piece_barcode"),
        Column("kind", choice(ServiceKind), "kind", required=True),
        Column("received_on", DAY, "received_on"),
        Column("promised_on", DAY, "promised_on"),
        Column("stage", text(32), "stage"),
        Column("fee", MONEY_IN_YUAN, "fee"),
    )
    make = lambda _: ServiceOrder(piece_barcode="", stage="")  # noqa: E731
    return Table("services", ("number",), columns, ServiceOrder, make, _check_days, BesideServices())


class BesideServices:
    """Notes when an order was finished: from then on she can be asked how it was."""

    def check(self, session: Session, rows: list[Row]) -> None:
        """Nothing that the row itself doesn't say."""

    def write(self, session: Session, rows: list[Row], now: datetime) -> None:
        """The first table that says so counts; an order that goes back to work is not finished any more.

        An order that came in finished with its first table is of former days: nobody is asked about it.
        """
        for row in rows:
            order: ServiceOrder = row.thing
            finished = order.stage.casefold() in FINISHED
            if not finished:
                order.finished_at = None
            elif "stage" in row.changed and not row.is_new and order.finished_at is None:
                order.finished_at = now

    def read(self, session: Session, things: list[Any]) -> dict[int, dict[str, Any]]:
        return {thing.id: {} for thing in things}


def _check_days(row: Row) -> None:
    present: ServiceOrder | None = row.thing
    received = row.values.get("received_on", present.received_on if present else None)
    promised = row.values.get("promised_on", present.promised_on if present else None)
    if received is not None and promised is not None and promised < received:
        row.refuse("promised_on", f"{promised} lies before {received}, when the piece was received")
