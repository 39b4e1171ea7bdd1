"""Styles that the house sells and the single pieces of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db import Base, BigId
from crm.models.places import Store
from crm.models.types import Grams, one_of


class Pricing(StrEnum):
    """By the piece, or by weight at the day's gold price plus labour."""

    PIECE = "piece"
    WEIGHT = "weight"


class PieceStatus(StrEnum):
    IN_STOCK = "in_stock"
    RESERVED = "reserved"
    SOLD = "sold"
    IN_SERVICE = "in_service"


class Style(Base):
    """A design. Fees and prices in fen."""

    __tablename__ = "styles"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    style_no: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(128))
    category: Mapped[str] = mapped_column(String(32), default="")
    material: Mapped[str] = mapped_column(String(64), default="")
    gem: Mapped[str] = mapped_column(String(64), default="")
    setting: Mapped[str] = mapped_column(String(64), default="")
    craft: Mapped[str] = mapped_column(String(64), default="")
    weight_g: Mapped[Decimal | None] = mapped_column(Grams)
    labour_fee: Mapped[int | None]
    list_price: Mapped[int | None]
    pricing: Mapped[Pricing | None] = mapped_column(one_of(Pricing))


class Piece(Base):
    """One piece with its barcode."""

    __tablename__ = "pieces"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    barcode: Mapped[str] = mapped_column(String(64), unique=True)
    style_id: Mapped[int] = mapped_column(ForeignKey("styles.id"), index=True)
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"), index=True)
    weight_g: Mapped[Decimal | None] = mapped_column(Grams)
    received_on: Mapped[date | None]
    status: Mapped[PieceStatus] = mapped_column(one_of(PieceStatus), default=PieceStatus.IN_STOCK)

    style: Mapped[Style] = relationship()
    store: Mapped[Store | None] = relationship()
