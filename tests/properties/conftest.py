"""Property tests run without deadlines (two cores are shared) and tell the same story every time."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from bot.clock import FixedClock
from tests.front_door import Shop, open_shop

settings.register_profile(
    "suite",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("suite")


@pytest.fixture
def shop(engine: Engine, clock: FixedClock) -> Shop:
    return open_shop(engine, clock)
