"""She is late, or here: noted, and whoever receives her hears of it."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.messages import Reply, Text
from crm.models import Appointment
from handlers.appointment_news import JOB, readers, who_of
from handlers.customer.appointments.desk import Desk
from handlers.customer.wishes import compact
from handlers.speech import as_said

_LATE = re.compile(
    r"(?:晚到|迟到|晚来|堵车|堵在|路上|(?:晚|迟)(?:个|大概|大约|约|差不多)?[0-9一二两三四五十半]+(?:多|来)?(?:分|刻|个?小时))"
)
_HERE = re.compile(
    r"^(?:你好|您好)?我们?(?:已经|提前|刚|现在)?(?:到了|在(?:你们)?(?:店|门)(?:门?口|外|里)|在门口|到(?:店|门口)了?)"
)
# Words that ask for something else: another time, no visit, a question on a ring.
_ELSE = re.compile(r"改|取消|推迟|延|来不了|去不了|戒|链|镯|快递|发货|货")
# So long before its beginning, and until its end, a visit is what she is on her way to.
AHEAD = timedelta(hours=3)
# Characters: a longer message tells a story.
LONGEST = 30


def late_or_here(plain: str) -> str:
    """ "late", "here", or "" for anything else."""
    words = compact(plain)
    if len(words) > LONGEST or _ELSE.search(words):
        return ""
    return "here" if _HERE.search(words) else "late" if _LATE.search(words) else ""


def told_the_shop(desk: Desk, visit: Appointment) -> Reply:
    """The advisor reads her own words; nothing is moved."""
    what = late_or_here(desk.visit.plain)
    news = desk.say(
        f"booking.advisor_{what}",
        **who_of(visit, desk.say),
        when=desk.moment(visit.starts_at),
        words=as_said(desk.visit.message.text),
    )
    for reader in readers(desk.session, visit):
        desk.visit.outbox.to_staff(reader, Text(news), job=JOB)
    return Text(desk.say(f"booking.noted_{what}", store=desk.shop_label(visit.store_id)))


def due_now(desk: Desk, visits: list[Appointment]) -> Appointment | None:
    """The visit that she is on her way to."""
    return next((visit for visit in visits if visit.starts_at - AHEAD <= desk.now < visit.ends_at), None)
