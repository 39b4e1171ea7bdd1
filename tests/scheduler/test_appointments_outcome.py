"""After a visit: one card to whoever received her, unless somebody has noted it already."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from crm.models import Appointment, Outcome, Staff
from crm.services import appointments
from scheduler.visit_outcome import JOB
from tests.scheduler.town import Town, shop_time
from tests.scheduler.visiting import PROGRAM, arrive, book, cancel, change

# The queries behind it run on both databases in `test_appointments`; here it is about who gets which card.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

START, OVER = "2026-11-28T15:00", "2026-11-28T16:10"


def go(town: Town, moment: str) -> list[tuple[str, str]]:
    """At this moment everything due is planned and delivered; to whom cards went, and their states."""
    town.at(moment).plan()
    town.deliver()
    return [(row.person, row.state.value) for row in town.rows(JOB)]


def test_ten_minutes_after_the_visit_her_advisor_gets_one_card(town: Town) -> None:
    number = book(town, "C1", START)
    assert go(town, "2026-11-28T16:09") == []
    assert go(town, OVER) == [("lin.yue", "sent")]
    card = town.sandbox.last("wecom", "lin.yue")
    assert card["task_id"] == f"visit-done-{number}-{town.staff['lin.yue']}"
    assert "周芸" in str(card["card"]["main_title"])
    assert town.rows(JOB)[0].key == f"card:{card['task_id']}"
    assert town.rows(JOB)[0].receipt
    assert go(town, "2026-11-28T17:00") == [("lin.yue", "sent")]


def test_who_has_arrived_is_asked_about_as_well(town: Town) -> None:
    number = book(town, "C1", START)
    town.at(START)
    arrive(town, number)
    assert go(town, OVER) == [("lin.yue", "sent")]


def test_what_is_noted_is_not_asked_again(town: Town) -> None:
    number = book(town, "C1", START)
    town.at("2026-11-28T15:50")
    arrive(town, number)
    change(town, number, bought(town))
    assert go(town, OVER) == []


def test_what_is_noted_between_plan_and_call_is_not_asked(town: Town) -> None:
    number = book(town, "C1", START)
    town.at(OVER).plan()
    change(town, number, bought(town))
    town.deliver()
    assert [(row.state.value, row.reason) for row in town.rows(JOB)] == [
        ("skipped", "it is noted already how the visit went")
    ]


def test_a_cancelled_visit_is_no_visit(town: Town) -> None:
    cancel(town, book(town, "C1", START))
    assert go(town, OVER) == []


def test_who_left_meanwhile_is_replaced_by_the_manager(town: Town) -> None:
    book(town, "C1", START)
    with town.sessions.begin() as session:
        session.get_one(Staff, town.staff["lin.yue"]).left_at = shop_time("2026-11-28T12:00")
    assert go(town, OVER) == [("he.qing", "sent")]
    assert go(town, "2026-11-28T16:15") == [("he.qing", "sent")]


def test_days_later_he_is_still_asked_but_not_at_night_and_not_after_three(town: Town) -> None:
    book(town, "C1", START)
    book(town, "C2", "2026-11-25T15:00")
    go(town, "2026-11-28T14:00")
    rows = {row.person: row for row in town.rows(JOB)}
    assert list(rows) == ["wu.an"]
    assert go(town, "2026-11-29T03:00")[-1] == ("lin.yue", "planned")
    assert go(town, "2026-11-29T09:00")[-1] == ("lin.yue", "sent")


def test_nobody_is_asked_about_what_is_long_over(town: Town) -> None:
    book(town, "C1", START)
    assert go(town, "2026-12-01T16:30") == []


def test_a_visit_that_ends_late_is_asked_about_at_once(town: Town) -> None:
    """He is at work then, whatever the quiet hours of customers."""
    town.quiet(16, 9)
    book(town, "C1", START)
    assert go(town, OVER) == [("lin.yue", "sent")]


def bought(town: Town) -> Callable[[Session, Appointment], None]:
    def note(session: Session, visit: Appointment) -> None:
        appointments.note_outcome(session, visit, PROGRAM, Outcome.BOUGHT, "", town.clock.now())

    return note
