"""A shop with visitors: the lake store (10–21, an hour a visit, two places), its people, a few customers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from crm import db
from crm.models import Appointment, Customer, Piece, Staff, Store, Style
from crm.services import appointments
from crm.services.appointments import Offer, Window, Wish
from tests.crm.builders import NOW, Shop, a_customer, a_shop

ZONE = ZoneInfo("Asia/Shanghai")
NO_WISH = Wish()


def at(text: str) -> datetime:
    """A moment in the shop: "28 15:30" is the 28th of November 2026."""
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-11-{day}T{clock}:00+08:00")


def window(first: str, last: str = "") -> Window:
    return Window(at(first), at(last or first))


def starts(offers: list[Offer]) -> list[str]:
    return [offer.starts_at.astimezone(ZONE).strftime("%d %H:%M") for offer in offers]


@dataclass
class Desk:
    """The appointment book as a member of staff would use it, at the moment `now`."""

    session: Session
    shop: Shop
    now: datetime = NOW
    known: dict[str, Customer] = field(default_factory=dict)

    @property
    def lake(self) -> Store:
        return self.shop.lake

    def customer(self, code: str, **fields: Any) -> Customer:
        if code not in self.known:
            self.known[code] = a_customer(self.session, code, code, **fields)
        return self.known[code]

    def offer(
        self, start: str, *, store: Store | None = None, advisor: Staff | None = None, minutes: int = 60
    ) -> Offer:
        begins = at(start)
        store_id = (store or self.lake).id
        return Offer(store_id, begins, begins + timedelta(minutes=minutes), advisor.id if advisor else None, exact=True)

    def offers(self, *windows: Window, store: Store | None = None, **more: Any) -> list[Offer]:
        return appointments.offers(self.session, ZONE, store or self.lake, windows, self.now, **more)

    def hold(
        self, code: str, start: str, wish: Wish = NO_WISH, *, made_by: str = "customer", **more: Any
    ) -> Appointment:
        offer, customer = self.offer(start, **more), self.customer(code)
        return appointments.hold(self.session, ZONE, customer, offer, wish, self.now, made_by=made_by)

    def book(self, code: str, start: str, wish: Wish = NO_WISH, **more: Any) -> Appointment:
        return self.confirm(self.hold(code, start, wish, **more))

    def confirm(self, appointment: Appointment) -> Appointment:
        return appointments.confirm(self.session, ZONE, appointment, self.now)

    def move(self, appointment: Appointment, start: str, by: str = "customer", **more: Any) -> Appointment:
        return appointments.move(self.session, ZONE, appointment, self.offer(start, **more), self.now, by=by)

    def cancel(self, appointment: Appointment, by: str = "customer") -> None:
        appointments.cancel(self.session, appointment, self.now, by=by)

    def later(self, **by: int) -> None:
        self.now += timedelta(**by)

    def style(self, name: str, *stores: Store) -> Style:
        """A style with one piece in each of these stores."""
        style = Style(style_no=name, name=name)
        self.session.add(style)
        self.session.flush()
        for number, store in enumerate(stores):
            self.session.add(Piece(barcode=f"{name}-{number}", style_id=style.id, store_id=store.id))
        self.session.flush()
        return style


@pytest.fixture
def desk(sessions: db.Sessions) -> Iterator[Desk]:
    """One transaction, rolled back at the end."""
    with sessions() as session:
        shop = a_shop(session)
        shop.lake.try_on_places = 2
        shop.hill.try_on_places = 1
        session.flush()
        yield Desk(session, shop)
