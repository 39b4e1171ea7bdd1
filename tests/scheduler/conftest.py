"""The town in which the tests of the scheduler deliver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.clock import FixedClock
from tests.scheduler.town import Town, a_town


@pytest.fixture
def town(engine: Engine, clock: FixedClock, tmp_path: Path) -> Iterator[Town]:
    """At ten in the morning of 21 November 2026."""
    with a_town(engine, clock, tmp_path) as town:
        yield town
