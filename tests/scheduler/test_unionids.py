"""The platforms are asked who is one, a few at a time and once each."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm.models import Customer, Identity, IdentityKind
from scheduler.unionids import ask_for_unionids
from tests.scheduler.town import Town

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def ask(town: Town) -> int:
    return ask_for_unionids(town.shop, town.platforms, town.clock.now())


def test_followers_and_contacts_are_asked_about_once(town: Town) -> None:
    assert ask(town) > 0
    calls = len(town.calls("batchget")), len(town.calls("externalcontact/get"))
    assert ask(town) == 0
    assert (len(town.calls("batchget")), len(town.calls("externalcontact/get"))) == calls
    with town.sessions() as session:
        known = select(Customer.code).join(Identity).where(Identity.kind == IdentityKind.UNIONID)
        assert "C1" in session.scalars(known).all()


def test_a_platform_that_is_away_is_asked_at_the_next_round(town: Town) -> None:
    town.sandbox.post("/control/switches", http_502=20)
    assert ask(town) == 0
    town.sandbox.post("/control/switches", http_502=0)
    assert ask(town) > 0
