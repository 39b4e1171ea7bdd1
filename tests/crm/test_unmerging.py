"""What an undone merge leaves with neither: no stranger's row, no former name, no lost points."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from crm.db import Sessions
from crm.models import Direction, Interaction, MergeMove, Standing
from crm.models.membership import Reading
from crm.services.linking.forgetting import former_signs
from crm.services.membership import points
from crm.services.merging import merge, unmerge
from tests.crm.builders import NOW, OPERATOR, a_customer
from tests.crm.test_merging import LATER, earned, keys_of, two


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
