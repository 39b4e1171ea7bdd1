"""A visit as a calendar file: what chat cannot carry."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from crm.models import Appointment
from pages.sheet import Sheet
from wording import Wording

PRODUCT = "-//shop assistant//appointments//ZH"
# How long before the visit the phone speaks up.
ALARM_BEFORE = timedelta(hours=2)
# The file explains its time zone for the days around the visit, no more.
ZONE_DAYS = timedelta(days=366)


def calendar_file(
    appointment: Appointment, sheet: Sheet, link: str, host: str, zone: ZoneInfo, now: datetime, say: Wording
) -> bytes:
    """One event. The same `UID` each time and a `SEQUENCE` that grows with each change: a calendar that
    has the visit already moves or cancels it instead of adding a second one."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(appointment, sheet, link, host, zone, now, say))
    local = appointment.starts_at.astimezone(zone).date()
    calendar.add_missing_timezones(local - ZONE_DAYS, local + ZONE_DAYS)
    file: bytes = calendar.to_ical()
    return file


def _event(
    appointment: Appointment, sheet: Sheet, link: str, host: str, zone: ZoneInfo, now: datetime, say: Wording
) -> Event:
    store, cancelled = appointment.store, sheet.standing in ("cancelled", "lapsed")
    title = say("page.calendar_title", store=store.name)
    event = Event()
    event.add("uid", f"appointment-{appointment.number}@{host}")
    event.add("sequence", appointment.version)
    event.add("dtstamp", now)
    event.add("dtstart", appointment.starts_at.astimezone(zone))
    event.add("dtend", appointment.ends_at.astimezone(zone))
    event.add("summary", title)
    event.add("location", say("page.calendar_where", store=store.name, address=store.address))
    event.add("description", "\n".join(_description(store.phone, link, say)))
    event.add("url", link)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    if store.latitude is not None and store.longitude is not None:
        event.add("geo", (store.latitude, store.longitude))
    if not cancelled:
        event.add_component(_alarm(title))
    return event


def _description(phone: str, link: str, say: Wording) -> list[str]:
    return [say("page.calendar_told", link=link), *([say("page.calendar_phone", phone=phone)] if phone else [])]


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -ALARM_BEFORE)
    return alarm
