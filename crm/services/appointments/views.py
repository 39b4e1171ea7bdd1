"""Looking into the appointment book: hers, by number, of some days, the load of shops; always by the actor's rights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from crm.actors import Actor
from crm.errors import NotAllowed
from crm.models import Appointment, AppointmentPiece, AppointmentState, Customer, OpeningDay, Purchase, Role, Store
from crm.services.appointments.cells import whole_cells
from crm.services.appointments.hours import Hours, days_between, hours_with, moments, opening_days
from crm.services.appointments.limits import is_open
from crm.services.appointments.terms import PLACES, SLOT_MINUTES

# A visit that has begun is "today's" for this long.
TODAY = timedelta(hours=12)
# States in which a place was or is used.
CAME_OR_COMES = (AppointmentState.BOOKED, AppointmentState.ARRIVED, AppointmentState.DONE, AppointmentState.NO_SHOW)


@dataclass(frozen=True, slots=True)
class DayLoad:
    """One shop on one day: visits that are booked or held, and how many there could be."""

    store: Store
    day: date
    taken: int
    places: int


def upcoming(session: Session, customer_id: int, now: datetime) -> list[Appointment]:
    """Hers that are open: being decided, booked, or just taking place; the earliest first."""
    here = and_(Appointment.state == AppointmentState.ARRIVED, Appointment.starts_at > now - TODAY)
    hers = select(Appointment).where(Appointment.customer_id == customer_id, or_(is_open(now), here))
    return list(session.scalars(hers.order_by(Appointment.starts_at, Appointment.id).options(*_whole())))


def by_number(session: Session, number: str) -> Appointment | None:
    """Whoever asks: for the customer's own pages and talks. Staff ask `crm/services/visit_search.py`."""
    wanted = select(Appointment).where(Appointment.number == number.strip().upper())
    return session.scalars(wanted.options(*_whole())).one_or_none()


def visible(actor: Actor) -> ColumnElement[bool]:
    """For a query that joins the customer: an advisor's visits and customers' visits, and his shop's that are nobody's;
    a manager's shop; everything for headquarters and the operator."""
    in_the_shop = Appointment.store_id == actor.store_id if actor.store_id is not None else false()
    own = or_(Appointment.advisor_id == actor.staff_id, Customer.advisor_id == actor.staff_id)
    if actor.role == Role.ADVISOR:
        return or_(own, and_(Appointment.advisor_id.is_(None), in_the_shop))
    if actor.role == Role.MANAGER:
        return or_(own, in_the_shop)
    return true()


def of_days(session: Session, actor: Actor, first: date, days: int, zone: ZoneInfo) -> list[Appointment]:
    """Visits of these days that the actor may see and that take or took place, in their order."""
    begin, end = datetime.combine(first, time.min, zone), datetime.combine(first + timedelta(days=days), time.min, zone)
    then = (Appointment.starts_at >= begin, Appointment.starts_at < end, Appointment.state.in_(CAME_OR_COMES))
    wanted = select(Appointment).join(Appointment.customer).where(visible(actor), *then)
    return list(session.scalars(wanted.order_by(Appointment.starts_at, Appointment.id).options(*_whole())))


def load(session: Session, actor: Actor, first: date, days: int, zone: ZoneInfo) -> list[DayLoad]:
    """By shop and day: a manager's own shop, every shop for headquarters. Raises NotAllowed for an advisor."""
    if actor.role == Role.ADVISOR:
        raise NotAllowed("The load of a shop is its manager's view.")
    stores = select(Store).order_by(Store.code)
    if actor.role == Role.MANAGER:
        stores = stores.where(Store.id == actor.store_id)
    shops = session.scalars(stores).all()
    wanted = days_between(first, first + timedelta(days=days - 1))
    own_days = opening_days(session, [store.id for store in shops], wanted[0], wanted[-1])
    taken = _taken(session, [store.id for store in shops], wanted, zone)
    return [
        DayLoad(store, day, taken[store.id, day], _places(store, day, _hours(store, day, own_days), zone))
        for store in shops
        for day in wanted
    ]


def usual_store(session: Session, customer: Customer) -> Store | None:
    """Where she was or is expected last, else where she bought last, else her home shop."""
    visits = (Appointment.customer_id == customer.id, Appointment.state.in_(CAME_OR_COMES))
    visited = select(Store).join(Appointment, Appointment.store_id == Store.id).where(*visits)
    bought = select(Store).join(Purchase, Purchase.store_id == Store.id).where(Purchase.customer_id == customer.id)
    last = session.scalars(visited.order_by(Appointment.starts_at.desc()).limit(1)).first()
    last = last or session.scalars(bought.order_by(Purchase.purchased_at.desc()).limit(1)).first()
    return last or (session.get(Store, customer.store_id) if customer.store_id is not None else None)


def _whole() -> tuple[ORMOption, ...]:
    """Everything that is shown of a visit, in three queries whatever their number."""
    return (
        joinedload(Appointment.customer),
        joinedload(Appointment.store),
        joinedload(Appointment.advisor),
        selectinload(Appointment.pieces).joinedload(AppointmentPiece.style),
        selectinload(Appointment.pieces).joinedload(AppointmentPiece.piece),
        selectinload(Appointment.pieces).joinedload(AppointmentPiece.from_store),
    )


def _taken(session: Session, store_ids: list[int], days: list[date], zone: ZoneInfo) -> Counter[tuple[int, date]]:
    begin = datetime.combine(days[0], time.min, zone)
    end = datetime.combine(days[-1] + timedelta(days=1), time.min, zone)
    states = Appointment.state.in_((AppointmentState.HELD, *CAME_OR_COMES))
    then = (Appointment.store_id.in_(store_ids), Appointment.starts_at >= begin, Appointment.starts_at < end, states)
    rows = session.execute(select(Appointment.store_id, Appointment.starts_at).where(*then))
    return Counter((store_id, starts_at.astimezone(zone).date()) for store_id, starts_at in rows)


def _hours(store: Store, day: date, own_days: Mapping[tuple[int, date], OpeningDay]) -> Hours | None:
    return hours_with(store, day, own_days.get((store.id, day)))


def _places(store: Store, day: date, hours: Hours | None, zone: ZoneInfo) -> int:
    if hours is None:
        return 0
    opens, closes = moments(hours, day, zone)
    slots = (closes - opens) // timedelta(minutes=whole_cells(store.slot_minutes or SLOT_MINUTES))
    return slots * (PLACES if store.try_on_places is None else store.try_on_places)
