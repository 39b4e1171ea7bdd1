"""What a member of staff promised to do: the list, and done."""

from __future__ import annotations

from bot.messages import Reply, Text
from bot.router import Router
from crm.models import Task
from crm.services import appointments
from handlers.advisor.appointments.views import within
from handlers.advisor.commands import DONE, TASKS, rest_of, spelled
from handlers.appointment_news import task_words
from handlers.context import Visit
from handlers.filters import staff as by_staff
from handlers.schedule_words import moment_words

router = Router("visit_tasks")

# Digits of an id that a database takes.
LONGEST_ID = 18


@router.on(by_staff, spelled(*TASKS))
def tasks(visit: Visit) -> Reply:
    """His own and his shop's, the most urgent first."""
    say, found = visit.desk.say, appointments.tasks_of(visit.session, visit.staff, visit.now)
    if not found:
        return Text(say("schedule.tasks_none"))
    lines = [_line(visit, task) for task in found]
    head = say("schedule.tasks_head", count=len(found))
    return Text(within(head, lines, lambda left: say("schedule.more_lines", count=left)))


@router.on(by_staff, spelled(*DONE))
def done(visit: Visit) -> Reply:
    """`完成 12`, with the number of the list."""
    say, number = visit.desk.say, rest_of(visit.message.text).removeprefix("#").strip()
    if not number.isdecimal() or len(number) > LONGEST_ID:
        return Text(say("schedule.done_how"))
    mine = appointments.tasks_of(visit.session, visit.staff, visit.now)
    task = next((one for one in mine if one.id == int(number)), None)
    if task is None:
        return Text(say("schedule.done_none", number=int(number)))
    appointments.task_done(visit.session, task, visit.staff, visit.now)
    return Text(say("schedule.done", words=task_words(task, say)))


def _line(visit: Visit, task: Task) -> str:
    say = visit.desk.say
    due = moment_words(task.due_at, visit.desk.shop.zone, say)
    key = "schedule.task_late" if task.due_at < visit.now else "schedule.task_line"
    return say(key, number=task.id, due=due, words=task_words(task, say))
