"""SIGTERM: whatever a process holds is finished, nothing new is begun, the exit code is 0."""

from __future__ import annotations

import threading
import time

from sqlalchemy import select

from crm import db
from crm.models import Lease
from crm.services.claims import machine_now
from tests.faults import mail
from tests.faults.conftest import ADVISORS
from tests.faults.machine import Machine, Program, until
from tests.faults.platform import Platform, Pushed
from tests.faults.test_database_away import locked


def stopped_in_the_meantime(program: Program) -> tuple[threading.Thread, list[int]]:
    """A stop that goes on beside the test; the exit code when it is over."""
    codes: list[int] = []
    stopping = threading.Thread(target=lambda: codes.append(program.stop()))
    stopping.start()
    return stopping, codes


def test_the_web_processes_answer_whom_they_have_heard(machine: Machine) -> None:
    web, pushed = machine.web(), list[Pushed]()
    platform = Platform(machine.port, attempts=1)
    people = [threading.Thread(target=lambda n=n: pushed.append(platform.text(f"oStop_{n}", "人工"))) for n in range(6)]
    with locked(machine, 1.5):
        for one in people:
            one.start()
        time.sleep(0.7)  # until all six wait for the lock
        stopping, codes = stopped_in_the_meantime(web)
    for thread in [*people, stopping]:
        thread.join()
    assert [one.statuses for one in pushed] == [[200]] * 6
    assert codes == [0]
    assert not machine.is_listening()


def test_a_worker_finishes_the_call_that_it_makes(machine: Machine) -> None:
    worker = machine.worker()
    ids = mail.staff_mail(machine, 6)
    machine.sandbox.switch(slow_ms=700)
    mail.wake(machine, ids)
    until(lambda: mail.states(machine, ids)["claimed"] >= 1, 40, "the worker calls", worker)
    assert worker.stop() == 0
    states = mail.states(machine, ids)
    assert states["claimed"] == 0, states
    assert len(mail.read_by(machine, "wecom", ADVISORS)) == states["sent"] > 0
    machine.sandbox.switch(slow_ms=0)
    machine.worker()
    mail.wake(machine, ids)
    until(lambda: mail.states(machine, ids) == {"sent": 6}, 40, "the next worker takes the rest")
    assert set(mail.read_by(machine, "wecom", ADVISORS).values()) == {1}


def test_the_scheduler_finishes_its_tick_and_lets_go_of_the_lease(machine: Machine) -> None:
    """With Redis away the scheduler delivers by itself, so that its tick can be caught in a call."""
    machine.redis.kill()
    ids = mail.staff_mail(machine, 3)
    machine.sandbox.switch(slow_ms=700)
    scheduler = machine.scheduler()
    until(lambda: mail.states(machine, ids)["claimed"] == 1, 40, "the scheduler calls", scheduler)
    assert scheduler.stop() == 0
    assert mail.states(machine, ids)["claimed"] == 0
    assert len(mail.read_by(machine, "wecom", ADVISORS)) == mail.states(machine, ids)["sent"] >= 1
    with db.reading(machine.engine) as session:
        assert session.scalars(select(Lease.until)).one() < machine_now()
    assert "Traceback" not in scheduler.log
