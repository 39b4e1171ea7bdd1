"""One push on its way: replies, staff, welcomes, and what happens when the platform says no."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from bot.codec import to_json
from bot.messages import Card, CardDone, Channel, Kind, Media, Menu, Option, Reply, Text
from crm.models import Customer, Delivery, DeliveryState, Identity, IdentityKind, Purpose, Staff
from crm.services.deliveries import NewDelivery, plan
from tests.sandbox.playing import PNG
from tests.scheduler.town import CORP, Town


def a_message_to(town: Town, userid: str, reply: Reply, key: str = "s1", **fields: Any) -> int:
    row = NewDelivery(
        key=key,
        job="talk",
        due_on=town.clock.now().date(),
        purpose=Purpose.STAFF,
        body=to_json(reply),
        planned_at=town.clock.now(),
        staff_id=town.staff[userid],
        channel="wecom",
        account=CORP,
        person=userid,
        **fields,
    )
    with town.sessions.begin() as session:
        return plan(session, [row])[0]


def test_replies_of_a_conversation_arrive_in_order(town: Town) -> None:
    town.write("C1")
    town.deliver(town.reply("C1", "第一句", "第二句", "第三句"))
    assert town.said("C1") == ["第一句", "第二句", "第三句"]
    assert town.log_of("C1") == ["第一句", "第二句", "第三句"]
    assert {row.state for row in town.rows()} == {DeliveryState.SENT}
    assert town.window_left("oOne") == 2


def test_a_reply_may_take_the_last_place_of_the_window(town: Town) -> None:
    town.write("C1")
    town.deliver(town.reply("C1", "一", "二", "三", "四", "五", "六"))
    assert town.said("C1") == ["一", "二", "三", "四", "五"]
    last = town.rows()[-1]
    assert last.state is DeliveryState.FAILED
    assert last.reason == "WindowClosed: 45047: " + last.reason.split("45047: ")[1]
    assert last.reason.endswith("there is no other way for a reply")
    assert town.window_left("oOne") == 0


def test_a_tap_list_travels_as_one(town: Town) -> None:
    town.write("C1")
    menu = Menu("您想问的是？", (Option("1", "珍珠"), Option("2", "银")))
    ids = town.reply("C1", "x")
    with town.sessions.begin() as session:
        session.execute(update(Delivery).values(body=to_json(menu)))
    town.deliver(ids)
    assert town.sandbox.last("oa", "oOne")["type"] == "msgmenu"
    assert town.log_of("C1") == ["您想问的是？\n1. 珍珠\n2. 银"]


def test_a_card_to_a_member_keeps_its_response_code(town: Town) -> None:
    body = {
        "card_type": "button_interaction",
        "main_title": {"title": "有顾客在等"},
        "button_list": [{"text": "接待", "key": "take"}],
    }
    town.deliver([a_message_to(town, "lin.yue", Card("t-1", body))])
    (row,) = town.rows()
    assert row.state is DeliveryState.SENT
    assert row.platform_id
    assert row.receipt
    assert town.sandbox.last("wecom", "lin.yue")["task_id"] == "t-1"


def test_a_tapped_card_loses_its_buttons(town: Town) -> None:
    body = {
        "card_type": "button_interaction",
        "main_title": {"title": "有顾客在等"},
        "button_list": [{"text": "接待", "key": "take"}],
    }
    town.deliver([a_message_to(town, "lin.yue", Card("t-1", body))])
    code = town.rows()[0].receipt
    town.deliver([a_message_to(town, "lin.yue", CardDone("已接待"), key="s2", receipt=code)])
    assert town.sandbox.last("wecom", "lin.yue")["done"] == "已接待"


def test_who_no_longer_works_here_gets_nothing(town: Town) -> None:
    delivery = a_message_to(town, "lin.yue", Text("有顾客在等"))
    with town.sessions.begin() as session:
        session.get_one(Staff, town.staff["lin.yue"]).left_at = town.clock.now()
    town.deliver([delivery])
    assert (town.rows()[0].state, town.rows()[0].reason) == (DeliveryState.SKIPPED, "no longer works here")
    assert town.sandbox.chat("wecom", "lin.yue") == []


def test_a_picture_is_carried_over_from_the_account_that_holds_it(town: Town) -> None:
    held = town.sandbox.upload("oa", "image", PNG)["media_id"]
    town.deliver([a_message_to(town, "lin.yue", Media(Kind.IMAGE, held, held_by=Channel.OFFICIAL_ACCOUNT))])
    assert town.rows()[0].state is DeliveryState.SENT
    assert town.sandbox.last("wecom", "lin.yue")["type"] == "image"


def test_a_picture_of_the_same_account_goes_as_it_is(town: Town) -> None:
    town.write("C1")
    held = town.sandbox.upload("oa", "image", PNG)["media_id"]
    ids = town.reply("C1", "x")
    with town.sessions.begin() as session:
        session.execute(
            update(Delivery).values(body=to_json(Media(Kind.IMAGE, held, held_by=Channel.OFFICIAL_ACCOUNT)))
        )
    town.deliver(ids)
    assert (
        town.calls("/media/upload") == [call for call in town.calls("/media/upload") if call["direction"] == "in"][:1]
    )
    assert town.sandbox.last("oa", "oOne")["type"] == "image"


def a_welcome(town: Town, code: str) -> int:
    row = NewDelivery(
        key="w1",
        job="welcome",
        due_on=town.clock.now().date(),
        purpose=Purpose.REPLY,
        body=to_json(Text("您好，我是林悦")),
        planned_at=town.clock.now(),
        not_after=town.clock.now() + timedelta(seconds=20),
        customer_id=town.customers["C2"],
        channel="contact",
        account=CORP,
        person="wmTwo",
        receipt=code,
    )
    with town.sessions.begin() as session:
        return plan(session, [row])[0]


def a_welcome_code(town: Town) -> str:
    town.sandbox.act("contact", "oTwo", "add", userid="wu.an")
    codes = town.sandbox.world.state.contact.welcome_codes
    return next(iter(codes))


def test_a_new_contact_is_welcomed_with_her_code(town: Town) -> None:
    town.deliver([a_welcome(town, a_welcome_code(town))])
    assert town.rows()[0].state is DeliveryState.SENT
    assert town.sandbox.last("contact", "oTwo")["content"] == "您好，我是林悦"


def test_twenty_seconds_later_nobody_is_welcomed(town: Town) -> None:
    delivery = a_welcome(town, a_welcome_code(town))
    town.later(seconds=21).deliver([delivery])
    assert (town.rows()[0].state, town.rows()[0].reason) == (DeliveryState.SKIPPED, "too late to be useful")
    assert town.calls("send_welcome_msg") == []


def test_busy_is_tried_again_a_little_later(town: Town) -> None:
    town.write("C1")
    town.sandbox.switch(busy=1)
    town.reply("C1", "在的")
    assert town.deliver() == {}
    (row,) = town.rows()
    assert (row.state, row.attempts) == (DeliveryState.PLANNED, 1)
    assert row.not_before > town.clock.now()
    town.later(seconds=3).deliver()
    assert town.said("C1") == ["在的"]


def test_the_minutes_quota_is_waited_for(town: Town) -> None:
    town.write("C1")
    town.sandbox.switch(rate_limited=1)
    town.reply("C1", "在的")
    town.deliver()
    assert town.rows()[0].not_before == town.clock.now() + timedelta(seconds=60)
    town.later(seconds=61).deliver()
    assert town.said("C1") == ["在的"]


def test_a_reply_whose_outcome_is_unknown_is_sent_again(town: Town) -> None:
    """At least once: a conversation that breaks off is worse than a sentence said twice."""
    town.write("C1")
    town.sandbox.switch(reset_after_work=1)
    town.reply("C1", "在的")
    town.deliver()
    assert town.rows()[0].reason.startswith("outcome unknown: ")
    town.later(seconds=10).deliver()
    assert town.said("C1") == ["在的", "在的"]
    assert town.rows()[0].state is DeliveryState.SENT


def test_a_token_that_is_refused_twice_waits_a_minute_and_is_not_hammered(town: Town) -> None:
    town.write("C1")
    town.sandbox.switch(token_always_bad=True)
    town.reply("C1", "在的")
    town.deliver()
    assert town.rows()[0].not_before == town.clock.now() + timedelta(minutes=1)
    assert len(town.calls("/custom/send")) <= 2
    town.sandbox.switch(token_always_bad=False)
    town.later(minutes=2).deliver()
    assert town.said("C1") == ["在的"]


def test_a_row_that_nobody_can_read_fails_and_holds_up_no_one(town: Town) -> None:
    town.write("C1")
    town.reply("C1", "坏的", "好的")
    with town.sessions.begin() as session:
        session.execute(update(Delivery).where(Delivery.id == 1).values(body="no json"))
    town.deliver()
    assert [row.state.value for row in town.rows()] == ["failed", "sent"]
    assert town.rows()[0].reason.startswith("not readable")


def test_an_erased_customer_gets_no_service_notice(town: Town) -> None:
    town.buy("C2", "A1", "2025-12-08")
    town.at("2026-12-08T10:00").plan()
    with town.sessions.begin() as session:
        session.execute(update(Delivery).values(customer_id=None))
    town.deliver()
    assert (town.rows()[0].state, town.rows()[0].reason) == (DeliveryState.SKIPPED, "the customer was erased")


def test_a_window_that_closes_between_plan_and_call_means_the_next_way(town: Town) -> None:
    town.buy("C2", "A1", "2025-12-08")
    town.at("2026-12-08T09:59")
    town.write("C2")
    town.at("2026-12-08T10:00").plan()
    assert town.row("C2").route == "window"
    town.sandbox.world.state.oa.window("oTwo").close()
    town.deliver()
    assert (town.row("C2").route, town.row("C2").state) == ("template", DeliveryState.SENT)
    assert town.window_left("oTwo") == 0


def test_a_service_notice_in_kf_when_that_is_where_she_writes(town: Town) -> None:
    town.shop = replace(town.shop, templates={})
    town.sandbox.act("kf", "oTwo", "enter")
    town.sandbox.act("kf", "oTwo", "text", content="在吗")
    external = town.sandbox.customer("oTwo")["external_userid"]
    with town.sessions.begin() as session:
        customer = session.get_one(Customer, town.customers["C2"])
        session.add(Identity(account="wkJewel0001", kind=IdentityKind.KF, value=external, customer_id=customer.id))
    town.buy("C2", "A1", "2025-11-21")
    town.ledger("C2", Channel.KF, "wkJewel0001", external, left=5)
    town.plan()
    town.deliver()
    assert (town.row("C2").route, town.row("C2").state) == ("kf_window", DeliveryState.SENT)
    assert "保养" not in town.said("C2")
    assert town.sandbox.last("kf", "oTwo")["from"] == "them"


def test_an_unknown_outcome_in_kf_is_repeated_under_the_same_id(town: Town) -> None:
    town.sandbox.act("kf", "oTwo", "enter")
    town.sandbox.act("kf", "oTwo", "text", content="在吗")
    external = town.sandbox.customer("oTwo")["external_userid"]
    town.ledger("C2", Channel.KF, "wkJewel0001", external, left=5)
    town.sandbox.switch(reset_after_work=1)
    town.reply("C2", "在的", channel="kf", account="wkJewel0001", person=external)
    town.deliver()
    town.later(seconds=10).deliver()
    assert town.rows()[0].state is DeliveryState.SENT
    said = [line["content"] for line in town.sandbox.chat("kf", "oTwo") if line["from"] == "them"]
    assert said.count("在的") == 1


def test_who_waits_behind_a_delivered_push_goes_along(town: Town) -> None:
    """The wake-up of the later ones was lost."""
    town.write("C1")
    ids = town.reply("C1", "0", "1", "2")
    town.deliver(ids[:1])
    assert town.said("C1") == ["0", "1", "2"]
