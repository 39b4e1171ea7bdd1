"""What an undone merge leaves with neither: no stranger's row, no former name, no lost points."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.db import Sessions
from crm.models import (
    Correction,
    Customer,
    Direction,
    IdentityKind,
    Interaction,
    MergeMove,
    Occasion,
    OccasionKind,
    PieceCare,
    Purchase,
    Relative,
    Size,
    SizeKind,
    Standing,
    Taste,
    TasteKind,
)
from crm.models.membership import Reading
from crm.services import history
from crm.services.customers import by_code
from crm.services.households import remembering
from crm.services.identities import add
from crm.services.linking import spoken
from crm.services.linking.forgetting import former_signs
from crm.services.membership import points
from crm.services.merging import conflicts_of, merge, record_of, unmerge
from crm.services.privacy import corrections
from tests.crm.builders import NOW, OPERATOR, a_customer
from tests.crm.test_merging import LATER, OA, earned, imported, keys_of, two


def test_what_is_written_since_stays_with_the_one_it_was_written_of(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        record = merge(session, OPERATOR, keep, other, "", LATER)
        newest = session.scalars(select(Interaction).order_by(Interaction.id.desc()).limit(1)).one()
        session.delete(newest)
        session.flush()
        session.add(
            Interaction(
                customer_id=keep.id, direction=Direction.IN, text="新", at=LATER, channel="shop", kind="text", key="new"
            )
        )
        session.flush()
        unmerge(session, OPERATOR, record, LATER + timedelta(minutes=1))
        assert (keys_of(session, "C1"), keys_of(session, "C2")) == ({"m1", "new"}, set())


def test_a_customer_who_comes_after_a_merge_never_gets_the_old_id(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        gone = other.id
        merge(session, OPERATOR, keep, other, "", LATER)
        assert a_customer(session, "C3").id > gone


def test_once_two_again_neither_is_known_by_what_the_other_said(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, other = two(session, phone="13900139009", allergies="镍")
        for one in (keep, other):
            place = {"segment": "", "reading": Reading.POTENTIAL, "tier_since": NOW.date(), "computed_on": NOW.date()}
            session.add(Standing(customer_id=one.id, **place))
        record = merge(session, OPERATOR, keep, other, "", LATER)
        assert former_signs(session, keep.id) == (["C2"], ["小芸"], ["13900139009"])
        back = unmerge(session, OPERATOR, record, LATER)
        assert (record.former, record.before, record.after) == ("", "", "")
        assert session.scalars(select(MergeMove)).all() == []
        assert former_signs(session, keep.id) == former_signs(session, back.id) == ([], [], [])
        merge(session, OPERATOR, keep, back, "", LATER)
        assert former_signs(session, keep.id) == (["C2"], ["小芸"], ["13900139009"])


def test_points_that_ended_while_they_were_one_are_lost_by_whose_they_were(sessions: Sessions) -> None:
    night = LATER + timedelta(days=800)
    with sessions.begin() as session:
        keep, other = two(session)
        earned(session, keep, "till-1", 100)
        points.earn(session, keep, 7, "till-3", "", NOW, date(2040, 1, 1))
        earned(session, other, "till-2", 40)
        record = merge(session, OPERATOR, keep, other, "", LATER)
        points.expire(session, night.date(), night)
        assert points.account(session, keep.id).balance == 7
        back = unmerge(session, OPERATOR, record, night + timedelta(hours=1))
        points.expire(session, night.date(), night + timedelta(hours=2))
        assert [points.account(session, one.id).balance for one in (keep, back)] == [7, 0]
        again = merge(session, OPERATOR, keep, back, "", night + timedelta(hours=3))
        assert points.account(session, keep.id).balance == 7
        back = unmerge(session, OPERATOR, again, night + timedelta(hours=4))
        assert [points.account(session, one.id).balance for one in (keep, back)] == [7, 0]


def told(session: Session, customer: Customer) -> None:
    """Her mother, whom we know by name: a size, a birthday, and a piece that is a surprise for her; a taste."""
    mother = Relative(customer_id=customer.id, relation="妈妈", called="李姐", notes="", created_at=NOW)
    session.add(mother)
    session.flush()
    hers = {"customer_id": customer.id, "relative_id": mother.id}
    session.add(Size(**hers, kind=SizeKind.RING, value="16", at=NOW))
    session.add(Occasion(**hers, kind=OccasionKind.BIRTHDAY, label="", month=5, day=20, created_at=NOW))
    session.add(Taste(customer_id=customer.id, kind=TasteKind.STONE, value="珍珠", at=NOW))
    line = session.scalars(select(Purchase).where(Purchase.customer_id == customer.id)).one()
    session.add(PieceCare(purchase_id=line.id, wearer_relative_id=mother.id, surprise_until=date(2026, 12, 24)))
    session.flush()


def known(session: Session, code: str) -> list[str]:
    """Everything that is remembered of this one."""
    customer = by_code(session, OPERATOR, code)
    found = [f"{one.relation} {one.called}" for one in rows(session, Relative, customer)]
    found += [f"{_whose(one)} {one.value}" for one in rows(session, Size, customer)]
    found += [f"{_whose(one)} {one.month}-{one.day}" for one in rows(session, Occasion, customer)]
    found += [one.value for one in rows(session, Taste, customer)]
    worn = select(PieceCare).join(PieceCare.purchase).where(Purchase.customer_id == customer.id)
    return found + [f"worn by {_whose(one)}" for one in session.scalars(worn)]


def rows(session: Session, model: type[Any], customer: Customer) -> list[Any]:
    return list(session.scalars(select(model).where(model.customer_id == customer.id).order_by(model.id)))


def _whose(one: Any) -> str:
    relative = one.wearer if isinstance(one, PieceCare) else one.relative
    return relative.relation if relative else "herself"


def forgets(session: Session) -> None:
    """The mother, with everything that hangs on her, and the taste."""
    session.delete(session.scalars(select(Relative)).one())
    session.delete(session.scalars(select(Taste)).one())


def mends(session: Session) -> None:
    session.scalars(select(Size)).one().value = "18"


def as_said_by(sessions: Sessions, openid: str, act: Callable[[Session], None]) -> None:
    with sessions.begin() as session:
        spoken.hear(session, OA, openid)
        act(session)


def parted(sessions: Sessions, code: str = "C1") -> None:
    with sessions.begin() as session:
        unmerge(session, OPERATOR, record_of(session, code), LATER)


MOTHER = ["妈妈 李姐", "妈妈 16", "妈妈 5-20", "珍珠", "worn by 妈妈"]


@pytest.mark.parametrize(
    ("owner", "speakers", "acts", "hers", "others"),
    [
        ("C2", ["o1"], [forgets], MOTHER, []),
        ("C1", ["o2"], [forgets], MOTHER, []),
        ("C1", ["o1"], [forgets], ["worn by herself"], []),
        ("C2", ["o1", "o2"], [mends, forgets], ["worn by herself"], ["妈妈 ", "妈妈 18"]),
        ("C2", ["o1", "o1"], [mends, forgets], MOTHER, []),
    ],
)
def test_what_one_forgets_of_the_other_ones_comes_back_whole(
    sessions: Sessions, owner: str, speakers: list[str], acts: list[Any], hers: list[str], others: list[str]
) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        told(session, keep if owner == "C1" else other)
        merge(session, OPERATOR, keep, other, "", LATER)
    for openid, act in zip(speakers, acts, strict=True):
        as_said_by(sessions, openid, act)
    parted(sessions)
    with sessions.begin() as session:
        assert known(session, owner) == hers
        assert known(session, "C2" if owner == "C1" else "C1") == others
        assert session.scalars(select(MergeMove)).all() == []


def test_through_two_merges_what_was_forgotten_comes_back_to_whose_it_was(sessions: Sessions) -> None:
    """C3 goes up in C2, both in C1; whatever one of the three says stays between her and whose it was."""
    with sessions.begin() as session:
        keep, other = two(session)
        told(session, other)
        third = a_customer(session, "C3")
        add(session, third, OA, IdentityKind.OPENID, "o3", NOW)
        merge(session, OPERATOR, other, third, "", LATER)
        merge(session, OPERATOR, keep, other, "", LATER)
    as_said_by(sessions, "o1", mends)
    as_said_by(sessions, "o3", lambda session: session.delete(session.scalars(select(Taste)).one()))
    parted(sessions, "C1")
    with sessions.begin() as session:
        assert known(session, "C1") == ["妈妈 ", "妈妈 18"]
        assert known(session, "C2") == [one for one in MOTHER if one != "珍珠"]
    parted(sessions, "C2")
    with sessions.begin() as session:
        assert known(session, "C1") == ["妈妈 ", "妈妈 18"]
        assert known(session, "C2") == [*MOTHER[:3], "珍珠", MOTHER[4]]
        assert known(session, "C3") == []


def test_of_three_nobody_keeps_in_her_card_what_only_another_one_brought(sessions: Sessions) -> None:
    """C3 goes up in C1, then C2; of both something is said, of C3 over what C2 brought; both come back."""
    with sessions.begin() as session:
        keep, newer = two(session)
        third = a_customer(session, "C3")
        add(session, third, OA, IdentityKind.OPENID, "o3", NOW)
        merge(session, OPERATOR, keep, third, "", LATER)
        merge(session, OPERATOR, keep, newer, "", LATER)
    for code, note in (("C2", "怕烫"), ("C3", "怕烫"), ("C3", "周末来")):
        with sessions.begin() as session:
            spoken.hear_staff(session)
            history.add_note(session, OPERATOR, by_code(session, OPERATOR, code), note, LATER)
    as_said_by(sessions, "o3", lambda session: setattr(by_code(session, OPERATOR, "C1"), "ring_size", "17"))
    parted(sessions, "C2")
    parted(sessions, "C3")
    with sessions.begin() as session:
        cards = [by_code(session, OPERATOR, code) for code in ("C1", "C2", "C3")]
        notes = [[line.rpartition("：")[2] for line in card.notes.splitlines()] for card in cards]
        assert notes == [["老客"], ["想看珍珠", "怕烫"], ["怕烫", "周末来"]]
        assert [card.ring_size for card in cards] == ["", "12", "17"]


def mends_card(sessions: Sessions, openid: str, **told: Any) -> None:
    with sessions.begin() as session:
        spoken.hear(session, OA, openid)
        corrections.listen(session, LATER)
        for name, value in told.items():
            setattr(by_code(session, OPERATOR, "C1"), name, value)


OLD_TABLE = "code,name,phone,ring_size,allergies\nC1,周芸,13800138001,11,镍\nC2,小芸,13900139009,15,银\n"


def test_what_either_mended_while_they_were_one_no_old_table_brings_back(sessions: Sessions, tmp_path: Path) -> None:
    """C2 tells her size and skin, and has the phone and birthday of C1 taken off; C1 tells her name."""
    with sessions.begin() as session:
        lunar = {"birthday": "1996-05-07", "birthday_calendar": "lunar"}
        keep, other = two(session, phone="13900139009", ring_size="15", allergies="银", **lunar)
        keep.ring_size, keep.allergies, keep.birthday, keep.birthday_calendar = "11", "镍", "1986-07-09", "solar"
        record = merge(session, OPERATOR, keep, other, "", LATER)
        assert (keep.allergies, "allergies" in conflicts_of(record)) == ("镍、银", False)
    mends_card(sessions, "o2", allergies="镍、银、铜", ring_size="16", phone="")
    mends_card(sessions, "o2", birthday="", birthday_calendar="", birthday_leap_month=False)
    mends_card(sessions, "o1", name="周小芸")
    parted(sessions)
    assert imported(sessions, tmp_path, "customers", OLD_TABLE).refused == []
    with sessions.begin() as session:
        one, second = (by_code(session, OPERATOR, code) for code in ("C1", "C2"))
        assert (one.name, one.phone, one.ring_size, one.allergies) == ("周小芸", "13800138001", "11", "镍")
        assert (second.name, second.phone, second.ring_size, second.allergies) == (
            "小芸",
            "13900139009",
            "16",
            "银、铜",
        )
        assert (one.birthday, one.birthday_calendar) == ("1986-07-09", "solar")
        assert (second.birthday, second.birthday_calendar) == ("1996-05-07", "lunar")
        mended = select(Correction.customer_id, Correction.field, Correction.was).order_by(Correction.field)
        hers = [(second.id, "allergies", "银"), (one.id, "name", "周芸"), (second.id, "ring_size", "15")]
        assert [tuple(row) for row in session.execute(mended)] == hers


def forgets_mother(session: Session) -> None:
    assert remembering.forget_relative(session, by_code(session, OPERATOR, "C1"), "妈妈")


def test_a_relative_whom_both_have_is_forgotten_by_whoever_forgets_her(sessions: Sessions) -> None:
    with sessions.begin() as session:
        keep, other = two(session)
        told(session, keep)
        told(session, other)
        merge(session, OPERATOR, keep, other, "", LATER)
    as_said_by(sessions, "o2", forgets_mother)
    parted(sessions)
    with sessions.begin() as session:
        assert known(session, "C1") == MOTHER
        assert known(session, "C2") == ["珍珠", "worn by herself"]
