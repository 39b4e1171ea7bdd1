"""Workers that die between the attempt and its outcome: what is sent again, and what never is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.messages import Channel
from crm.models import Delivery, DeliveryState, Send
from crm.services.claims import MAX_ATTEMPTS, Swept, claim, machine_now, sweep
from crm.services.deliveries import begin_call
from crm.services.waiting import Wish
from scheduler.routes import BATCHED, KEYED
from tests.scheduler.town import OA, Town

MORNING = "2026-12-08T10:00"


def swept(town: Town, *, later: float = 600) -> Swept:
    """A sweep, so many seconds of the machine's time after now."""
    with town.sessions.begin() as session:
        return sweep(session, town.clock.now(), KEYED, BATCHED, machine=machine_now() + timedelta(seconds=later))


def a_worker_dies_over(town: Town, **wish: Any) -> list[int]:
    claimed = claim(town.sessions, "dead", town.clock.now(), 100, wish=Wish(**wish))
    assert claimed
    return [row.id for row in claimed]


def test_a_living_worker_is_left_alone(town: Town) -> None:
    town.write("C1")
    town.reply("C1", "在的")
    a_worker_dies_over(town)
    assert swept(town, later=0) == Swept([], [], [], [])


def test_a_reply_is_sent_again(town: Town) -> None:
    town.write("C1")
    ids = town.reply("C1", "在的")
    a_worker_dies_over(town)
    assert swept(town) == Swept(again=ids, unknown=[], late=[], due=ids)
    town.deliver()
    assert town.said("C1") == ["在的"]
    assert (town.rows()[0].state, town.rows()[0].attempts) == (DeliveryState.SENT, 2)


def test_a_service_notice_is_sent_again_and_the_template_key_keeps_it_single(town: Town) -> None:
    town.buy("C2", "A1", "2025-12-08")
    town.at(MORNING).plan()
    town.sandbox.switch(reset_after_work=1)
    town.deliver()
    town.later(seconds=10).deliver()
    assert town.row("C2").state is DeliveryState.SENT
    assert len(town.calls("/template/send")) == 2
    assert len(town.sandbox.chat("oa", "oTwo")) == 1


def test_marketing_without_a_key_is_never_sent_again(town: Town) -> None:
    town.consent("C1")
    town.at("2026-12-08T09:59")
    town.write("C1")
    town.at(MORNING).plan()
    ids = a_worker_dies_over(town)
    assert swept(town).unknown == ids
    town.later(hours=1).deliver()
    assert town.said("C1") == []
    assert (town.row("C1").state, town.row("C1").attempts) == (DeliveryState.UNKNOWN, 1)
    assert town.row("C1").reason == "outcome unknown: the worker stopped between call and answer"


def test_marketing_in_a_window_whose_answer_is_lost_is_never_sent_again(town: Town) -> None:
    town.consent("C1")
    town.at("2026-12-08T09:59")
    town.write("C1")
    town.at(MORNING).plan()
    town.sandbox.switch(reset_after_work=1)
    town.deliver()
    town.later(hours=1).deliver()
    assert len(town.said("C1")) == 1
    assert town.row("C1").state is DeliveryState.UNKNOWN


def test_a_task_for_an_advisor_has_a_key_of_wecoms_own(town: Town) -> None:
    town.consent("C5")
    town.at(MORNING).plan()
    town.sandbox.switch(reset_after_work=1)
    town.deliver()
    town.later(seconds=10).deliver()
    assert town.row("C5").state is DeliveryState.SENT
    assert len(town.sandbox.chat("wecom", "wu.an")) == 1


def test_a_mass_send_that_was_never_begun_begins_anew(town: Town) -> None:
    town.consent("C1", "C2")
    town.at(MORNING).plan()
    ids = a_worker_dies_over(town, routes=["mass_send"])
    found = swept(town)
    assert (found.again, found.unknown) == (ids, [])
    assert town.row("C1").reason == ""
    town.deliver()
    assert len(town.said("C1")) == 1


def test_a_mass_task_that_was_never_begun_begins_anew(town: Town) -> None:
    town.consent("C1")
    town.unfollow("oOne")
    town.at(MORNING).plan()
    ids = a_worker_dies_over(town, routes=["advisor_mass_task"])
    assert swept(town).again == ids


