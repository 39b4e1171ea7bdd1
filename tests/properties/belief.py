"""What a person with the list of visits in hand would say about places, people and limits, without any cell or key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.models import (
    Absence,
    Appointment,
    AppointmentPiece,
    AppointmentState,
    Block,
    Outcome,
    Piece,
    PieceStatus,
    Staff,
    Store,
    Task,
    WeeklyRest,
    WishState,
)

ZONE = ZoneInfo("Asia/Shanghai")
STANDING = (AppointmentState.BOOKED, AppointmentState.ARRIVED)
# When the shops are open.
OPENS, CLOSES = time(10), time(13)


class Belief:
    """What a person with the list of visits in hand would say."""

    def __init__(self, session: Session, now: datetime, late: set[int]) -> None:
        self.now = now
        self.late = late
        self.visits = session.scalars(select(Appointment).order_by(Appointment.id)).all()
        self.blocks = session.scalars(select(Block)).all()
        self.staff = session.scalars(select(Staff)).all()
        self.absent = {(one.staff_id, one.day) for one in session.scalars(select(Absence)) if not one.works}
        self.works = {(one.staff_id, one.day) for one in session.scalars(select(Absence)) if one.works}
        self.rests = {(one.staff_id, one.weekday) for one in session.scalars(select(WeeklyRest))}

    def standing(self, without: int | None = None) -> Iterator[Appointment]:
        """Visits that have their place: not those who came after they had been given up."""
        for visit in self.visits:
            stands = visit.state in STANDING or self.is_held(visit)
            if visit.id != without and stands and visit.id not in self.late:
                yield visit

    def is_held(self, visit: Appointment) -> bool:
        return visit.state is AppointmentState.HELD and visit.hold_until is not None and visit.hold_until > self.now

    def open_of(self, customer_id: int, without: int | None = None) -> list[Appointment]:
        hers = [visit for visit in self.visits if visit.customer_id == customer_id and visit.id != without]
        return [
            visit
            for visit in hers
            if self.is_held(visit) or (visit.state is AppointmentState.BOOKED and visit.ends_at > self.now)
        ]

    def cools_down(self, customer_id: int) -> bool:
        """Any three cancellations within two weeks, the last of them within a week."""
        mine = [
            visit.closed_at
            for visit in self.visits
            if visit.customer_id == customer_id
            and visit.state is AppointmentState.CANCELLED
            and visit.closed_by == "customer"
            and visit.booked_at is not None
            and visit.closed_at is not None
        ]
        return any(
            max(three) - min(three) <= timedelta(days=14) and max(three) + timedelta(days=7) > self.now
            for three in combinations(mine, 3)
        )

    def is_free(self, store: Store, starts_at: datetime, ends_at: datetime, without: int | None = None) -> bool:
        """Open, nothing in the way, a place at every moment, and one person who is there all the time."""
        day = starts_at.astimezone(ZONE).date()
        opens, closes = (datetime.combine(day, clock, ZONE) for clock in (OPENS, CLOSES))
        if starts_at < opens or ends_at > closes or self._is_blocked(store, None, starts_at, ends_at):
            return False
        there = [v for v in self.standing(without) if v.store_id == store.id and overlap(v, starts_at, ends_at)]
        moments = [starts_at, *(visit.starts_at for visit in there if visit.starts_at > starts_at)]
        most = max(sum(v.starts_at <= moment < v.ends_at for v in there) for moment in moments)
        receiving = [who for who in self.staff if who.store_id == store.id and self._is_there(who, day)]
        return most < (store.try_on_places or 0) and any(
            self._is_idle(who, store, starts_at, ends_at, without) for who in receiving
        )

    def _is_there(self, who: Staff, day: date) -> bool:
        rests = (who.id, day.isoweekday()) in self.rests and (who.id, day) not in self.works
        return (who.id, day) not in self.absent and not rests

    def _is_idle(self, who: Staff, store: Store, starts_at: datetime, ends_at: datetime, without: int | None) -> bool:
        busy = any(v.advisor_id == who.id and overlap(v, starts_at, ends_at) for v in self.standing(without))
        return not busy and not self._is_blocked(store, who.id, starts_at, ends_at)

    def _is_blocked(self, store: Store, advisor_id: int | None, starts_at: datetime, ends_at: datetime) -> bool:
        theirs = [one for one in self.blocks if one.store_id == store.id and one.advisor_id == advisor_id]
        return any(overlap(one, starts_at, ends_at) for one in theirs)


def overlap(one: Appointment | Block, starts_at: datetime, ends_at: datetime) -> bool:
    return one.starts_at < ends_at and one.ends_at > starts_at


def check_advisors(belief: Belief) -> None:
    advised = [visit for visit in belief.standing() if visit.advisor_id is not None]
    for one, other in combinations(advised, 2):
        assert one.advisor_id != other.advisor_id or not overlap(one, other.starts_at, other.ends_at)


def check_pieces(session: Session, visits: dict[int, Appointment]) -> None:
    """A piece is reserved for exactly one visit that may still need it, and else in stock."""
    wishes = session.scalars(select(AppointmentPiece)).all()
    set_aside = [wish for wish in wishes if wish.state in (WishState.RESERVED, WishState.COMING)]
    for wish in set_aside:
        visit = visits[wish.appointment_id]
        bought = visit.state is AppointmentState.DONE and visit.outcome == Outcome.BOUGHT
        assert visit.state in STANDING or bought
    reserved = session.scalars(select(Piece.id).where(Piece.status == PieceStatus.RESERVED)).all()
    assert sorted(wish.piece_id or 0 for wish in set_aside) == sorted(reserved)
    coming = {wish.piece_id for wish in set_aside if wish.state is WishState.COMING}
    asked = Counter(session.scalars(select(Task.piece_id).where(Task.done_at.is_(None))))
    assert asked == Counter(dict.fromkeys(coming, 2))
