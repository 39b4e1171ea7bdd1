"""Points and coupons by a table: a line counts once and is never changed; a used coupon stays used."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from crm.db import Sessions
from crm.models import Coupon, CouponStatus, PointsEntry, PointsKind, Standing
from crm.services.membership import coupons
from crm.services.membership.points import account
from crm.services.membership.policy import load_policy
from crm.services.membership.standings import recompute
from crm.services.tables.beside_customers import Accounts
from crm.services.tables.exporting import export_table
from crm.services.tables.importing import Report, import_table
from crm.services.tables.kinds import tables
from tests.crm.builders import NOW, a_customer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

KINDS = tables(ZoneInfo("Asia/Shanghai"), Accounts("wx1", "ww1"))
POINTS = """customer_code,entry_no,points,reason,at,expires_on
C1,P1,300,消费,2026-05-01T12:00:00+08:00,2028-05-01
C1,P2,-120,抵扣,2026-06-01T12:00:00+08:00,
C2,P1,50,生日,2026-06-02T12:00:00+08:00,2027-06-02
"""
COUPONS = """customer_code,coupon_no,title,value,condition,valid_from,valid_to,status
C1,K1,生日礼券,200.00,满2000元可用,2026-11-01,2026-12-31,issued
C2,K2,免费抛光,,,,,
"""


@pytest.fixture
def shop(sessions: Sessions) -> Sessions:
    with sessions.begin() as session:
        a_customer(session, "C1")
        a_customer(session, "C2")
    return sessions


def take(sessions: Sessions, folder: Path, kind: str, text: str) -> Report:
    path = folder / f"{kind}.csv"
    path.write_text(text, encoding="utf-8")
    return import_table(sessions, KINDS[kind], path, NOW)


def reasons(report: Report) -> list[tuple[int, str, str]]:
    return [(refusal.line, refusal.column, refusal.reason) for refusal in report.refused]


@pytest.mark.parametrize(("kind", "text", "count"), [("points", POINTS, 3), ("coupons", COUPONS, 2)])
def test_a_table_taken_twice_changes_nothing_and_comes_back_as_it_was(
    shop: Sessions, engine: Engine, tmp_path: Path, kind: str, text: str, count: int
) -> None:
    assert take(shop, tmp_path, kind, text).new == count
    again = take(shop, tmp_path, kind, text)
    assert (again.new, again.changed, again.unchanged, again.refused) == (0, 0, count, [])
    assert export_table(engine, KINDS[kind], tmp_path / "back.csv") == count
    back = import_table(shop, KINDS[kind], tmp_path / "back.csv", NOW)
    assert (back.unchanged, back.refused) == (count, [])


def test_the_ledger_takes_earning_and_spending(shop: Sessions, tmp_path: Path) -> None:
    take(shop, tmp_path, "points", POINTS)
    with shop() as session:
        lines = {line.entry_no: line.kind for line in session.query(PointsEntry).filter_by(customer_id=1)}
        assert account(session, 1).balance == 180
    assert lines == {"P1": PointsKind.EARN, "P2": PointsKind.REDEEM}


def test_a_line_of_the_ledger_is_never_changed(shop: Sessions, tmp_path: Path) -> None:
    take(shop, tmp_path, "points", POINTS)
    report = take(shop, tmp_path, "points", "customer_code,entry_no,points\nC1,P1,301\nC3,P1,5\nC2,P1,50\n")
    assert [(line, column) for line, column, _ in reasons(report)] == [(2, "points"), (3, "customer_code")]
    assert "never changed" in reasons(report)[0][2]


def test_a_used_coupon_stays_used_whatever_an_older_table_says(shop: Sessions, tmp_path: Path) -> None:
    take(shop, tmp_path, "coupons", COUPONS)
    with shop.begin() as session:
        coupons.use(session, "K1", "till", NOW.date(), NOW)
    report = take(shop, tmp_path, "coupons", COUPONS.replace("K2", "K1x"))
    assert reasons(report) == [(2, "status", "K1 was used and can't be given out again")]
    moved = take(shop, tmp_path, "coupons", "customer_code,coupon_no\nC1,K1x\n")
    assert reasons(moved) == [(2, "customer_code", "K1x belongs to another customer")]
    with shop() as session:
        assert session.query(Coupon).filter_by(coupon_no="K1").one().status is CouponStatus.USED


def test_a_line_of_the_till_marks_her_standing_also_when_the_piece_comes_back_without_her_card(
    shop: Sessions, tmp_path: Path
) -> None:
    header = "number,line,kind,original_number,original_line,customer_code,purchased_at,amount\n"
    take(shop, tmp_path, "purchases", header + "S1,1,sale,,,C1,2026-11-01T12:00:00+08:00,60000\n")
    zone = ZoneInfo("Asia/Shanghai")
    assert sum(recompute(shop, load_policy(), zone, NOW)) == 2
    take(shop, tmp_path, "purchases", header + "S2,1,sale,,,C2,2020-11-01T12:00:00+08:00,10\n")
    assert sum(recompute(shop, load_policy(), zone, NOW)) == 1
    take(shop, tmp_path, "purchases", header + "R1,1,return,S1,1,,2026-11-02T12:00:00+08:00,60000\n")
    assert sum(recompute(shop, load_policy(), zone, NOW)) == 1
    with shop() as session:
        assert [one.segment for one in session.query(Standing).order_by(Standing.customer_id)] == ["种子", "草木灰"]
