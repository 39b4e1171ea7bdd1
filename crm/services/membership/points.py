"""The points ledger: lines are only added, the balance is their sum, the oldest points go first.

Nothing stands beside the ledger that could disagree with it: what is left of which line, and when it ends,
is found by going through a customer's lines again. She has tens of them, not thousands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from crm.errors import Invalid
from crm.models import Customer, Purchase, PurchaseKind
from crm.models.membership import PointsEntry, PointsKind
from crm.services.membership.policy import FEN, Points
from crm.services.purchases import owned

# Letters of our own entry numbers, so that none is mistaken for the till's.
EXPIRED, EARNED, TAKEN_BACK, PARTED = "expired", "earned", "returned", "parted"
# Customers whose ended points are booked in one transaction.
BATCH = 200
# A slip of the keyboard, not a redemption.
MOST_POINTS = 100_000_000


class NotEnough(Invalid):
    """She has fewer points than that; `balance` says how many."""

    def __init__(self, balance: int) -> None:
        super().__init__(f"Only {balance} points are left.")
        self.balance = balance


@dataclass(slots=True)
class Lot:
    """What is left of one line that gave points."""

    expires_on: date | None
    left: int


@dataclass(frozen=True, slots=True)
class Account:
    """`balance` is the sum of the ledger; `lots` what it is made of, the first to go first.

    A till may report a redemption before the purchase that earned it: the balance is then below zero and
    there are no lots until the line arrives.
    """

    balance: int
    lots: tuple[Lot, ...]

    def ending_by(self, day: date) -> int:
        """Points that can no longer be spent after that day."""
        return sum(lot.left for lot in self.lots if lot.expires_on is not None and lot.expires_on <= day)


def account(session: Session, customer_id: int) -> Account:
    """How many points she has, and when they end."""
    return replay(entries(session, customer_id))


def entries(session: Session, customer_id: int) -> Sequence[PointsEntry]:
    """Her ledger, the oldest line first."""
    wanted = select(PointsEntry).where(PointsEntry.customer_id == customer_id)
    return session.scalars(wanted.order_by(PointsEntry.at, PointsEntry.id)).all()


def replay(lines: Iterable[PointsEntry]) -> Account:
    """Go through the lines in their order; what is taken comes out of the points that end first."""
    return _walk(lines)[0]


def _walk(lines: Iterable[PointsEntry]) -> tuple[Account, int]:
    """Beside the account: what expiries took beyond the points of these lines."""
    lots: list[Lot] = []
    owed = balance = excess = 0
    for line in lines:
        balance += line.points
        if line.points > 0:
            settled = min(owed, line.points)
            owed -= settled
            lots.append(Lot(line.expires_on, line.points - settled))
        else:
            ended = line.kind is PointsKind.EXPIRE
            unmet = _take(lots, -line.points, ended=ended, by=line.expires_on)
            owed += unmet
            excess += unmet if ended else 0
    left = sorted((lot for lot in lots if lot.left), key=_end)
    return Account(balance, tuple(left)), excess


def redeem(
    session: Session, customer: Customer, points: int, entry_no: str, reason: str, today: date, now: datetime
) -> PointsEntry:
    """Spend points; the same `entry_no` again gives back the line that is there. Raises NotEnough, Invalid."""
    _hold(session, customer)
    if found := _found(session, customer.id, entry_no):
        return found
    if not 0 < points <= MOST_POINTS:
        raise Invalid(f"Points to spend are a whole number from 1 to {MOST_POINTS}.")
    held = account(session, customer.id)
    if held.ending_by(today - timedelta(days=1)):
        # They ended since last night's booking: what is gone can't be spent.
        _expire_hers(session, customer.id, today, now)
        held = account(session, customer.id)
    if points > held.balance:
        raise NotEnough(held.balance)
    return _add(session, customer.id, entry_no, PointsKind.REDEEM, -points, reason, now, None)


def earn(
    session: Session,
    customer: Customer,
    points: int,
    entry_no: str,
    reason: str,
    now: datetime,
    expires_on: date | None,
) -> PointsEntry:
    """Give points; the same `entry_no` again changes nothing. Raises Invalid."""
    _hold(session, customer)
    if found := _found(session, customer.id, entry_no):
        return found
    if not 0 < points <= MOST_POINTS:
        raise Invalid(f"Points to give are a whole number from 1 to {MOST_POINTS}.")
    return _add(session, customer.id, entry_no, PointsKind.EARN, points, reason, now, expires_on)


def part(session: Session, customer: Customer, record_id: int, now: datetime) -> None:
    """Points of another that ended while the two were one were hers to lose, not this customer's: given back.

    `record_id`: the merge that was undone. What ended of the other one is booked with her the next night.
    """
    lines = entries(session, customer.id)
    given_back = sum(line.points for line in lines if line.entry_no.startswith(f"{PARTED}:"))
    excess = _walk(lines)[1] - given_back
    if excess > 0:
        _add(session, customer.id, f"{PARTED}:{record_id}", PointsKind.ADJUST, excess, "", now, None)


def expire(session: Session, today: date, now: datetime, after: int = 0) -> int | None:
    """Book what ended before `today` for the next customers; returns the last one's id, None when all are done."""
    ended = and_(PointsEntry.expires_on < today, PointsEntry.points > 0, PointsEntry.customer_id > after)
    booked = aliased(PointsEntry)
    done = exists().where(
        booked.customer_id == PointsEntry.customer_id,
        booked.kind == PointsKind.EXPIRE,
        booked.expires_on >= PointsEntry.expires_on,
    )
    people = select(PointsEntry.customer_id).where(ended, ~done).distinct().order_by(PointsEntry.customer_id)
    ids = session.scalars(people.limit(BATCH)).all()
    for customer in session.scalars(select(Customer).where(Customer.id.in_(ids)).with_for_update()):
        _expire_hers(session, customer.id, today, now)
    session.flush()
    return ids[-1] if ids else None


