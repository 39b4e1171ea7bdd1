"""Reminders of a visit: when they come, what they say, and when they do not come."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import event, select

from crm.models import Store
from scheduler.jobs import JOBS
from scheduler.run import plan_due
from tests.scheduler.test_planning import no_fence
from tests.scheduler.town import Town
from tests.scheduler.visiting import DAY_BEFORE, TWO_HOURS, arrive, book, cancel, hold, move

# A Saturday; the town's clock begins at ten in the morning of the 21st.
VISIT = "2026-11-28T15:00"


def go(town: Town, moment: str) -> dict[str, dict[str, str]]:
    """At this moment everything due is planned and delivered; the states of both reminders."""
    town.at(moment).plan()
    town.deliver()
    return {job: states for job in (DAY_BEFORE, TWO_HOURS) if (states := town.states(job))}


def template(town: Town, person: str = "oTwo") -> list[str]:
    """The fields of the last template message."""
    return [field["value"] for field in town.sandbox.last("oa", person)["fields"]]


def test_the_evening_before_and_two_hours_ahead(town: Town) -> None:
    number = book(town, "C2", VISIT)
    assert go(town, "2026-11-27T17:59") == {}
    assert go(town, "2026-11-27T18:00") == {DAY_BEFORE: {"C2": "sent"}}
    assert template(town) == ["古法手镯", "2026年11月28日 15:00", "湖滨店"]
    assert town.sandbox.last("oa", "oTwo")["url"] == town.shop.links.appointment(number)
    assert go(town, "2026-11-28T12:59") == {DAY_BEFORE: {"C2": "sent"}}
    assert go(town, "2026-11-28T13:00") == {DAY_BEFORE: {"C2": "sent"}, TWO_HOURS: {"C2": "sent"}}
    assert len(town.sandbox.chat("oa", "oTwo")) == 2
    assert {row.due_on for row in town.rows(DAY_BEFORE)} == {date(2026, 11, 27)}


def test_in_an_open_window_she_reads_where_when_and_with_whom(town: Town) -> None:
    with town.sessions.begin() as session:
        store = session.scalars(select(Store).where(Store.code == "HZ01")).one()
        store.address, store.latitude, store.longitude = "湖滨路1号", 30.25, 120.16
    book(town, "C1", VISIT, pieces=("古法手镯", "珍珠项链", "对戒"))
    town.at("2026-11-27T12:00").write("C1")
    go(town, "2026-11-27T18:00")
    (words,) = town.said("C1")
    first, where, pieces, who, how = words.split("\n")
    assert first == "明天（周六）15:00，湖滨店见。"
    assert where.startswith("地址：湖滨路1号（<a href=")
    assert pieces == "想看的古法手镯、珍珠项链已经记下。"
    assert who == "林悦会在店里等您。"
    assert "/a/" in how


def test_a_reminder_made_up_for_on_the_day_says_today(town: Town) -> None:
    book(town, "C1", VISIT)
    town.at("2026-11-28T09:30").write("C1")
    go(town, "2026-11-28T09:30")
    assert town.said("C1")[0].startswith("今天15:00，湖滨店见。")


@pytest.mark.parametrize(
    ("chosen", "looked", "states"),
    [
        ("2026-11-27T18:30", "2026-11-27T18:30", {DAY_BEFORE: {"C2": "sent"}}),  # at once
        ("2026-11-27T19:59", "2026-11-27T20:10", {DAY_BEFORE: {"C2": "sent"}}),
        ("2026-11-27T20:00", "2026-11-27T20:10", {}),  # she knows it still
        ("2026-11-28T10:00", "2026-11-28T10:00", {}),
        ("2026-11-28T12:00", "2026-11-28T13:00", {TWO_HOURS: {"C2": "sent"}}),
        ("2026-11-28T12:01", "2026-11-28T13:00", {}),
        ("2026-11-28T13:30", "2026-11-28T14:00", {}),
    ],
)
def test_who_chose_her_time_late_is_not_told_what_she_knows(
    town: Town, chosen: str, looked: str, states: dict[str, dict[str, str]]
) -> None:
    town.at(chosen)
    book(town, "C2", VISIT)
    assert go(town, looked) == states


@pytest.mark.parametrize(
    ("woken", "states"),
    [
        ("2026-11-27T20:59", {DAY_BEFORE: "sent"}),
        ("2026-11-28T11:59", {DAY_BEFORE: "sent"}),
        ("2026-11-28T12:01", {DAY_BEFORE: "skipped"}),
        ("2026-11-28T14:14", {DAY_BEFORE: "skipped", TWO_HOURS: "sent"}),
        ("2026-11-28T14:16", {DAY_BEFORE: "skipped", TWO_HOURS: "skipped"}),
        ("2026-11-28T15:30", {DAY_BEFORE: "skipped", TWO_HOURS: "skipped"}),
    ],
)
def test_after_a_pause_each_is_sent_as_long_as_it_is_useful_and_otherwise_listed(
    town: Town, woken: str, states: dict[str, str]
) -> None:
    book(town, "C2", VISIT)
    go(town, "2026-11-27T12:00")
    done = go(town, woken)
    assert {job: by_code["C2"] for job, by_code in done.items()} == states
    for job, state in states.items():
        assert ("too late to be useful" in town.row("C2", job).reason) == (state == "skipped")


def test_quiet_hours_are_kept_although_it_is_a_service(town: Town) -> None:
    book(town, "C2", "2026-11-28T10:30")
    book(town, "C1", "2026-11-28T10:00", store="HZ02")
    town.quiet(18, 9)
    assert go(town, "2026-11-27T18:00") == {DAY_BEFORE: {"C2": "skipped", "C1": "skipped"}}
    assert go(town, "2026-11-28T08:30") == {
        DAY_BEFORE: {"C2": "skipped", "C1": "skipped"},
        TWO_HOURS: {"C2": "planned", "C1": "planned"},
    }
    assert go(town, "2026-11-28T09:00")[TWO_HOURS] == {"C2": "sent", "C1": "sent"}
    assert "quiet hours" in town.row("C2", DAY_BEFORE).reason


def test_a_worker_that_wakes_up_at_night_waits_for_the_morning(town: Town) -> None:
    book(town, "C2", VISIT)
    town.at("2026-11-27T18:00").plan()
    town.at("2026-11-27T23:00").deliver()
    assert town.states(DAY_BEFORE) == {"C2": "planned"}
    town.at("2026-11-28T09:00").deliver()
    assert town.states(DAY_BEFORE) == {"C2": "sent"}


def test_a_moved_visit_gets_new_reminders(town: Town) -> None:
    number = book(town, "C2", VISIT)
    go(town, "2026-11-27T18:00")
    move(town, number, "2026-11-29T11:00")
    go(town, "2026-11-28T13:00")
    assert len(town.rows()) == 1
    go(town, "2026-11-28T18:00")
    assert [row.state.value for row in town.rows(DAY_BEFORE)] == ["sent", "sent"]
    assert template(town)[1] == "2026年11月29日 11:00"


def test_what_was_planned_for_the_old_time_is_not_sent(town: Town) -> None:
    number = book(town, "C2", VISIT)
    town.at("2026-11-27T18:00").plan()
    move(town, number, "2026-11-29T11:00")
    town.deliver()
    row = town.row("C2", DAY_BEFORE)
    assert (row.state.value, row.reason) == ("skipped", "the appointment was moved to another time")


def test_moved_to_tomorrow_in_the_evening_is_reminded_once_at_once(town: Town) -> None:
    number = book(town, "C2", "2026-11-30T11:00")
    town.at("2026-11-27T18:30")
    move(town, number, VISIT)
    assert go(town, "2026-11-27T18:31") == {DAY_BEFORE: {"C2": "sent"}}
    town.at("2026-11-28T14:00")
    move(town, number, "2026-11-28T16:00")
    assert go(town, "2026-11-28T14:05") == {DAY_BEFORE: {"C2": "sent"}}


@pytest.mark.parametrize("planned", [True, False])
def test_a_cancelled_visit_is_not_remembered(town: Town, planned: bool) -> None:
    number = book(town, "C2", VISIT)
    town.at("2026-11-27T18:00")
    if planned:
        town.plan()
    cancel(town, number)
    town.plan()
    town.deliver()
    assert town.states() == ({"C2": "skipped"} if planned else {})
    assert [row.reason for row in town.rows()] == ["the appointment was cancelled"] * planned


def test_who_is_early_is_not_told_to_come(town: Town) -> None:
    number = book(town, "C2", VISIT)
    go(town, "2026-11-27T18:00")
    town.at("2026-11-28T13:00").plan()
    arrive(town, number)
    town.deliver()
    assert (town.row("C2", TWO_HOURS).state.value, town.row("C2", TWO_HOURS).reason) == ("skipped", "she has arrived")


def test_a_hold_is_no_visit(town: Town) -> None:
    with town.sessions.begin() as session:
        hold(town, session, "C2", VISIT)
    assert go(town, "2026-11-27T18:00") == {}


def test_twice_sends_nothing_more(town: Town) -> None:
    book(town, "C2", VISIT)
    town.at("2026-11-27T18:00")
    assert [town.plan() for _ in range(3)] == [1, 0, 0]
    town.deliver()
    town.deliver()
    assert len(town.sandbox.chat("oa", "oTwo")) == 1


def test_two_schedulers_plan_it_once(town: Town) -> None:
    for code, start in (("C1", "11"), ("C2", "12"), ("C4", "13"), ("C5", "14")):
        book(town, code, f"2026-11-28T{start}:00")
    town.at("2026-11-27T18:00")
    together = Barrier(2)

    def plan_all(_: int) -> int:
        together.wait()
        done = [planned for _, planned in plan_due(town.shop, town.clock.now(), no_fence, [JOBS[DAY_BEFORE]])]
        return sum(sum(planned.states.values()) for planned in done)

    with ThreadPoolExecutor(2) as planners:
        assert sum(planners.map(plan_all, range(2))) == 4
    assert len(town.rows(DAY_BEFORE)) == 4


def test_many_visits_cost_as_many_queries_as_two(town: Town) -> None:
    book(town, "C1", "2026-11-28T11:00")
    book(town, "C2", "2026-11-28T12:00")
    town.at("2026-11-27T18:00")
    few = statements(town)
    for hour, code in enumerate(("C4", "C5", "C3"), 13):
        book(town, code, f"2026-11-28T{hour}:00", pieces=("戒指", "耳钉"))
    assert statements(town) <= few
    assert len(town.rows(DAY_BEFORE)) == 5


def test_where_nothing_is_due_nothing_is_written(town: Town) -> None:
    book(town, "C1", VISIT)
    town.at("2026-11-27T12:00").plan()
    written = [words for words in asked(town) if not words.startswith(("SELECT", "PRAGMA"))]
    assert [words for words in written if "job_marks" not in words and "leases" not in words] == []


def statements(town: Town) -> int:
    return len(asked(town))


def asked(town: Town) -> list[str]:
    """What the database is asked while the reminders are planned."""
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(town.engine, "before_cursor_execute", note)
    town.plan(JOBS[DAY_BEFORE], JOBS[TWO_HOURS])
    event.remove(town.engine, "before_cursor_execute", note)
    return seen
