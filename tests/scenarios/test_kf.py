"""A customer in WeCom's customer service: pulled, handled once, answered later."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from crm import db
from crm.models import Conversation, Delivery, DeliveryState, InboxRow, InboxState
from delivery_parts import pending_handler
from tests.front_door import Shop

KF = "wkJewel0001"


def pulled(shop: Shop, *lines: dict[str, Any]) -> None:
    """As the worker stores and hands on what a pull brought."""
    with shop.parts.sessions.begin() as session:
        rows = [
            InboxRow(
                account=KF,
                key=line["msgid"],
                channel="kf",
                person=str(line.get("external_userid", "")),
                kind=line["msgtype"],
                received_at=shop.clock.now(),
                state=InboxState.PENDING,
                body=json.dumps(line, ensure_ascii=False),
            )
            for line in lines
        ]
        session.add_all(rows)
        session.flush()
        ids = [row.id for row in rows]
    handle = pending_handler(shop.parts, shop.woken.extend)
    for inbox_id in ids:
        handle(inbox_id)


def said(msgid: str, words: str) -> dict[str, Any]:
    inner = {"msgtype": "text", "text": {"content": words}}
    return {"msgid": msgid, "external_userid": "wmMei", "send_time": 1767225781, "origin": 3, **inner}


def entered(msgid: str, **inner: str) -> dict[str, Any]:
    event = {"event_type": "enter_session", "open_kfid": KF, "external_userid": "wmMei", **inner}
    return {"msgid": msgid, "send_time": 1767225779, "origin": 4, "msgtype": "event", "event": event}


def test_she_is_welcomed_by_the_code_of_her_session(shop: Shop) -> None:
    pulled(shop, entered("k0", welcome_code="KW1"))
    with db.reading(shop.parts.engine) as session:
        row = session.scalars(select(Delivery)).one()
        assert (row.channel, row.account, row.person, row.receipt) == ("kf", KF, "wmMei", "KW1")


def test_without_a_code_nothing_is_said(shop: Shop) -> None:
    pulled(shop, entered("k0"))
    assert shop.planned() == []


def test_a_question_is_answered_and_opens_the_window(shop: Shop) -> None:
    pulled(shop, said("k1", "珍珠项链怎么保养"))
    assert "珍珠" in shop.words_for("wmMei")[0]
    with db.reading(shop.parts.engine) as session:
        assert session.scalars(select(Conversation)).one().window_left == 5


def test_a_line_handed_on_twice_acts_once(shop: Shop) -> None:
    pulled(shop, said("k1", "人工"))
    planned = len(shop.planned())
    with db.reading(shop.parts.engine) as session:
        inbox_id = session.scalars(select(InboxRow.id)).one()
    pending_handler(shop.parts, shop.woken.extend)(inbox_id)
    assert len(shop.planned()) == planned


def test_an_unreadable_line_is_set_aside_and_the_next_one_answered(shop: Shop) -> None:
    broken = {"msgid": "k1", "external_userid": "wmMei", "send_time": [1], "origin": 3, "msgtype": "location"}
    pulled(shop, {**broken, "location": {"name": "x"}}, said("k2", "珍珠项链怎么保养"))
    with db.reading(shop.parts.engine) as session:
        states = session.scalars(select(InboxRow.state).order_by(InboxRow.id)).all()
    assert list(states) == [InboxState.STORED, InboxState.ANSWERED]


def test_what_a_seat_writes_in_his_client_is_kept_and_not_answered(shop: Shop) -> None:
    pulled(shop, {**said("k1", "您好"), "origin": 5, "servicer_userid": "lin.yue"})
    assert shop.planned() == []


def test_a_message_that_did_not_arrive_is_marked(shop: Shop) -> None:
    pulled(shop, said("k1", "珍珠项链怎么保养"))
    with shop.parts.sessions.begin() as session:
        row = session.scalars(select(Delivery)).one()
        row.state, row.platform_id = DeliveryState.SENT, "m-1"
    event = {"event_type": "msg_send_fail", "open_kfid": KF, "fail_msgid": "m-1", "fail_type": 4}
    pulled(shop, {"msgid": "k2", "send_time": 1, "origin": 4, "msgtype": "event", "event": event})
    with db.reading(shop.parts.engine) as session:
        assert session.scalars(select(Delivery.state)).one() is DeliveryState.FAILED