def book_purchases(session: Session, rules: Points, zone: ZoneInfo, customer_ids: Sequence[int]) -> int:
    """Earn for every kept piece that has not earned, take back for pieces that came back; set-based, repeatable.

    Only where the rules say that points are earned from purchases. Returns the number of new lines.
    """
    if rules.earned_from != "purchases" or not customer_ids:
        return 0
    number = Purchase.number + "-" + func.cast(Purchase.line, PointsEntry.entry_no.type)
    fen_per_point = rules.yuan_per_point * FEN
    hers = Purchase.customer_id.in_(customer_ids)
    sold = Purchase.kind.in_((PurchaseKind.SALE, PurchaseKind.EXCHANGE))
    lines = session.execute(
        select(Purchase, number, owned()).where(hers, sold, Purchase.amount >= fen_per_point).order_by(Purchase.id)
    ).all()
    present = _present(session, customer_ids)
    new = 0
    for line, entry, kept in lines:
        assert line.customer_id is not None
        points, earned = line.amount // fen_per_point, (line.customer_id, f"{EARNED}:{entry}")
        if earned not in present and kept:
            end = line.purchased_at.astimezone(zone).date() + relativedelta(months=rules.live_months)
            _add(session, *earned, PointsKind.EARN, points, line.name, line.purchased_at, end)
            new += 1
        back = (line.customer_id, f"{TAKEN_BACK}:{entry}")
        if earned in present and not kept and back not in present:
            _add(session, *back, PointsKind.RETURN, -present[earned], line.name, line.purchased_at, None)
            new += 1
    return new


def _take(lots: list[Lot], points: int, *, ended: bool, by: date | None) -> int:
    """Take from the lots that end first; returns what none of them had. What ended is taken only from ended lots."""
    for lot in sorted(lots, key=_end):
        if ended and (lot.expires_on is None or by is None or lot.expires_on > by):
            continue
        taken = min(lot.left, points)
        lot.left -= taken
        points -= taken
    return points


def _end(lot: Lot) -> date:
    return lot.expires_on or date.max


def _expire_hers(session: Session, customer_id: int, today: date, now: datetime) -> None:
    """One line for all that ended; a line of nothing marks that it was looked at."""
    last = session.scalar(
        select(func.max(PointsEntry.expires_on)).where(
            PointsEntry.customer_id == customer_id, PointsEntry.expires_on < today
        )
    )
    hers = account(session, customer_id)
    lost = min(hers.ending_by(last), max(hers.balance, 0)) if last else 0
    _add(session, customer_id, f"{EXPIRED}:{last}", PointsKind.EXPIRE, -lost, "", now, last)


def _hold(session: Session, customer: Customer) -> None:
    """Two tills at once: the second one waits here and then sees what the first one took."""
    session.execute(select(Customer.id).where(Customer.id == customer.id).with_for_update())


def _found(session: Session, customer_id: int, entry_no: str) -> PointsEntry | None:
    hers = (PointsEntry.customer_id == customer_id, PointsEntry.entry_no == entry_no)
    return session.scalars(select(PointsEntry).where(*hers)).one_or_none()


def _present(session: Session, customer_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    rows = select(PointsEntry.customer_id, PointsEntry.entry_no, PointsEntry.points)
    return {(row[0], row[1]): row[2] for row in session.execute(rows.where(PointsEntry.customer_id.in_(customer_ids)))}


def _add(
    session: Session,
    customer_id: int,
    entry_no: str,
    kind: PointsKind,
    points: int,
    reason: str,
    at: datetime,
    expires_on: date | None,
) -> PointsEntry:
    line = PointsEntry(
        customer_id=customer_id,
        entry_no=entry_no,
        kind=kind,
        points=points,
        reason=reason,
        at=at,
        expires_on=expires_on,
    )
    session.add(line)
    session.flush()
    return line
