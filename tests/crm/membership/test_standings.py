"""Segments, readings and tiers: the trade's rules on what she kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from crm.db import Sessions
from crm.models import Customer, Reading, Standing, TierChange
from crm.services.membership.policy import DEFAULT, Policy, load_policy
from crm.services.membership.standings import mark_stale, recompute, refresh
from tests.crm.builders import NOW, a_customer, a_line

ZONE = ZoneInfo("Asia/Shanghai")
POLICY = load_policy()
YUAN = 100


def night(sessions: Sessions, now: datetime = NOW, policy: Policy = POLICY, **how: bool) -> int:
    return sum(recompute(sessions, policy, ZONE, now, **how))


def standing(sessions: Sessions, code: str) -> Standing:
    with sessions() as session:
        return session.scalars(select(Standing).join(Customer).where(Customer.code == code)).one()


def buys(sessions: Sessions, code: str, yuan: int, at: datetime = NOW, **fields: object) -> None:
    with sessions.begin() as session:
        customer = session.scalars(select(Customer).where(Customer.code == code)).one_or_none()
        number = f"{code}-{at:%Y%m%d}-{yuan}"
        a_line(session, customer or a_customer(session, code), number, amount=yuan * YUAN, purchased_at=at, **fields)


def months_before(months: int, days: int = 0) -> datetime:
    year, month = divmod(NOW.year * 12 + NOW.month - 1 - months, 12)
    return NOW.replace(year=year, month=month + 1) + timedelta(days=days)


@pytest.mark.parametrize(
    ("yuan", "at", "segment"),
    [
        (50_000, months_before(1), "银杏树"),
        (49_999, months_before(1), "红枫叶"),
        (30_000, months_before(1), "红枫叶"),
        (29_999, months_before(1), "青竹"),
        (80_000, months_before(12), "银杏树"),
        (80_000, months_before(12, -1), "紫薇花"),
        (1, months_before(24), "紫薇花"),
        (1, months_before(24, -1), "草木灰"),
        (1, months_before(140), "草木灰"),
    ],
)
def test_one_purchase_says_which_segment(sessions: Sessions, yuan: int, at: datetime, segment: str) -> None:
    buys(sessions, "C1", yuan, at)
    night(sessions)
    assert standing(sessions, "C1").segment == segment


def test_who_never_bought_is_a_seed_and_a_prospect(sessions: Sessions) -> None:
    with sessions.begin() as session:
        a_customer(session, "C1")
    night(sessions)
    found = standing(sessions, "C1")
    assert (found.segment, found.reading, found.last_purchase_at) == ("种子", Reading.PROSPECT, None)


def test_a_returned_piece_is_no_value_and_no_purchase(sessions: Sessions) -> None:
    buys(sessions, "C1", 60_000)
    with sessions.begin() as session:
        customer = session.scalars(select(Customer)).one()
        sale = f"C1-{NOW:%Y%m%d}-60000"
        a_line(session, customer, "R1", "return", original_number=sale, original_line=1, amount=60_000 * YUAN)
    night(sessions)
    assert standing(sessions, "C1").segment == "种子"


def test_the_figures_say_why(sessions: Sessions) -> None:
    buys(sessions, "C1", 20_000, months_before(2))
    buys(sessions, "C1", 18_600, months_before(5))
    buys(sessions, "C1", 99_000, months_before(30))
    night(sessions)
    found = standing(sessions, "C1")
    assert (found.segment, found.spent_fen, found.orders) == ("红枫叶", 38_600 * YUAN, 3)
    assert found.last_purchase_at == months_before(2)


@pytest.mark.parametrize(
    ("purchases", "reading"),
    [
        ([(500, 1)], Reading.POTENTIAL),
        ([(500, 1), (500, 20), (500, 35)], Reading.HIGH_VALUE),
        ([(30_000, 11)], Reading.HIGH_VALUE),
        ([(90_000, 13)], Reading.DORMANT),
    ],
)
def test_readings_look_at_recency_frequency_and_money(
    sessions: Sessions, purchases: list[tuple[int, int]], reading: Reading
) -> None:
    for yuan, months in purchases:
        buys(sessions, "C1", yuan, months_before(months))
    night(sessions)
    assert standing(sessions, "C1").reading == reading


def test_a_quiet_night_writes_nothing_and_a_window_that_closes_writes_one(sessions: Sessions) -> None:
    for number in range(20):
        buys(sessions, f"C{number}", 60_000, NOW - timedelta(days=number * 10 + 1))
    assert night(sessions) == 20
    assert night(sessions, NOW + timedelta(days=1)) == 0
    later = NOW + timedelta(days=365 - 186)
    assert night(sessions, later) == 1
    assert standing(sessions, "C19").segment == "紫薇花"


def test_what_is_marked_or_new_is_looked_at_whatever_the_calendar_says(sessions: Sessions) -> None:
    buys(sessions, "C1", 60_000, months_before(1))
    night(sessions)
    buys(sessions, "C2", 10, months_before(30))
    buys(sessions, "C1", 5, months_before(7))
    assert night(sessions, NOW + timedelta(days=1)) == 1
    with sessions.begin() as session:
        mark_stale(session, [session.scalars(select(Customer.id).where(Customer.code == "C1")).one()])
    assert night(sessions, NOW + timedelta(days=1)) == 1
    assert standing(sessions, "C1").spent_fen == 60_005 * YUAN


def test_a_new_policy_computes_everybody(sessions: Sessions) -> None:
    for number in range(3):
        buys(sessions, f"C{number}", 60_000)
    night(sessions)
    stricter = Policy.model_validate(
        POLICY.model_dump() | {"readings": POLICY.readings.model_dump() | {"much_spent": 99_999}}
    )
    assert night(sessions, policy=stricter) == 3
    assert standing(sessions, "C1").reading == Reading.POTENTIAL


def test_a_tier_rises_at_once_holds_a_year_and_falls_to_what_was_earned(sessions: Sessions) -> None:
    buys(sessions, "C1", 60_000, NOW)
    night(sessions)
    gold = standing(sessions, "C1")
    assert (gold.tier, gold.tier_since, gold.tier_until) == (2, date(2026, 11, 21), date(2027, 11, 21))
    buys(sessions, "C1", 12_000, NOW + timedelta(days=200))
    night(sessions, NOW + timedelta(days=200))
    night(sessions, NOW + timedelta(days=365))
    assert standing(sessions, "C1").tier == 2
    night(sessions, NOW + timedelta(days=366))
    silver = standing(sessions, "C1")
    assert (silver.tier, silver.tier_until) == (1, date(2028, 11, 22))
    with sessions() as session:
        assert [(one.before, one.after) for one in session.scalars(select(TierChange))] == [(2, 1)]


def test_a_tier_that_is_earned_again_is_kept_for_another_year(sessions: Sessions) -> None:
    buys(sessions, "C1", 15_000, NOW)
    night(sessions)
    buys(sessions, "C1", 15_000, NOW + timedelta(days=300))
    night(sessions, NOW + timedelta(days=366))
    kept = standing(sessions, "C1")
    assert (kept.tier, kept.tier_since, kept.tier_until) == (1, date(2026, 11, 21), date(2028, 11, 22))


def test_one_customer_is_computed_for_who_looks_at_her(sessions: Sessions) -> None:
    buys(sessions, "C1", 15_000, NOW)
    with sessions.begin() as session:
        customer_id = session.scalars(select(Customer.id)).one()
        assert refresh(session, POLICY, ZONE, customer_id, NOW).segment == "青竹"
        assert refresh(session, POLICY, ZONE, customer_id, NOW).tier == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ("lines: []", "the last line must hold"),
        ("- {name: 草木灰}", None),
        ("{name: 青竹, bought_within_months: 0}", "greater than"),
        ("{name: 种子}", "two segments have one name"),
        ("colour: red", "Extra inputs"),
    ],
)
def test_rules_that_contradict_themselves_are_refused_in_one_sentence(tmp_path, changed, said) -> None:
    written = DEFAULT.read_text(encoding="utf-8")
    edits = {
        "lines: []": lambda text: text.replace("    - {name: 草木灰}\n", ""),
        "- {name: 草木灰}": lambda text: text,
        "{name: 青竹, bought_within_months: 0}": lambda text: text.replace(
            "{name: 青竹, bought_within_months: 12}", "{name: 青竹, bought_within_months: 0}"
        ),
        "{name: 种子}": lambda text: text.replace("草木灰}", "种子}"),
        "colour: red": lambda text: text.replace("points:\n", "points:\n  colour: red\n"),
    }
    path = tmp_path / "members.yaml"
    path.write_text(edits[changed](written), encoding="utf-8")
    if said is None:
        assert load_policy(path) == POLICY
        return
    with pytest.raises(Exception, match=said) as refused:
        load_policy(path)
    assert str(path) in str(refused.value)
