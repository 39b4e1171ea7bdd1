"""The calendar file, as a phone reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from tests.pages.visitor import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def event_of(visitor: Visitor) -> Event:
    visitor.opens("/calendar.ics")
    assert visitor.page.status_code == 200
    assert visitor.page.mimetype == "text/calendar"
    [event] = Calendar.from_ical(visitor.page.data).walk("VEVENT")
    return event


def test_it_holds_when_where_and_an_alarm_two_hours_before(visitor: Visitor) -> None:
    event = event_of(visitor)
    assert event.start == datetime.fromisoformat("2026-11-28T15:00+08:00")
    assert event.start.astimezone(UTC) == datetime(2026, 11, 28, 7, tzinfo=UTC)
    assert event.end - event.start == timedelta(hours=1)
    assert event["SUMMARY"] == "试戴预约 · 湖滨店"
    assert event["LOCATION"] == "湖滨店，湖滨路1号"
    assert event["GEO"].to_ical() == "30.25;120.16"
    assert event["STATUS"] == "CONFIRMED"
    assert event["URL"].endswith(visitor.address)
    [alarm] = event.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(hours=-2)


def test_it_brings_the_shops_time_zone_along(visitor: Visitor) -> None:
    visitor.opens("/calendar.ics")
    calendar = Calendar.from_ical(visitor.page.data)
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert b"DTSTART;TZID=Asia/Shanghai:20261128T150000" in visitor.page.data
    assert b"TZOFFSETTO:+0800" in visitor.page.data


def test_it_keeps_to_the_form_of_such_files(visitor: Visitor) -> None:
    visitor.opens("/calendar.ics")
    lines = visitor.page.data.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75


def test_it_says_nothing_of_the_customer(visitor: Visitor) -> None:
    visitor.opens("/calendar.ics")
    unfolded = visitor.page.data.replace(b"\r\n ", b"").decode()
    for secret in ("周芸", "13800138000", "妈妈", "C0001"):
        assert secret not in unfolded


def test_a_moved_visit_is_the_same_event_and_a_later_one(visitor: Visitor) -> None:
    before = event_of(visitor)
    visitor.moves_to("17:00")
    after = event_of(visitor)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.start == datetime.fromisoformat("2026-11-28T17:00+08:00")


def test_a_cancelled_visit_goes_from_the_calendar(visitor: Visitor) -> None:
    before = event_of(visitor)
    visitor.cancels()
    after = event_of(visitor)
    assert (after["UID"], after["STATUS"]) == (before["UID"], "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.walk("VALARM") == []
