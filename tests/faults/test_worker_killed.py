"""Workers die in the middle of their calls: each promise is kept as its channel allows."""

from __future__ import annotations

import time
from functools import partial

from crm.models import Purpose
from tests.faults import mail
from tests.faults.conftest import ADVISORS, CUSTOMERS
from tests.faults.machine import Machine, until

MARKETED, SERVED = CUSTOMERS[:15], CUSTOMERS[25:]


def test_no_delivery_is_lost_and_none_with_a_key_doubled_while_workers_are_killed(machine: Machine, full: bool) -> None:
    machine.settings["QUIET_HOURS"] = an_hour_that_is_far_away()
    known = mail.meet_everybody(machine)
    to_staff = mail.staff_mail(machine, 400 if full else 45)
    marketing = mail.customer_mail(machine, known, "campaign", Purpose.MARKETING, MARKETED)
    replies = mail.customer_mail(machine, known, "reply", Purpose.REPLY, SERVED)
    everything = [*to_staff, *marketing, *replies]
    machine.scheduler()
    machine.sandbox.switch(slow_ms=150)
    interrupted = kill_workers_over(machine, everything, times=12 if full else 2)
    machine.sandbox.switch(slow_ms=0)
    finish(machine, everything)
    print(f"\n{interrupted} calls interrupted, in the end {dict(mail.states(machine, everything))}")
    assert interrupted > 0
    assert_kept(machine, to_staff, marketing, replies)


def an_hour_that_is_far_away() -> str:
    """Quiet hours that do not hold now, whenever the suite runs."""
    begin = (time.gmtime().tm_hour + 8 + 6) % 24
    return f"{begin:02}:00-{(begin + 1) % 24:02}:00"


def kill_workers_over(machine: Machine, ids: list[int], times: int) -> int:
    """Each worker begins to deliver and dies with whatever it holds; how many pushes that were in all."""
    interrupted = 0
    for _ in range(times):
        done = mail.states(machine, ids)["sent"]
        worker = machine.worker()
        mail.wake(machine, ids)
        until(partial(are_sent, machine, ids, min(done + 8, len(ids))), 40, "deliveries go out", worker)
        worker.kill()
        interrupted += mail.states(machine, ids)["claimed"]
        mail.leases_end(machine)
    return interrupted


def are_sent(machine: Machine, ids: list[int], count: int) -> bool:
    return mail.states(machine, ids)["sent"] >= count


def finish(machine: Machine, ids: list[int]) -> None:
    """A worker that lives, and the scheduler's sweep for what the dead ones held."""
    machine.worker()

    def is_over() -> bool:
        if not mail.are_over(machine, ids):
            time.sleep(0.5)
            mail.pauses_end(machine)
        return mail.are_over(machine, ids)

    until(is_over, 60, f"everything ends: {mail.states(machine, ids)}")


def assert_kept(machine: Machine, to_staff: list[int], marketing: list[int], replies: list[int]) -> None:
    staff_words = mail.read_by(machine, "wecom", ADVISORS)
    assert mail.states(machine, to_staff) == {"sent": len(to_staff)}
    assert set(staff_words.values()) == {1}, "with a key: exactly once"
    assert len(staff_words) == len(to_staff)
    words = mail.read_by(machine, "oa", CUSTOMERS)
    for openid in MARKETED:
        assert words[f"campaign <{openid}>"] <= 1, "marketing without a key: at most once"
    sent = mail.states(machine, marketing)
    assert sent.keys() <= {"sent", "unknown"}
    assert sent["sent"] <= sum(words[f"campaign <{openid}>"] for openid in MARKETED) <= len(MARKETED)
    assert mail.states(machine, replies) == {"sent": len(replies)}
    for openid in SERVED:
        assert words[f"reply <{openid}>"] >= 1, "a reply without a key: at least once"
