"""The statements that read one shop's pages of the appointment book.

They are built once: a booking runs every one of them, and building them anew took longer than the database's answers.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import BindParameter, and_, bindparam, or_, select
from sqlalchemy.orm import defer

from crm.models import Absence, Appointment, AppointmentState, Block, OpeningDay, Role, Seat, Staff, WeeklyRest

# Who receives visitors: headquarters does not stand in a shop.
RECEIVES = (Role.ADVISOR, Role.MANAGER)

_STORE: BindParameter[int] = bindparam("store_id")
_IDS: BindParameter[int] = bindparam("staff_ids", expanding=True)
_DAYS: tuple[BindParameter[date], BindParameter[date]] = (bindparam("first_day"), bindparam("last_day"))
_CELLS: tuple[BindParameter[int], BindParameter[int]] = (bindparam("first_cell"), bindparam("last_cell"))

STAFF = (
    select(Staff)
    .where(Staff.store_id == _STORE, Staff.left_at.is_(None), Staff.role.in_(RECEIVES))
    .options(defer(Staff.phone))
    .order_by(Staff.id)
)
OPENING_DAYS = select(OpeningDay).where(OpeningDay.store_id == _STORE, OpeningDay.day.between(*_DAYS))
RESTS = select(WeeklyRest.staff_id, WeeklyRest.weekday).where(WeeklyRest.staff_id.in_(_IDS))
ABSENCES = select(Absence.staff_id, Absence.day, Absence.first, Absence.last, Absence.works).where(
    Absence.staff_id.in_(_IDS), Absence.day.between(*_DAYS)
)
BLOCKS = select(Block.advisor_id, Block.starts_at, Block.ends_at).where(
    Block.store_id == _STORE, Block.starts_at < bindparam("end"), Block.ends_at > bindparam("begin")
)
# Seats of the shop, and of its people wherever they are; `hold_until` of those that are only held.
SEATS = (
    select(Seat.store_id, Seat.cell, Seat.place, Seat.advisor_id, Seat.appointment_id, Appointment.hold_until)
    .outerjoin(Appointment, and_(Appointment.id == Seat.appointment_id, Appointment.state == AppointmentState.HELD))
    .where(
        Seat.cell.between(*_CELLS),
        or_(Seat.store_id == _STORE, Seat.advisor_id.in_(_IDS)),
        Seat.appointment_id != bindparam("without"),
    )
)
