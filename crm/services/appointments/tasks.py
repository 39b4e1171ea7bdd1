"""What members of staff promised to do for a visit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session, joinedload

from crm.models import AppointmentPiece, Staff, Task, WishState
from crm.services.appointments.pieces import EXPECT_PIECE


def tasks_of(session: Session, staff: Staff, now: datetime) -> list[Task]:
    """His own and those of everybody in his shop that are open, the most urgent first."""
    everybodys = and_(Task.staff_id.is_(None), Task.store_id == staff.store_id, Task.store_id.is_not(None))
    open_ones = select(Task).where(Task.done_at.is_(None), or_(Task.staff_id == staff.id, everybodys))
    shown = (joinedload(Task.customer), joinedload(Task.appointment), joinedload(Task.piece), joinedload(Task.store))
    return list(session.scalars(open_ones.order_by(Task.due_at, Task.id).options(*shown)))


def task_done(session: Session, task: Task, staff: Staff, now: datetime) -> bool:
    """Done; False when somebody had done it. A piece that was expected is now in the shop of the visit."""
    session.flush()
    mine = update(Task).where(Task.id == task.id, Task.done_at.is_(None))
    done = mine.values(done_at=now, done_by=f"staff:{staff.userid}").returning(Task.id)
    if session.scalars(done.execution_options(synchronize_session="fetch")).first() is None:
        return False
    if task.kind == EXPECT_PIECE and task.piece is not None:
        task.piece.store_id = task.store_id
        its = (AppointmentPiece.appointment_id == task.appointment_id, AppointmentPiece.piece_id == task.piece_id)
        here = update(AppointmentPiece).where(*its, AppointmentPiece.state == WishState.COMING)
        session.execute(here.values(state=WishState.RESERVED).execution_options(synchronize_session="fetch"))
    session.flush()
    return True
