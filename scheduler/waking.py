"""Tells the workers, through Redis, that something is due. Losing a word loses nothing: a sweep finds the rows."""

from __future__ import annotations

import time
from collections.abc import Sequence

import structlog
from dramatiq import Message
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import BrokerConnectionError
from redis import Redis
from redis.exceptions import RedisError

QUEUE, PULL_QUEUE = "deliveries", "kf"
DELIVER, PULL_KF = "deliver", "pull_kf"
# Pushes of one message: small, so that one slow call keeps few others waiting.
IDS_PER_MESSAGE = 20
# Milliseconds after which the work of a worker that stopped beating is given to another.
HEARTBEAT_TIMEOUT = 15_000
# Of a million commands to Redis, how many look for such work: with the default of 1,000 an idle
# queue waited for minutes.
MAINTENANCE_CHANCE = 50_000
# Seconds without asking a Redis that did not answer: no message waits twice for it.
REST_SECONDS = 5.0

log = structlog.get_logger("waking")


def broker_on(redis: Redis) -> RedisBroker:
    """The broker that web, scheduler and workers share. Retries are the rows' business, not its."""
    broker = RedisBroker(  # type: ignore[no-untyped-call]
        client=redis, middleware=[], heartbeat_timeout=HEARTBEAT_TIMEOUT, maintenance_chance=MAINTENANCE_CHANCE
    )
    for queue in (QUEUE, PULL_QUEUE):
        broker.declare_queue(queue)
    return broker


class Waker:
    """Safe to call from any thread, after the commit; never raises for a Redis that is away."""

    def __init__(self, redis: Redis | None) -> None:
        self._broker = broker_on(redis) if redis is not None else None
        self._rest_until = 0.0

    def __call__(self, ids: Sequence[int]) -> None:
        self.wake(ids)

    def wake(self, ids: Sequence[int]) -> bool:
        """Have these pushes delivered now; False when Redis is away."""
        parts = [list(ids[start : start + IDS_PER_MESSAGE]) for start in range(0, len(ids), IDS_PER_MESSAGE)]
        return all(self._tell(QUEUE, DELIVER, part) for part in parts)

    def pull(self, open_kfid: str) -> bool:
        """Have an account of customer service pulled now; False when Redis is away."""
        return self._tell(PULL_QUEUE, PULL_KF, open_kfid)

    def _tell(self, queue: str, actor: str, argument: object) -> bool:
        if self._broker is None or time.monotonic() < self._rest_until:
            return False
        message: Message[None] = Message(queue_name=queue, actor_name=actor, args=(argument,), kwargs={}, options={})
        try:
            self._broker.enqueue(message)
        except (RedisError, BrokerConnectionError) as error:
            self._rest_until = time.monotonic() + REST_SECONDS
            log.warning("workers not woken", error=type(error).__name__)
            return False
        return True


def waker(redis: Redis | None) -> Waker:
    """One per process."""
    return Waker(redis)
