"""A shop with one visit booked for next Saturday, and somebody who opens its page."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from bot.clock import FixedClock
from tests.front_door import Shop, open_shop
from tests.pages.visitor import Visitor, booked_visit


@pytest.fixture
def shop(engine: Engine, clock: FixedClock) -> Shop:
    return open_shop(engine, clock)


@pytest.fixture
def visitor(shop: Shop) -> Visitor:
    """Saturday, 28 November, 15:00 at 湖滨店 with 林悦."""
    return Visitor(shop, booked_visit(shop))
