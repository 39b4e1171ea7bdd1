"""Appointments in `run-due`, in the standing scheduler and in the list of pushes."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from crm import db
from crm.models import Seat
from crm.services import delivery_list
from scheduler.standing import Standing
from tests.scheduler.test_run_due import busy, run
from tests.scheduler.test_standing import NotedWaker, standing
from tests.scheduler.town import Town
from tests.scheduler.visiting import DAY_BEFORE, TWO_HOURS, book, cancel, hold, wait, waiting_states

EVENING = "2026-11-27T18:00:00+08:00"
START = "2026-11-28T15:00"


def test_run_due_reminds_offers_and_asks(town: Town) -> None:
    book(town, "C2", START)
    book(town, "C1", "2026-11-27T16:00")
    number = book(town, "C5", START, store="HZ02")
    wait(town, "C4", START, START, "HZ02")
    cancel(town, number)
    town.at("2026-11-27T18:00")
    assert busy(run(town, "--at", EVENING).stdout) == [
        "appointment_day_before\tsent\t1",
        "appointment_day_before\tskipped\t1",
        "appointment_two_hours\tskipped\t1",
        "visit_outcome\tsent\t1",
        "waiting_list_offer\twaiting_confirm\t1",
    ]
    assert busy(run(town, "--at", EVENING).stdout) == []
    assert len(town.sandbox.chat("oa", "oTwo")) == 1


def test_one_job_alone_keeps_no_place(town: Town) -> None:
    book(town, "C2", START)
    wait(town, "C4", START, START, "HZ02")
    town.at("2026-11-27T18:00")
    assert run(town, "--at", EVENING, "--job", DAY_BEFORE).output == "appointment_day_before\tsent\t1\n"
    assert waiting_states(town) == {"C4": "waiting"}
    assert run(town, "--at", EVENING, "--job", TWO_HOURS).output == "appointment_two_hours\tnothing\t0\n"


def test_the_list_of_pushes_shows_them_with_their_reasons(town: Town) -> None:
    number = book(town, "C2", START)
    town.at("2026-11-27T18:00").plan()
    cancel(town, number)
    town.deliver()
    lines = listed(town)
    assert len(lines) == 1
    assert "C2" in lines[0]
    assert "the appointment was cancelled" in lines[0]


def listed(town: Town) -> list[str]:
    with db.reading(town.engine) as session:
        return [f"{row.job} {row.customer} {row.state} {row.reason}" for row in delivery_list.listing(session)]


def test_the_standing_scheduler_ends_holds_and_offers_their_places(town: Town) -> None:
    with town.sessions.begin() as session:
        hold(town, session, "C5", START, store="HZ02")
    wait(town, "C2", START, START, "HZ02")
    one = acting(town)
    one.tend()
    assert waiting_states(town) == {"C2": "waiting"}
    town.later(minutes=5)
    one.tend()
    one.plan()
    assert waiting_states(town) == {"C2": "offered"}
    assert town.states() == {"C2": "planned"}


def test_the_second_scheduler_keeps_no_place(town: Town) -> None:
    wait(town, "C2", START, START, "HZ02")
    acting(town)
    two = standing(town, NotedWaker(), "two")
    two.plan()
    two.tend()
    two.ask()
    assert waiting_states(town) == {"C2": "waiting"}


def test_who_was_overtaken_says_so_and_writes_nothing(town: Town) -> None:
    wait(town, "C2", START, START, "HZ02")
    one, two = acting(town), standing(town, NotedWaker(), "two")
    assert two.leadership.acquire(seize=True)
    with capture_logs() as logs:
        one.tend()
    assert [log["event"] for log in logs if log["log_level"] == "warning"] == ["another scheduler took over"]
    assert waiting_states(town) == {"C2": "waiting"}


def test_pieces_and_places_of_the_past_are_cleared(town: Town) -> None:
    book(town, "C2", START)
    one = acting(town)
    town.at("2026-11-30T18:00")
    one.ask()
    with town.sessions() as session:
        assert session.scalars(select(Seat)).all() == []


def test_the_ticket_for_our_pages_is_kept(town: Town) -> None:
    one = acting(town)
    for _ in range(3):
        one.tend()
    assert len(town.calls("/ticket/getticket")) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_platform_that_gives_no_ticket_does_not_stop_the_tick(town: Town) -> None:
    one = acting(town)
    town.sandbox.switch(token_always_bad=True)
    with capture_logs() as logs:
        one.tend()
    assert "no ticket for pages" in [log["event"] for log in logs]


def acting(town: Town) -> Standing:
    """A scheduler that holds the lease."""
    one = standing(town, NotedWaker(), "one")
    one.plan()
    return one
