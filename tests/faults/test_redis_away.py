"""Redis stops, forgets, or refuses to write: messages are taken, deliveries go out, nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

from sqlalchemy import func, select

from crm import db
from crm.models import Delivery, InboxRow, Talk
from tests.faults import mail
from tests.faults.conftest import ADVISORS
from tests.faults.machine import Machine, until
from tests.faults.platform import Platform, Pushed, at_once

# Seconds in which a message has to be answered whatever Redis does: far below the platform's five.
QUICK = 2.5


def ask_for_a_person(platform: Platform, phase: str, people: int) -> list[Pushed]:
    """So many new customers follow their advisors and ask for them: one card each."""

    def one(number: int) -> list[Pushed]:
        openid = f"o_{phase}_{number}"
        return [platform.follow(openid, f"advisor-{ADVISORS[number]}"), platform.text(openid, "人工")]

    return at_once([partial(one, number) for number in range(people)])


def test_with_redis_stopped_empty_or_read_only_every_message_is_answered_and_every_card_goes_out_once(
    machine: Machine, full: bool
) -> None:
    machine.web()
    worker = machine.worker()
    machine.scheduler()
    platform, people = Platform(machine.port, attempts=1), 20 if full else 6
    until(lambda: machine.redis.client.keys("dramatiq:*heartbeats*"), 40, "the worker stands", worker)
    phases: dict[str, Callable[[], None]] = {
        "fine": lambda: None,
        "stopped": machine.redis.kill,
        "back_and_empty": machine.redis.start,
        "read_only": machine.redis.refuse_writes,
        "writing_again": machine.redis.take_writes,
    }
    pushed: list[Pushed] = []
    for phase, happens in phases.items():
        happens()
        pushed += ask_for_a_person(platform, phase, people)
        assert [one for one in pushed if not one.taken] == [], phase
        until(lambda: all_sent(machine), 30, f"the cards go out while Redis is {phase}: {of_cards(machine)}", worker)
    assert max(one.seconds[0] for one in pushed) < QUICK
    assert_once(machine, pushed, len(phases) * people)
    assert worker.process is not None
    assert worker.process.poll() is None, "the worker outlives a Redis that is away"


def of_cards(machine: Machine) -> Counter[str]:
    with db.reading(machine.engine) as session:
        return Counter(state.value for state in session.scalars(select(Delivery.state)))


def all_sent(machine: Machine) -> bool:
    return of_cards(machine).keys() == {"sent"}


def assert_once(machine: Machine, pushed: list[Pushed], asked: int) -> None:
    with db.reading(machine.engine) as session:
        counts = [session.scalar(select(func.count()).select_from(model)) for model in (InboxRow, Talk, Delivery)]
    assert counts == [len(pushed), asked, asked]
    cards = [line for userid in ADVISORS for line in machine.sandbox.chat("wecom", userid) if line["from"] == "them"]
    tasks = Counter(line["task_id"] for line in cards)
    assert len(tasks) == asked
    assert set(tasks.values()) == {1}


def test_a_redis_that_is_away_from_the_beginning_stops_neither_web_nor_scheduler(machine: Machine) -> None:
    machine.redis.kill()
    machine.web()
    machine.scheduler()
    pushed = ask_for_a_person(Platform(machine.port, attempts=1), "without", 3)
    assert all(one.taken for one in pushed)
    ids = mail.staff_mail(machine, 5)
    until(
        lambda: mail.states(machine, ids) == {"sent": 5} and all_sent(machine), 30, "the scheduler delivers by itself"
    )
