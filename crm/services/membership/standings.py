"""Who stands where: segment, reading and tier of every customer, computed in the database.

What counts is what she kept (`purchases.owned`): a piece that came back is no longer value. A night
looks only at customers for whom something can have changed: those marked stale, those without a
standing, those with a purchase that left a window since the last run, and tiers that end. When the policy
changed, everybody is computed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    distinct,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    union,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crm.db import Sessions
from crm.models import Customer, Purchase
from crm.models.membership import Reading, Standing, StandingRun, TierChange
from crm.services.membership.points import book_purchases
from crm.services.membership.policy import FEN, Policy
from crm.services.purchases import owned

RUN = "nightly"
# Customers computed in one transaction: measured some 100 ms of the one writer that SQLite has.
BATCH = 4_000
# The same, where each of them is named.
NAMED = 2_000


class Who(NamedTuple):
    """Some customers: a condition on them, and on their standings where that spares looking through all of those."""

    customers: ColumnElement[bool]
    standings: ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Day:
    """The windows of a policy as they stand on one day of the shop."""

    policy: Policy
    zone: ZoneInfo
    on: date

    def months_ago(self, months: int) -> datetime:
        """The first instant of the day so many months before; what happened since then is inside."""
        return datetime.combine(self.on - relativedelta(months=months), time.min, self.zone)

    @property
    def ends(self) -> datetime:
        """Purchases of tomorrow don't count yet: a till's clock may be ahead."""
        return datetime.combine(self.on + timedelta(days=1), time.min, self.zone)

    @property
    def windows(self) -> set[int]:
        """Every number of months after which a purchase counts less."""
        segments, readings = self.policy.segments, self.policy.readings
        lines = {line.bought_within_months for line in segments.lines if line.bought_within_months}
        return lines | {segments.spent_within_months, readings.lately_months, readings.often_within_months}


def recompute(
    sessions: Sessions, policy: Policy, zone: ZoneInfo, now: datetime, *, everybody: bool = False
) -> Iterator[int]:
    """Bring every standing to this day; yields how many were written by each short transaction.

    Killed half-way it begins again: the day is marked as done only at the end.
    """
    today = Day(policy, zone, now.astimezone(zone).date())
    with sessions() as session:
        run = session.get(StandingRun, RUN)
        whole = everybody or run is None or run.policy != policy.mark
        groups = _everybody(session) if whole or run is None else _those_who_may_have_changed(session, today, run.on)
    for who in groups:
        with sessions.begin() as session:
            if policy.points.earned_from == "purchases":
                book_purchases(
                    session, policy.points, zone, session.scalars(select(Customer.id).where(who.customers)).all()
                )
            yield write(session, today, who)
    with sessions.begin() as session:
        _mark_done(session, today)


def _mark_done(session: Session, today: Day) -> None:
    """Two schedulers may be at it: the later one says the same."""
    maker = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    fresh = {"on": today.on, "policy": today.policy.mark}
    mark = maker(StandingRun).values(name=RUN, **fresh)
    session.execute(mark.on_conflict_do_update(index_elements=["name"], set_=fresh))


def spent_since(session: Session, customer_ids: Collection[int], since: datetime) -> dict[int, int]:
    """Fen for the pieces that each of them bought since then and kept; who bought none is not in it."""
    kept = and_(Purchase.customer_id.in_(customer_ids), Purchase.purchased_at >= since, owned())
    wanted = select(Purchase.customer_id, func.sum(Purchase.amount)).where(kept).group_by(Purchase.customer_id)
    return {customer_id: int(fen) for customer_id, fen in session.execute(wanted) if customer_id is not None}


def _everybody(session: Session) -> list[Who]:
    highest = session.scalar(select(func.max(Customer.id))) or 0
    return [_between(first, first + BATCH - 1) for first in range(1, highest + 1, BATCH)]


def _between(first: int, last: int) -> Who:
    """PostgreSQL carries an equality over to a joined table, but no range: it has to be said of both."""
    return Who(Customer.id.between(first, last), Standing.customer_id.between(first, last))


def _those_who_may_have_changed(session: Session, today: Day, last: date) -> list[Who]:
    ids = session.scalars(select(Customer.id).where(_may_have_changed(today, last))).all()
    return [_among(ids[first : first + NAMED]) for first in range(0, len(ids), NAMED)]


def _among(ids: Sequence[int]) -> Who:
    return Who(Customer.id.in_(ids), true())


def write(session: Session, today: Day, who: Who) -> int:
    """Compute the standings of these customers; returns how many rows were written."""
    computed = _computed(today, who).subquery()
    _note_tier_changes(session, computed, who, today.on)
    maker = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    columns = [column.name for column in computed.columns]
    # SQLite can't tell ON CONFLICT from a join without a WHERE.
    rows = maker(Standing).from_select(columns, select(computed).where(true()))
    fresh = {name: rows.excluded[name] for name in columns if name != "customer_id"}
    upsert = rows.on_conflict_do_update(index_elements=["customer_id"], set_=fresh)
    done = session.connection().execute(upsert, execution_options={"preserve_rowcount": True})
    return done.rowcount


def mark_stale(session: Session, customer_ids: Collection[int]) -> None:
    """Something was bought, brought back or merged: the next night looks at them, however little else moved."""
    if customer_ids:
        session.execute(update(Standing).where(Standing.customer_id.in_(customer_ids)).values(stale=True))


def refresh(session: Session, policy: Policy, zone: ZoneInfo, customer_id: int, now: datetime) -> Standing:
    """One customer's standing as of now: for somebody who looks at it."""
    today = Day(policy, zone, now.astimezone(zone).date())
    write(session, today, _among([customer_id]))
    return session.get_one(Standing, customer_id, populate_existing=True)


