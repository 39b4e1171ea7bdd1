"""Two customers become one without loss, and two again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.actors import Actor
from crm.db import Sessions
from crm.errors import Invalid, NotAllowed, NotFound
from crm.models import (
    AuditEntry,
    Consent,
    Conversation,
    Customer,
    Direction,
    Identity,
    IdentityKind,
    InboxRow,
    InboxState,
    Interaction,
    MergeRecord,
    Purchase,
    Standing,
)
from crm.models.membership import PointsEntry, Reading
from crm.services import consents
from crm.services.customers import by_code, find
from crm.services.dossier import locate
from crm.services.erasure import erase
from crm.services.identities import add, customer_of
from crm.services.linking import spoken
from crm.services.membership import points
from crm.services.merging import conflicts_of, merge, record_of, unmerge
from crm.services.tables.beside_customers import Accounts
from crm.services.tables.importing import Report, import_table
from crm.services.tables.kinds import tables
from tests.crm.builders import NOW, OPERATOR, a_customer, a_line, a_shop

OA = "wx5a1b2c3d4e5f6071"
LATER = NOW + timedelta(hours=1)


def two(session: Session, **other: Any) -> tuple[Customer, Customer]:
    """C1 周芸 and C2 小芸, each with a purchase, an id and something said."""
    keep = a_customer(session, "C1", "周芸", phone="13800138001", notes="老客", tags="VIP")
    second = a_customer(session, "C2", "小芸", **{"ring_size": "12", "notes": "想看珍珠", **other})
    for number, one in enumerate((keep, second), 1):
        a_line(session, one, f"A{number}")
        add(session, one, OA, IdentityKind.OPENID, f"o{number}", NOW)
        session.add(Conversation(channel="official_account", account=OA, person=f"o{number}", customer_id=one.id))
        said(session, one, f"m{number}", f"o{number}")
    session.flush()
    return keep, second


def said(session: Session, customer: Customer, key: str, openid: str, at: object = NOW) -> None:
    message = {"at": at, "channel": "official_account", "kind": "text", "key": key}
    session.add(Interaction(customer_id=customer.id, direction=Direction.IN, text=key, **message))
    about = {"account": OA, "key": key, "channel": "official_account", "person": openid, "kind": "text"}
    session.add(InboxRow(**about, received_at=at, state=InboxState.STORED))
    session.flush()


def earned(session: Session, customer: Customer, number: str, count: int) -> None:
    points.earn(session, customer, count, number, "", NOW, date(2028, 1, 1))


def keys_of(session: Session, code: str) -> set[str]:
    hers = select(Interaction.key).join(Customer, Customer.id == Interaction.customer_id).where(Customer.code == code)
    return set(session.scalars(hers))


def codes(found: Iterable[Customer]) -> list[str]:
    return [customer.code for customer in found]


def test_everything_of_the_other_one_is_hers(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        merge(session, OPERATOR, keep, other, "the same person", LATER)
    with sessions() as session:
        assert codes(session.scalars(select(Customer))) == ["C1"]
        assert session.scalar(select(func.count()).select_from(Purchase).where(Purchase.customer_id == keep.id)) == 2
        assert keys_of(session, "C1") == {"m1", "m2"}
        assert {customer_of(session, OA, IdentityKind.OPENID, one).code for one in ("o1", "o2")} == {"C1"}  # type: ignore[union-attr]
        kept = by_code(session, OPERATOR, "C1")
        assert (kept.name, kept.ring_size, kept.notes, kept.tags) == ("周芸", "12", "老客\n想看珍珠", "VIP")


def test_what_they_said_differently_is_noted(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, other = two(session, phone="13900139009")
        record = merge(session, OPERATOR, keep, other, "", LATER)
        assert conflicts_of(record) == {"name": ("周芸", "小芸"), "phone": ("13800138001", "13900139009")}


def test_the_merged_code_still_finds_her(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        merge(session, OPERATOR, keep, other, "", LATER)
    with sessions() as session:
        assert by_code(session, OPERATOR, "C2").code == "C1"
        assert codes(find(session, OPERATOR, "C2")) == ["C1"]
        assert locate(session, OPERATOR, "C2").code == "C1"


def test_a_merged_code_is_given_to_nobody_else(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep = a_customer(session, "C1")
        stranger = a_customer(session, "")
        merge(session, OPERATOR, keep, stranger, "", LATER)
        again = a_customer(session, "")
        assert again.code != record_of(session, "C1").former_code


def test_points_add_up_and_lines_of_one_number_both_stay(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        for customer, count in ((keep, 100), (other, 40)):
            earned(session, customer, "till-1", count)
        points.redeem(session, other, 10, "r1", "", NOW.date(), NOW)
        record = merge(session, OPERATOR, keep, other, "", LATER)
        assert points.account(session, keep.id).balance == 130
        back = unmerge(session, OPERATOR, record, LATER)
        assert (points.account(session, keep.id).balance, points.account(session, back.id).balance) == (100, 30)
        assert set(session.scalars(select(PointsEntry.entry_no))) == {"till-1", "r1"}


def test_points_earned_and_spent_as_one_stay_with_the_one_who_was_kept(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        earned(session, other, "till-1", 40)
        record = merge(session, OPERATOR, keep, other, "", LATER)
        points.redeem(session, keep, 25, "r1", "", NOW.date(), LATER)
        back = unmerge(session, OPERATOR, record, LATER)
        assert points.account(session, keep.id).balance + points.account(session, back.id).balance == 15


YES, NO, NOTHING = True, False, None


@pytest.mark.parametrize(
    ("mine", "others", "merged"),
    [
        (YES, YES, True),
        (YES, NO, False),
        (NO, YES, False),
        (YES, NOTHING, True),
        (NOTHING, YES, True),
        (NOTHING, NO, False),
        (NO, NOTHING, False),
        (NOTHING, NOTHING, False),
    ],
)
@pytest.mark.parametrize("first", ["mine", "others"])
def test_a_refusal_of_either_holds_and_each_has_her_own_word_again(
    sessions: Sessions, mine: bool | None, others: bool | None, merged: bool, first: str
) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        spoken = [(keep, mine), (other, others)]
        for customer, word in spoken if first == "mine" else reversed(spoken):
            if word is not None:
                speak = consents.grant if word else consents.withdraw
                speak(session, customer.id, channel="official_account", at=NOW, text_version="1", proof="m")
                session.flush()
        record = merge(session, OPERATOR, keep, other, "", LATER)
        assert consents.has_marketing_consent(session, keep.id) is merged
        back = unmerge(session, OPERATOR, record, LATER)
        assert consents.has_marketing_consent(session, keep.id) is (mine is True)
        assert consents.has_marketing_consent(session, back.id) is (others is True)


def test_a_yes_of_one_never_stays_with_another(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, second = two(session)
        third = a_customer(session, "C3")
        consents.withdraw(session, third.id, channel="shop", at=NOW)
        session.flush()
        consents.grant(session, second.id, channel="shop", at=NOW, text_version="1")
        first_record = merge(session, OPERATOR, keep, second, "", LATER)
        second_record = merge(session, OPERATOR, keep, third, "", LATER)
        unmerge(session, OPERATOR, second_record, LATER)
        assert consents.has_marketing_consent(session, keep.id)
        unmerge(session, OPERATOR, first_record, LATER)
        assert consents.latest(session, [keep.id]) == {}


def test_what_she_refused_as_one_stays_refused(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        consents.grant(session, keep.id, channel="shop", at=NOW, text_version="1")
        record = merge(session, OPERATOR, keep, other, "", LATER)
        consents.withdraw(session, keep.id, channel="shop", at=LATER)
        session.flush()
        unmerge(session, OPERATOR, record, LATER)
        assert not consents.has_marketing_consent(session, keep.id)


def test_two_again_each_has_what_was_hers(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, other = two(session, phone="13900139009")
        record = merge(session, OPERATOR, keep, other, "", LATER)
        session.get_one(Customer, keep.id).notes += "\n改了圈口"
        unmerge(session, OPERATOR, record, LATER)
    with sessions() as session:
        one, second = (by_code(session, OPERATOR, code) for code in ("C1", "C2"))
        assert (one.name, one.ring_size, one.notes, one.phone) == ("周芸", "", "老客\n改了圈口", "13800138001")
        assert (second.name, second.ring_size, second.notes) == ("小芸", "12", "想看珍珠")
        assert codes(find(session, OPERATOR, "13900139009")) == codes(find(session, OPERATOR, "小芸")) == ["C2"]
        assert (keys_of(session, "C1"), keys_of(session, "C2")) == ({"m1"}, {"m2"})
        assert codes(session.scalars(select(Customer).join(Purchase))) == ["C1", "C2"]


def test_what_came_in_since_goes_to_the_one_who_said_it(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        record = merge(session, OPERATOR, keep, other, "", LATER)
        said(session, keep, "m3", "o1", LATER + timedelta(minutes=1))
        said(session, keep, "m4", "o2", LATER + timedelta(minutes=1))
        spoken.hear(session, OA, "o2")
        consents.withdraw(session, keep.id, channel="official_account", at=LATER + timedelta(minutes=1), proof="m4")
        back = unmerge(session, OPERATOR, record, LATER + timedelta(minutes=2))
        assert (keys_of(session, "C1"), keys_of(session, "C2")) == ({"m1", "m3"}, {"m2", "m4"})
        assert session.scalars(select(Consent.customer_id)).all() == [back.id]


def test_both_standings_are_computed_anew(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        for one in (keep, other):
            place = {
                "segment": "青竹",
                "reading": Reading.POTENTIAL,
                "tier_since": NOW.date(),
                "computed_on": NOW.date(),
            }
            session.add(Standing(customer_id=one.id, **place))
        record = merge(session, OPERATOR, keep, other, "", LATER)
        assert [(one.customer_id, one.stale) for one in session.scalars(select(Standing))] == [(keep.id, True)]
        back = unmerge(session, OPERATOR, record, LATER)
        assert {one.customer_id: one.stale for one in session.scalars(select(Standing))} == {
            keep.id: True,
            back.id: True,
        }


def test_merges_upon_merges_are_undone_in_reverse_order(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        third = a_customer(session, "C3", "芸芸")
        a_line(session, third, "A3")
        first = merge(session, OPERATOR, keep, other, "", LATER)
        second = merge(session, OPERATOR, third, keep, "", LATER)
        assert by_code(session, OPERATOR, "C2").code == "C3"
        with pytest.raises(Invalid, match="C1 was merged into C3 later"):
            unmerge(session, OPERATOR, first, LATER)
        unmerge(session, OPERATOR, second, LATER)
        assert by_code(session, OPERATOR, "C2").code == "C1"
        unmerge(session, OPERATOR, record_of(session, "C2"), LATER)
        bought = select(Customer.code).join(Purchase).order_by(Customer.code)
        assert session.scalars(bought).all() == ["C1", "C2", "C3"]


def test_a_merge_is_undone_once(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        record = merge(session, OPERATOR, keep, other, "", LATER)
        unmerge(session, OPERATOR, record, LATER)
        with pytest.raises(Invalid, match="undone already"):
            unmerge(session, OPERATOR, record, LATER)
        with pytest.raises(NotFound):
            record_of(session, "C1")


def test_erasing_her_erases_both_and_can_not_be_undone(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, other = two(session, phone="13900139009")
        merge(session, OPERATOR, keep, other, "", LATER)
        erase(session, OPERATOR, by_code(session, OPERATOR, "C2"), LATER)
        with pytest.raises(NotFound):
            record_of(session, "C2")
        assert session.scalars(select(MergeRecord)).all() == []
        assert find(session, OPERATOR, "13900139009") == []
        assert session.scalars(select(Identity)).all() == []


@pytest.mark.parametrize("erased", ["C1", "C2"])
def test_nobody_is_merged_with_one_who_was_erased(sessions: Sessions, erased: str) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        erase(session, OPERATOR, by_code(session, OPERATOR, erased), NOW)
        with pytest.raises(Invalid, match=f"{erased} was erased"):
            merge(session, OPERATOR, keep, other, "", LATER)
        with pytest.raises(Invalid, match="one customer already"):
            merge(session, OPERATOR, keep, keep, "", LATER)


def test_an_advisor_may_not_decide(sessions: Sessions) -> None:
    with sessions.begin() as session:
        lin = Actor.of(a_shop(session).lin)
        keep, other = two(session)
        with pytest.raises(NotAllowed):
            merge(session, lin, keep, other, "", LATER)
        record = merge(session, OPERATOR, keep, other, "", LATER)
        with pytest.raises(NotAllowed):
            unmerge(session, lin, record, LATER)


def test_who_merged_whom_and_why_is_in_the_audit_log(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        unmerge(session, OPERATOR, merge(session, OPERATOR, keep, other, "同一人", LATER), LATER)
        noted = {(one.action, one.subject, one.detail) for one in session.scalars(select(AuditEntry))}
        assert {("merge", "C1", "C2: 同一人"), ("merged-away", "C2", "C1")} <= noted
        assert {("unmerge", "C1", "C2"), ("unmerged", "C2", "C1")} <= noted
        assert session.scalars(select(MergeRecord)).one().undone_by == "operator"


def imported(sessions: Sessions, folder: Path, kind: str, text: str) -> Report:
    path = folder / f"{kind}.csv"
    path.write_text(text, encoding="utf-8")
    kinds = tables(ZoneInfo("Asia/Shanghai"), Accounts(OA, "ww0123456789abcdef"))
    return import_table(sessions, kinds[kind], path, LATER)


PURCHASE = "number,line,kind,customer_code,purchased_at,amount\nA9,1,sale,C2,2026-11-20 12:00,100\n"


def test_tables_that_name_the_old_code_go_to_the_kept_customer(sessions: Sessions, tmp_path: Path) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        merge(session, OPERATOR, keep, other, "", LATER)
    assert imported(sessions, tmp_path, "purchases", PURCHASE).new == 1
    report = imported(sessions, tmp_path, "customers", "code,name,gender\nC1,周芸,\nC2,小芸,female\n")
    assert (report.new, report.changed, report.refused) == (0, 1, [])
    with sessions() as session:
        (customer,) = session.scalars(select(Customer))
        assert (customer.code, customer.name, customer.gender) == ("C1", "周芸", "female")
        assert session.scalar(select(Purchase.customer_id).where(Purchase.number == "A9")) == customer.id


def test_the_old_code_of_one_who_was_erased_brings_nobody_back(sessions: Sessions, tmp_path: Path) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        merge(session, OPERATOR, keep, other, "", LATER)
        erase(session, OPERATOR, keep, LATER)
    report = imported(sessions, tmp_path, "customers", "code,name\nC1,周芸\nC2,小芸\n")
    assert [refusal.line for refusal in report.refused] == [2, 3]
