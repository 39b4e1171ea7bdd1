"""An erasure holds: after a restore, against a table, and for everything that points to a customer."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select

import crm.services.linking  # noqa: F401 - its tables belong to the models
from crm import db
from crm.db import Base
from crm.errors import Invalid
from crm.models import Customer, HoldEntry, IdentityKind, Tombstone, TombstoneSign
from crm.services import identities
from crm.services.erasure import erase
from crm.services.linking.moving import columns_about_customers
from crm.services.privacy import fates, holds
from crm.services.privacy.reapplying import forgotten, keep_file, reapply
from crm.services.privacy.stone_file import StoneFile
from crm.services.privacy.tombstones import Stone
from crm.services.tables import Accounts, Report, import_table, tables
from crm.vault import Secret
from tests.crm.builders import NOW, OPERATOR, a_customer, a_line

LATER = NOW + timedelta(days=3)
OA = "wx1"
CASH: dict[str, Any] = {"payment": "cash", "amount": 120_000_00}
# Half past eleven at night and an hour later, in Shanghai.
EVENING, NIGHT = (datetime(2026, 11, 20, hour, 30, tzinfo=UTC) for hour in (15, 16))


def known(session: db.Sessions, code: str, openid: str, phone: str = "13800138000") -> None:
    with session.begin() as opened:
        customer = a_customer(opened, code, "徐铭", phone=phone)
        identities.add(opened, customer, OA, IdentityKind.OPENID, openid, NOW)


def erased(sessions: db.Sessions, code: str, now: datetime = LATER, *, bury: bool = True) -> int:
    with sessions.begin() as session:
        customer = session.scalars(select(Customer).where(Customer.code == code)).one()
        return erase(session, OPERATOR, customer, now, bury=bury)


def name_of(sessions: db.Sessions, code: str) -> str:
    with sessions() as session:
        return session.scalars(select(Customer.name).where(Customer.code == code)).one()


def brought(sessions: db.Sessions, folder: Path, *lines: str) -> Report:
    from zoneinfo import ZoneInfo

    table = folder / "customers.csv"
    table.write_text("\n".join(["code,name,phone,openid", *lines]), encoding="utf-8")
    kinds = tables(ZoneInfo("Asia/Shanghai"), Accounts(OA, "ww1"))
    return import_table(sessions, kinds["customers"], table, LATER + timedelta(days=1))


@pytest.fixture
def stones(tmp_path: Path) -> StoneFile:
    return StoneFile(tmp_path / "apart" / "tombstones")


class TestAfterARestore:
    def test_who_was_erased_since_the_backup_is_erased_again_and_nobody_else(
        self, sessions: db.Sessions, engine: Engine, stones: StoneFile
    ) -> None:
        known(sessions, "C0001", "oA")
        known(sessions, "C0002", "oB")
        erased(sessions, "C0001")
        assert keep_file(engine, stones) == 1
        assert forgotten(engine, stones) == 0
        _restore_by_hand(sessions, "C0001", "oA")
        assert forgotten(engine, stones) == 1
        assert reapply(sessions, stones, OPERATOR, LATER) == 1
        assert (name_of(sessions, "C0001"), name_of(sessions, "C0002")) == ("", "徐铭")
        assert forgotten(engine, stones) == 0
        assert reapply(sessions, stones, OPERATOR, LATER) == 0

    def test_a_stranger_whom_the_backup_knows_by_her_id_alone_is_found(
        self, sessions: db.Sessions, engine: Engine, stones: StoneFile
    ) -> None:
        known(sessions, "C0001", "oA")
        erased(sessions, "C0001")
        keep_file(engine, stones)
        _forget_stones(sessions)
        known(sessions, "W000077", "oA")
        assert reapply(sessions, stones, OPERATOR, LATER) == 2
        assert name_of(sessions, "W000077") == ""

    def test_who_came_again_after_her_erasure_is_somebody_new(
        self, sessions: db.Sessions, engine: Engine, stones: StoneFile
    ) -> None:
        known(sessions, "C0001", "oA")
        erased(sessions, "C0001")
        keep_file(engine, stones)
        _forget_stones(sessions)
        with sessions.begin() as session:
            again = identities.meet(session, OA, IdentityKind.OPENID, "oA", LATER + timedelta(hours=1))
            again.customer.name = "又来了"
            code = again.customer.code
        reapply(sessions, stones, OPERATOR, LATER + timedelta(days=1))
        assert name_of(sessions, code) == "又来了"

    def test_the_file_holds_no_name_and_is_its_owners(
        self, sessions: db.Sessions, engine: Engine, stones: StoneFile
    ) -> None:
        known(sessions, "C0001", "oA")
        erased(sessions, "C0001")
        keep_file(engine, stones)
        text = stones.path.read_text()
        assert not any(word in text for word in ("C0001", "oA", "13800138000", "徐铭"))
        assert stones.path.stat().st_mode & 0o777 == 0o600

    def test_a_file_that_is_gone_is_written_again(
        self, sessions: db.Sessions, engine: Engine, stones: StoneFile
    ) -> None:
        known(sessions, "C0001", "oA")
        erased(sessions, "C0001")
        keep_file(engine, stones)
        before = stones.path.read_text()
        stones.path.unlink()
        assert keep_file(engine, stones) == 1
        assert stones.path.read_text() == before
        assert keep_file(engine, stones) == 0


def _restore_by_hand(sessions: db.Sessions, code: str, openid: str) -> None:
    """What an older backup would hold: her name, her id, and no word of the erasure."""
    _forget_stones(sessions)
    with sessions.begin() as session:
        customer = session.scalars(select(Customer).where(Customer.code == code)).one()
        customer.name, customer.phone = "徐铭", "13800138000"
        identities.add(session, customer, OA, IdentityKind.OPENID, openid, NOW)


def _forget_stones(sessions: db.Sessions) -> None:
    with sessions.begin() as session:
        session.execute(delete(TombstoneSign))
        session.execute(delete(Tombstone))


class TestTheFile:
    def stone(self, number: int) -> Stone:
        return Stone(NOW, bytes([number]) * 12, frozenset([b"a" * 12, b"b" * 12]))

    def test_what_is_written_is_read(self, stones: StoneFile) -> None:
        assert stones.append([self.stone(1), self.stone(2)]) == 2
        assert stones.append([self.stone(2), self.stone(3)]) == 1
        assert stones.read() == [self.stone(1), self.stone(2), self.stone(3)]

    def test_a_line_cut_off_by_a_power_cut_spoils_no_other(self, stones: StoneFile) -> None:
        stones.append([self.stone(1)])
        with stones.path.open("a") as file:
            file.write("2026-11-21T02:00:00+00:00 0202")
        assert stones.read() == [self.stone(1)]
        stones.append([self.stone(2)])
        assert stones.read() == [self.stone(1), self.stone(2)]

    def test_a_strange_line_is_named(self, stones: StoneFile) -> None:
        stones.append([self.stone(1)])
        with stones.path.open("a") as file:
            file.write("hello world\n")
        with pytest.raises(Invalid, match="line 2"):
            stones.read()

    def test_the_keys_follow_the_file(self, stones: StoneFile, tmp_path: Path) -> None:
        assert stones.keys() == frozenset()
        stones.append([self.stone(1)])
        assert stones.keys() == {self.stone(1).key}
        StoneFile(stones.path).append([self.stone(2)])
        assert stones.keys() == {self.stone(1).key, self.stone(2).key}
        shutil.rmtree(stones.path.parent)
        assert stones.keys() == frozenset()


class TestATable:
    def test_does_not_bring_her_back(self, sessions: db.Sessions, tmp_path: Path) -> None:
        known(sessions, "C0001", "oA")
        known(sessions, "C0002", "oB", "13900139000")
        erased(sessions, "C0001")
        report = brought(
            sessions,
            tmp_path,
            "C0001,徐铭,13800138000,oA",
            "C0009,徐铭,,oA",
            "C0010,徐铭,138 0013 8000,",
            "C0002,徐铭,13900139000,oB",
            "C0011,别人,13700137000,oC",
        )
        assert [(refusal.line, refusal.column) for refusal in report.refused] == [
            (2, "code"),
            (3, "openid"),
            (4, "phone"),
        ]
        assert (report.new, report.unchanged) == (1, 1)

    def test_may_name_her_once_she_wrote_again_herself(self, sessions: db.Sessions, tmp_path: Path) -> None:
        known(sessions, "C0001", "oA")
        erased(sessions, "C0001")
        with sessions.begin() as session:
            identities.meet(session, OA, IdentityKind.OPENID, "oA", LATER + timedelta(hours=1))
        assert brought(sessions, tmp_path, "C0009,徐铭,,oA").new == 1


class TestWhatALawKeeps:
    def test_is_name_phone_and_the_purchase_until_its_term_ends(self, sessions: db.Sessions) -> None:
        with sessions.begin() as session:
            customer = a_customer(session, "C0001", "徐铭", phone="13800138000")
            a_line(session, customer, "N1", **CASH)
            a_line(session, customer, "N2", amount=900_000_00, payment="card")
        assert erased(sessions, "C0001") == 1
        with sessions() as session:
            (held,) = session.scalars(select(HoldEntry)).all()
            assert (held.name, held.phone, held.rule) == ("徐铭", "13800138000", holds.RULE)
            assert held.until == datetime(2036, 11, 21, 2, 0, tzinfo=UTC)
        assert name_of(sessions, "C0001") == ""

    @pytest.mark.parametrize(
        ("lines", "held"),
        [
            ([{"amount": 100_000_00, "payment": "cash"}], 1),
            ([{"amount": 99_999_99, "payment": "cash"}], 0),
            ([{"amount": 60_000_00, "payment": "cash"}, {"amount": 40_000_00, "payment": "cash"}], 2),
            ([{"amount": 60_000_00, "payment": "cash"}, {"amount": 60_000_00, "payment": "card"}], 0),
            # 23:30 and 00:30 in Shanghai are two days, although one in UTC
            (
                [
                    {
                        "amount": 60_000_00,
                        "payment": "cash",
                        "purchased_at": EVENING,
                    },
                    {
                        "amount": 60_000_00,
                        "payment": "cash",
                        "purchased_at": NIGHT,
                    },
                ],
                0,
            ),
            # what she paid and what she was paid are not one sum
            ([{"amount": 60_000_00, "payment": "cash"}, {"amount": 60_000_00, "payment": "cash", "kind": "return"}], 0),
            # the rule holds since 1 August 2025
            ([{**CASH, "purchased_at": datetime(2025, 7, 31, 15, 59, tzinfo=UTC)}], 0),
            ([{**CASH, "purchased_at": datetime(2025, 7, 31, 16, 0, tzinfo=UTC)}], 1),
        ],
    )
    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_begins_at_100000_yuan_of_cash_in_one_day(
        self, sessions: db.Sessions, lines: list[dict[str, Any]], held: int
    ) -> None:
        with sessions.begin() as session:
            customer = a_customer(session, "C0001", "徐铭")
            for number, line in enumerate(lines):
                a_line(session, customer, f"N{number}", **line)
        assert erased(sessions, "C0001") == held

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_is_not_lost_by_a_second_erasure(self, sessions: db.Sessions) -> None:
        with sessions.begin() as session:
            a_line(session, a_customer(session, "C0001", "徐铭"), "N1", **CASH)
        assert erased(sessions, "C0001") == 1
        assert erased(sessions, "C0001", LATER + timedelta(days=1)) == 1
        with sessions() as session:
            assert session.scalars(select(HoldEntry.name)).all() == ["徐铭"]


class TestEveryTable:
    def columns(self) -> set[str]:
        return {
            f"{column.table.name}.{column.name}"
            for table in Base.metadata.sorted_tables
            for column in table.columns
            for key in column.foreign_keys
            if key.column is Customer.__table__.c.id
        }

    def test_that_points_to_a_customer_has_its_fate(self) -> None:
        assert self.columns() == set(fates.FATES)

    def test_that_points_to_a_customer_is_moved_by_merging(self) -> None:
        moved = {f"{column.table.name}.{column.name}" for column in columns_about_customers()}
        assert self.columns() - moved == {"customer_name_index.customer_id"}

    def test_that_stays_says_why(self) -> None:
        assert [name for name, fate in fates.FATES.items() if fate.what != fates.DELETED and not fate.why] == []

    def test_with_encrypted_words_says_how_long_they_stay(self) -> None:
        secret = {
            f"{table.name}.{column.name}"
            for table in Base.metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, Secret)
        }
        assert secret == set(fates.SECRETS)

    def test_what_goes_by_retention_is_in_its_rules(self) -> None:
        from crm.services.privacy.retention import Retention, rules

        cleared: set[str] = set()
        for rule in rules(Retention(), NOW):
            table = rule.model.__table__
            names = rule.emptied if rule.emptied is not None else [column.name for column in table.columns]
            cleared |= {f"{table.name}.{name}" for name in names}
        promised = {name for name, kept in fates.SECRETS.items() if kept == fates.RETENTION}
        assert promised - cleared == set()
