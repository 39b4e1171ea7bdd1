"""Erased means erased: in her own rows, and wherever staff read or wrote about her."""

from __future__ import annotations

from sqlalchemy import select

from crm import db
from crm.actors import Actor
from crm.models import Customer, Delivery, InboxRow, Interaction
from crm.services import customers
from crm.services.erasure import erase
from tests.front_door import Phone, Shop

WORDS = ("徐铭", "秦可卿", "离过婚")


def everything(shop: Shop) -> str:
    with db.reading(shop.parts.engine) as session:
        said = [row.text for row in session.scalars(select(Interaction))]
        sent = [row.body for row in session.scalars(select(Delivery))]
        came = [f"{row.body}{row.reply}" for row in session.scalars(select(InboxRow))]
    return "\n".join([*said, *sent, *came])


def test_nothing_that_names_her_or_was_said_in_her_talk_stays(shop: Shop, mei: Phone, lin: Phone) -> None:
    mei.does("subscribe", EventKey="qrscene_advisor-lin.yue", Ticket="t")
    with shop.parts.sessions.begin() as session:
        customer = session.scalars(select(Customer)).one()
        customer.code = "C0002"
        customers.set_name(session, customer, "徐铭")
    mei.says("人工")
    lin.says("接待")
    mei.says("我老婆叫秦可卿")
    lin.says("离过婚的事我不提")
    lin.says("客户 C0002")
    lin.says("备注 C0002 离过婚")
    other = shop.customer("oOther")
    other.says("珍珠项链怎么保养")
    assert all(word in everything(shop) for word in WORDS)
    with shop.parts.sessions.begin() as session:
        customer = session.scalars(select(Customer).where(Customer.code == "C0002")).one()
        erase(session, Actor.operator(), customer, shop.clock.now())
    left = everything(shop)
    assert [word for word in (*WORDS, "C0002") if word in left] == []
    assert "珍珠项链怎么保养" in left


def test_an_opt_out_said_before_she_was_known_outlives_the_import(shop: Shop, mei: Phone) -> None:
    from crm.services.consents import latest
    from crm.services.identities import link, meet

    mei.says("退订")
    with shop.parts.sessions.begin() as session:
        known = customers.register(session, shop.clock.now(), code="X0100", name="梅")
        from crm.services import consents

        consents.grant(session, known.id, channel="import", at=shop.clock.now(), text_version="import")
        identity = meet(session, mei.door.account[2], "openid", "oMei", shop.clock.now())
        link(session, identity, known)
        assert latest(session, [known.id])[known.id].granted is False