def _may_have_changed(today: Day, last: date) -> ColumnElement[bool]:
    """A condition on Customer; each part is served by an index."""
    before = Day(today.policy, today.zone, last)
    left = [
        and_(Purchase.purchased_at >= before.months_ago(months), Purchase.purchased_at < today.months_ago(months))
        for months in sorted(today.windows)
    ]
    # The last run was in the night of its day: what was bought later that day came after it.
    came = and_(Purchase.purchased_at >= before.months_ago(0), Purchase.purchased_at < today.ends)
    moved = select(Purchase.customer_id).where(or_(false(), came, *left))
    due = select(Standing.customer_id).where(or_(Standing.stale, Standing.tier_until <= today.on))
    has_none = ~select(Standing.customer_id).where(Standing.customer_id == Customer.id).exists()
    return or_(Customer.id.in_(union(moved, due)), has_none)


def _computed(today: Day, who: Who) -> Select[tuple[object, ...]]:
    """One row per customer: her figures, and what follows from them."""
    figures = _figures(today, who).subquery("figures")
    held = func.coalesce(Standing.tier, 0)
    earned = _earned_tier(today, figures.c.spent_fen)
    lasts = and_(held > 0, Standing.tier_until >= today.on, earned <= held)
    until = today.on + relativedelta(months=today.policy.tiers.holds_months)
    tier = case((lasts, held), else_=earned)
    return (
        select(
            figures.c.customer_id,
            figures.c.spent_fen,
            figures.c.orders,
            figures.c.first_purchase_at,
            figures.c.last_purchase_at,
            _segment(today, figures.c.spent_fen, figures.c.last_purchase_at).label("segment"),
            _reading(today, figures).label("reading"),
            tier.label("tier"),
            case((tier == held, func.coalesce(Standing.tier_since, today.on)), else_=today.on).label("tier_since"),
            case((lasts, Standing.tier_until), (earned > 0, literal(until)), else_=None).label("tier_until"),
            false().label("stale"),
            literal(today.on).label("computed_on"),
        )
        .select_from(figures)
        .outerjoin(Standing, and_(Standing.customer_id == figures.c.customer_id, who.standings))
    )


def _figures(today: Day, who: Who) -> Select[tuple[object, ...]]:
    """What she kept, in the windows of the policy."""
    spent_since = today.months_ago(today.policy.segments.spent_within_months)
    often_since = today.months_ago(today.policy.readings.often_within_months)
    kept = and_(Purchase.customer_id == Customer.id, Purchase.purchased_at < today.ends, owned())
    spent = func.sum(case((Purchase.purchased_at >= spent_since, Purchase.amount), else_=0))
    orders = func.count(distinct(case((Purchase.purchased_at >= often_since, Purchase.number))))
    return (
        select(
            Customer.id.label("customer_id"),
            func.coalesce(spent, 0).label("spent_fen"),
            orders.label("orders"),
            func.min(Purchase.purchased_at).label("first_purchase_at"),
            func.max(Purchase.purchased_at).label("last_purchase_at"),
        )
        .outerjoin(Purchase, kept)
        .where(who.customers)
        .group_by(Customer.id)
    )


def _segment(today: Day, spent: ColumnElement[int], last: ColumnElement[datetime]) -> ColumnElement[str]:
    rules = today.policy.segments
    lines = []
    for line in rules.lines:
        parts: list[ColumnElement[bool]] = [last.is_not(None)]
        if line.spent_from is not None:
            parts.append(spent >= line.spent_from * FEN)
        if line.bought_within_months is not None:
            parts.append(last >= today.months_ago(line.bought_within_months))
        lines.append((and_(*parts), literal(line.name)))
    return case(*lines, else_=literal(rules.never_bought))


def _reading(today: Day, figures: object) -> ColumnElement[str]:
    rules, columns = today.policy.readings, figures.c  # type: ignore[attr-defined]
    lately = columns.last_purchase_at >= today.months_ago(rules.lately_months)
    strong = or_(columns.orders >= rules.often_orders, columns.spent_fen >= rules.much_spent * FEN)
    return case(
        (columns.last_purchase_at.is_(None), literal(Reading.PROSPECT, Standing.reading.type)),
        (and_(lately, strong), literal(Reading.HIGH_VALUE, Standing.reading.type)),
        (lately, literal(Reading.POTENTIAL, Standing.reading.type)),
        else_=literal(Reading.DORMANT, Standing.reading.type),
    )


def _earned_tier(today: Day, spent: ColumnElement[int]) -> ColumnElement[int]:
    steps = list(enumerate(today.policy.tiers.lines))
    return case(*((spent >= tier.spent_from * FEN, rank) for rank, tier in reversed(steps[1:])), else_=0)


def _note_tier_changes(session: Session, computed: object, who: Who, on: date) -> None:
    """Before the standings are written: whoever had one and gets another tier is told later."""
    columns = computed.c  # type: ignore[attr-defined]
    changed = (
        select(columns.customer_id, literal(on), Standing.tier, columns.tier)
        .join(Standing, Standing.customer_id == columns.customer_id)
        .where(who.standings, Standing.tier != columns.tier)
    )
    session.execute(insert(TierChange).from_select(["customer_id", "on", "before", "after"], changed))
