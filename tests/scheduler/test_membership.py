"""The night brings standings, points and coupons to the day; who rises, falls or is about to, is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from crm.models import Coupon, CouponStatus, Customer, Standing
from crm.services.membership import points
from crm.services.membership.policy import load_policy
from crm.services.membership.standings import refresh
from tests.scheduler.town import ZONE, Town

NOTICE = "tier_notice"
# Months of nights are planned: on one database only.
MONTHS = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def short_tiers(town: Town) -> Town:
    """Where a tier lasts three months: a year of nights would be planned for ten seconds."""
    rules = load_policy()
    tiers = rules.tiers.model_copy(update={"holds_months": 3})
    segments = rules.segments.model_copy(update={"spent_within_months": 3})
    town.shop = replace(town.shop, membership=rules.model_copy(update={"tiers": tiers, "segments": segments}))
    return town


def standing(town: Town, code: str) -> Standing | None:
    with town.sessions() as session:
        return session.get(Standing, town.customers[code])


def test_the_night_knows_everybody_and_ends_what_ended(town: Town) -> None:
    town.buy("C2", "A1", "2026-12-01", amount=60_000_00)
    with town.sessions.begin() as session:
        her = session.get_one(Customer, town.customers["C2"])
        points.earn(session, her, 90, "E1", "消费", town.clock.now(), expires_on=date(2026, 12, 7))
        session.add(Coupon(coupon_no="K1", customer_id=her.id, title="免费抛光", valid_to=date(2026, 12, 7)))
    town.at("2026-12-08T02:59").plan()
    assert standing(town, "C2") is None
    town.at("2026-12-08T03:00").plan()
    assert standing(town, "C2").segment == "银杏树"
    assert standing(town, "C1").segment == "种子"
    with town.sessions() as session:
        assert points.account(session, town.customers["C2"]).balance == 0
        assert session.scalars(select(Coupon.status)).all() == [CouponStatus.EXPIRED]


def test_who_rises_is_told_once_and_who_had_no_place_before_is_not(town: Town) -> None:
    town.buy("C1", "A1", "2026-12-01", amount=12_000_00)
    town.at("2026-12-08T10:30").plan()
    assert town.states(NOTICE) == {}
    town.buy("C2", "A2", "2026-12-08", amount=60_000_00)
    town.at("2026-12-09T10:30").plan()
    town.deliver()
    assert town.states(NOTICE) == {"C2": "sent"}
    (line,) = town.sandbox.chat("oa", "oTwo")
    assert [field["value"] for field in line["fields"]] == ["金卡会员", "2027年12月9日", "回复“我的权益”查看"]
    town.at("2026-12-10T10:30").plan()
    town.at("2026-12-11T10:30").plan()
    assert len(town.rows(NOTICE)) == 1


def test_a_change_that_she_saw_in_the_afternoon_is_told_the_next_morning(town: Town) -> None:
    town.at("2026-12-08T10:30").plan()
    town.buy("C2", "A2", "2026-12-08", amount=12_000_00)
    town.at("2026-12-08T15:00")
    with town.sessions.begin() as session:
        refresh(session, town.shop.membership, ZONE, town.customers["C2"], town.clock.now())
    town.at("2026-12-09T10:30").plan()
    assert len(town.rows(NOTICE)) == 1


@MONTHS
def test_a_month_before_a_tier_ends_she_is_told_what_is_missing(short_tiers: Town) -> None:
    town = short_tiers
    town.at("2026-12-08T10:30").plan()
    town.buy("C2", "A2", "2026-12-08", amount=52_000_00)
    town.at("2026-12-09T10:30").plan()
    town.buy("C2", "A3", "2027-01-02", amount=12_345_67)
    town.at("2027-02-09T10:29")
    town.write("C2")
    town.plan()
    town.at("2027-02-09T10:30").plan()
    town.deliver()
    assert town.said("C2")[-1].startswith("您的金卡会员将在2027年3月9日到期。在那之前再消费 ¥37,655，")


@MONTHS
def test_what_was_earned_again_is_kept_without_a_word(short_tiers: Town) -> None:
    town = short_tiers
    town.at("2026-12-08T10:30").plan()
    town.buy("C2", "A2", "2026-12-08", amount=52_000_00)
    town.at("2026-12-09T10:30").plan()
    town.buy("C2", "A3", "2027-01-02", amount=50_000_00)
    town.at("2027-03-10T10:30").plan()
    assert len(town.rows(NOTICE)) == 1
    assert (standing(town, "C2").tier, standing(town, "C2").tier_until) == (2, date(2027, 6, 10))


@MONTHS
def test_who_falls_is_told_what_she_still_has(short_tiers: Town) -> None:
    town = short_tiers
    town.at("2026-12-08T10:30").plan()
    town.buy("C2", "A2", "2026-12-08", amount=52_000_00)
    town.at("2026-12-09T10:30").plan()
    town.at("2027-03-10T10:29")
    town.write("C2")
    town.plan()
    town.at("2027-03-10T10:30").plan()
    town.deliver()
    assert town.said("C2")[-1].startswith("您的会员等级有变化：现在是普通会员。您仍享有：首饰免费清洗检查")


def test_a_change_that_is_undone_before_it_goes_out_is_not_told(town: Town) -> None:
    town.at("2026-12-08T10:30").plan()
    town.buy("C2", "A2", "2026-12-08", amount=52_000_00)
    town.at("2026-12-09T10:30").plan()
    town.buy("C2", "A3", "2026-12-09", kind="return", original_number="A2", original_line=1, amount=52_000_00)
    with town.sessions.begin() as session:
        session.get_one(Standing, town.customers["C2"]).tier_until = date(2026, 12, 8)
        session.flush()
        refresh(session, town.shop.membership, ZONE, town.customers["C2"], town.clock.now())
    town.deliver()
    assert town.states(NOTICE) == {"C2": "skipped"}


@pytest.mark.parametrize("days", [1, 5])
def test_nights_that_were_missed_are_made_up_for(town: Town, days: int) -> None:
    town.at("2026-12-08T10:00").plan()
    town.buy("C2", "A1", "2026-12-08", amount=60_000_00)
    town.at(f"2026-12-{8 + days:02}T04:00").plan()
    assert standing(town, "C2").computed_on == date(2026, 12, 9)
