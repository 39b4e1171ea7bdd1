"""A member of staff's roster as it was, so that a change of it can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from crm.models import Absence, Staff
from crm.services.appointments import absences, rests, weekly_rests

Was = Mapping[str, Any]


def as_it_is(session: Session, staff: Staff, days: Iterable[date]) -> dict[str, Any]:
    """Weekly rests and what stands on these days, as plain values for a dialogue's memory."""
    wanted = sorted(set(days))
    known = absences(session, [staff.id], wanted[0], wanted[-1]) if wanted else []
    return {
        "staff": staff.id,
        "weekdays": weekly_rests(session, staff),
        "days": [day.isoformat() for day in wanted],
        "absences": [_as_values(one) for one in known if one.day in wanted],
    }


def restore(session: Session, staff: Staff, was: Was) -> None:
    """The roster as `as_it_is` found it; days that it did not look at stay as they are."""
    rests(session, staff, was["weekdays"])
    days = [date.fromisoformat(day) for day in was["days"]]
    session.execute(delete(Absence).where(Absence.staff_id == staff.id, Absence.day.in_(days)))
    session.add_all(_as_absence(staff, values) for values in was["absences"])
    session.flush()


def _as_values(one: Absence) -> Sequence[Any]:
    first, last = (moment.isoformat() if moment else "" for moment in (one.first, one.last))
    return [one.day.isoformat(), first, last, one.works, one.note]


def _as_absence(staff: Staff, values: Sequence[Any]) -> Absence:
    day, first, last, works, note = values
    return Absence(
        staff_id=staff.id,
        day=date.fromisoformat(day),
        first=time.fromisoformat(first) if first else None,
        last=time.fromisoformat(last) if last else None,
        works=works,
        note=note,
    )
