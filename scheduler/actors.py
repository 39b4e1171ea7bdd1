"""What the workers do when they are woken: dramatiq's actors over Redis."""

from __future__ import annotations

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from scheduler.delivery import Courier
from scheduler.kf import KfPuller
from scheduler.waking import DELIVER, PULL_KF, PULL_QUEUE, QUEUE


def declare(broker: RedisBroker, courier: Courier, puller: KfPuller) -> None:
    """Give the broker its two actors. What fails is not tried again here: the rows know when."""

    @dramatiq.actor(actor_name=DELIVER, queue_name=QUEUE, broker=broker)
    def deliver(ids: list[int]) -> None:
        courier.deliver(ids)

    @dramatiq.actor(actor_name=PULL_KF, queue_name=PULL_QUEUE, broker=broker)
    def pull_kf(open_kfid: str) -> None:
        puller.pull(open_kfid)
