"""What the booking stories share: a customer with a shop, and what became of her visits."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import select

from crm import db
from crm.models import Appointment, AppointmentState, Block, OpeningDay, Store, Style
from tests.front_door import Phone, Shop


def prepare(shop: Shop) -> None:
    """Both shops are open from ten to eight, with two places for an hour each."""
    with shop.parts.sessions.begin() as session:
        for store in session.scalars(select(Store)):
            store.opens, store.closes, store.slot_minutes, store.try_on_places = time(10), time(20), 60, 2
        session.add(Style(style_no="GF-0002", name="缠枝莲古法金手镯", category="手镯"))


def customer_of_lin(shop: Shop, openid: str = "oMei") -> Phone:
    """A customer of 林悦 in the 湖滨店."""
    phone = shop.customer(openid)
    phone.does("subscribe", EventKey="qrscene_advisor-lin.yue")
    return phone


def visits(shop: Shop, *states: AppointmentState) -> list[Appointment]:
    with db.reading(shop.parts.engine) as session:
        wanted = select(Appointment).order_by(Appointment.id)
        rows = list(session.scalars(wanted.where(Appointment.state.in_(states)) if states else wanted))
        for row in rows:
            assert row.store is not None
            assert row.pieces is not None
        return rows


def booked(shop: Shop) -> list[str]:
    """The visits that stand, as "weekday hour shop"."""
    local = [
        (visit.starts_at.astimezone(shop.parts.settings.zone), visit.store.name)
        for visit in visits(shop, AppointmentState.BOOKED)
    ]
    return [f"周{'一二三四五六日'[at.weekday()]} {at:%H:%M} {store}" for at, store in local]


def wishes(shop: Shop) -> list[str]:
    """What she wants to see, in all her visits."""
    return [piece.words or f"style {piece.style_id}" for visit in visits(shop) for piece in visit.pieces]


def close_shop(shop: Shop, day: int) -> None:
    """A holiday of the 湖滨店 in November 2026."""
    with shop.parts.sessions.begin() as session:
        store = session.scalars(select(Store).where(Store.code == "HZ01")).one()
        session.add(OpeningDay(store_id=store.id, day=date(2026, 11, day), closed=True))


def fill(shop: Shop, first: str, last: str) -> None:
    """No place is left in the 湖滨店 between these moments ("22T13:00") of November 2026."""
    with shop.parts.sessions.begin() as session:
        store = session.scalars(select(Store).where(Store.code == "HZ01")).one()
        begins, ends = (datetime.fromisoformat(f"2026-11-{at}:00+08:00") for at in (first, last))
        session.add(Block(store_id=store.id, starts_at=begins, ends_at=ends))


def free_again(shop: Shop) -> None:
    """Whatever was blocked is open."""
    with shop.parts.sessions.begin() as session:
        for block in session.scalars(select(Block)):
            session.delete(block)


def times_in(answer: str) -> list[str]:
    """The offered times of an answer, as seconds since 1970."""
    return [part.split('"')[0].split(":")[-1] for part in answer.split("booking:time:")[1:]]
