"""One scheduler acts: the lease, its growing term, and the fence in every write."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from crm import db
from crm.models import Lease
from crm.services.claims import machine_now
from scheduler.errors import Fenced
from scheduler.lease import LEASE_TIME, Leadership


def lease_of(sessions: db.Sessions) -> Lease:
    with sessions() as session:
        return session.get_one(Lease, "scheduler")


def let_it_run_out(sessions: db.Sessions) -> None:
    with sessions.begin() as session:
        session.execute(update(Lease).values(until=machine_now() - LEASE_TIME))


def test_the_first_one_acts_and_the_second_waits(sessions: db.Sessions) -> None:
    first, second = Leadership(sessions, "first"), Leadership(sessions, "second")
    assert first.acquire()
    assert not second.acquire()
    assert first.acquire()
    assert lease_of(sessions).term == 1


def test_when_the_first_one_is_silent_the_second_takes_over_with_a_higher_term(sessions: db.Sessions) -> None:
    first, second = Leadership(sessions, "first"), Leadership(sessions, "second")
    first.acquire()
    let_it_run_out(sessions)
    assert second.acquire()
    assert second.term == 2
    assert not first.acquire()
    assert first.term == 0


def test_the_silent_one_cannot_write_when_it_wakes_up(sessions: db.Sessions) -> None:
    first, second = Leadership(sessions, "first"), Leadership(sessions, "second")
    first.acquire()
    let_it_run_out(sessions)
    second.acquire()
    with pytest.raises(Fenced), sessions.begin() as session:
        first.fence(session)
    with sessions.begin() as session:
        second.fence(session)


def test_a_long_plan_keeps_its_lease_alive(sessions: db.Sessions) -> None:
    first = Leadership(sessions, "first")
    first.acquire()
    let_it_run_out(sessions)
    with sessions.begin() as session:
        first.fence(session)
    assert not Leadership(sessions, "second").acquire()


def test_who_ends_in_good_order_is_not_waited_for(sessions: db.Sessions) -> None:
    first, second = Leadership(sessions, "first"), Leadership(sessions, "second")
    first.acquire()
    first.release()
    assert second.acquire()


def test_run_due_takes_the_lease_whoever_has_it(sessions: db.Sessions) -> None:
    first, command = Leadership(sessions, "first"), Leadership(sessions, "run-due")
    first.acquire()
    assert command.acquire(seize=True)
    assert not first.acquire()
    command.release()
    assert first.acquire()
    assert first.term == 3


def test_many_that_start_together_are_one_leader(sessions: db.Sessions) -> None:
    together = threading.Barrier(6)

    def start(number: int) -> bool:
        together.wait()
        return Leadership(sessions, f"s{number}").acquire()

    with ThreadPoolExecutor(6) as processes:
        assert sum(processes.map(start, range(6))) == 1
