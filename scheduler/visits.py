"""How a visit, its moment and its pieces are said to the customer, and which visits a job has not seen yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from html import escape

from sqlalchemy import Boolean, ColumnElement, Select, String, cast, exists, literal, literal_column, select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.links import map_link
from crm import db
from crm.models import Appointment, AppointmentPiece, Delivery, WishState
from crm.services.claims import Claimed
from scheduler.planning import PEOPLE_PER_BATCH
from scheduler.shop import Shop

# Pieces named in one message: more would not be read.
PIECES = 2
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Written out, because a partial index serves only a condition that it can read.
STILL_OPEN = literal_column("appointments.state IN ('booked', 'arrived')", Boolean)


def key_of(job: str, appointment: Appointment) -> str:
    """One push of this job for this visit at this time: a moved visit is told anew."""
    return f"{job}:{appointment.id}:{appointment.moves}"


def not_planned(job: str) -> ColumnElement[bool]:
    """No push of this job for the visit at its present time: `key_of` in SQL."""
    key = literal(f"{job}:") + cast(Appointment.id, String) + ":" + cast(Appointment.moves, String)
    return ~exists().where(Delivery.key == key)


def visit_of(session: Session, row: Claimed) -> tuple[Appointment | None, bool]:
    """The visit that a push is about, and whether it is still at the time that the push tells of."""
    _, appointment_id, moves = row.key.rsplit(":", 2)
    found = session.scalar(whole().where(Appointment.id == int(appointment_id)))
    return found, found is not None and found.moves == int(moves)


def visits(
    shop: Shop, conditions: Sequence[ColumnElement[bool]], fits: Callable[[Appointment], bool]
) -> Iterator[list[Appointment]]:
    """The visits of which both hold, a batch at a time, with everything that is said of them."""
    last, page = 0, PEOPLE_PER_BATCH
    while page == PEOPLE_PER_BATCH:
        with db.reading(shop.engine) as session:
            wanted = whole().where(*conditions, Appointment.id > last).order_by(Appointment.id)
            found = session.scalars(wanted.limit(PEOPLE_PER_BATCH)).all()
        page, last = len(found), found[-1].id if found else last
        yield [appointment for appointment in found if fits(appointment)]


def when_words(shop: Shop, moment: datetime, now: datetime) -> str:
    """今天15:00, 明天（周日）15:00, 11月29日（周日）15:00."""
    local = moment.astimezone(shop.hours.zone)
    parts = {"time": f"{local:%H:%M}", "weekday": shop.say(f"appointment_pushes.weekday_{WEEKDAYS[local.weekday()]}")}
    days = (local.date() - shop.hours.day_of(now)).days
    if days in (0, 1):
        return shop.say("appointment_pushes.tomorrow" if days else "appointment_pushes.today", **parts)
    return shop.say("appointment_pushes.day", month=local.month, day=local.day, **parts)


def notice_time(shop: Shop, moment: datetime) -> str:
    """As the field `time` of a template takes it."""
    local = moment.astimezone(shop.hours.zone)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def details(shop: Shop, appointment: Appointment) -> str:
    """Where, with whom, for which pieces: a line each."""
    store, say = appointment.store, shop.say
    place = map_link(store.name, store.address, store.latitude, store.longitude)
    where = say("appointment_pushes.address_map", address=store.address, map=escape(place))
    pieces, advisor = pieces_words(appointment), appointment.advisor
    lines = (
        (where if place else say("appointment_pushes.address", address=store.address)) if store.address else "",
        say("appointment_pushes.pieces", pieces=pieces) if pieces else "",
        say("appointment_pushes.advisor", advisor=advisor.name) if advisor and advisor.left_at is None else "",
    )
    return "\n".join(line for line in lines if line)


def pieces_words(appointment: Appointment) -> str:
    """What she wants to see, by the catalogue's name or her own words; a link that she typed stays text."""
    wanted = (piece for piece in appointment.pieces if piece.state is not WishState.RELEASED)
    names = dict.fromkeys((piece.style.name if piece.style else piece.words).replace("<", "＜") for piece in wanted)
    return "、".join([name for name in names if name][:PIECES])


def whole() -> Select[Appointment]:
    """Visits with everything that is said of them, in a handful of queries."""
    return select(Appointment).options(
        joinedload(Appointment.store),
        joinedload(Appointment.advisor),
        selectinload(Appointment.pieces).joinedload(AppointmentPiece.style),
    )
