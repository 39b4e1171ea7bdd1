"""One last place and many customers who type for it at once, over three web processes: one has it, nobody an error."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crm import db
from crm.models import Appointment, AppointmentState, InboxRow, InboxState, Seat, Store
from tests.faults.machine import Machine, Program
from tests.faults.platform import Platform, Pushed

ZONE = ZoneInfo("Asia/Shanghai")
WEB_PROCESSES = 3
# Customers, and how many of them have a message on its way at the same moment.
SHORT, FULL = (40, 10), (200, 20)
WEEKDAYS = "一二三四五六日"


def three_web_processes(machine: Machine) -> Program:
    machine.settings["WEB_PROCESSES"] = str(WEB_PROCESSES)
    return machine.web()


def the_day_after_tomorrow() -> datetime:
    return datetime.now(UTC).astimezone(ZONE).replace(hour=15, minute=0, second=0, microsecond=0) + timedelta(days=2)


def everybody_says(platform: Platform, people: list[str], words: str, at_a_time: int) -> list[Pushed]:
    with ThreadPoolExecutor(at_a_time) as crowd:
        return list(crowd.map(lambda person: platform.text(person, words), people))


def test_two_hundred_customers_type_for_one_last_place(machine: Machine, platform: Platform, full: bool) -> None:
    count, at_a_time = FULL if full else SHORT
    with machine.sessions.begin() as session:
        session.scalars(select(Store)).one().try_on_places = 1
    three_web_processes(machine)
    wanted, people = the_day_after_tomorrow(), [f"oRacer_{number:03}" for number in range(count)]
    asked = everybody_says(platform, people, "后天下午三点想试戴古法手镯，送妈妈的", at_a_time)
    assert {pushed.taken for pushed in asked} == {True}
    holders = [pushed for pushed in asked if "确认" in pushed.answer]
    assert len(holders) == 1
    # Everybody else reads other times, of which she has to tap one.
    others = [pushed.answer for pushed in asked if pushed not in holders]
    assert all(answer.count("weixin://bizmsgmenu") >= 3 for answer in others)
    yes = everybody_says(platform, people, "确认", at_a_time)
    assert {pushed.taken for pushed in yes} == {True}
    with db.reading(machine.engine) as session:
        states = Counter(session.scalars(select(InboxRow.state)))
        assert states.keys() == {InboxState.ANSWERED}
        visits = session.scalars(select(Appointment)).all()
        at_three = [visit for visit in visits if visit.starts_at == wanted]
        assert [visit.state for visit in at_three] == [AppointmentState.BOOKED]
        seats = Counter((seat.cell, seat.place) for seat in session.scalars(select(Seat)))
        assert set(seats.values()) == {1}
        assert all(place == 1 for _, place in seats)
