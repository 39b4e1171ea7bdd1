"""One call for many: its limits, and who is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.codec import to_json
from bot.messages import Text
from crm.models import Delivery, DeliveryState, Send
from scheduler import batches, sends
from tests.scheduler.past import marketing_sent
from tests.scheduler.town import Town

MORNING = "2026-12-08T10:00"


def test_four_of_the_month_are_enough(town: Town) -> None:
    """Three more would be the fifth of the month: the advisor is asked, or nobody."""
    town.consent("C1", "C2", "C3")
    town.shop = replace(town.shop, month_cap=9)
    town.at(MORNING)
    with town.sessions.begin() as session:
        marketing_sent(session, town.customers["C1"], town.clock.now(), 4)
    town.plan()
    assert town.row("C1", "member_day").route == "advisor_mass_task"
    assert town.row("C2", "member_day").route == "mass_send"


def test_a_call_carries_only_as_many_as_the_platform_takes(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST", 2)
    monkeypatch.setattr(batches, "ROWS_PER_CLAIM", 1)
    town.consent("C1", "C2", "C3")
    town.at(MORNING).plan()
    town.deliver()
    assert town.states("member_day") == {"C1": "sent", "C2": "sent", "C3": "failed"}
    assert len(town.calls("/mass/send")) == 1
    assert sends.MOST == 10_000


def test_the_call_is_written_down_with_its_people(town: Town) -> None:
    town.consent("C1", "C2")
    town.at(MORNING).plan()
    town.deliver()
    with town.sessions() as session:
        (send,) = session.query(Send).all()
    assert (send.state, send.route, len(send.key)) == (DeliveryState.SENT, "mass_send", 32)
    assert {row.send_id for row in town.rows()} == {send.id}
    assert {row.platform_id for row in town.rows()} == {send.platform_id}


def test_words_that_the_platform_refuses_fail_for_all(town: Town) -> None:

    town.consent("C1", "C2")
    town.at(MORNING).plan()
    with town.sessions.begin() as session:
        session.execute(update(Delivery).values(body=to_json(Text("  "))))
    town.deliver()
    assert set(town.states("member_day").values()) == {"failed"}
    assert town.row("C1").reason.startswith("BadContent: 44004")


def test_when_the_days_mass_sends_are_used_up_the_advisors_are_asked(town: Town) -> None:
    town.consent("C1", "C2")
    town.at(MORNING).plan()
    state = town.sandbox.world.state
    state.counted_day = state.clock.day()
    state.calls_today["oa/cgi-bin/message/mass/send"] = 100
    town.deliver()
    assert town.states("member_day") == {"C1": "waiting_confirm", "C2": "sent"}
    assert {town.row("C1").route, town.row("C2").route} == {"advisor_mass_task", "advisor_list"}


def test_one_task_per_advisor(town: Town) -> None:
    town.consent("C1", "C4")
    town.unfollow("oOne")
    town.at(MORNING).plan()
    town.deliver()
    assert town.states("member_day") == {"C1": "waiting_confirm", "C4": "waiting_confirm"}
    assert len(town.calls("/add_msg_template")) == 1
    assert town.row("C1").receipt == "lin.yue"


def test_who_is_no_friend_of_the_advisor_gets_it_by_his_hand(town: Town) -> None:
    town.consent("C1", "C4")
    town.unfollow("oOne")
    town.at(MORNING).plan()
    del town.sandbox.world.state.people.customers["oFour"].friendships["lin.yue"]
    town.deliver()
    assert town.states("member_day") == {"C1": "waiting_confirm", "C4": "sent"}
    assert "许安（C4）" in town.sandbox.last("wecom", "lin.yue")["content"]


def test_an_advisor_gets_one_list_and_not_a_message_for_each(town: Town) -> None:
    town.consent("C2", "C5")
    town.unfollow("oTwo")
    town.at(MORNING).plan()
    town.deliver()
    assert town.states("member_day") == {"C2": "sent", "C5": "sent"}
    (task,) = town.sandbox.chat("wecom", "wu.an")
    assert "有 2 位顾客" in task["content"]
    assert "徐铭（C2）、顾言（C5）" in task["content"]
    assert task["content"].endswith("回复“退订”不再接收活动消息。")
    assert town.log_of("C2") == []


def test_a_list_holds_only_as_many_as_can_be_read(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_ON_A_LIST", 1)
    town.consent("C2", "C5")
    town.unfollow("oTwo")
    town.at(MORNING).plan()
    town.deliver()
    assert len(town.sandbox.chat("wecom", "wu.an")) == 2
