"""Somebody who opens the page of a visit and taps what she sees there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from assembly import links_of
from bot.links import Links
from crm import db
from crm.models import Appointment, AppointmentState, Customer, Interaction, Staff, Store
from crm.services import appointments
from crm.services.appointments import Offer, Wish
from tests.front_door import Shop

SATURDAY = "2026-11-28"
FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
TIME = re.compile(r'name="start" value="(\d+)" required><span>(\d\d:\d\d)')


def at(written: str) -> datetime:
    """A moment in the shop, "2026-11-28 15:00"."""
    return datetime.fromisoformat(f"{written}:00+08:00").astimezone(UTC)


def booked_visit(
    shop: Shop,
    when: str = f"{SATURDAY} 15:00",
    code: str = "C0001",
    name: str = "周芸",
    pieces: tuple[str, ...] = ("古法手镯",),
    confirm: bool = True,
) -> str:
    """Books through the services; the number."""
    zone, now = shop.parts.settings.zone, shop.clock.now()
    with shop.parts.sessions.begin() as session:
        lake = session.scalars(select(Store).where(Store.code == "HZ01")).one()
        lake.slot_minutes, lake.try_on_places, lake.opens, lake.closes = 60, 2, at_hour(10), at_hour(22)
        lin = session.scalars(select(Staff).where(Staff.userid == "lin.yue")).one()
        customer = Customer(code=code, name=name, phone="13800138000", created_at=now, advisor_id=lin.id)
        session.add(customer)
        session.flush()
        start = at(when)
        offer = Offer(lake.id, start, start + (at("2026-11-28 16:00") - at("2026-11-28 15:00")), lin.id, True)
        wish = Wish(for_whom="给妈妈", words="妈妈六十大寿", piece_words=pieces)
        visit = appointments.hold(session, zone, customer, offer, wish, now)
        if confirm:
            visit = appointments.confirm(session, zone, visit, now)
        return visit.number


def at_hour(hour: int) -> Any:
    return datetime(2026, 1, 1, hour, tzinfo=UTC).time()


@dataclass
class Visitor:
    """A browser without scripts and cookies. `page`: what was opened last."""

    shop: Shop
    number: str
    page: Any = None
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def client(self) -> FlaskClient:
        return self.shop.app.test_client()

    @property
    def links(self) -> Links:
        return links_of(self.shop.parts.settings)

    @property
    def address(self) -> str:
        """The path of the page."""
        return "/a/" + self.links.appointment(self.number).rpartition("/")[2]

    def opens(self, more: str = "") -> str:
        """Look at the page (or at "/times?day=…"); its words without tags."""
        self.page = self.client.get(self.address + more)
        return self._read()

    def sends(self, more: str, **fields: str) -> str:
        """Send the form that was seen last, with these fields; the words of the page it leads to."""
        self.page = self.client.post(self.address + more, data={**self.fields, **fields}, follow_redirects=True)
        return self._read()

    def sends_old(self, more: str, old: dict[str, str], **fields: str) -> str:
        """As `sends`, from a page that was opened before (another tab, the back button)."""
        self.page = self.client.post(self.address + more, data={**old, **fields}, follow_redirects=True)
        return self._read()

    def times(self, day: str = SATURDAY) -> dict[str, str]:
        """The free times of a day on the page of times, "15:00" to what the form sends."""
        self.opens(f"/times?day={day}")
        return {words: value for value, words in TIME.findall(self.page.text)}

    def moves_to(self, time: str, day: str = SATURDAY) -> str:
        return self.sends("/move", start=self.times(day)[time])

    def cancels(self, **fields: str) -> str:
        self.opens("/cancel")
        return self.sends("/cancel", **fields)

    def visit(self) -> Appointment:
        """The row as it stands."""
        with db.reading(self.shop.parts.engine) as session:
            found = appointments.by_number(session, self.number)
            assert found is not None
            return found

    @property
    def state(self) -> AppointmentState:
        return self.visit().state

    @property
    def start(self) -> str:
        return f"{self.visit().starts_at.astimezone(self.shop.parts.settings.zone):%Y-%m-%d %H:%M}"

    def logged(self) -> list[str]:
        """What the history of the customer says of the page."""
        with db.reading(self.shop.parts.engine) as session:
            wanted = select(Interaction).where(Interaction.channel == "page").order_by(Interaction.id)
            return [row.text for row in session.scalars(wanted)]

    def _read(self) -> str:
        self.fields = dict(FIELD.findall(self.page.text)) or self.fields
        body = re.sub(r"<head>.*?</head>|<[^>]+>", " ", self.page.text, flags=re.DOTALL)
        return " ".join(unescape(body).split())
