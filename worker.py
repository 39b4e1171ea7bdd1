"""Composition root of the worker process: `dramatiq worker:broker`."""

import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from assembly import open_or_stop
from bot.watch import set_up_logging
from delivery_parts import pending_handler, platforms_of, shop_of
from scheduler.actors import declare
from scheduler.delivery import Courier
from scheduler.kf import KfPuller
from scheduler.waking import broker_on, waker
from settings import InvalidSettings, Settings

set_up_logging()
parts = open_or_stop(Settings.load())
if parts.redis is None:
    raise InvalidSettings("REDIS_URL is missing: workers are woken through Redis (make run starts a server).")
shop, platforms = shop_of(parts), platforms_of(parts)
broker = broker_on(parts.redis)
handle_pending = pending_handler(parts, waker(parts.redis))
declare(broker, Courier(shop, platforms, parts.clock), KfPuller(shop, platforms, parts.clock, handle_pending))


def stop_once(stop: Callable[[int, FrameType | None], Any]) -> None:
    """A signal to the process group reaches this process twice, the second time through its master.

    dramatiq takes the second one for impatience and ends in the middle of a call: it is ignored.
    """

    def stop_and_ignore(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)
        stop(number, frame)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_and_ignore)


if callable(stopping := signal.getsignal(signal.SIGTERM)):
    stop_once(stopping)
