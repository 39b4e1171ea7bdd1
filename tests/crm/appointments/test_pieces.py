"""The pieces of a visit: set aside, brought from another shop with a task for both, given back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.actors import Actor
from crm.models import Appointment, AppointmentPiece, AppointmentState, Outcome, Piece, PieceStatus, Task, WishState
from crm.services import appointments
from crm.services.appointments import Wish
from tests.crm.appointments.conftest import Desk, at


def states(appointment: Appointment) -> list[WishState]:
    return [piece.state for piece in appointment.pieces]


def stock(desk: Desk) -> dict[str, PieceStatus]:
    desk.session.expire_all()
    return {piece.barcode: piece.status for piece in desk.session.scalars(select(Piece))}


def open_tasks(desk: Desk) -> list[tuple[str, int | None, int | None]]:
    wanted = select(Task).where(Task.done_at.is_(None)).order_by(Task.id)
    return [(task.kind, task.store_id, task.staff_id) for task in desk.session.scalars(wanted)]


def test_a_hold_sets_nothing_aside_a_yes_does(desk: Desk) -> None:
    style = desk.style("手镯", desk.lake)
    visit = desk.hold("A", "28 15:00", Wish(style_ids=(style.id,), piece_words=("一对耳钉",)))
    assert (states(visit), stock(desk)) == ([WishState.WISHED] * 2, {"手镯-0": PieceStatus.IN_STOCK})
    desk.confirm(visit)
    assert (states(visit), stock(desk)) == ([WishState.RESERVED, WishState.WISHED], {"手镯-0": PieceStatus.RESERVED})
    assert open_tasks(desk) == []


def test_each_visitor_has_a_piece_of_her_own_as_long_as_there_are_some(desk: Desk) -> None:
    style = desk.style("手镯", desk.lake, desk.lake)
    visits = [desk.book(code, f"2{8 + day} 15:00", Wish(style_ids=(style.id,))) for day, code in enumerate("AB")]
    desk.later(minutes=1)
    visits.append(desk.book("C", "28 17:00", Wish(style_ids=(style.id,))))
    assert [visit.pieces[0].piece.barcode if visit.pieces[0].piece else "" for visit in visits] == [
        "手镯-0",
        "手镯-1",
        "",
    ]
    desk.cancel(visits[0])
    assert states(visits[0]) == [WishState.RELEASED]
    assert desk.book("D", "28 18:00", Wish(style_ids=(style.id,))).pieces[0].piece.barcode == "手镯-0"


def test_a_table_of_the_till_that_frees_a_piece_does_not_give_it_to_a_second_visitor(desk: Desk) -> None:
    style = desk.style("手镯", desk.lake)
    desk.book("A", "28 15:00", Wish(style_ids=(style.id,)))
    desk.session.scalars(select(Piece)).one().status = PieceStatus.IN_STOCK
    assert states(desk.book("B", "28 16:00", Wish(style_ids=(style.id,)))) == [WishState.WISHED]


def test_from_another_shop_with_a_task_for_both(desk: Desk) -> None:
    style = desk.style("手镯", desk.shop.hill)
    visit = desk.book("A", "28 15:00", Wish(style_ids=(style.id,)), advisor=desk.shop.lin)
    assert (states(visit), visit.pieces[0].from_store) == ([WishState.COMING], desk.shop.hill)
    send, expect = appointments.tasks_of(desk.session, desk.shop.zhao, desk.now) + appointments.tasks_of(
        desk.session, desk.shop.lin, desk.now
    )
    assert (send.kind, send.store, send.due_at) == ("send_piece", desk.shop.hill, at("27 15:00"))
    assert (expect.kind, expect.store, expect.due_at) == ("expect_piece", desk.lake, at("28 13:00"))
    assert send.words == expect.words == "手镯（手镯-0）"
    assert appointments.tasks_of(desk.session, desk.shop.wu, desk.now) == []
    assert appointments.task_done(desk.session, send, desk.shop.zhao, desk.now)
    assert not appointments.task_done(desk.session, send, desk.shop.zhao, desk.now)
    assert appointments.task_done(desk.session, expect, desk.shop.lin, desk.now)
    desk.session.expire_all()
    assert (states(visit), visit.pieces[0].piece.store_id) == ([WishState.RESERVED], desk.lake.id)


def test_the_same_city_is_asked_before_another_one(desk: Desk) -> None:
    desk.lake.city = desk.shop.hill.city = "杭州"
    from crm.models import Store

    far = Store(code="AA01", name="静安店", city="上海")
    desk.session.add(far)
    desk.session.flush()
    style = desk.style("手镯", far, desk.shop.hill)
    visit = desk.book("A", "28 15:00", Wish(style_ids=(style.id,)))
    assert visit.pieces[0].from_store is desk.shop.hill


def test_nobody_fetches_a_piece_for_a_visit_that_is_cancelled(desk: Desk) -> None:
    style = desk.style("手镯", desk.shop.hill)
    visit = desk.book("A", "28 15:00", Wish(style_ids=(style.id,)))
    desk.cancel(visit)
    assert (open_tasks(desk), stock(desk)) == ([], {"手镯-0": PieceStatus.IN_STOCK})
    assert {task.done_by for task in desk.session.scalars(select(Task))} == {"released"}


def test_a_move_in_the_same_shop_keeps_the_piece_and_moves_the_tasks(desk: Desk) -> None:
    style = desk.style("手镯", desk.shop.hill)
    visit = desk.book("A", "28 15:00", Wish(style_ids=(style.id,)))
    desk.move(visit, "29 15:00")
    due = [task.due_at for task in desk.session.scalars(select(Task).where(Task.done_at.is_(None)).order_by(Task.id))]
    assert (due, states(visit)) == ([at("28 15:00"), at("29 13:00")], [WishState.COMING])


def test_a_move_to_the_shop_that_has_it_needs_no_transport(desk: Desk) -> None:
    style = desk.style("手镯", desk.shop.hill)
    visit = desk.book("A", "28 15:00", Wish(style_ids=(style.id,)))
    desk.move(visit, "28 15:00", store=desk.shop.hill)
    assert (states(visit), open_tasks(desk)) == ([WishState.RESERVED], [])


def test_other_wishes_free_what_is_no_longer_wanted(desk: Desk) -> None:
    bangle, ring = desk.style("手镯", desk.lake), desk.style("戒指", desk.lake)
    visit = desk.book("A", "28 15:00", Wish(style_ids=(bangle.id,)))
    appointments.change(desk.session, visit, Wish(style_ids=(ring.id,), piece_words=("吊坠",)), desk.now)
    assert stock(desk) == {"手镯-0": PieceStatus.IN_STOCK, "戒指-0": PieceStatus.RESERVED}
    assert sorted((piece.style_id or 0, piece.words) for piece in visit.pieces) == [(0, "吊坠"), (ring.id, "")]


@pytest.mark.parametrize(
    ("outcome", "at_once", "next_day"),
    [
        (Outcome.LIKED, PieceStatus.IN_STOCK, PieceStatus.IN_STOCK),
        (Outcome.BOUGHT, PieceStatus.RESERVED, PieceStatus.IN_STOCK),  # until the till has reported what was sold
    ],
)
def test_after_the_visit_the_pieces_go_back(
    desk: Desk, outcome: Outcome, at_once: PieceStatus, next_day: PieceStatus
) -> None:
    style = desk.style("手镯", desk.lake)
    visit = desk.book("A", "21 11:00", Wish(style_ids=(style.id,)))
    desk.later(hours=2)
    actor = Actor.of(desk.shop.lin)
    assert appointments.note_outcome(desk.session, visit, actor, outcome, "", desk.now)
    assert stock(desk) == {"手镯-0": at_once}
    desk.later(days=1)
    appointments.release_past(desk.session, desk.now)
    assert stock(desk) == {"手镯-0": next_day}


def test_a_sold_piece_stays_sold(desk: Desk) -> None:
    style = desk.style("手镯", desk.lake)
    visit = desk.book("A", "21 11:00", Wish(style_ids=(style.id,)))
    desk.session.scalars(select(Piece)).one().status = PieceStatus.SOLD
    desk.cancel(visit)
    assert stock(desk) == {"手镯-0": PieceStatus.SOLD}


def test_a_visit_that_nobody_closed_frees_its_pieces_three_hours_after_its_end(desk: Desk) -> None:
    style = desk.style("手镯", desk.lake)
    visit = desk.book("A", "21 11:00", Wish(style_ids=(style.id,)))
    desk.now = visit.ends_at + timedelta(hours=2, minutes=59)
    assert appointments.release_past(desk.session, desk.now) == 0
    desk.later(minutes=1)
    assert [appointments.release_past(desk.session, desk.now) for _ in range(2)] == [1, 0]
    assert visit.state is AppointmentState.BOOKED


def test_a_no_show_frees_its_pieces(desk: Desk) -> None:
    style = desk.style("手镯", desk.lake)
    visit = desk.book("A", "21 11:00", Wish(style_ids=(style.id,)))
    desk.later(hours=1, minutes=15)
    appointments.no_show(desk.session, visit, Actor.of(desk.shop.lin), desk.now)
    assert stock(desk) == {"手镯-0": PieceStatus.IN_STOCK}
    assert desk.session.scalars(select(AppointmentPiece.state)).all() == [WishState.RELEASED]
