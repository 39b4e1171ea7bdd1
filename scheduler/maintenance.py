"""Job maintenance: every 365 days after its purchase, a piece is invited to be looked after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from bot.messages import Text
from crm import db
from crm.models import Purchase, PurchaseKind
from crm.services.claims import Claimed
from crm.services.households.pieces import kept_from_holder
from crm.services.purchases import owned
from scheduler.bodies import Notice, ServiceBody
from scheduler.care import works_for
from scheduler.planning import PEOPLE_PER_BATCH, Due, ServicePush
from scheduler.shop import Shop

JOB = "maintenance"
AT = time(10)
YEAR = timedelta(days=365)
# How late the reminder is still welcome, and the hour of the last day.
USEFUL_FOR, USEFUL_UNTIL = timedelta(days=7), time(20)
# Lines fetched at once while streaming.
PAGE = 1000

BROUGHT_BACK = "the piece is no longer the customer's"
SECRET = "the piece is kept secret from the customer"


def due_on(shop: Shop, day: date) -> Due:
    """Every day has its anniversaries."""
    return Due(JOB, day, shop.hours.at(day, AT), shop.hours.at(day + USEFUL_FOR, USEFUL_UNTIL))


def reminders(shop: Shop, due: Due) -> Iterator[Sequence[ServicePush]]:
    """One message per customer, naming every piece whose day it is."""
    batch: list[ServicePush] = []
    with db.reading(shop.engine) as session:
        due_lines = _due_lines(session, shop, due.on).where(~kept_from_holder(due.on))
        lines = session.scalars(due_lines.execution_options(yield_per=PAGE))
        for customer_id, pieces in groupby(lines, key=lambda line: line.customer_id):
            assert customer_id is not None
            batch.append(ServicePush(customer_id, body(shop, list(pieces), due.on)))
            if len(batch) == PEOPLE_PER_BATCH:
                yield batch
                batch = []
    yield batch


def still_due(session: Session, shop: Shop, row: Claimed, now: datetime) -> str | ServiceBody:
    """The message as it must be now, or why it must not be: pieces may have come back, or become a secret meanwhile."""
    lines = _due_lines(session, shop, row.due_on).where(Purchase.customer_id == row.customer_id)
    found = session.execute(lines.add_columns(kept_from_holder(shop.hours.day_of(now)))).all()
    pieces = [piece for piece, secret in found if not secret]
    if not pieces:
        return SECRET if found else BROUGHT_BACK
    return body(shop, pieces, row.due_on)


def body(shop: Shop, pieces: Sequence[Purchase], on: date) -> ServiceBody:
    """The words and the template's fields for these pieces of one customer."""
    first, several = pieces[0], len(pieces) > 1
    name = shop.say("pushes.maintenance_pieces", piece=first.name, count=len(pieces)) if several else first.name
    values = {"thing1": name, "time2": _date(shop, first), "thing3": _care(shop, first)}
    words = _several(shop, pieces) if several else _one(shop, first, on)
    return ServiceBody(Text(words), Notice("maintenance_due", values))


def _one(shop: Shop, piece: Purchase, on: date) -> str:
    years = (on - shop.hours.day_of(piece.purchased_at)) // YEAR
    about = {"piece": piece.name, "date": _date(shop, piece), "care": _care(shop, piece)}
    return shop.say("pushes.maintenance_one", shop=shop.name, years=years, **about)


def _several(shop: Shop, pieces: Sequence[Purchase]) -> str:
    lines = (
        shop.say("pushes.maintenance_line", piece=piece.name, date=_date(shop, piece), care=_care(shop, piece))
        for piece in pieces
    )
    return shop.say("pushes.maintenance_several", shop=shop.name, count=len(pieces), pieces="\n".join(lines))


def _care(shop: Shop, piece: Purchase) -> str:
    return "、".join(shop.say(f"pushes.{key}") for key in works_for(piece))


def _date(shop: Shop, piece: Purchase) -> str:
    day = shop.hours.day_of(piece.purchased_at)
    return f"{day.year}年{day.month}月{day.day}日"


def _due_lines(session: Session, shop: Shop, on: date) -> Select[Purchase]:
    """Owned pieces bought a whole number of 365-day years before that day, customer by customer."""
    bought = _bought_on(shop, _anniversary_days(session, shop, on))
    lines = select(Purchase).where(bought, owned())
    return lines.order_by(Purchase.customer_id, Purchase.purchased_at, Purchase.id)


def _anniversary_days(session: Session, shop: Shop, on: date) -> list[date]:
    """The days of purchase whose anniversary it is, back to the oldest sale."""
    oldest = session.scalar(select(func.min(Purchase.purchased_at)).where(Purchase.kind.in_(_HANDED_OVER)))
    days = []
    day = on - YEAR
    while oldest is not None and day >= shop.hours.day_of(oldest):
        days.append(day)
        day -= YEAR
    return days


_HANDED_OVER = (PurchaseKind.SALE, PurchaseKind.EXCHANGE)


def _bought_on(shop: Shop, days: Iterable[date]) -> ColumnElement[bool]:
    """As ranges of instants, so that the index on the time of purchase serves them."""
    ranges = (
        and_(
            Purchase.purchased_at >= shop.hours.at(day, time.min),
            Purchase.purchased_at < shop.hours.at(day + timedelta(days=1), time.min),
        )
        for day in days
    )
    return or_(false(), *ranges)
