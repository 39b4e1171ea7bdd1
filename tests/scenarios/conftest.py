"""A shop to talk to, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from bot.clock import FixedClock
from tests.front_door import Phone, Shop, open_shop


@pytest.fixture
def shop(engine: Engine, clock: FixedClock) -> Shop:
    return open_shop(engine, clock)


@pytest.fixture
def mei(shop: Shop) -> Phone:
    """A customer in the official account."""
    return shop.customer("oMei")


@pytest.fixture
def lin(shop: Shop) -> Phone:
    """The advisor 林悦 in WeCom."""
    return shop.member("lin.yue")
