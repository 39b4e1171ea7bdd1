"""The day after a visit or a finished service she is asked once how it was."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from crm.actors import Actor
from crm.models import Appointment, Customer, Feedback, Outcome, PieceCare, Purchase, ServiceKind, ServiceOrder
from crm.services import appointments
from crm.services.erasure import erase
from crm.services.households import satisfaction
from tests.scheduler.town import Town, shop_time
from tests.scheduler.visiting import book, change

JOB = "satisfaction"


def arrived(town: Town, number: str) -> None:
    def here(session: Any, visit: Appointment) -> None:
        appointments.arrived(session, visit, Actor.program("test"), town.clock.now())

    change(town, number, here)


def a_visit(town: Town, code: str = "C1") -> str:
    """Yesterday, on 8 December, from two to three."""
    town.at("2026-12-07T10:00")
    number = book(town, code, "2026-12-08T14:00")
    town.at("2026-12-08T14:05")
    arrived(town, number)
    return number


def test_she_is_asked_the_next_morning_and_never_again(town: Town) -> None:
    a_visit(town)
    town.at("2026-12-09T10:59").plan()
    assert town.rows(JOB) == []
    town.at("2026-12-09T11:00")
    town.write("C1")
    town.plan()
    town.deliver()
    assert town.states(JOB) == {"C1": "sent"}
    asked = town.sandbox.chat("oa", "oOne")[-1]
    assert "湖滨店试戴，感觉怎么样" in str(asked)
    assert "不满意" in str(asked)
    town.at("2026-12-10T11:00").plan()
    town.at("2026-12-11T11:00").plan()
    assert len(town.rows(JOB)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_noted_visit_is_asked_about_one_that_did_not_take_place_is_not(town: Town) -> None:
    done, missed = a_visit(town), ""
    town.at("2026-12-07T10:00")
    missed = book(town, "C2", "2026-12-08T17:00")
    town.at("2026-12-08T18:30")
    actor = Actor.program("test")
    change(town, done, lambda s, visit: appointments.note_outcome(s, visit, actor, Outcome.LIKED, "", town.clock.now()))
    change(town, missed, lambda s, visit: appointments.no_show(s, visit, actor, town.clock.now()))
    town.at("2026-12-09T11:00").plan()
    assert set(town.states(JOB)) == {"C1"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_finished_service_is_asked_about_with_its_name(town: Town) -> None:
    finished = shop_time("2026-12-08T16:00")
    with town.sessions.begin() as session:
        of = {"customer_id": town.customers["C1"], "number": "F1", "kind": ServiceKind.RESTRINGING}
        session.add(ServiceOrder(**of, stage="已完成", finished_at=finished, piece_barcode=""))
    town.at("2026-12-09T11:00")
    town.write("C1")
    town.plan()
    town.deliver()
    assert "您的重新穿线已经完成" in str(town.sandbox.chat("oa", "oOne")[-1])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("until", "asked"), [("2026-12-09", {"C1": "sent"}), ("2026-12-10", {})])
def test_what_was_done_to_a_piece_that_is_a_secret_is_not_asked_of_whom_it_surprises(
    town: Town, until: str, asked: dict[str, str]
) -> None:
    town.buy("C1", "A1", "2026-12-01", barcode="B-1")
    with town.sessions.begin() as session:
        line = session.scalars(select(Purchase).where(Purchase.number == "A1")).one()
        session.add(PieceCare(purchase_id=line.id, surprise_until=date.fromisoformat(until)))
        of = {"customer_id": town.customers["C1"], "number": "F1", "kind": ServiceKind.ENGRAVING}
        session.add(ServiceOrder(**of, finished_at=shop_time("2026-12-08T16:00"), piece_barcode="B-1"))
    town.at("2026-12-09T11:00")
    town.write("C1")
    town.plan()
    town.deliver()
    assert town.states(JOB) == asked


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_has_answered_meanwhile_is_not_asked(town: Town) -> None:
    a_visit(town)
    town.at("2026-12-09T11:00").plan()
    with town.sessions.begin() as session:
        asked = session.scalars(select(Feedback)).one()
        satisfaction.answer(session, asked, satisfaction.PLEASED, town.clock.now())
    town.deliver()
    assert town.states(JOB) == {"C1": "skipped"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_question_that_was_noted_but_not_planned_is_planned_by_the_next_scheduler(town: Town) -> None:
    number = a_visit(town)
    town.at("2026-12-09T11:00")
    with town.sessions.begin() as session:
        satisfaction.ask(session, f"appointment:{number}", town.customers["C1"], None, town.clock.now())
    town.plan()
    assert len(town.rows(JOB)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_was_erased_is_not_asked(town: Town) -> None:
    a_visit(town)
    with town.sessions.begin() as session:
        erase(session, Actor.operator(), session.get_one(Customer, town.customers["C1"]), town.clock.now())
    town.at("2026-12-09T11:00").plan()
    assert town.rows(JOB) == []
