"""What was bought, brought back and traded in, line by line as the till reports it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db import Base, BigId, Instant
from crm.models.people import Customer
from crm.models.places import Staff, Store
from crm.models.types import one_of


class PurchaseKind(StrEnum):
    SALE = "sale"
    RETURN = "return"
    EXCHANGE = "exchange"
    TRADE_IN = "trade_in"


class Purchase(Base):
    """One line of an order; `number` + `line` is its key, so that a till may report it twice.

    `amount` in fen. A return, exchange or trade-in names the sale line that it undoes by
    `original_number` + `original_line`, as text: it may arrive before the sale does.
    """

    __tablename__ = "purchases"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(64))
    line: Mapped[int]
    kind: Mapped[PurchaseKind] = mapped_column(one_of(PurchaseKind))
    original_number: Mapped[str] = mapped_column(String(64), default="")
    original_line: Mapped[int | None]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))
    advisor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    purchased_at: Mapped[datetime] = mapped_column(Instant, index=True)
    style_no: Mapped[str] = mapped_column(String(64), default="")
    barcode: Mapped[str] = mapped_column(String(64), default="")
    name: Mapped[str] = mapped_column(String(128), default="")
    category: Mapped[str] = mapped_column(String(32), default="")
    material: Mapped[str] = mapped_column(String(64), default="")
    gem: Mapped[str] = mapped_column(String(64), default="")
    setting: Mapped[str] = mapped_column(String(64), default="")
    certificate_no: Mapped[str] = mapped_column(String(64), default="")
    quantity: Mapped[int] = mapped_column(default=1)
    amount: Mapped[int]
    payment: Mapped[str] = mapped_column(String(16), default="")

    customer: Mapped[Customer | None] = relationship()
    store: Mapped[Store | None] = relationship()
    advisor: Mapped[Staff | None] = relationship()

    __table_args__ = (
        UniqueConstraint("number", "line"),
        Index(None, "original_number", "original_line"),
        Index(None, "customer_id", "purchased_at"),
    )
