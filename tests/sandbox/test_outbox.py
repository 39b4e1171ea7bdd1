"""Pushes in the background: all of them leave, a slow one holds up nobody, a broken carrier is replaced."""

import threading
import time

import pytest

from sandbox.outbox import CARRIERS, Outbox
from sandbox.push import Push


def push(number: int) -> Push:
    return Push("oa", "<xml/>", str(number))


def wait_until(condition) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.005)


def test_everything_leaves_once():
    outbox, delivered = Outbox(), []
    outbox.deliver = lambda one: delivered.append(one.summary)
    for number in range(100):
        outbox.put(push(number), 0.0)
    wait_until(lambda: len(delivered) == 100)
    assert sorted(delivered, key=int) == [str(number) for number in range(100)]


def test_a_push_waits_for_its_time():
    outbox, delivered, started = Outbox(), [], time.monotonic()
    outbox.deliver = lambda one: delivered.append(time.monotonic() - started)
    outbox.put(push(1), 0.1)
    wait_until(lambda: delivered)
    assert delivered[0] >= 0.1


def test_a_slow_bot_holds_up_only_what_it_holds():
    outbox, delivered, release = Outbox(), [], threading.Event()

    def deliver(one: Push) -> None:
        if one.summary == "0":
            release.wait(5)
        delivered.append(one.summary)

    outbox.deliver = deliver
    for number in range(5):
        outbox.put(push(number), 0.0)
    wait_until(lambda: len(delivered) == 4)
    release.set()
    wait_until(lambda: len(delivered) == 5)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_carriers_that_break_down_do_not_stop_the_post():
    outbox, delivered = Outbox(), []

    def deliver(one: Push) -> None:
        if int(one.summary) < 3 * CARRIERS:
            raise RuntimeError("broken")
        delivered.append(one.summary)

    outbox.deliver = deliver
    for number in range(3 * CARRIERS + 1):
        outbox.put(push(number), 0.0)
    wait_until(lambda: delivered)
