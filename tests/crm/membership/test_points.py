"""The points ledger always adds up; coupons are used once."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from crm.db import Sessions
from crm.errors import Invalid, NotFound
from crm.models import Coupon, CouponStatus, Customer, PointsEntry, PointsKind
from crm.services.membership import coupons, points
from crm.services.membership.policy import Points
from tests.crm.builders import NOW, a_customer, a_line

TODAY = date(2026, 11, 21)
ZONE = ZoneInfo("Asia/Shanghai")
FROM_PURCHASES = Points(earned_from="purchases", yuan_per_point=10, live_months=24)


@pytest.fixture
def her(sessions: Sessions) -> int:
    with sessions.begin() as session:
        return a_customer(session, "C1", "周芸").id


def gives(sessions: Sessions, her: int, number: int, no: str, ends: date | None = None, at: datetime = NOW) -> None:
    with sessions.begin() as session:
        points.earn(session, session.get_one(Customer, her), number, no, "消费", at, expires_on=ends)


def spends(sessions: Sessions, her: int, number: int, no: str, today: date = TODAY) -> None:
    with sessions.begin() as session:
        points.redeem(session, session.get_one(Customer, her), number, no, "抵扣", today, NOW)


def balance(sessions: Sessions, her: int) -> int:
    with sessions() as session:
        return points.account(session, her).balance


def nights(sessions: Sessions, today: date) -> None:
    with sessions.begin() as session:
        last: int | None = 0
        while last is not None:
            last = points.expire(session, today, NOW, last)


def test_what_is_earned_can_be_spent_once(sessions: Sessions, her: int) -> None:
    gives(sessions, her, 300, "E1")
    gives(sessions, her, 300, "E1")
    spends(sessions, her, 120, "R1")
    spends(sessions, her, 120, "R1")
    assert balance(sessions, her) == 180


def test_more_than_there_is_can_not_be_spent(sessions: Sessions, her: int) -> None:
    gives(sessions, her, 100, "E1")
    with pytest.raises(points.NotEnough, match="Only 100 points"):
        spends(sessions, her, 101, "R1")
    for nonsense in (0, -5, points.MOST_POINTS + 1):
        with pytest.raises(Invalid):
            spends(sessions, her, nonsense, "R2")
    assert balance(sessions, her) == 100


def test_points_that_end_first_go_first(sessions: Sessions, her: int) -> None:
    gives(sessions, her, 100, "E1", date(2027, 12, 31))
    gives(sessions, her, 100, "E2", date(2026, 12, 31))
    spends(sessions, her, 130, "R1")
    with sessions() as session:
        hers = points.account(session, her)
    assert [(lot.expires_on, lot.left) for lot in hers.lots] == [(date(2027, 12, 31), 70)]
    assert hers.ending_by(date(2026, 12, 31)) == 0


def test_what_ended_is_booked_once_and_can_not_be_spent_meanwhile(sessions: Sessions, her: int) -> None:
    gives(sessions, her, 100, "E1", date(2026, 11, 20))
    gives(sessions, her, 50, "E2", date(2026, 11, 21))
    with pytest.raises(points.NotEnough, match="Only 50 points"):
        spends(sessions, her, 60, "R1")
    for _ in range(3):
        nights(sessions, TODAY)
    assert balance(sessions, her) == 50
    nights(sessions, TODAY + timedelta(days=1))
    assert balance(sessions, her) == 0
    with sessions() as session:
        assert session.scalar(select(func.count()).where(PointsEntry.kind == PointsKind.EXPIRE)) == 2


def test_a_redemption_that_arrives_before_its_purchase_is_settled_when_that_comes(sessions: Sessions, her: int) -> None:
    with sessions.begin() as session:
        common = {"customer_id": her, "reason": "", "at": NOW, "expires_on": None}
        session.add(PointsEntry(entry_no="R1", kind=PointsKind.REDEEM, points=-80, **common))
    assert balance(sessions, her) == -80
    gives(sessions, her, 100, "E1")
    with sessions() as session:
        hers = points.account(session, her)
    assert (hers.balance, [lot.left for lot in hers.lots]) == (20, [20])


def test_purchases_earn_once_and_a_returned_piece_gives_back_what_it_earned(sessions: Sessions, her: int) -> None:
    with sessions.begin() as session:
        customer = session.get_one(Customer, her)
        a_line(session, customer, "S1", amount=12_345_00)
        a_line(session, customer, "S2", amount=5_00)
        assert points.book_purchases(session, FROM_PURCHASES, ZONE, [her]) == 1
        assert points.book_purchases(session, FROM_PURCHASES, ZONE, [her]) == 0
        assert points.account(session, her).balance == 1234
        a_line(session, customer, "B1", "return", original_number="S1", original_line=1, amount=12_345_00)
        assert points.book_purchases(session, FROM_PURCHASES, ZONE, [her]) == 1
        assert points.book_purchases(session, FROM_PURCHASES, ZONE, [her]) == 0
        assert points.account(session, her).balance == 0


def test_points_from_the_till_are_not_counted_twice(sessions: Sessions, her: int) -> None:
    by_till = Points(earned_from="till", yuan_per_point=10, live_months=24)
    with sessions.begin() as session:
        a_line(session, session.get_one(Customer, her), "S1", amount=12_345_00)
        assert points.book_purchases(session, by_till, ZONE, [her]) == 0


def test_ten_tills_at_once_never_spend_more_than_there_is(sessions: Sessions, her: int) -> None:
    gives(sessions, her, 100, "E1")
    refused: list[str] = []

    def till(number: int) -> None:
        try:
            spends(sessions, her, 30, f"R{number}")
        except points.NotEnough as error:
            refused.append(str(error))

    threads = [threading.Thread(target=till, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (balance(sessions, her), len(refused)) == (10, 7)


LINES = st.lists(
    st.tuples(
        st.sampled_from(["earn", "redeem", "expire"]),
        st.integers(1, 500),
        st.integers(0, 400),  # the day on which it happens
        st.one_of(st.none(), st.integers(1, 300)),  # how many days the points live
    ),
    max_size=30,
)


@given(LINES)
@settings(deadline=None)
def test_whatever_happened_balance_sum_and_lots_agree(lines) -> None:
    """What would be booked is booked; at every step the lots are the balance, and nothing is below zero."""
    ledger: list[PointsEntry] = []
    for kind, number, day, lives in sorted(lines, key=lambda line: line[2]):
        on = TODAY + timedelta(days=day)
        held = points.replay(ledger)
        if kind == "earn":
            ends = None if lives is None else on + timedelta(days=lives)
            ledger.append(PointsEntry(kind=PointsKind.EARN, points=number, expires_on=ends))
        elif kind == "redeem" and number <= held.balance:
            ledger.append(PointsEntry(kind=PointsKind.REDEEM, points=-number, expires_on=None))
        elif kind == "expire":
            ledger.append(PointsEntry(kind=PointsKind.EXPIRE, points=-held.ending_by(on), expires_on=on))
            assert points.replay(ledger).ending_by(on) == 0
        after = points.replay(ledger)
        assert after.balance == sum(line.points for line in ledger) == sum(lot.left for lot in after.lots)
        assert all(lot.left > 0 for lot in after.lots)


def issue(sessions: Sessions, her: int, no: str, **fields: object) -> None:
    with sessions.begin() as session:
        session.add(Coupon(coupon_no=no, customer_id=her, title="免费抛光", **fields))


def test_a_coupon_is_used_once_also_by_two_tills_at_once(sessions: Sessions, her: int) -> None:
    issue(sessions, her, "K1", valid_to=TODAY)
    outcomes: list[str] = []

    def till(name: str) -> None:
        try:
            with sessions.begin() as session:
                outcomes.append(coupons.use(session, "K1", name, TODAY, NOW).used_by)
        except coupons.NotValid as error:
            outcomes.append(error.why)

    threads = [threading.Thread(target=till, args=(f"till {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[1:] == ["used"] * 5
    assert sorted(outcomes)[0].startswith("till ")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"valid_to": TODAY - timedelta(days=1)}, "expired"),
        ({"valid_from": TODAY + timedelta(days=1)}, "early"),
        ({"status": CouponStatus.WITHDRAWN}, "withdrawn"),
    ],
)
def test_a_coupon_that_does_not_hold_is_refused_with_its_reason(sessions: Sessions, her: int, fields, why) -> None:
    issue(sessions, her, "K1", **fields)
    with sessions.begin() as session, pytest.raises(coupons.NotValid, match=why):
        coupons.use(session, "K1", "till", TODAY, NOW)
    with sessions.begin() as session, pytest.raises(NotFound):
        coupons.use(session, "K2", "till", TODAY, NOW)


def test_the_night_marks_what_ended_and_she_sees_the_rest_in_the_order_of_its_end(sessions: Sessions, her: int) -> None:
    issue(sessions, her, "K1")
    issue(sessions, her, "K2", valid_to=TODAY + timedelta(days=9))
    issue(sessions, her, "K3", valid_to=TODAY - timedelta(days=1))
    issue(sessions, her, "K4", valid_to=TODAY)
    with sessions.begin() as session:
        assert coupons.expire(session, TODAY) == 1
        assert coupons.expire(session, TODAY) == 0
        assert [coupon.coupon_no for coupon in coupons.valid(session, her, TODAY)] == ["K4", "K2", "K1"]
