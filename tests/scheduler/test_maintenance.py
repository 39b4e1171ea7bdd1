"""Maintenance reminders: whose piece is due today, what is said, and when it is not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest
from sqlalchemy import select

from crm.models import PieceCare, Purchase
from scheduler.care import works_for
from tests.scheduler.town import PEOPLE, Town

JOB = "maintenance"
DAY = "2026-12-08T10:00"
A_YEAR_BEFORE = "2025-12-08"


def test_a_year_after_the_purchase_a_template_reminds(town: Town) -> None:
    town.buy("C2", "A1", A_YEAR_BEFORE, "相守铂金对戒", material="铂金Pt950")
    town.at(DAY).plan()
    town.deliver()
    assert town.states(JOB) == {"C2": "sent"}
    (line,) = town.sandbox.chat("oa", "oTwo")
    assert line["type"] == "template"
    assert [field["value"] for field in line["fields"]] == ["相守铂金对戒", "2025年12月8日", "清洁、抛光"]


def test_in_an_open_window_she_reads_it_as_a_message(town: Town) -> None:
    town.buy("C1", "A1", A_YEAR_BEFORE, "Akoya珍珠项链", category="项链", material="18K金", gem="Akoya珍珠")
    town.at("2026-12-08T09:59")
    town.write("C1")
    town.at(DAY).plan()
    town.deliver()
    (words,) = town.said("C1")
    assert words.startswith("您的Akoya珍珠项链陪您1年了（2025年12月8日购于拾光里珠宝）")
    assert "重新穿线" in words
    assert town.log_of("C1") == [words]


@pytest.mark.parametrize(
    ("bought", "due"),
    [
        ("2025-12-08", True),
        ("2024-12-08", True),  # two times 365 days before
        ("2023-12-09", True),  # 2024 was a leap year: a day later in the calendar
        ("2023-12-08", False),
        ("2025-12-07", False),
        ("2025-12-09", False),
        ("2026-12-08", False),
    ],
)
def test_every_365_days(town: Town, bought: str, due: bool) -> None:
    town.buy("C2", "A1", bought)
    assert town.at(DAY).plan() == int(due)


def test_several_pieces_of_one_day_are_one_message(town: Town) -> None:
    town.buy("C2", "A1", A_YEAR_BEFORE, "足金手镯", category="手镯")
    town.buy("C2", "A2", "2024-12-08", "单钻戒指", material="18K金", setting="爪镶")
    town.at("2026-12-08T09:59")
    town.write("C2")
    assert town.at(DAY).plan() == 1
    town.deliver()
    (words,) = town.said("C2")
    assert "2件首饰" in words
    assert "·单钻戒指（2024年12月8日购买）：检查镶口和爪、清洁宝石" in words
    assert "·足金手镯（2025年12月8日购买）：清洁、检查有无变形" in words


def test_a_piece_that_came_back_is_not_hers(town: Town) -> None:
    town.buy("C2", "A1", A_YEAR_BEFORE)
    town.buy("C2", "A2", "2025-12-13", kind="return", original_number="A1", original_line=1)
    assert town.at(DAY).plan() == 0


def test_an_exchanged_piece_makes_way_for_the_new_one(town: Town) -> None:
    town.buy("C2", "A1", "2025-12-01", "旧款戒指", barcode="SG1")
    town.buy("C2", "A2", A_YEAR_BEFORE, "新款戒指", "exchange", barcode="SG2", original_number="A1", original_line=1)
    assert town.at("2026-12-01T10:00").plan() == 0
    town.at(DAY).plan()
    town.deliver()
    assert town.sandbox.last("oa", "oTwo")["fields"][0]["value"] == "新款戒指"


def test_a_piece_that_comes_back_between_plan_and_call_is_not_mentioned(town: Town) -> None:
    town.buy("C2", "A1", A_YEAR_BEFORE, "足金手镯")
    town.buy("C2", "A2", A_YEAR_BEFORE, "足金戒指")
    town.at(DAY).plan()
    town.buy("C2", "A3", "2026-12-08", kind="return", original_number="A1", original_line=1)
    town.deliver()
    assert town.sandbox.last("oa", "oTwo")["fields"][0]["value"] == "足金戒指"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("hidden", "until", "told"),
    [
        ("before", "2026-12-24", {}),
        ("meanwhile", "2026-12-24", {"C2": "skipped"}),
        ("before", "2026-12-08", {"C2": "sent"}),
    ],
)
def test_nobody_is_reminded_of_a_piece_that_is_a_secret_from_her(
    town: Town, hidden: str, until: str, told: dict[str, str]
) -> None:
    town.buy("C2", "A1", A_YEAR_BEFORE)
    town.at(DAY)
    if hidden == "meanwhile":
        town.plan()
    with town.sessions.begin() as session:
        line = session.scalars(select(Purchase)).one()
        session.add(PieceCare(purchase_id=line.id, surprise_until=date.fromisoformat(until)))
    town.plan()
    town.deliver()
    assert town.states(JOB) == told


def test_when_the_only_piece_comes_back_nothing_is_sent(town: Town) -> None:
    town.buy("C2", "A1", A_YEAR_BEFORE)
    town.at(DAY).plan()
    town.buy("C2", "A2", "2026-12-08", kind="return", original_number="A1", original_line=1)
    town.deliver()
    assert town.states(JOB) == {"C2": "skipped"}
    assert town.row("C2").reason == "the piece is no longer the customer's"


def test_it_needs_no_consent_to_marketing(town: Town) -> None:
    town.withdraw("C2")
    town.buy("C2", "A1", A_YEAR_BEFORE)
    town.at(DAY).plan()
    town.deliver()
    assert town.states(JOB) == {"C2": "sent"}


def test_who_unfollowed_is_reached_through_the_advisor_or_named_with_the_reason(town: Town) -> None:
    for number, code in enumerate(PEOPLE):
        town.buy(code, f"A{number}", A_YEAR_BEFORE)
    town.unfollow("oThree")
    town.at(DAY).plan()
    town.deliver()
    assert town.states(JOB) == {
        "C1": "sent",
        "C2": "sent",
        "C3": "skipped",
        "C4": "waiting_confirm",
        "C5": "sent",
        "C6": "skipped",
    }
    assert {code: town.row(code).channel for code in PEOPLE} == {
        "C1": "official_account",
        "C2": "official_account",
        "C3": "",
        "C4": "contact",
        "C5": "wecom",
        "C6": "",
    }
    assert "not a follower of the official account" in town.row("C3").reason


def test_who_unfollowed_without_our_knowing_is_found_out_at_the_call(town: Town) -> None:
    town.buy("C2", "A1", A_YEAR_BEFORE)
    town.buy("C3", "A2", A_YEAR_BEFORE)
    town.unfollow("oTwo", told=False)
    town.unfollow("oThree", told=False)
    town.at(DAY).plan()
    town.deliver()
    assert town.states(JOB) == {"C2": "sent", "C3": "failed"}
    assert town.row("C2").route == "advisor_task"
    assert town.row("C3").reason.startswith("Unreachable: 43004")


@pytest.mark.parametrize(
    ("moment", "state"),
    [("2026-12-09T08:00", "planned"), ("2026-12-15T19:59", "sent"), ("2026-12-15T20:01", "skipped")],
)
def test_up_to_seven_days_late_but_never_at_night(town: Town, moment: str, state: str) -> None:
    town.at("2026-12-08T09:00").plan()
    town.buy("C2", "A1", A_YEAR_BEFORE)
    town.at(moment).plan()
    town.deliver()
    assert town.states(JOB) == {"C2": state}


def test_without_a_template_it_goes_another_way(town: Town) -> None:
    town.shop = replace(town.shop, templates={})
    town.buy("C1", "A1", A_YEAR_BEFORE)
    town.at(DAY).plan()
    town.deliver()
    assert town.row("C1").route == "advisor_send_task"
    assert town.states(JOB) == {"C1": "waiting_confirm"}


@dataclass(frozen=True)
class Piece:
    category: str = ""
    material: str = ""
    gem: str = ""
    setting: str = ""


@pytest.mark.parametrize(
    ("piece", "works"),
    [
        (Piece("项链", "18K金", "Akoya珍珠"), ["care_restring", "care_clasp"]),
        (Piece("耳饰", "18K金", "Akoya珍珠", "粘镶"), ["care_pearl"]),
        (Piece("戒指", "18K金", "钻石", "爪镶"), ["care_prongs"]),
        (Piece("戒指", "铂金Pt950", "钻石", "包镶"), ["care_setting"]),
        (Piece("手镯", "翡翠", "翡翠"), ["care_jade"]),
        (Piece("手链", "蜜蜡", "蜜蜡"), ["care_cord", "care_gentle"]),
        (Piece("吊坠", "蜜蜡", "蜜蜡"), ["care_gentle"]),
        (Piece("项链", "S925银"), ["care_silver", "care_clasp"]),
        (Piece("手镯", "足金"), ["care_gold"]),
        (Piece("戒指", "铂金Pt950"), ["care_polish"]),
        (Piece("摆件", "琉璃"), ["care_clean"]),
    ],
)
def test_every_piece_gets_the_care_it_needs(piece: Piece, works: list[str]) -> None:
    assert works_for(piece) == works
