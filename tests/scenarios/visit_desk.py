"""A visit in the book and its card in an advisor's hand, for the scenarios of staff."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.messages import Card
from crm import db
from crm.models import Appointment, Customer, Identity, IdentityKind, Staff, Store
from crm.services import appointments, customers
from crm.services.appointments import Offer, Wish
from handlers.appointment_news import outcome_card, tell_advisor
from handlers.context import ShopFacts
from tests.front_door import Phone, Shop, xml
from wording import say

SATURDAY_AT_THREE = "2026-11-28T15:00+08:00"


def register(shop: Shop) -> None:
    """周芸 and 周云 of 林悦, 许宁 of 吴安 in the same shop, 沈洁 of 孙黎 in another one."""
    with shop.parts.sessions.begin() as session:
        staff = {one.userid: one for one in session.scalars(select(Staff))}
        for code, name, phone, userid in (
            ("C0001", "周芸", "13800001208", "lin.yue"),
            ("C0002", "周云", "13800001209", "lin.yue"),
            ("C0003", "沈洁", "13800001210", "sun.li"),
            ("C0004", "许宁", "13800001211", "wu.an"),
        ):
            one = staff[userid]
            fields: dict[str, Any] = {"advisor_id": one.id, "store_id": one.store_id}
            customers.register(session, shop.clock.now(), code=code, name=name, phone=phone, **fields)


def phone_of(shop: Shop, code: str = "C0001") -> Phone:
    """Her phone in the official account; she has just written, so her chat is open."""
    with shop.parts.sessions.begin() as session:
        customer = session.scalars(select(Customer).where(Customer.code == code)).one()
        account = shop.parts.settings.oa_app_id
        kind, now = IdentityKind.OPENID, shop.clock.now()
        session.add(Identity(account=account, kind=kind, value=f"o{code}", customer_id=customer.id, since=now))
    phone = shop.customer(f"o{code}")
    phone.says("你好")
    return phone


def booked(
    shop: Shop, code: str = "C0001", at: str = SATURDAY_AT_THREE, advisor: str = "lin.yue", wish: Wish | None = None
) -> str:
    """A visit that the customer booked; its number."""
    with shop.parts.sessions.begin() as session:
        customer = session.scalars(select(Customer).where(Customer.code == code)).one()
        staff = session.scalars(select(Staff).where(Staff.userid == advisor)).one()
        starts_at = datetime.fromisoformat(at)
        offer = Offer(staff.store_id or 0, starts_at, starts_at + timedelta(hours=1), staff.id, exact=True)
        zone, now = shop.parts.settings.zone, shop.clock.now()
        held = appointments.hold(session, zone, customer, offer, wish or Wish(piece_words=("古法手镯",)), now)
        return appointments.confirm(session, zone, held, now).number


def visit(shop: Shop, number: str) -> Appointment:
    """The visit as it stands now, with those who belong to it."""
    with db.reading(shop.parts.engine) as session:
        found = appointments.by_number(session, number)
        assert found is not None
        return found


def only_visit(shop: Shop, code: str = "C0001") -> Appointment:
    with db.reading(shop.parts.engine) as session:
        found = session.scalars(select(Appointment).join(Customer).where(Customer.code == code)).one()
        return appointments.by_number(session, found.number) or found


def facts(shop: Shop) -> ShopFacts:
    return ShopFacts("如意珠宝", shop.parts.settings.zone, dict)


def card(shop: Shop, number: str, userid: str = "lin.yue") -> Card:
    """The card that this member of staff has in his chat."""
    made = tell_advisor(visit(shop, number), "new", say, facts(shop), member(shop, userid))
    assert isinstance(made, Card)
    return made


def asked_after(shop: Shop, number: str, userid: str = "lin.yue") -> Card:
    """The card that asks how the visit went."""
    return outcome_card(visit(shop, number), say, shop.parts.settings.zone, member(shop, userid))


def member(shop: Shop, userid: str) -> Staff:
    with db.reading(shop.parts.engine) as session:
        return session.scalars(select(Staff).where(Staff.userid == userid)).one()


def store(shop: Shop, code: str = "HZ01") -> Store:
    with db.reading(shop.parts.engine) as session:
        return session.scalars(select(Store).where(Store.code == code)).one()


def tap(phone: Phone, made: Card, button: int | str, code: str = "RC") -> str:
    """Press a button of a card, by its place or its words; the grey word that comes back in its place."""
    buttons = made.body["button_list"]
    pressed = next(one for place, one in enumerate(buttons) if button in (place, one["text"]))
    fields = {"Event": "template_card_event", "EventKey": pressed["key"], "TaskId": made.task_id}
    document = xml(phone.person, phone.to, phone._now(), "event", **fields, ResponseCode=code, AgentID=1000002)
    answer = phone.door.document(phone.door.post(document))
    return (answer.findtext("Button/ReplaceName") or "") if answer is not None else ""
