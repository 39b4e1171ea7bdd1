"""Two customers were made one by mistake: what the bot showed either meanwhile, and what either had in hand before."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm import db
from crm.models import Customer, InboxRow, Interaction
from tests.front_door import Phone, Shop
from tests.scenarios.test_linking import adds, her_code, owners
from tests.scenarios.test_parting import merged, two_cards

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def both(shop: Shop) -> tuple[Phone, Phone]:
    return two_cards(shop)


def test_a_contact_code_of_before_is_hers_also_after_they_part(shop: Shop, both: tuple[Phone, Phone]) -> None:
    yun, an = both
    token = her_code(shop, yun)
    shop.clock.move(minutes=1)
    chen = merged(shop)
    assert her_code(shop, an) != token
    chen.says("撤销合并 C0001")
    adds(shop, "wmYun", state=token)
    assert owners(shop)["wmYun"] == "C0001"


def test_what_either_was_answered_as_both_is_not_kept_when_they_part(shop: Shop, both: tuple[Phone, Phone]) -> None:
    _, an = both
    an.says("我的资料")
    shop.clock.move(minutes=1)
    chen = merged(shop)
    told = an.says("我的资料")
    assert ("周芸" in told, "138****8001" in told) == (True, True)
    chen.says("撤销合并 C0001")
    with db.reading(shop.parts.engine) as session:
        hers = select(Customer.id).where(Customer.code == "C0002").scalar_subquery()
        said = session.scalars(select(Interaction.text).where(Interaction.customer_id == hers))
        came = session.scalars(select(InboxRow.reply).where(InboxRow.person == an.person, InboxRow.reply.is_not(None)))
        kept = "\n".join([*said, *came])
    assert ("许安" in kept, "周芸" in kept, "8001" in kept) == (True, False, False)
