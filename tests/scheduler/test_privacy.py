"""What the scheduler does for privacy: less to who asked for less, words emptied at night, erasures kept in a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from crm.actors import Actor
from crm.models import AuditEntry, Customer, Direction, Interaction
from crm.services import consents
from crm.services.erasure import erase
from crm.services.privacy.stone_file import StoneFile
from scheduler.jobs import JOBS
from scheduler.lease import Leadership
from scheduler.standing import Standing
from scheduler.waking import waker
from tests.scheduler.past import marketing_sent
from tests.scheduler.town import Town

MORNING = "2026-12-08T10:00"
JOB = "member_day"


def less(town: Town, code: str) -> None:
    with town.sessions.begin() as session:
        consents.withdraw(session, town.customers[code], consents.OFTEN, channel="kf", at=town.clock.now())


def test_who_asked_for_less_gets_one_a_month_and_nobody_else_less(town: Town) -> None:
    town.consent("C1", "C2")
    less(town, "C1")
    town.at(MORNING)
    with town.sessions.begin() as session:
        for code in ("C1", "C2"):
            marketing_sent(session, town.customers[code], town.clock.now(), 1)
    town.plan()
    assert (town.states(JOB)["C1"], town.states(JOB)["C2"]) == ("skipped", "planned")


def test_the_first_of_the_month_still_reaches_her(town: Town) -> None:
    town.consent("C1")
    less(town, "C1")
    town.at(MORNING).plan()
    assert town.states(JOB)["C1"] == "planned"


def test_asking_for_less_is_no_consent(town: Town) -> None:
    less(town, "C1")
    town.at(MORNING).plan()
    assert "C1" not in town.states(JOB)


def test_at_half_past_three_old_words_are_emptied_and_that_is_audited(town: Town) -> None:
    now = town.at("2026-12-07T03:00").clock.now()
    with town.sessions.begin() as session:
        session.add(
            Interaction(
                at=now - relativedelta(months=25), direction=Direction.IN, channel="kf", kind="text", text="话", key="k"
            )
        )
    town.plan()
    assert words(town) == ["话"]
    town.at("2026-12-07T03:31").plan()
    assert words(town) == [""]
    with town.sessions() as session:
        done = session.scalars(select(AuditEntry).where(AuditEntry.action == "retention")).one()
    assert (done.actor, done.detail) == ("retention", "interactions 1")


def words(town: Town) -> list[str]:
    with town.sessions() as session:
        return list(session.scalars(select(Interaction.text).where(Interaction.key == "k")))


def test_it_is_in_the_table_of_jobs() -> None:
    assert "retention" in JOBS


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_acting_scheduler_keeps_the_file_of_erasures(town: Town, tmp_path: Path) -> None:
    stones = StoneFile(tmp_path / "tombstones")
    with town.sessions.begin() as session:
        erase(session, Actor.operator(), session.get_one(Customer, town.customers["C1"]), town.clock.now())
    leadership = Leadership(town.sessions, "one")
    assert leadership.acquire()
    shop = replace(town.shop, stones=stones, subscriptions={})
    standing = Standing(shop, town.platforms, town.clock, leadership, waker(None), town.courier)
    standing.tend()
    assert len(stones.read()) == 1
