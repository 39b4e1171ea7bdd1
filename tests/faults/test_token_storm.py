"""Tokens refused, killed, refused for ever: one fetch for all processes, and nobody asks in a loop."""

from __future__ import annotations

import time
from functools import partial

from bot.platforms.tokens import REJECTION_PAUSE_SECONDS
from tests.faults import mail
from tests.faults.conftest import ADVISORS
from tests.faults.machine import Machine, until

FETCH, SEND = "/gettoken", "/message/send"


def two_workers(machine: Machine) -> None:
    """Two processes of eight threads: sixteen callers that share one token through Redis."""
    first, second = machine.worker(), machine.worker()
    until(
        lambda: len(machine.redis.client.zrange("dramatiq:__heartbeats__", 0, -1)) >= 2, 40, "the workers stand", first
    )
    assert second.process is not None


def deliver(machine: Machine, count: int, begin: int = 0) -> list[int]:
    ids = mail.staff_mail(machine, count, begin=begin)
    mail.wake(machine, ids)
    return ids


def is_sent(machine: Machine, ids: list[int]) -> bool:
    return mail.states(machine, ids) == {"sent": len(ids)}


def test_all_callers_of_all_processes_share_one_fetch_for_each_token_that_the_platform_kills(
    machine: Machine, full: bool
) -> None:
    two_workers(machine)
    first = deliver(machine, 40)
    until(lambda: is_sent(machine, first), 30, f"the first forty go out: {mail.states(machine, first)}")
    assert len(machine.calls(FETCH)) == 1
    for round_number in range(1, 4 if full else 2):
        machine.sandbox.switch(revoke_token="wecom")
        ids = deliver(machine, 40, begin=round_number * 100)
        until(partial(is_sent, machine, ids), 30, f"forty more go out: {mail.states(machine, ids)}")
        assert len(machine.calls(FETCH)) == 1 + round_number
        if full:
            time.sleep(REJECTION_PAUSE_SECONDS)
    words = mail.read_by(machine, "wecom", ADVISORS)
    assert set(words.values()) == {1}


def test_a_platform_that_refuses_every_token_is_asked_a_few_times_and_then_left_alone(
    machine: Machine, full: bool
) -> None:
    two_workers(machine)
    machine.scheduler()
    machine.sandbox.switch(token_always_bad=True)
    ids = deliver(machine, 40)
    until(lambda: untried(machine, ids) == 0, 30, f"everything was tried: {mail.states(machine, ids)}")
    time.sleep(REJECTION_PAUSE_SECONDS + 5 if full else 3)
    assert 1 <= len(machine.calls(FETCH)) <= 2
    assert len(machine.calls(SEND)) <= 2 * len(ids)
    assert mail.states(machine, ids) == {"planned": len(ids)}
    machine.sandbox.switch(token_always_bad=False)
    mail.pauses_end(machine)
    mail.wake(machine, ids)
    until(lambda: is_sent(machine, ids), 30, f"all go out when it is mended: {mail.states(machine, ids)}")
    assert len(machine.calls(FETCH)) <= 3
    assert set(mail.read_by(machine, "wecom", ADVISORS).values()) == {1}


def untried(machine: Machine, ids: list[int]) -> int:
    """How many pushes nobody has taken in hand yet."""
    return mail.attempts(machine, ids).count(0)
