"""The roster by message: "我周三休息" is written down, said back, and can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from bot.messages import Reply, Text
from bot.router import Filter, Router, said, state, words
from crm.models import Absence, Appointment, Role, Staff
from crm.services import appointments, duty_changes
from handlers.advisor.appointments.affected import affected_words, standing
from handlers.advisor.commands import ROSTER, any_command, spelled
from handlers.advisor.duty_phrases import Day, Duty, is_roster, read_duty
from handlers.context import Visit
from handlers.filters import staff as by_staff
from handlers.filters import when
from handlers.schedule_words import day_words, weekday_words
from handlers.states import State

router = Router("roster")

SHOWN_DAYS = 7
# How far ahead visits on a weekly rest day are looked for: as far as they can be booked.
AHEAD = timedelta(days=60)
# Days of one answer that are named one by one.
NAMED_DAYS = 3
says_roster = Filter(lambda visit: is_roster(visit.plain))


@router.on(by_staff, spelled(*ROSTER))
def mine(visit: Visit) -> Reply:
    """The next seven days, the weekly rest, and for a manager who is there today."""
    say, zone = visit.desk.say, visit.desk.shop.zone
    today = visit.now.astimezone(zone).date()
    days = [today + timedelta(days=number) for number in range(SHOWN_DAYS)]
    resting = appointments.weekly_rests(visit.session, visit.staff)
    known = appointments.absences(visit.session, [visit.staff.id], days[0], days[-1])
    booked = standing(visit.session, *_span(visit, Day(days[0]), Day(days[-1])), staff=visit.staff)
    lines = [_day_line(visit, day, resting, [one for one in known if one.day == day], booked) for day in days]
    weekly = say("schedule.roster_weekly", days=_weekdays(visit, resting)) if resting else ""
    there = _on_duty(visit, today) if visit.actor.role == Role.MANAGER else ""
    parts = (say("schedule.roster_head", name=visit.staff.name), weekly, *lines, there, say("schedule.roster_how"))
    return Text("\n".join(part for part in parts if part))


@router.on(by_staff, state(State.ROSTER_CHANGED), words("/?(?:撤销|撤回|取消|记错了|不对|错了|搞错了)"))
def undo(visit: Visit) -> Reply:
    """The roster as it was before the last sentence."""
    was = visit.dialogue.step
    visit.dialogue.leave()
    person = visit.session.get_one(Staff, int(was["staff"]))
    duty_changes.restore(visit.session, person, was)
    if person.id != visit.staff.id:
        told_so = visit.desk.say("schedule.roster_undone_by", name=visit.staff.name)
        visit.outbox.to_staff(person, Text(told_so), job="roster")
    return Text(visit.desk.say("schedule.roster_undone"))


@router.on(by_staff, words("/?(?:撤销|撤回)"), when(lambda visit: visit.dialogue.overdue == State.ROSTER_CHANGED))
def undo_too_late(visit: Visit) -> Reply:
    visit.dialogue.leave()
    return Text(visit.desk.say("schedule.roster_undo_over"))


@router.on(by_staff, said, says_roster, ~any_command)
def told(visit: Visit) -> Reply:
    """Who, which days, rest or work: written down and said back; what is unclear is asked."""
    say = visit.desk.say
    text = visit.message.text.strip().removeprefix("/")
    person, text = _whose(visit, text)
    if person is None:
        return Text(say("schedule.roster_not_yours"))
    duty = read_duty(text, visit.now.astimezone(visit.desk.shop.zone))
    if duty is None:
        return Text(say("schedule.roster_when"))
    if duty.unclear:
        return Text(say(f"schedule.roster_{duty.unclear}"))
    was = duty_changes.as_it_is(visit.session, person, (one.day for one in duty.days))
    understood = _write(visit, person, duty)
    visit.dialogue.enter(State.ROSTER_CHANGED, **was)
    if person.id != visit.staff.id:
        by = say("schedule.roster_by", name=visit.staff.name, words=understood)
        visit.outbox.to_staff(person, Text(by), job="roster")
    hint = _weekly_hint(visit, person, duty, text)
    found = [] if duty.works else _affected(visit, person, duty)
    note = say("schedule.roster_note", note=duty.note) if duty.note else ""
    parts = (say("schedule.roster_done", words=understood), note, *affected_words(visit, found), hint)
    return Text("\n".join([*(part for part in parts if part), say("schedule.roster_undo")]))


def _whose(visit: Visit, text: str) -> tuple[Staff | None, str]:
    """Himself; a manager may name a colleague of the shop. None: somebody who is not his to plan."""
    people = visit.session.scalars(select(Staff).where(Staff.left_at.is_(None), Staff.id != visit.staff.id)).all()
    named = [one for one in people if len(one.name) > 1 and one.name in text]
    if not named:
        return visit.staff, text
    may = visit.actor.role == Role.HEADQUARTERS or (
        visit.actor.role == Role.MANAGER and named[0].store_id == visit.actor.store_id
    )
    return (named[0] if may else None), text.replace(named[0].name, "")


def _write(visit: Visit, person: Staff, duty: Duty) -> str:
    """Into the roster; returns in words what stands there now."""
    say, session = visit.desk.say, visit.session
    name = say("schedule.you") if person.id == visit.staff.id else person.name
    does = say("schedule.works" if duty.works else "schedule.is_off")
    if duty.weekdays:
        former = set(appointments.weekly_rests(session, person))
        now = former - set(duty.weekdays) if duty.works else former | set(duty.weekdays)
        appointments.rests(session, person, now)
        stands = _weekdays(visit, sorted(now)) if now else say("schedule.no_weekly_rest")
        return say("schedule.weekly_words", name=name, days=_weekdays(visit, duty.weekdays), does=does, stands=stands)
    for one in duty.days:
        if duty.works:
            appointments.present(session, person, one.day)
        else:
            appointments.absent(session, person, one.day, one.first, one.last, duty.note)
    return say("schedule.days_words", name=name, days=_days(visit, duty), does=does)


def _days(visit: Visit, duty: Duty) -> str:
    """Each day by name; a long leave by its first and last day."""
    say, days = visit.desk.say, duty.days
    if len(days) > NAMED_DAYS and (days[-1].day - days[0].day).days == len(days) - 1:
        first, last = (day_words(one.day, say) for one in (days[0], days[-1]))
        return say("schedule.leave", first=first, last=last, count=len(days))
    return "、".join(_day(visit, one, duty.works) for one in days)


def _day(visit: Visit, one: Day, works: bool) -> str:
    say, day = visit.desk.say, day_words(one.day, visit.desk.say)
    if works or (one.first is None and one.last is None):
        return day
    if one.first is None:
        return say("schedule.day_until", day=day, last=f"{one.last:%H:%M}")
    if one.last is None:
        return say("schedule.day_from", day=day, first=f"{one.first:%H:%M}")
    return say("schedule.span", day=day, first=f"{one.first:%H:%M}", last=f"{one.last:%H:%M}")


def _weekdays(visit: Visit, numbers: Sequence[int]) -> str:
    return "、".join(weekday_words(number, visit.desk.say) for number in numbers)


def _weekly_hint(visit: Visit, person: Staff, duty: Duty, text: str) -> str:
    """ "周三" was taken as the next Wednesday: how to say every Wednesday."""
    if duty.works or len(duty.days) != 1 or not any(word in text for word in ("周", "星期", "礼拜")):
        return ""
    if any(word in text for word in ("本周", "这周", "下周", "上周", "这个", "下个")) or duty.days[0].first is not None:
        return ""
    weekday = weekday_words(duty.days[0].day.isoweekday(), visit.desk.say)
    name = "" if person.id == visit.staff.id else person.name
    return visit.desk.say("schedule.weekly_hint", weekday=weekday, name=name)


def _affected(visit: Visit, person: Staff, duty: Duty) -> list[Appointment]:
    """His visits in the time in which he will not be there."""
    zone = visit.desk.shop.zone
    if duty.weekdays:
        found = standing(visit.session, visit.now, visit.now + AHEAD, staff=person)
        return [one for one in found if one.starts_at.astimezone(zone).isoweekday() in duty.weekdays]
    spans = [_span(visit, one, one) for one in duty.days]
    return [found for first, last in spans for found in standing(visit.session, first, last, staff=person)]


def _span(visit: Visit, first: Day, last: Day) -> tuple[datetime, datetime]:
    zone = visit.desk.shop.zone
    begins = datetime.combine(first.day, first.first or time.min, zone)
    if last.last is not None:
        return begins, datetime.combine(last.day, last.last, zone)
    return begins, datetime.combine(last.day + timedelta(days=1), time.min, zone)


def _day_line(
    visit: Visit, day: date, resting: Sequence[int], known: Sequence[Absence], booked: Sequence[Appointment]
) -> str:
    say, zone = visit.desk.say, visit.desk.shop.zone
    count = sum(one.starts_at.astimezone(zone).date() == day for one in booked)
    works = any(one.works for one in known)
    away = [one for one in known if not one.works]
    whole = any(one.first is None and one.last is None for one in away)
    if whole or (day.isoweekday() in resting and not works):
        there = say("schedule.roster_off")
    elif away:
        there = "、".join(_hours_off(visit, one) for one in away)
    else:
        there = say("schedule.roster_there")
    visits = say("schedule.roster_visits", count=count) if count else ""
    return say("schedule.roster_line", day=day_words(day, say), there=there + visits)


def _hours_off(visit: Visit, one: Absence) -> str:
    first, last = (f"{moment:%H:%M}" if moment else "" for moment in (one.first, one.last))
    return visit.desk.say("schedule.roster_partly", first=first, last=last)


def _on_duty(visit: Visit, today: date) -> str:
    if visit.staff.store is None:
        return ""
    there = appointments.on_duty(visit.session, visit.staff.store, today)
    return visit.desk.say("schedule.roster_today", names="、".join(one.name for one in there) or "—")
