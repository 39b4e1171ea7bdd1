"""What an operator sees: one JSON log line per message, and the counters behind `/metrics`."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable
from typing import Any

import structlog
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, Metric, multiprocess
from prometheus_client.registry import Collector

from bot.dispatch import Handled

if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    os.makedirs(folder, exist_ok=True)  # the counters below open their files at once

MESSAGES = Counter("messages_total", "Messages by channel, kind and outcome", ["channel", "kind", "outcome"])
LATENCY = Histogram(
    "message_seconds",
    "Time from the parsed message to its committed answer",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 4),
)
REFUSED = Counter("refused_total", "Requests that failed a check", ["channel", "reason"])
UNUSABLE = Counter("unusable_total", "Signed bodies that no message can be made of", ["channel"])
PLATFORM_CALLS = Counter("platform_calls_total", "Calls to the platforms", ["path", "outcome"])
TOKEN_FETCHES = Counter("token_fetches_total", "Access tokens fetched", ["app"])

log = structlog.get_logger("messages")


def set_up_logging(level: int = logging.INFO) -> None:
    """JSON lines on stdout, for our own records and for the libraries'."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    renderer = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(renderer)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def message_handled(handled: Handled) -> None:
    """Count one message and write its line: key, handler, milliseconds; nothing personal."""
    message, outcome = handled.message, handled.outcome
    state = "repeated" if handled.repeated else outcome.state
    kind = message.event or message.kind.value
    MESSAGES.labels(message.channel.value, message.kind.value, state).inc()
    LATENCY.observe(handled.seconds)
    log.info(
        "message",
        channel=message.channel.value,
        kind=kind,
        key=message.key,
        outcome=state,
        handler=outcome.handler,
        reason=outcome.reason,
        ms=round(handled.seconds * 1000, 1),
    )


def request_refused(channel: str, reason: str) -> None:
    """Count a request that failed a check; no row, no line (a scanner must not fill the disk)."""
    REFUSED.labels(channel, reason).inc()


class OneProcess(Collector):
    """This process's counters, for a program that runs in one."""

    def collect(self) -> Iterable[Metric]:
        return REGISTRY.collect()


def registry(*further: Collector) -> CollectorRegistry:
    """All processes' counters where PROMETHEUS_MULTIPROC_DIR is set, else this one's; and `further`."""
    summed = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(summed)  # type: ignore[no-untyped-call]
    else:
        summed.register(OneProcess())
    for collector in further:
        summed.register(collector)
    return summed
