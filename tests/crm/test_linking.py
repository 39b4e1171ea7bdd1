"""What proves that two are one: unionids, and phones that stand twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.actors import Actor
from crm.db import Sessions
from crm.errors import NotFound
from crm.models import Customer, DoubtfulMatch, Identity, IdentityKind, MatchReason
from crm.services.erasure import erase
from crm.services.identities import add, come_back, leave, meet
from crm.services.linking import matches, tokens, unionids
from crm.services.merging import merge
from crm.services.tables.beside_customers import Accounts
from crm.services.tables.importing import import_table
from crm.services.tables.kinds import tables
from tests.crm.builders import NOW, OPERATOR, a_customer, a_shop

OA, CORP = "wx5a1b2c3d4e5f6071", "ww0123456789abcdef"
OPENID, EXTERNAL, UNIONID = IdentityKind.OPENID, IdentityKind.EXTERNAL_USERID, IdentityKind.UNIONID


def owners(session: Session) -> dict[str, str]:
    session.expire_all()
    return {row.value: row.customer.code for row in session.scalars(select(Identity))}


def test_one_unionid_is_one_person(sessions: Sessions) -> None:
    with sessions.begin() as session:
        follower, contact = meet(session, OA, OPENID, "o1", NOW), meet(session, CORP, EXTERNAL, "wm1", NOW)
        unionids.learned(session, follower.id, "u1", NOW)
        unionids.learned(session, contact.id, "u1", NOW)
        assert len(set(owners(session).values())) == 1


def test_she_who_has_a_card_is_kept(sessions: Sessions) -> None:
    with sessions.begin() as session:
        follower = meet(session, OA, OPENID, "o1", NOW)
        card = a_customer(session, "C1", "周芸")
        add(session, card, "unionid", UNIONID, "u1", NOW)
        unionids.learned(session, follower.id, "u1", NOW)
        assert set(owners(session).values()) == {"C1"}


def test_ids_are_asked_about_once_and_again_after_coming_back(sessions: Sessions) -> None:
    with sessions.begin() as session:
        follower = meet(session, OA, OPENID, "o1", NOW)
        assert [one.value for one in unionids.unasked(session, OPENID, 9)] == ["o1"]
        unionids.asked(session, [follower.id, 999], NOW)
        assert list(unionids.unasked(session, OPENID, 9)) == []
        leave(session, OA, OPENID, "o1", NOW)
        come_back(session, OA, OPENID, "o1", NOW)
        assert [one.value for one in unionids.unasked(session, OPENID, 9)] == ["o1"]


def test_a_friend_who_used_her_code_is_parted_from_her_by_the_unionid(sessions: Sessions) -> None:
    with sessions.begin() as session:
        lin = a_shop(session).lin
        follower = meet(session, OA, OPENID, "o1", NOW)
        token = tokens.issue(session, session.get_one(Customer, follower.customer_id), [lin], NOW)
        contact = meet(session, CORP, EXTERNAL, "wm1", NOW)
        assert isinstance(tokens.redeem(session, token.token, contact, NOW), tokens.Linked)
        assert len(set(owners(session).values())) == 1
        unionids.learned(session, follower.id, "u1", NOW)
        unionids.learned(session, contact.id, "u2", NOW)
        found = owners(session)
        assert found["o1"] == found["u1"] != found["wm1"] == found["u2"]


@pytest.mark.parametrize("same", ["phone", "unionid"])
def test_a_known_contact_is_linked_when_what_both_say_is_the_same(sessions: Sessions, same: str) -> None:
    with sessions.begin() as session:
        lin = a_shop(session).lin
        follower, card = meet(session, OA, OPENID, "o1", NOW), a_customer(session, "C1", "周芸", phone="13800138001")
        her = session.get_one(Customer, follower.customer_id)
        if same == "phone":
            her.phone = card.phone
        else:
            for number, one in enumerate((her, card)):
                add(session, one, f"unionid{number}", UNIONID, "u1", NOW)
        contact = add(session, card, CORP, EXTERNAL, "wm1", NOW)
        state = tokens.issue(session, her, [lin], NOW).token
        assert isinstance(tokens.redeem(session, state, contact, NOW), tokens.Linked)
        assert owners(session)["o1"] == "C1"


def test_a_known_contact_of_whom_nothing_says_so_is_a_question(sessions: Sessions) -> None:
    with sessions.begin() as session:
        lin = a_shop(session).lin
        follower, card = meet(session, OA, OPENID, "o1", NOW), a_customer(session, "C1", "周芸", of=lin)
        contact = add(session, card, CORP, EXTERNAL, "wm1", NOW)
        state = tokens.issue(session, session.get_one(Customer, follower.customer_id), [lin], NOW).token
        outcome = tokens.redeem(session, state, contact, NOW)
        assert isinstance(outcome, tokens.Doubted)
        assert outcome.match.staff_id == lin.id
        assert tokens.redeem(session, state, contact, NOW) is None


def test_a_code_that_ends_soon_is_made_anew(sessions: Sessions) -> None:
    with sessions.begin() as session:
        lin, her = a_shop(session).lin, a_customer(session, "C1")
        first = tokens.issue(session, her, [lin], NOW)
        assert tokens.issue(session, her, [lin], NOW + timedelta(days=5)) is first
        assert tokens.issue(session, her, [lin], NOW + timedelta(days=6, hours=1)) is not first


def test_an_erased_customers_code_links_nobody(sessions: Sessions) -> None:
    with sessions.begin() as session:
        lin, her = a_shop(session).lin, a_customer(session, "C1")
        state = tokens.issue(session, her, [lin], NOW).token
        erase(session, OPERATOR, her, NOW)
        contact = meet(session, CORP, EXTERNAL, "wm1", NOW)
        assert tokens.redeem(session, state, contact, NOW) is None


CUSTOMERS = "code,name,phone\n{}\n"


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("C2,周芸,13800138001", True),
        ("C2,,13800138001", True),
        ("C2,周父,13800138001", False),
        ("C2,周芸,13900139009", False),
    ],
)
def test_a_table_that_brings_a_phone_twice_is_asked_about(
    sessions: Sessions, tmp_path: Path, line: str, asked: bool
) -> None:
    with sessions.begin() as session:
        a_customer(session, "C1", "周芸", phone="13800138001")
    path = tmp_path / "customers.csv"
    path.write_text(CUSTOMERS.format(line), encoding="utf-8")
    import_table(sessions, tables(ZoneInfo("Asia/Shanghai"), Accounts(OA, CORP))["customers"], path, NOW)
    with sessions() as session:
        assert session.scalars(select(DoubtfulMatch.reason)).all() == [MatchReason.PHONE] * asked


def test_a_merge_answers_the_question(sessions: Sessions) -> None:
    with sessions.begin() as session:
        one, second = a_customer(session, "C1"), a_customer(session, "C2")
        matches.doubt(session, one, second, MatchReason.PHONE, NOW)
        merge(session, OPERATOR, one, second, "", NOW)
        assert list(matches.waiting(session, OPERATOR)) == []


def test_nobody_is_asked_about_a_customer_whom_he_may_not_see(sessions: Sessions) -> None:
    with sessions.begin() as session:
        shop = a_shop(session)
        hers = a_customer(session, "C1", "周芸", of=shop.lin)
        colleagues = a_customer(session, "C2", "周芸", of=shop.wu)
        elsewhere = a_customer(session, "C3", "周芸", of=shop.zhao)
        stranger = a_customer(session, "W000009")
        within = matches.doubt(session, hers, colleagues, MatchReason.PHONE, NOW)
        across = matches.doubt(session, hers, elsewhere, MatchReason.PHONE, NOW)
        plain = matches.doubt(session, hers, stranger, MatchReason.PHONE, NOW)
        assert [match.staff_id for match in (within, across, plain)] == [
            shop.manager.id,
            shop.headquarters.id,
            shop.lin.id,
        ]
        for person, may_answer in ((shop.lin, [plain]), (shop.manager, [within, plain]), (shop.zhao, [])):
            assert list(matches.waiting(session, Actor.of(person))) == may_answer
        with pytest.raises(NotFound):
            matches.decide(session, Actor.of(shop.manager), across.id, True, NOW)
        assert len(matches.waiting(session, Actor.of(shop.headquarters))) == 3
