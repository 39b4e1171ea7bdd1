"""The waiting list from the customer's side: she is offered the place that opened, and answers."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.codec import from_json
from crm import db
from crm.models import Appointment, Customer, Delivery, Identity, Store, WaitingEntry
from crm.services import appointments
from crm.services.appointments import Offer, Window, Wish
from delivery_parts import shop_of
from scheduler import waiting_offers
from scheduler.run import plan_due
from tests.front_door import Phone, Shop
from tests.scheduler.test_planning import no_fence

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
START = datetime.fromisoformat("2026-11-28T15:00:00+08:00")
HOUR = timedelta(hours=1)


@pytest.fixture
def offered(shop: Shop, mei: Phone) -> Shop:
    """静安店 has one advisor and one place: it was taken, Mei waited for it, it has opened."""
    other = shop.customer("oOther")
    zone = shop.parts.settings.zone
    for phone in (mei, other):
        phone.says("你好")
    with shop.parts.sessions.begin() as session:
        store = session.scalars(select(Store).where(Store.code == "SH01")).one()
        taken = appointments.hold(
            session, zone, who(session, "oOther"), Offer(store.id, START, START + HOUR, None, True), Wish(), now(shop)
        )
        appointments.confirm(session, zone, taken, now(shop))
        appointments.wait_for(session, who(session, "oMei"), store, Window(START, START), Wish(), now(shop))
        appointments.cancel(session, taken, now(shop), by="customer")
    town = shop_of(shop.parts)
    waiting_offers.tend(town, now(shop), no_fence)
    list(plan_due(town, now(shop), no_fence))
    return shop


def who(session: Session, openid: str) -> Customer:
    wanted = select(Customer).join(Identity, Identity.customer_id == Customer.id).where(Identity.value == openid)
    return session.scalars(wanted).one()


def now(shop: Shop) -> datetime:
    return shop.clock.now()


def states(shop: Shop) -> tuple[list[str], list[str]]:
    """Of her visits, and of what she waits for."""
    with db.reading(shop.parts.engine) as session:
        mei = who(session, "oMei").id
        visits = session.scalars(select(Appointment.state).where(Appointment.customer_id == mei)).all()
        waiting = session.scalars(select(WaitingEntry.state).where(WaitingEntry.customer_id == mei)).all()
    return [state.value for state in visits], [state.value for state in waiting]


def test_the_offer_waits_to_be_sent_to_her(offered: Shop) -> None:
    with db.reading(offered.parts.engine) as session:
        (row,) = session.scalars(select(Delivery).where(Delivery.job == waiting_offers.JOB))
    assert "回复“确认”就是您的" in str(from_json(row.body))
    assert states(offered) == (["held"], ["offered"])


@pytest.mark.parametrize("yes", ["确认", "要", "好的"])
def test_yes_and_it_is_hers(offered: Shop, mei: Phone, yes: str) -> None:
    assert "静安店" in mei.says(yes)
    assert states(offered) == (["booked"], ["taken"])


@pytest.mark.parametrize("no", ["不用了", "不要了"])
def test_no_and_it_is_the_next_ones(offered: Shop, mei: Phone, no: str) -> None:
    assert mei.says(no) != ""
    assert states(offered) == (["cancelled"], ["over"])
