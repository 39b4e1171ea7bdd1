"""The platform's later word moves a push up its ladder, never down."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm import db
from crm.models import Delivery, DeliveryState, Purpose
from tests.front_door import OA, Phone, Shop


def sent(shop: Shop, platform_id: str) -> None:
    with shop.parts.sessions.begin() as session:
        now = shop.clock.now()
        session.add(
            Delivery(
                key=f"k{platform_id}",
                job="maintenance",
                due_on=now.date(),
                purpose=Purpose.SERVICE,
                state=DeliveryState.SENT,
                account=OA[2],
                planned_at=now,
                not_before=now,
                platform_id=platform_id,
            )
        )


def state(shop: Shop) -> DeliveryState:
    with db.reading(shop.parts.engine) as session:
        return session.scalars(select(Delivery.state)).one()


@pytest.mark.parametrize(
    ("event", "status", "becomes"),
    [
        ("TEMPLATESENDJOBFINISH", "success", DeliveryState.DELIVERED),
        ("TEMPLATESENDJOBFINISH", "failed:user block", DeliveryState.FAILED),
        ("TEMPLATESENDJOBFINISH", "failed: system failed", DeliveryState.FAILED),
        ("MASSSENDJOBFINISH", "send success", DeliveryState.DELIVERED),
        ("MASSSENDJOBFINISH", "err(10001)", DeliveryState.FAILED),
    ],
)
def test_a_receipt_ends_a_push(shop: Shop, event: str, status: str, becomes: DeliveryState) -> None:
    sent(shop, "2400001")
    mp = Phone(shop.official_account, "mphelper", "gh_1")
    assert mp.does(event, MsgID=2400001, Status=status, TotalCount=1, SentCount=1) == ""
    assert state(shop) == becomes


def test_a_second_receipt_changes_nothing(shop: Shop, mei: Phone) -> None:
    sent(shop, "2400001")
    mei.does("TEMPLATESENDJOBFINISH", MsgID=2400001, Status="success")
    mei.does("TEMPLATESENDJOBFINISH", MsgID=2400001, Status="failed:user block")
    assert state(shop) == DeliveryState.DELIVERED
