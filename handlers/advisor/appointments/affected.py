"""Visits that stand in a time in which somebody will not be there: listed, so that they are handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from crm.models import Appointment, Staff, Store
from crm.services import visit_search
from handlers.appointment_news import who_of
from handlers.context import Visit
from handlers.schedule_words import moment_words

# Visits that one message lists; who has more looks at the day.
LISTED = 8


def standing(
    session: Session, first: datetime, last: datetime, *, store: Store | None = None, staff: Staff | None = None
) -> Sequence[Appointment]:
    """Booked visits that overlap this time: with this advisor, or anybody's in the shop."""
    return visit_search.booked_between(
        session, first, last, store_id=store.id if store else None, staff_id=staff.id if staff else None
    )


def affected_words(visit: Visit, found: Sequence[Appointment]) -> list[str]:
    """One line a visit and how to hand it over; nothing when there is none."""
    say, zone = visit.desk.say, visit.desk.shop.zone
    if not found:
        return []
    lines = [
        say(
            "schedule.visit_line",
            when=moment_words(one.starts_at, zone, say),
            number=one.number,
            **who_of(one, say),
        )
        for one in found[:LISTED]
    ]
    if len(found) > LISTED:
        lines.append(say("schedule.more_lines", count=len(found) - LISTED))
    return [say("schedule.affected", count=len(found)), *lines, say("schedule.affected_how", number=found[0].number)]
