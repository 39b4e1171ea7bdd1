"""Services by a table: taken twice nothing changes, and the day on which one was finished is noted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from crm.db import Sessions
from crm.models import ServiceOrder
from crm.services.tables import Accounts, Report, export_table, import_table, tables
from tests.crm.builders import NOW, a_customer, a_shop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KIND = tables(ZoneInfo("Asia/Shanghai"), Accounts("wx1", "ww1"))["services"]
HEADER = "number,customer_code,store_code,advisor_userid,piece_barcode,kind,received_on,promised_on,stage,fee\n"
ROWS = (
    "F1,C1,HZ01,lin.yue,B100,resizing,2026-11-20,2026-11-28,改圈中,80.00\nF2,C1,HZ01,,,cleaning,2026-11-01,,已取走,\n"
)


def take(sessions: Sessions, folder: Path, rows: str, days: int = 0) -> Report:
    path = folder / "services.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    return import_table(sessions, KIND, path, NOW + timedelta(days=days))


@pytest.fixture
def shop(sessions: Sessions) -> Sessions:
    with sessions.begin() as session:
        a_shop(session)
        a_customer(session, "C1")
    return sessions


def finished(sessions: Sessions) -> dict[str, bool]:
    with sessions() as session:
        return {row.number: row.finished_at is not None for row in session.scalars(select(ServiceOrder))}


def test_the_table_comes_back_cell_for_cell_and_twice_is_once(shop: Sessions, engine: Engine, tmp_path: Path) -> None:
    assert take(shop, tmp_path, ROWS).new == 2
    again = take(shop, tmp_path, ROWS)
    assert (again.unchanged, again.refused) == (2, [])
    export_table(engine, KIND, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == HEADER + ROWS


def test_an_order_is_finished_when_a_later_table_says_so(shop: Sessions, tmp_path: Path) -> None:
    take(shop, tmp_path, ROWS)
    assert finished(shop) == {"F1": False, "F2": False}  # F2 is of former days: nobody is asked about it
    take(shop, tmp_path, "F1,,,,,,,,已完成,\n", days=3)
    take(shop, tmp_path, "F1,,,,,,,,已取走,\n", days=5)
    with shop() as session:
        order = session.scalars(select(ServiceOrder).where(ServiceOrder.number == "F1")).one()
        assert order.finished_at == NOW + timedelta(days=3)
    take(shop, tmp_path, "F1,,,,,,,,返修,\n", days=6)
    assert finished(shop)["F1"] is False


def test_what_cannot_be_is_refused_with_its_cell(shop: Sessions, tmp_path: Path) -> None:
    report = take(
        shop, tmp_path, "F3,C9,,,,cleaning,,,,\nF4,C1,,,,washing,,,,\nF5,C1,,,,repair,2026-11-20,2026-11-01,,\n"
    )
    assert [(one.line, one.column) for one in report.refused] == [(2, "customer_code"), (3, "kind"), (4, "promised_on")]
