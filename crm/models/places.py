"""Shops and the people who work in them."""

from __future__ import annotations

from datetime import datetime, time
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db import Base, BigId, Instant
from crm.models.types import one_of
from crm.vault import Secret


class Role(StrEnum):
    """What a member of staff may see: own customers, the store's, everybody's."""

    ADVISOR = "advisor"
    MANAGER = "manager"
    HEADQUARTERS = "headquarters"


class Store(Base):
    """A shop. `closed_weekdays`: digits 1 (Monday) to 7, "" when open all week."""

    __tablename__ = "stores"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    city: Mapped[str] = mapped_column(String(32), default="")
    address: Mapped[str] = mapped_column(String(256), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    phone: Mapped[str] = mapped_column(String(32), default="")
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    slot_minutes: Mapped[int | None]
    try_on_places: Mapped[int | None]
    closed_weekdays: Mapped[str] = mapped_column(String(7), default="")


class Staff(Base):
    """A member of staff, known by the WeCom userid."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    userid: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    role: Mapped[Role] = mapped_column(one_of(Role))
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"), index=True)
    phone: Mapped[str] = mapped_column(Secret("staff.phone"), default="")
    left_at: Mapped[datetime | None] = mapped_column(Instant)

    store: Mapped[Store | None] = relationship()
