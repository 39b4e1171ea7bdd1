"""Planning: once per job, person and date, whoever plans and however often; short transactions."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from bot.messages import Text
from crm.models import Consent, Customer, JobMark
from scheduler.errors import Fenced
from scheduler.jobs import JOBS, due_between
from scheduler.lease import Leadership
from scheduler.planning import MarketingPush, write_plan
from scheduler.run import plan_due
from tests.scheduler.town import Town, shop_time

MORNING = "2026-12-08T10:00"


def no_fence(session: Session) -> None:
    """For tests in which nobody else acts."""


def marks(town: Town) -> dict[str, str]:
    with town.sessions() as session:
        found = session.scalars(select(JobMark)).all()
    return {mark.job: mark.until.astimezone(town.shop.hours.zone).isoformat(timespec="minutes")[:16] for mark in found}


def test_a_fresh_database_owes_nothing_from_before_its_first_day(town: Town) -> None:
    town.consent("C1", "C2")
    town.buy("C2", "A1", "2025-12-07")
    assert town.at("2026-12-09T12:00").plan() == 0
    assert marks(town).items() >= {"member_day": "2026-12-09T00:00", "maintenance": "2026-12-09T10:00"}.items()


def test_what_fell_due_earlier_on_the_first_day_is_owed(town: Town) -> None:
    town.buy("C2", "A1", "2025-12-08")
    assert town.at("2026-12-08T15:00").plan() == 1


def test_days_that_were_slept_through_are_made_up_for(town: Town) -> None:
    town.buy("C2", "A1", "2025-12-05")
    town.buy("C2", "A2", "2025-12-07")
    town.at("2026-12-04T12:00").plan()
    assert town.at(MORNING).plan() == 2
    assert [row.due_on for row in town.rows()] == [date(2026, 12, 5), date(2026, 12, 7)]


def test_planning_again_changes_nothing(town: Town) -> None:
    town.consent("C1", "C2")
    town.at(MORNING)
    assert [town.plan() for _ in range(3)] == [2, 0, 0]


def test_a_lost_mark_plans_nobody_twice(town: Town) -> None:
    town.consent("C1", "C2")
    town.at(MORNING).plan()
    with town.sessions.begin() as session:
        for mark in session.scalars(select(JobMark)):
            mark.until = shop_time("2026-12-08T00:00")
    assert town.plan() == 0
    assert len(town.rows()) == 2


def test_two_planners_racing_plan_everybody_once(town: Town) -> None:
    town.consent("C1", "C2", "C3", "C4", "C5")
    town.at(MORNING)
    together = threading.Barrier(2)

    def plan_all(_: int) -> int:
        together.wait()
        done = [planned for _, planned in plan_due(town.shop, town.clock.now(), no_fence)]
        return sum(sum(planned.states.values()) for planned in done)

    with ThreadPoolExecutor(2) as planners:
        assert sum(planners.map(plan_all, range(2))) == 5
    assert len(town.rows()) == 5


def test_who_lost_the_lease_writes_nothing_more(town: Town) -> None:
    town.consent("C1", "C2")
    town.at(MORNING)
    first, second = Leadership(town.sessions, "first"), Leadership(town.sessions, "second")
    assert first.acquire()
    assert second.acquire(seize=True)
    with pytest.raises(Fenced):
        list(plan_due(town.shop, town.clock.now(), first.fence))
    assert town.rows() == []
    assert marks(town) == {}


def test_the_mark_moves_with_the_last_batch_only(town: Town) -> None:
    town.at(MORNING)
    (due,) = due_between(JOBS["member_day"], town.shop, shop_time("2026-12-08T00:00"), town.clock.now())
    batches = [[MarketingPush(town.customers[code], Text("会员日"))] for code in ("C1", "C2", "C3")]
    steps = write_plan(town.shop, due, batches, town.clock.now(), no_fence)
    next(steps)
    next(steps)
    assert len(town.rows()) == 2
    assert marks(town) == {}
    next(steps)
    assert marks(town) == {"member_day": "2026-12-08T10:00"}


def test_a_job_with_nobody_due_still_moves_its_mark(town: Town) -> None:
    town.at(MORNING).plan(JOBS["member_day"], JOBS["maintenance"])
    assert marks(town) == {"member_day": "2026-12-08T10:00", "maintenance": "2026-12-08T10:00"}


def test_five_hundred_people_cost_as_many_queries_as_two(town: Town) -> None:
    town.consent("C1", "C2")
    town.at(MORNING)
    few = _statements(town, lambda: town.plan(JOBS["member_day"]))
    more_customers(town, 300)
    town.at("2027-01-08T10:00")
    many = _statements(town, lambda: town.plan(JOBS["member_day"]))
    assert len(town.rows()) == 304
    assert many <= few + 3


def _statements(town: Town, act: Callable[[], int]) -> int:
    """How many the database was asked."""
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(town.engine, "before_cursor_execute", note)
    act()
    event.remove(town.engine, "before_cursor_execute", note)
    return len(seen)


def more_customers(town: Town, count: int) -> None:
    """Customers who agreed, without any address."""
    with town.sessions.begin() as session:
        people = [Customer(code=f"X{number}", created_at=town.clock.now()) for number in range(count)]
        session.add_all(people)
        session.flush()
        agreed = {"purpose": "marketing", "granted": True, "text_version": "1", "channel": "shop"}
        session.add_all(Consent(customer_id=person.id, at=town.clock.now(), **agreed) for person in people)
