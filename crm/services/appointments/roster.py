"""Who works when, and which times are kept free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crm.errors import Invalid
from crm.models import Absence, Block, Staff, Store, WeeklyRest
from crm.services.appointments.pages import RECEIVES


def block(
    session: Session,
    store: Store,
    starts_at: datetime,
    ends_at: datetime,
    *,
    advisor: Staff | None = None,
    note: str = "",
    by: Staff | None = None,
) -> Block:
    """No new appointments then, in the shop or with one advisor; what is booked stays. Raises Invalid."""
    if ends_at <= starts_at:
        raise Invalid("A block ends after it begins.")
    made = Block(
        store_id=store.id,
        advisor_id=advisor.id if advisor else None,
        starts_at=starts_at,
        ends_at=ends_at,
        note=note,
        by_staff_id=by.id if by else None,
    )
    session.add(made)
    session.flush()
    return made


def unblock(session: Session, block: Block) -> None:
    """Open again."""
    session.delete(block)
    session.flush()


def blocks_of(session: Session, store: Store, first: datetime, last: datetime) -> Sequence[Block]:
    """Blocks that touch this time, earliest first."""
    touching = (Block.store_id == store.id, Block.starts_at < last, Block.ends_at > first)
    return session.scalars(select(Block).where(*touching).order_by(Block.starts_at, Block.id)).all()


def absent(
    session: Session, staff: Staff, day: date, first: time | None = None, last: time | None = None, note: str = ""
) -> Absence:
    """Not there that day, or from `first` to `last` (an open end is the day's); twice is once. Raises Invalid."""
    if first is not None and last is not None and last <= first:
        raise Invalid("An absence ends after it begins.")
    is_whole_day = first is None and last is None
    known = _of(session, staff, day)
    for one in known:
        if is_whole_day or one.works or (one.first, one.last) == (first, last):
            session.delete(one)
    made = Absence(staff_id=staff.id, day=day, first=first, last=last, note=note)
    session.add(made)
    session.flush()
    return made


def present(session: Session, staff: Staff, day: date) -> bool:
    """There that day after all, even where he usually rests; False when he was expected anyway."""
    away = [one for one in _of(session, staff, day) if not one.works]
    for one in away:
        session.delete(one)
    rests_then = session.get(WeeklyRest, (staff.id, day.isoweekday())) is not None
    is_known = any(one.works for one in _of(session, staff, day))
    if rests_then and not is_known:
        session.add(Absence(staff_id=staff.id, day=day, first=None, last=None, works=True, note=""))
    session.flush()
    return bool(away) or (rests_then and not is_known)


def rests(session: Session, staff: Staff, weekdays: Iterable[int]) -> None:
    """From now on he rests on these weekdays (1 Monday to 7) and on no others. Raises Invalid."""
    wanted = sorted(set(weekdays))
    if any(weekday not in range(1, 8) for weekday in wanted):
        raise Invalid("A weekday is a number from 1 (Monday) to 7 (Sunday).")
    session.execute(delete(WeeklyRest).where(WeeklyRest.staff_id == staff.id))
    session.add_all(WeeklyRest(staff_id=staff.id, weekday=weekday) for weekday in wanted)
    session.flush()


def weekly_rests(session: Session, staff: Staff) -> list[int]:
    """The weekdays on which he rests."""
    his = select(WeeklyRest.weekday).where(WeeklyRest.staff_id == staff.id).order_by(WeeklyRest.weekday)
    return list(session.scalars(his))


def absences(session: Session, staff_ids: Iterable[int], first: date, last: date) -> Sequence[Absence]:
    """Absences (and days worked in spite of a weekly rest) of these people, by day."""
    theirs = (Absence.staff_id.in_(list(staff_ids)), Absence.day.between(first, last))
    return session.scalars(select(Absence).where(*theirs).order_by(Absence.day, Absence.id)).all()


def on_duty(session: Session, store: Store, day: date) -> list[Staff]:
    """Who receives visitors that day, even if for a part of it."""
    working = (Staff.store_id == store.id, Staff.left_at.is_(None), Staff.role.in_(RECEIVES))
    day_off = select(Absence.staff_id).where(
        Absence.day == day, Absence.first.is_(None), Absence.last.is_(None), Absence.works.is_(False)
    )
    resting = select(WeeklyRest.staff_id).where(WeeklyRest.weekday == day.isoweekday())
    works = select(Absence.staff_id).where(Absence.day == day, Absence.works.is_(True))
    there = (Staff.id.not_in(day_off), Staff.id.not_in(resting) | Staff.id.in_(works))
    return list(session.scalars(select(Staff).where(*working, *there).order_by(Staff.id)))


def _of(session: Session, staff: Staff, day: date) -> Sequence[Absence]:
    return session.scalars(select(Absence).where(Absence.staff_id == staff.id, Absence.day == day)).all()
