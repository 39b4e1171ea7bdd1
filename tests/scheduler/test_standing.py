"""The standing scheduler: what its ticks do, with Redis and without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import update
from structlog.testing import capture_logs

from crm.models import Delivery, DeliveryState
from crm.services.claims import claim, machine_now
from crm.services.kf_mail import ask_for_pull
from scheduler.lease import Leadership
from scheduler.standing import Standing
from scheduler.waking import Waker, waker
from tests.scheduler.town import Town


@dataclass
class NotedWaker(Waker):
    """Writes down who was woken; `away`: as if Redis did not answer."""

    away: bool = False
    woken: list[list[int]] = field(default_factory=list)
    pulled: list[str] = field(default_factory=list)

    def wake(self, ids: Sequence[int]) -> bool:
        self.woken.append(list(ids))
        return not self.away

    def pull(self, open_kfid: str) -> bool:
        self.pulled.append(open_kfid)
        return not self.away


def standing(town: Town, waking: Waker, name: str = "one") -> Standing:
    return Standing(town.shop, town.platforms, town.clock, Leadership(town.sessions, name), waking, town.courier)


def test_what_falls_due_is_planned_and_the_workers_are_woken(town: Town) -> None:
    town.consent("C1", "C2")
    noted = NotedWaker()
    one = standing(town, noted)
    one.plan()
    assert noted.woken == []
    town.at("2026-12-08T10:00")
    one.plan()
    one.plan()
    assert noted.woken == [[row.id for row in town.rows()]]


def test_without_redis_the_scheduler_delivers_itself(town: Town) -> None:
    town.consent("C1", "C2")
    town.at("2026-12-08T10:00")
    standing(town, waker(None)).plan()
    assert set(town.states("member_day").values()) == {"sent"}


def test_the_second_scheduler_does_nothing(town: Town) -> None:
    town.consent("C1", "C2")
    noted = NotedWaker()
    one, two = standing(town, NotedWaker(), "one"), standing(town, noted, "two")
    one.plan()
    town.at("2026-12-08T10:00")
    two.plan()
    assert town.rows() == []
    two.sweep()
    two.hurry()
    assert noted.woken == []


def test_four_schedulers_and_their_ticks_send_everybody_one_message(town: Town) -> None:
    town.consent("C1", "C2")
    town.buy("C3", "A1", "2025-12-08")
    town.at("2026-12-08T10:00")
    schedulers = [standing(town, waker(None), f"s{number}") for number in range(4)]
    for _ in range(2):
        for scheduler in schedulers:
            scheduler.plan()
            scheduler.sweep()
            scheduler.leadership.release()
    assert [len(town.sandbox.chat("oa", openid)) for openid in ("oOne", "oTwo", "oThree")] == [1, 1, 1]


def test_a_lost_wake_up_is_made_up_for_by_the_sweep(town: Town) -> None:
    noted = NotedWaker()
    one = standing(town, noted)
    one.plan()
    ids = town.reply("C1", "在的")
    one.sweep()
    assert noted.woken == [ids]


def test_a_dead_workers_push_is_woken_again_by_the_sweep(town: Town) -> None:
    noted = NotedWaker()
    one = standing(town, noted)
    one.plan()
    ids = town.reply("C1", "在的")
    claim(town.sessions, "dead", town.clock.now(), 1)
    one.sweep()
    assert noted.woken == []
    with town.sessions.begin() as session:
        session.execute(update(Delivery).values(lease_until=machine_now() - timedelta(seconds=1)))
    one.sweep()
    assert noted.woken == [ids]
    assert town.rows()[0].state is DeliveryState.PLANNED


def test_only_what_ends_soon_is_hurried(town: Town) -> None:
    noted = NotedWaker()
    one = standing(town, noted)
    one.plan()
    town.reply("C1", "不急")
    urgent = town.reply("C2", "欢迎", key="m2")
    with town.sessions.begin() as session:
        soon = town.clock.now() + timedelta(seconds=20)
        session.execute(update(Delivery).where(Delivery.id == urgent[0]).values(not_after=soon))
    one.hurry()
    assert noted.woken == [urgent]


def test_customer_service_that_waits_is_pulled_within_a_second(town: Town) -> None:
    noted = NotedWaker()
    one = standing(town, noted)
    one.plan()
    with town.sessions.begin() as session:
        ask_for_pull(session, "wkJewel0001", "token", town.clock.now())
    one.hurry()
    assert noted.pulled == ["wkJewel0001"]


def test_a_woken_worker_delivers(town: Town, redis_url: str) -> None:
    """The whole way: the web process wakes through Redis, a dramatiq worker delivers."""
    from dramatiq import Worker

    from scheduler.actors import declare
    from scheduler.kf import KfPuller
    from scheduler.waking import broker_on

    town.write("C1")
    handled: list[int] = []
    broker = broker_on(Redis.from_url(redis_url))
    declare(broker, town.courier, KfPuller(town.shop, town.platforms, town.clock, handled.append))
    worker = Worker(broker, worker_timeout=50, worker_threads=2)
    worker.start()
    try:
        waking = waker(Redis.from_url(redis_url))
        waking(town.reply("C1", "一", "二"))
        broker.join("deliveries", timeout=10_000)
        worker.join()
    finally:
        worker.stop()
        broker.close()
    assert town.said("C1") == ["一", "二"]


def test_a_redis_that_is_away_is_no_error_and_is_asked_rarely() -> None:
    nobody = Redis(host="127.0.0.1", port=9, socket_connect_timeout=0.2, retry=Retry(NoBackoff(), 0))
    waking = waker(nobody)
    with capture_logs() as logged:
        assert not waking.wake([1])
        assert not waking.wake([2])
        assert not waking.pull("wkJewel0001")
    assert [line["event"] for line in logged] == ["workers not woken"]


def test_without_a_redis_nobody_is_woken() -> None:
    waking = waker(None)
    waking([1, 2])
    assert not waking.wake([1])
