"""The contact code of one customer: made once by the worker, sent as a picture, and good for linking."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from bot.codec import to_json
from bot.messages import AdvisorCode
from crm.models import Customer, Delivery, DeliveryState, LinkToken, Staff
from crm.services.linking import tokens
from tests.scheduler.town import Town

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def planned_code(town: Town, code: str = "C1", key: str = "m1") -> list[int]:
    """A delivery of her code, as the web process plans it."""
    ids = town.reply(code, "x", key=key)
    with town.sessions.begin() as session:
        lin = session.scalars(select(Staff).where(Staff.userid == "lin.yue")).one()
        token = tokens.issue(session, session.get_one(Customer, town.customers[code]), [lin], town.clock.now())
        session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(body=to_json(AdvisorCode(token.token))))
    return ids


def the_token(town: Town) -> LinkToken:
    with town.sessions() as session:
        return session.scalars(select(LinkToken)).one()


def ways(town: Town) -> int:
    return len(town.sandbox.get("/control/state")["codes"]) - len(
        [code for code in town.sandbox.get("/control/state")["codes"] if code["kind"] == "oa"]
    )


def test_the_code_carries_her_token_and_is_kept(town: Town) -> None:
    town.write("C1")
    town.deliver(planned_code(town))
    token = the_token(town)
    codes = town.sandbox.get("/control/state")["codes"]
    assert [code["scene"] for code in codes if code["id"] == token.config_id] == [token.token]
    assert town.window_left("oOne") == 4


def test_she_gets_the_picture(town: Town) -> None:
    town.write("C1")
    ids = planned_code(town)
    code = town.platforms.contacts.create_contact_code(["lin.yue"], the_token(town).token)
    # The sandbox names its usual port, this one listens on another.
    here = f"{town.base}{urlsplit(code.url).path}?{urlsplit(code.url).query}"
    with town.sessions.begin() as session:
        tokens.made(session, the_token(town).token, code.config_id, here)
    town.deliver(ids)
    assert town.sandbox.last("oa", "oOne")["type"] == "image"
    assert ways(town) == 1


def test_another_attempt_makes_no_second_code(town: Town) -> None:
    town.write("C1")
    ids = planned_code(town)
    town.sandbox.post("/control/switches", reset_after_work=1)
    town.deliver(ids)
    town.later(seconds=10)
    town.deliver(ids)
    town.deliver(planned_code(town, key="m2"))
    assert [row.state for row in town.rows()] == [DeliveryState.SENT, DeliveryState.SENT]
    assert ways(town) <= 2
    assert len(town.calls("add_contact_way")) <= 2


def test_a_code_that_was_used_meanwhile_is_not_sent(town: Town) -> None:
    town.write("C1")
    ids = planned_code(town)
    with town.sessions.begin() as session:
        session.execute(update(LinkToken).values(used_at=town.clock.now()))
    town.deliver(ids)
    assert town.row("C1").state is DeliveryState.FAILED
    assert ways(town) == 0


def test_where_the_picture_can_not_be_had_she_gets_its_address(town: Town) -> None:
    town.write("C1")
    ids = planned_code(town)
    with town.sessions.begin() as session:
        session.execute(update(LinkToken).values(config_id="x", picture_url="https://elsewhere.example/x.png"))
    town.deliver(ids)
    assert "https://elsewhere.example/x.png" in town.said("C1")[-1]


def test_members_whom_wecom_refuses_are_no_dead_end(town: Town) -> None:
    town.write("C1")
    ids = planned_code(town)
    with town.sessions.begin() as session:
        session.execute(update(LinkToken).values(members=",".join(["lin.yue"] * 101)))
    town.deliver(ids)
    assert "人工" in town.said("C1")[-1]
