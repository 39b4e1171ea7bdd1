"""The pieces of a visit: set aside in the shop, or brought from another one, and given back afterwards.

A piece is set aside by its status, which the till and every look-up of stock obey, and by a partial unique
index on `appointment_pieces`, which keeps two visitors from having the same one even if a table of the
till puts it back into stock in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, case, exists, or_, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from crm.models import (
    Appointment,
    AppointmentPiece,
    AppointmentState,
    Outcome,
    Piece,
    PieceStatus,
    Store,
    Task,
    WishState,
)
from crm.services.appointments.terms import Wish

# What is asked of the shop that has the piece, and of the shop where she tries it.
SEND_PIECE, EXPECT_PIECE = "send_piece", "expect_piece"
# The piece must be on its way this long before the visit, and there this long before.
SENT_BEFORE, THERE_BEFORE = timedelta(hours=24), timedelta(hours=2)
# A visit may last longer than its time; after this long nobody is trying anything on.
STAYS = timedelta(hours=3)
# After a sale the till reports the piece as sold; what it has not reported by then goes back into stock.
TILL_REPORTS = timedelta(hours=24)
SET_ASIDE = (WishState.RESERVED, WishState.COMING)
# Who did a task that nobody needs any more.
RELEASED = "released"


def wished(wish: Wish) -> Iterator[AppointmentPiece]:
    """Rows for what she named; nothing is set aside yet."""
    for style_id in dict.fromkeys(wish.style_ids):
        yield AppointmentPiece(style_id=style_id, words="", state=WishState.WISHED)
    for words in dict.fromkeys(wish.piece_words):
        yield AppointmentPiece(words=words, state=WishState.WISHED)


def reserve(session: Session, appointment: Appointment, now: datetime) -> None:
    """Set one piece aside for each style she wants: here, else in another shop, with a task for both."""
    session.flush()
    wanted = select(AppointmentPiece).where(
        AppointmentPiece.appointment_id == appointment.id,
        AppointmentPiece.style_id.is_not(None),
        AppointmentPiece.state == WishState.WISHED,
    )
    # In the order of styles: two visitors who want the same ones do not wait for each other in a circle.
    for wish in session.scalars(wanted.order_by(AppointmentPiece.style_id)).all():
        _reserve(session, appointment, wish, now)


def replace(session: Session, appointment: Appointment, wish: Wish, now: datetime) -> None:
    """Other wishes: what is wanted still stays set aside, the rest goes back."""
    kept = [
        piece for piece in appointment.pieces if piece.style_id in wish.style_ids or piece.words in wish.piece_words
    ]
    gone = [piece for piece in appointment.pieces if piece not in kept]
    _release(session, [piece.id for piece in gone], now)
    known = {piece.style_id for piece in kept} | {piece.words for piece in kept}
    added = [piece for piece in wished(wish) if (piece.style_id or piece.words) not in known]
    appointment.pieces = [*kept, *added]
    session.flush()
    if appointment.state is AppointmentState.BOOKED:
        reserve(session, appointment, now)


def follow(session: Session, appointment: Appointment, former_store_id: int, now: datetime) -> None:
    """After a move: tasks are due at another time; in another shop the pieces are looked for anew."""
    if appointment.store_id == former_store_id:
        for kind, before in ((SEND_PIECE, SENT_BEFORE), (EXPECT_PIECE, THERE_BEFORE)):
            open_ones = (Task.appointment_id == appointment.id, Task.kind == kind, Task.done_at.is_(None))
            due = max(appointment.starts_at - before, now)
            session.execute(update(Task).where(*open_ones).values(due_at=due))
        return
    release(session, [appointment.id], now)
    again = update(AppointmentPiece).where(AppointmentPiece.appointment_id == appointment.id)
    session.execute(again.values(state=WishState.WISHED, piece_id=None, from_store_id=None))
    reserve(session, appointment, now)


def release(session: Session, appointment_ids: list[int], now: datetime) -> int:
    """Give back what was set aside for these; returns how many pieces."""
    of_these = AppointmentPiece.appointment_id.in_(appointment_ids)
    return _release(session, list(session.scalars(select(AppointmentPiece.id).where(of_these))), now)


def release_past(session: Session, now: datetime) -> int:
    """Reserved pieces of visits that are over go back into stock; returns how many."""
    forgotten = Appointment.state.in_((AppointmentState.BOOKED, AppointmentState.ARRIVED))
    sold = and_(Appointment.state == AppointmentState.DONE, Appointment.outcome == Outcome.BOUGHT)
    over = or_(
        and_(forgotten, Appointment.ends_at <= now - STAYS), and_(sold, Appointment.ends_at <= now - TILL_REPORTS)
    )
    wanted = select(AppointmentPiece.id).join(AppointmentPiece.appointment)
    past = wanted.where(AppointmentPiece.state.in_(SET_ASIDE), over)
    return _release(session, list(session.scalars(past)), now)


def _reserve(session: Session, appointment: Appointment, wish: AppointmentPiece, now: datetime) -> None:
    piece = session.scalars(_available(appointment, wish.style_id)).first()
    if piece is None:
        return
    piece.status, wish.piece = PieceStatus.RESERVED, piece
    if piece.store_id == appointment.store_id:
        wish.state = WishState.RESERVED
    else:
        wish.state, wish.from_store = WishState.COMING, piece.store
        _ask_both_shops(session, appointment, piece, now)
    session.flush()


def _available(appointment: Appointment, style_id: int | None) -> Select[Piece]:
    """The piece to take: here, in the same city, elsewhere; one that somebody is just taking is passed over."""
    here = select(Store.city).where(Store.id == appointment.store_id).scalar_subquery()
    nearness = case((Piece.store_id == appointment.store_id, 0), (Store.city == here, 1), else_=2)
    other = aliased(AppointmentPiece)
    is_set_aside = exists().where(other.piece_id == Piece.id, other.state.in_(SET_ASIDE))
    free = (Piece.style_id == style_id, Piece.status == PieceStatus.IN_STOCK, ~is_set_aside)
    wanted = select(Piece).join(Store, Store.id == Piece.store_id).where(*free).order_by(nearness, Piece.id).limit(1)
    wanted = wanted.options(joinedload(Piece.style, innerjoin=True))
    return wanted.with_for_update(skip_locked=True, of=Piece).execution_options(populate_existing=True)


def _ask_both_shops(session: Session, appointment: Appointment, piece: Piece, now: datetime) -> None:
    common = {
        "customer_id": appointment.customer_id,
        "appointment_id": appointment.id,
        "piece_id": piece.id,
        "words": f"{piece.style.name}（{piece.barcode}）",
        "created_at": now,
    }
    sent, there = (max(appointment.starts_at - before, now) for before in (SENT_BEFORE, THERE_BEFORE))
    session.add(Task(kind=SEND_PIECE, store_id=piece.store_id, due_at=sent, **common))
    receiver = {"store_id": appointment.store_id, "staff_id": appointment.advisor_id}
    session.add(Task(kind=EXPECT_PIECE, due_at=there, **receiver, **common))


def _release(session: Session, ids: list[int], now: datetime) -> int:
    """Give these back; a piece that was sold meanwhile stays sold. Their tasks need nobody any more."""
    of_these = (AppointmentPiece.id.in_(ids), AppointmentPiece.state.in_(SET_ASIDE))
    rows = session.scalars(select(AppointmentPiece).where(*of_these)).all()
    if not rows:
        return 0
    piece_ids = [row.piece_id for row in rows]
    for row in rows:
        row.state = WishState.RELEASED
    session.flush()
    back = update(Piece).where(Piece.id.in_(piece_ids), Piece.status == PieceStatus.RESERVED)
    session.execute(back.values(status=PieceStatus.IN_STOCK).execution_options(synchronize_session="fetch"))
    theirs = (Task.appointment_id.in_([row.appointment_id for row in rows]), Task.piece_id.in_(piece_ids))
    needless = update(Task).where(*theirs, Task.done_at.is_(None)).values(done_at=now, done_by=RELEASED)
    session.execute(needless.execution_options(synchronize_session="fetch"))
    return len(rows)
