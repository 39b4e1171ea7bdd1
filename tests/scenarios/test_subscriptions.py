"""A follower allows one reminder on a page; the platform tells it, and later what became of it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from crm import db
from crm.models import Delivery, DeliveryState, Identity, Purpose, SubscriptionCredit
from crm.services.deliveries import platform_key
from tests.front_door import OA, Phone, Shop

TEMPLATE = "SUB_APPOINTMENT_REMINDER"
# What differs between the databases is tried in tests/scheduler.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def nodes(name: str, *choices: dict[str, Any]) -> dict[str, str]:
    """The wrapper that the platform sends, with one List node for each choice."""
    listed = "".join("<List>" + "".join(f"<{k}>{v}</{k}>" for k, v in one.items()) + "</List>" for one in choices)
    return {"raw_nodes": f"<{name}>{listed}</{name}>"}


def answers(phone: Phone, *said: str, template: str = TEMPLATE) -> None:
    """She is asked on a page, once for each of these."""
    chosen = [{"TemplateId": template, "SubscribeStatusString": word, "PopupScene": 1} for word in said]
    assert phone.does("subscribe_msg_popup_event", **nodes("SubscribeMsgPopupEvent", *chosen)) == ""


def switches_off(phone: Phone, wrapper: str = "SubscribeMsgChangeEvent") -> None:
    chosen = {"TemplateId": TEMPLATE, "SubscribeStatusString": "reject"}
    assert phone.does("subscribe_msg_change_event", **nodes(wrapper, chosen)) == ""


def left(shop: Shop, openid: str = "oMei") -> dict[str, int]:
    """What may still be sent to this openid, by template."""
    wanted = select(SubscriptionCredit).join(SubscriptionCredit.identity).where(Identity.value == openid)
    with db.reading(shop.parts.engine) as session:
        return {credit.template_id: credit.remaining for credit in session.scalars(wanted)}


def test_each_yes_is_good_for_one(shop: Shop, mei: Phone) -> None:
    answers(mei, "accept")
    assert left(shop) == {TEMPLATE: 1}
    shop.clock.move(seconds=5)
    answers(mei, "accept")
    assert left(shop) == {TEMPLATE: 2}


def test_an_event_that_is_pushed_again_counts_once(shop: Shop, mei: Phone) -> None:
    answers(mei, "accept")
    answers(mei, "accept")
    assert left(shop) == {TEMPLATE: 1}


def test_several_answers_in_one_event(shop: Shop, mei: Phone) -> None:
    answers(mei, "accept", "reject", "accept")
    assert left(shop) == {TEMPLATE: 2}


@pytest.mark.parametrize(("then", "remaining"), [("reject", 1), ("ban", 0), ("filter", 0)])
def test_a_no_takes_nothing_back_and_a_ban_everything(shop: Shop, mei: Phone, then: str, remaining: int) -> None:
    answers(mei, "accept")
    answers(mei, then)
    assert left(shop) == {TEMPLATE: remaining}


@pytest.mark.parametrize("wrapper", ["SubscribeMsgChangeEvent", "SubscribeMsgPopupEvent"])
def test_switching_them_off_ends_all_of_them(shop: Shop, mei: Phone, wrapper: str) -> None:
    answers(mei, "accept")
    switches_off(mei, wrapper)
    assert left(shop) == {TEMPLATE: 0}


def test_who_unfollows_takes_them_along(shop: Shop, mei: Phone) -> None:
    answers(mei, "accept")
    mei.does("unsubscribe")
    assert left(shop) == {}


def test_a_page_opens_no_window(shop: Shop, mei: Phone) -> None:
    answers(mei, "accept")
    assert shop.planned("oMei") == []


@pytest.mark.parametrize("broken", ["", "<List></List>", "<List>x</List>", "<List><TemplateId>T</TemplateId></List>"])
def test_what_is_not_readable_grants_nothing(shop: Shop, mei: Phone, broken: str) -> None:
    raw = f"<SubscribeMsgPopupEvent>{broken}</SubscribeMsgPopupEvent>"
    assert mei.does("subscribe_msg_popup_event", raw_nodes=raw) == ""
    assert sum(left(shop).values()) == 0


def sent_to(shop: Shop, openid: str, key: str, state: DeliveryState = DeliveryState.SENT) -> None:
    """A notification that the platform took."""
    with shop.parts.sessions.begin() as session:
        now = shop.clock.now()
        customer_id = session.scalars(select(Identity.customer_id).where(Identity.value == openid)).one()
        session.add(
            Delivery(
                key=key,
                job="appointment_day_before",
                due_on=now.date(),
                purpose=Purpose.SERVICE,
                customer_id=customer_id,
                route="subscription",
                account=OA[2],
                person=openid,
                state=state,
                planned_at=now,
                not_before=now,
                platform_id=platform_key(key) if state is DeliveryState.SENT else "",
            )
        )


def is_told(phone: Phone, code: int, status: str) -> None:
    result = {"TemplateId": TEMPLATE, "MsgID": 2794188253209100289, "ErrorCode": code, "ErrorStatus": status}
    assert phone.does("subscribe_msg_sent_event", **nodes("SubscribeMsgSentEvent", result)) == ""


def ends(shop: Shop) -> list[tuple[str, str]]:
    with db.reading(shop.parts.engine) as session:
        return [(row.state.value, row.reason) for row in session.scalars(select(Delivery).order_by(Delivery.id))]


@pytest.mark.parametrize(
    ("code", "status", "becomes"), [(0, "success", "delivered"), (43101, "user refuse to accept the msg", "failed")]
)
def test_the_receipt_ends_her_newest_notification(shop: Shop, mei: Phone, code: int, status: str, becomes: str) -> None:
    mei.says("你好")
    sent_to(shop, "oMei", "appointment_day_before:1:0")
    sent_to(shop, "oMei", "appointment_two_hours:1:0")
    is_told(mei, code, status)
    assert ends(shop) == [("sent", ""), (becomes, status)]


def test_a_receipt_of_nothing_changes_nothing(shop: Shop, mei: Phone) -> None:
    mei.says("你好")
    is_told(mei, 0, "success")
    is_told(Phone(shop.official_account, "oNobody", "gh_1"), 0, "success")
    assert ends(shop) == []