def test_a_mass_task_whose_answer_is_lost_is_unknown(town: Town) -> None:
    town.consent("C1")
    town.unfollow("oOne")
    town.at(MORNING).plan()
    town.sandbox.switch(reset_after_work=1)
    town.deliver()
    town.later(hours=1).deliver()
    assert town.row("C1").state is DeliveryState.UNKNOWN
    assert len(town.sandbox.chat("wecom", "lin.yue")) == 1


def interrupted_mass_send(town: Town, *, called: bool) -> None:
    """A worker dies after it wrote down the call: before it was made, or after."""
    town.consent("C1", "C2", "C3")
    town.at(MORNING).plan()
    if called:
        town.sandbox.switch(reset_after_work=1)
        town.deliver()
        return
    ids = a_worker_dies_over(town, routes=["mass_send"])
    with town.sessions.begin() as session:
        begin_call(session, ids, "dead", "k" * 32, "mass_send", town.clock.now())
    swept(town)


@pytest.mark.parametrize("called", [False, True])
def test_an_interrupted_mass_send_is_made_again_under_its_key_and_reaches_everybody_once(
    town: Town, called: bool
) -> None:
    interrupted_mass_send(town, called=called)
    for _ in range(4):  # 45066 within a minute, then 45065: sent already
        town.later(seconds=40).deliver()
    assert set(town.states("member_day").values()) == {"sent"}
    assert [len(town.said(code)) for code in ("C1", "C2", "C3")] == [1, 1, 1]
    assert len({row.platform_id for row in town.rows()}) == 1


def test_who_opts_out_of_an_interrupted_mass_send_is_not_asked_again(town: Town) -> None:
    interrupted_mass_send(town, called=False)
    town.withdraw("C2")
    town.later(seconds=40).deliver()
    assert town.states("member_day") == {"C1": "sent", "C2": "unknown", "C3": "sent"}
    assert town.said("C2") == []


def test_an_interrupted_mass_send_waits_until_all_its_people_are_there(town: Town) -> None:
    interrupted_mass_send(town, called=False)
    with town.sessions.begin() as session:
        still_held = {"state": DeliveryState.CLAIMED, "lease_until": machine_now() + timedelta(minutes=5)}
        session.execute(update(Delivery).where(Delivery.customer_id == town.customers["C3"]).values(still_held))
    town.later(seconds=40).deliver()
    assert town.calls("/mass/send") == []
    assert town.states("member_day") == {"C1": "planned", "C2": "planned", "C3": "claimed"}
    swept(town, later=1200)
    town.later(seconds=40).deliver()
    assert set(town.states("member_day").values()) == {"sent"}
    assert len(town.calls("/mass/send")) == 1


def test_an_interrupted_mass_send_with_one_person_left_stays_unknown(town: Town) -> None:
    interrupted_mass_send(town, called=False)
    town.withdraw("C1")
    town.withdraw("C2")
    town.later(seconds=40).deliver()
    assert set(town.states("member_day").values()) == {"unknown"}
    assert town.calls("/mass/send") == []


def test_a_mass_send_that_certainly_was_not_made_is_made_anew(town: Town) -> None:
    town.consent("C1", "C2")
    town.at(MORNING).plan()
    town.sandbox.switch(busy=1)
    town.deliver()
    town.later(seconds=10).deliver()
    with town.sessions() as session:
        calls = [send.state.value for send in session.query(Send).order_by(Send.id)]
    assert calls == ["failed", "sent"]
    assert set(town.states("member_day").values()) == {"sent"}


def test_a_push_that_kills_its_workers_is_given_up(town: Town) -> None:
    town.ledger("C1", Channel.OFFICIAL_ACCOUNT, OA, "oOne", left=5)
    town.reply("C1", "在的")
    for _ in range(MAX_ATTEMPTS):
        a_worker_dies_over(town)
        swept(town)
    assert town.rows()[0].state is DeliveryState.UNKNOWN


def test_what_may_have_been_sent_does_not_end_as_too_late(town: Town) -> None:
    interrupted_mass_send(town, called=False)
    town.at("2026-12-08T20:01")
    assert swept(town).late == [row.id for row in town.rows()]
    assert set(town.states("member_day").values()) == {"unknown"}
