"""A platform that answers, the surfaces connected to it, and Redis servers that may be broken."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisAway
from redis.retry import Retry

from bot.clock import Clock, FixedClock
from bot.platforms import Platforms, connect
from tests.bot.platforms.fake_platform import (
    AGENT_ID,
    APP_ID,
    APP_SECRET,
    CORP_ID,
    CORP_SECRET,
    FakePlatform,
    fake_platform,
)
from tests.databases import redis_binary


def platforms_at(base_url: str, clock: Clock, redis: Redis | None = None, **changes: Any) -> Platforms:
    """Every surface of one fake platform."""
    values: dict[str, Any] = {
        "oa_api_base": base_url,
        "oa_app_id": APP_ID,
        "oa_app_secret": APP_SECRET,
        "wecom_api_base": base_url,
        "wecom_corp_id": CORP_ID,
        "wecom_agent_id": AGENT_ID,
        "wecom_secret": CORP_SECRET,
    }
    return connect(redis=redis, clock=clock, **(values | changes))


def redis_client(url: str) -> Redis:
    """As a composition root should make it: short time-outs, no retries of its own."""
    return Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))


class BreakableRedis:
    """A server of one test's own, to be stopped, started empty and made read-only."""

    def __init__(self, binary: str, folder: Path) -> None:
        self._command = [
            binary,
            "--port",
            "0",
            "--unixsocket",
            str(folder / "sock"),
            "--save",
            "",
            "--dir",
            str(folder),
        ]
        self.url = f"unix://{folder / 'sock'}"
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                redis_client(self.url).ping()
                return
            except RedisAway:
                time.sleep(0.02)
        raise RuntimeError("the Redis server did not start")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def read_only(self) -> None:
        redis_client(self.url).replicaof("127.0.0.1", "1")


@pytest.fixture
def platform() -> Iterator[FakePlatform]:
    with fake_platform() as started:
        yield started


@pytest.fixture
def platforms(platform: FakePlatform, clock: FixedClock) -> Platforms:
    """The surfaces without Redis."""
    return platforms_at(platform.base_url, clock)


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with redis_client(redis_url) as client:
        yield client


@pytest.fixture
def breakable_redis() -> Iterator[BreakableRedis]:
    folder = Path(tempfile.mkdtemp(prefix="rb", dir="/tmp"))
    server = BreakableRedis(redis_binary(), folder)
    yield server
    server.stop()
    shutil.rmtree(folder)
