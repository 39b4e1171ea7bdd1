"""Claims: one worker per push, one push per person at a time, in the order of ids."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from bot.codec import to_json
from bot.messages import Text
from crm.models import DeliveryState, Purpose
from crm.services.claims import (
    claim,
    due_ids,
    end_late,
    machine_now,
)
from crm.services.deliveries import LeaseLost, NewDelivery, begin_call, finish, plan, postpone
from crm.services.waiting import Wish
from tests.scheduler.town import OA, Town


def a_push(town: Town, key: str, code: str = "C1", **fields: Any) -> int:
    usual: dict[str, Any] = {"job": "reply", "purpose": Purpose.REPLY}
    row = NewDelivery(
        key=key,
        due_on=town.clock.now().date(),
        body=to_json(Text(key)),
        planned_at=town.clock.now(),
        customer_id=town.customers[code] if code else None,
        **(usual | fields),
    )
    with town.sessions.begin() as session:
        return plan(session, [row])[0]


def take(town: Town, owner: str = "me", limit: int = 10, **more: Any) -> list[str]:
    return [row.key for row in claim(town.sessions, owner, town.clock.now(), limit, **more)]


def test_a_key_is_planned_once_for_good(town: Town) -> None:
    a_push(town, "a")
    with town.sessions.begin() as session:
        again = NewDelivery("a", "reply", town.clock.now().date(), Purpose.REPLY, "{}", town.clock.now())
        assert plan(session, [again]) == []
    assert len(town.rows()) == 1


def test_a_claim_counts_the_attempt_and_is_exclusive(town: Town) -> None:
    a_push(town, "a")
    assert take(town, "first") == ["a"]
    assert take(town, "second") == []
    (row,) = town.rows()
    assert (row.state, row.attempts, row.lease_owner) == (DeliveryState.CLAIMED, 1, "first")


def test_one_push_per_person_and_in_order(town: Town) -> None:
    for key in ("a", "b"):
        a_push(town, key)
    a_push(town, "c", "C2")
    assert take(town) == ["a", "c"]
    assert take(town) == []
    with town.sessions.begin() as session:
        assert finish(session, town.rows()[0].id, "me", DeliveryState.SENT, "", town.clock.now())
    assert take(town) == ["b"]


def test_who_asks_for_the_second_by_id_waits_for_the_first(town: Town) -> None:
    a_push(town, "a")
    second = a_push(town, "b")
    assert take(town, ids=[second]) == []


def test_what_is_due_later_does_not_stand_in_the_way(town: Town) -> None:
    a_push(town, "tomorrow", not_before=town.clock.now() + timedelta(days=1))
    a_push(town, "now")
    assert take(town) == ["now"]


def test_a_reply_waits_behind_its_own_retry(town: Town) -> None:
    first = a_push(town, "a")
    a_push(town, "b")
    assert take(town) == ["a"]
    with town.sessions.begin() as session:
        postpone(session, [first], "me", town.clock.now() + timedelta(seconds=6), "busy")
    assert take(town) == []
    town.later(seconds=6)
    assert take(town) == ["a"]


def test_a_retry_of_another_job_holds_no_reply_back(town: Town) -> None:
    first = a_push(town, "a", job="maintenance", purpose=Purpose.SERVICE)
    a_push(town, "b")
    assert take(town, limit=1) == ["a"]
    with town.sessions.begin() as session:
        postpone(session, [first], "me", town.clock.now() + timedelta(minutes=10), "settings")
    assert take(town) == ["b"]


def test_members_of_staff_and_strangers_are_persons_too(town: Town) -> None:
    lin: dict[str, Any] = {"staff_id": town.staff["lin.yue"], "purpose": Purpose.STAFF}
    a_push(town, "to lin", **lin)
    a_push(town, "to lin again", **lin)
    a_push(town, "to lin about C1", "C1", **lin)
    a_push(town, "to C1", "C1")
    stranger: dict[str, Any] = {"account": OA, "person": "oNobody"}
    a_push(town, "to stranger", "", **stranger)
    a_push(town, "to stranger again", "", **stranger)
    assert take(town) == ["to lin", "to C1", "to stranger"]


def test_only_what_is_due_is_taken(town: Town) -> None:
    a_push(town, "later", not_before=town.clock.now() + timedelta(seconds=1))
    assert take(town) == []
    with town.sessions() as session:
        assert due_ids(session, town.clock.now(), 1) == []
    town.later(seconds=1)
    assert take(town) == ["later"]


def test_a_wish_chooses_job_and_route(town: Town) -> None:
    a_push(town, "a", "C1", job="x", route="mass_send")
    a_push(town, "b", "C2", job="y", route="window")
    now = town.clock.now()
    with town.sessions() as session:
        assert len(due_ids(session, now, 10, Wish(job="x"))) == 1
        assert len(due_ids(session, now, 10, Wish(routes=["mass_send"]))) == 1
        assert len(due_ids(session, now, 10, Wish(not_routes=["mass_send", "window"]))) == 0


def test_a_job_delivered_alone_does_not_wait_for_others(town: Town) -> None:
    a_push(town, "a", job="x")
    a_push(town, "b", job="y")
    assert take(town, wish=Wish(job="y")) == ["b"]


def test_what_ends_soon_is_found_first(town: Town) -> None:
    now = town.clock.now()
    a_push(town, "calm")
    urgent = a_push(town, "welcome", "C2", not_after=now + timedelta(seconds=20))
    with town.sessions() as session:
        assert due_ids(session, now, 10, Wish(ends_by=now + timedelta(seconds=30))) == [urgent]


def test_past_its_use_a_push_is_skipped_and_never_taken(town: Town) -> None:
    a_push(town, "welcome", not_after=town.clock.now() + timedelta(seconds=20))
    town.later(seconds=21)
    assert take(town) == []
    with town.sessions.begin() as session:
        assert [row.job for row in end_late(session, town.clock.now())] == ["reply"]
    (row,) = town.rows()
    assert (row.state, row.reason) == (DeliveryState.SKIPPED, "too late to be useful")


def test_a_late_worker_cannot_end_what_is_no_longer_his(town: Town) -> None:
    delivery = a_push(town, "a")
    take(town, "slow")
    with town.sessions.begin() as session:
        assert not finish(session, delivery, "other", DeliveryState.SENT, "", town.clock.now())
        assert not postpone(session, [delivery], "other", town.clock.now(), "")
    assert town.rows()[0].state is DeliveryState.CLAIMED


def test_a_call_for_many_is_not_begun_with_a_push_of_somebody_else(town: Town) -> None:
    mine, other = a_push(town, "a", "C1"), a_push(town, "b", "C2")
    take(town, "me", ids=[mine])
    take(town, "other", ids=[other])
    with pytest.raises(LeaseLost), town.sessions.begin() as session:
        begin_call(session, [mine, other], "me", "key", "mass_send", town.clock.now())
    assert {row.send_id for row in town.rows()} == {None}


def test_the_sandboxs_clock_does_not_end_a_lease(town: Town) -> None:
    """Somebody moves the shop's clock a month ahead while a call is under way."""
    a_push(town, "a")
    take(town, "slow")
    town.later(days=30)
    assert take(town, "other") == []
    until = town.rows()[0].lease_until
    assert until is not None
    assert until < machine_now() + timedelta(minutes=2)


def test_many_workers_never_hold_two_pushes_of_one_person(town: Town) -> None:
    codes = ("C1", "C2", "C3")
    for number in range(30):
        a_push(town, f"{number:02}", codes[number % 3])
    order: dict[str, list[str]] = {code: [] for code in codes}
    held: set[int | None] = set()
    faults: list[str] = []
    guard = threading.Lock()

    def work(name: int) -> None:
        for turn in range(200):
            claimed = claim(town.sessions, f"{name}:{turn}", town.clock.now(), 1)
            for row in claimed:
                with guard:
                    if row.customer_id in held:
                        faults.append(row.key)
                    held.add(row.customer_id)
                    order[codes[int(row.key) % 3]].append(row.key)
                    held.discard(row.customer_id)
                with town.sessions.begin() as session:
                    finish(session, row.id, row.owner, DeliveryState.SENT, "", town.clock.now())
            if not claimed and all(row.state is DeliveryState.SENT for row in town.rows()):
                return

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    assert faults == []
    assert all(keys == sorted(keys) and len(keys) == 10 for keys in order.values())
