"""By which way a reminder travels: window, subscription, template, customer service, advisor, nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.messages import Channel
from crm.models import Delivery, DeliveryState, Identity, IdentityKind, SubscriptionCredit
from crm.services import deliveries, subscriptions
from tests.scheduler.test_appointments import VISIT, go
from tests.scheduler.town import OA, Town
from tests.scheduler.visiting import DAY_BEFORE, TWO_HOURS, book, grant

# Which way is taken is decided in Python: one database is enough. `test_appointments` runs on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

EVENING, AHEAD = "2026-11-27T18:00", "2026-11-28T13:00"


def credits_left(town: Town) -> list[int]:
    with town.sessions() as session:
        return list(session.scalars(select(SubscriptionCredit.remaining)))


def test_window_then_subscription_then_template(town: Town) -> None:
    for code, start in (("C1", "11"), ("C2", "12"), ("C3", "13")):
        book(town, code, f"2026-11-28T{start}:00")
    town.at(EVENING).write("C1")
    grant(town, "C1")
    grant(town, "C2")
    go(town, EVENING)
    assert {code: town.row(code).route for code in ("C1", "C2", "C3")} == {
        "C1": "window",
        "C2": "subscription",
        "C3": "template",
    }
    assert credits_left(town) == [1, 0]
    assert len(town.calls("/subscribe/bizsend")) == 1


def test_each_yes_carries_one_reminder(town: Town) -> None:
    book(town, "C2", VISIT)
    grant(town, "C2")
    go(town, EVENING)
    go(town, AHEAD)
    assert (town.row("C2", DAY_BEFORE).route, town.row("C2", TWO_HOURS).route) == ("subscription", "template")
    said = [line for line in town.sandbox.chat("oa", "oTwo") if line["type"] == "template"]
    assert [line["title"] for line in said] == ["预约提醒", "预约提醒"]
    assert town.log_of("C2")[0].startswith("明天（周六）15:00")


def test_who_switched_them_off_without_our_knowing_gets_the_template(town: Town) -> None:
    book(town, "C2", VISIT)
    grant(town, "C2", times=2)
    town.sandbox.act("oa", "oTwo", "revoke")
    go(town, EVENING)
    assert (town.row("C2").state, town.row("C2").route) == (DeliveryState.SENT, "template")
    assert credits_left(town) == [0]
    go(town, AHEAD)
    assert len(town.calls("/subscribe/bizsend")) == 1


def test_a_break_after_the_work_is_not_sent_twice(town: Town) -> None:
    book(town, "C2", VISIT)
    grant(town, "C2")
    town.at(EVENING).plan()
    town.sandbox.switch(reset_after_work=1)
    town.deliver()
    assert town.row("C2").reason.startswith("outcome unknown: ")
    town.later(seconds=10).deliver()
    assert (town.row("C2").state, town.row("C2").route) == (DeliveryState.SENT, "subscription")
    assert len([line for line in town.sandbox.chat("oa", "oTwo") if line["type"] == "template"]) == 1
    assert credits_left(town) == [0]


def test_busy_is_no_sign_that_it_was_sent(town: Town) -> None:
    book(town, "C2", VISIT)
    grant(town, "C2")
    town.at(EVENING).plan()
    town.sandbox.switch(busy=1)
    town.deliver()
    town.sandbox.act("oa", "oTwo", "revoke")
    town.later(seconds=10).deliver()
    assert (town.row("C2").state, town.row("C2").route) == (DeliveryState.SENT, "template")


@pytest.mark.parametrize("early", [False, True])
def test_the_receipt_finds_her_newest_notification(town: Town, early: bool) -> None:
    book(town, "C2", VISIT)
    grant(town, "C2")
    town.at(EVENING).plan()
    if early:  # the platform may tell before we have written that it took the message
        with town.sessions.begin() as session:
            session.execute(update(Delivery).values(route="subscription"))
            tell(town, session)
    town.deliver()
    if not early:
        with town.sessions.begin() as session:
            tell(town, session)
    assert (town.row("C2").state, town.row("C2").reason) == (DeliveryState.FAILED, "user block")


def tell(town: Town, session: Session) -> None:
    sent = subscriptions.told_of(session, OA, "oTwo", town.clock.now())
    deliveries.receipt(session, sent, OA, DeliveryState.FAILED, "user block", town.clock.now())


def test_without_a_template_of_the_shop_the_next_way_is_taken(town: Town) -> None:
    town.shop = replace(town.shop, templates={}, subscriptions={})
    book(town, "C1", "2026-11-28T11:00")
    book(town, "C2", "2026-11-28T12:00")
    book(town, "C3", "2026-11-28T13:00")
    grant(town, "C2")
    go(town, EVENING)
    assert {code: (town.row(code).route, town.row(code).state.value) for code in ("C1", "C2", "C3")} == {
        "C1": ("advisor_send_task", "waiting_confirm"),
        "C2": ("advisor_task", "sent"),
        "C3": ("", "skipped"),
    }
    assert town.row("C3").reason.startswith("unreachable, because ")
    assert "明天（周六）12:00" in town.sandbox.last("wecom", "wu.an")["content"]


def test_a_window_of_customer_service_comes_before_the_advisor(town: Town) -> None:
    town.shop = replace(town.shop, templates={}, subscriptions={})
    book(town, "C5", VISIT)
    town.at("2026-11-27T17:00")
    with town.sessions.begin() as session:
        kf = {"account": "wkJewel0001", "kind": IdentityKind.KF, "value": "wmKf5"}
        session.add(Identity(customer_id=town.customers["C5"], **kf))
    town.ledger("C5", Channel.KF, "wkJewel0001", "wmKf5", left=3)
    town.at(EVENING).plan()
    assert town.row("C5").route == "kf_window"


def test_who_left_has_no_credit(town: Town) -> None:
    book(town, "C2", VISIT)
    grant(town, "C2")
    town.unfollow("oTwo")
    go(town, EVENING)
    assert town.row("C2").route == "advisor_task"


def test_the_template_of_another_purpose_is_no_credit(town: Town) -> None:
    book(town, "C2", VISIT)
    with town.sessions.begin() as session:
        subscriptions.grant(session, OA, "oTwo", "SUB_SOMETHING_ELSE", town.clock.now())
    go(town, EVENING)
    assert town.row("C2").route == "template"
