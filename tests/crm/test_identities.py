"""One person under many ids: met once, linked without losing history, forgotten when she leaves."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from crm import db
from crm.db import Sessions
from crm.models import Conversation, Customer, Direction, Identity, IdentityKind, Interaction
from crm.services import consents
from crm.services.consents import has_marketing_consent
from crm.services.customers import find, set_name, set_phone
from crm.services.identities import add, come_back, customer_of, leave, link, meet
from tests.crm.builders import NOW, OPERATOR, a_customer, a_line

OA, CORP = "wx5a1b2c3d4e5f6071", "ww0123456789abcdef"
OPENID, EXTERNAL, UNIONID = IdentityKind.OPENID, IdentityKind.EXTERNAL_USERID, IdentityKind.UNIONID


def count(sessions: Sessions, model: type[db.Base]) -> int:
    with sessions() as session:
        return session.scalars(select(func.count()).select_from(model)).one()


def test_a_new_person_becomes_a_customer_and_is_known_from_then_on(sessions: Sessions) -> None:
    with sessions.begin() as session:
        first = meet(session, OA, OPENID, "o1", NOW)
    with sessions.begin() as session:
        again = meet(session, OA, OPENID, "o1", NOW)
        customer = customer_of(session, OA, OPENID, "o1")
        assert customer_of(session, "another account", OPENID, "o1") is None
    assert again.id == first.id
    assert customer is not None
    assert customer.id == first.customer_id


@pytest.mark.parametrize("people", [1, 3])
def test_transactions_that_meet_the_same_new_person_at_once_make_one_customer(
    engine: Engine, sessions: Sessions, people: int
) -> None:
    together = threading.Barrier(6)
    faults: list[Exception] = []

    def arrive(number: int) -> None:
        together.wait()
        try:
            with db.sessions(engine).begin() as session:
                meet(session, OA, OPENID, f"o{number % people}", NOW)
        except Exception as fault:  # a thread's fault must reach the test
            faults.append(fault)

    threads = [threading.Thread(target=arrive, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert (count(sessions, Identity), count(sessions, Customer)) == (people, people)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_comes_second_waits_for_the_first_and_finds_her_customer(sessions: Sessions) -> None:
    first = sessions()
    made = meet(first, OA, OPENID, "o1", NOW).customer_id
    threading.Timer(0.2, first.commit).start()
    with sessions.begin() as session:
        assert meet(session, OA, OPENID, "o1", NOW).customer_id == made
    assert count(sessions, Customer) == 1


def test_a_stranger_who_turns_out_to_be_a_customer_brings_her_history_along(sessions: Sessions) -> None:
    with sessions.begin() as session:
        member = a_customer(session, "C0001", "周芸", notes="老客")
        stranger = meet(session, OA, OPENID, "o1", NOW)
        former = session.get_one(Customer, stranger.customer_id)
        set_phone(former, "13800138001")
        former.notes = "想看珍珠"
        session.add(Conversation(channel="official_account", account=OA, person="o1", customer_id=former.id))
        said = {"channel": "official_account", "kind": "text", "direction": Direction.IN, "at": NOW}
        session.add(Interaction(customer_id=former.id, text="你好", key="1", **said))
        consents.grant(session, former.id, channel="official_account", at=NOW, text_version="1")
        link(session, stranger, member)
    with sessions() as session:
        owner = customer_of(session, OA, OPENID, "o1")
        assert owner is not None
        assert (owner.code, owner.name, owner.notes) == ("C0001", "周芸", "老客\n想看珍珠")
        assert [customer.code for customer in find(session, OPERATOR, "8001")] == ["C0001"]
        assert session.scalars(select(Interaction.customer_id)).all() == [owner.id]
        assert session.scalars(select(Conversation.customer_id)).all() == [owner.id]
        assert has_marketing_consent(session, owner.id)
    assert count(sessions, Customer) == 1


def test_a_strangers_name_is_kept_and_found_when_the_customer_had_none(sessions: Sessions) -> None:
    with sessions.begin() as session:
        member = a_customer(session, "C0001")
        stranger = meet(session, OA, OPENID, "o1", NOW)
        set_name(session, session.get_one(Customer, stranger.customer_id), "周芸")
        link(session, stranger, member)
    with sessions() as session:
        assert [customer.code for customer in find(session, OPERATOR, "周芸")] == ["C0001"]


@pytest.mark.parametrize("known_by", ["card", "purchase", "other id", "other phone"])
def test_a_known_customer_is_never_swallowed(sessions: Sessions, known_by: str) -> None:
    with sessions.begin() as session:
        member = a_customer(session, "C0001", phone="13800138001")
        identity = meet(session, OA, OPENID, "o1", NOW)
        former = session.get_one(Customer, identity.customer_id)
        if known_by == "card":
            former.code = "C0002"
        elif known_by == "purchase":
            a_line(session, former, "A1")
        elif known_by == "other id":
            add(session, former, CORP, EXTERNAL, "wm1", NOW)
        else:
            set_phone(former, "13900139009")
        link(session, identity, member)
    with sessions() as session:
        assert count(sessions, Customer) == 2
        owner = customer_of(session, OA, OPENID, "o1")
        assert owner is not None
        assert owner.code == "C0001"


def test_linking_twice_changes_nothing(sessions: Sessions) -> None:
    with sessions.begin() as session:
        member = a_customer(session, "C0001")
        identity = meet(session, OA, OPENID, "o1", NOW)
        link(session, identity, member)
        link(session, identity, member)
    assert (count(sessions, Customer), count(sessions, Identity)) == (1, 1)


def test_who_unfollows_is_forgotten_as_far_as_the_platform_told(sessions: Sessions) -> None:
    later = NOW + timedelta(days=1)
    with sessions.begin() as session:
        customer = a_customer(session, "C0001", "周芸")
        a_line(session, customer, "A1")
        add(session, customer, OA, OPENID, "o1", NOW).remark = "小太阳"
        add(session, customer, "unionid", UNIONID, "u1", NOW)
        talk = {"state": "care", "memory": '{"topic": "1"}', "window_left": 3, "window_until": later}
        session.add(Conversation(channel="official_account", account=OA, person="o1", customer_id=customer.id, **talk))
        leave(session, OA, OPENID, "o1", later)
    with sessions() as session:
        (identity,) = session.scalars(select(Identity))
        assert (identity.value, identity.left_at, identity.remark) == ("o1", later, "")
        conversation = session.scalars(select(Conversation)).one()
        assert (conversation.state, conversation.memory, conversation.window_left) == ("", "{}", 0)
        assert conversation.window_until is None
        owner = customer_of(session, OA, OPENID, "o1")
        assert owner is not None
        assert owner.name == "周芸"


def test_the_unionid_stays_while_another_id_is_still_there(sessions: Sessions) -> None:
    with sessions.begin() as session:
        customer = a_customer(session, "C0001")
        for account, kind, value in ((OA, OPENID, "o1"), (CORP, EXTERNAL, "wm1"), ("unionid", UNIONID, "u1")):
            add(session, customer, account, kind, value, NOW)
        leave(session, OA, OPENID, "o1", NOW)
        assert customer_of(session, "unionid", UNIONID, "u1") is customer
        leave(session, CORP, EXTERNAL, "wm1", NOW)
        session.flush()
        assert customer_of(session, "unionid", UNIONID, "u1") is None


def test_somebody_we_never_met_leaves_no_trace(sessions: Sessions) -> None:
    with sessions.begin() as session:
        leave(session, OA, OPENID, "unknown", NOW)
    assert (count(sessions, Identity), count(sessions, Customer)) == (0, 0)


def test_who_comes_back_is_the_same_customer(sessions: Sessions) -> None:
    later = NOW + timedelta(days=30)
    with sessions.begin() as session:
        assert not come_back(session, OA, OPENID, "o1", NOW)
        first = meet(session, OA, OPENID, "o1", NOW).customer_id
        leave(session, OA, OPENID, "o1", NOW)
        assert come_back(session, OA, OPENID, "o1", later)
        again = meet(session, OA, OPENID, "o1", later)
        assert (again.customer_id, again.left_at, again.since) == (first, None, later)
