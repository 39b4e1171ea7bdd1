"""The visit itself, who may look into the book, and what happens to visits with their customer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm import db
from crm.actors import Actor
from crm.errors import NotAllowed
from crm.models import Appointment, AppointmentState, OpeningDay, Outcome, Piece, PieceStatus, Seat, Task, WaitingEntry
from crm.services import appointments, customers, merging, visit_search
from crm.services.appointments import Gone, PlaceTaken, TooEarly, Wish
from crm.services.dossier import dossier
from crm.services.erasure import erase
from crm.services.tables import Accounts, export_table, import_table, tables
from tests.crm.appointments.conftest import ZONE, Desk, at, window
from tests.crm.builders import NOW, OPERATOR, a_customer, a_line, a_shop

SATURDAY = date(2026, 11, 28)


def test_accepted_once_and_again_after_a_move(desk: Desk) -> None:
    visit = desk.book("A", "28 15:00", advisor=desk.shop.lin)
    assert [appointments.accept(desk.session, visit, desk.shop.lin, desk.now) for _ in range(2)] == [True, False]
    assert visit.accepted_at == desk.now
    desk.move(visit, "28 16:00", advisor=desk.shop.lin)
    assert appointments.accept(desk.session, visit, desk.shop.wu, desk.now)
    assert (visit.advisor, visit.accepted_at) == (desk.shop.wu, desk.now)


def test_handed_to_a_colleague_who_is_free_and_to_no_other(desk: Desk) -> None:
    visit, other = desk.book("A", "28 15:00", advisor=desk.shop.lin), desk.book("B", "28 15:30", advisor=desk.shop.wu)
    with pytest.raises(PlaceTaken):
        appointments.hand_over(desk.session, visit, desk.shop.wu, desk.now)
    assert (visit.advisor_id, other.advisor_id) == (desk.shop.lin.id, desk.shop.wu.id)
    assert appointments.hand_over(desk.session, visit, desk.shop.manager, desk.now)
    assert not appointments.hand_over(desk.session, visit, desk.shop.manager, desk.now)
    held_by = select(Seat.advisor_id).where(Seat.appointment_id == visit.id).distinct()
    assert (visit.advisor, desk.session.scalars(held_by).all()) == (desk.shop.manager, [desk.shop.manager.id])


def test_arrival_no_show_and_outcome_are_noted_once(desk: Desk) -> None:
    visit, actor = desk.book("A", "21 11:00"), Actor.of(desk.shop.lin)
    with pytest.raises(TooEarly):
        appointments.no_show(desk.session, visit, actor, desk.now)
    desk.later(hours=1, minutes=10)
    assert [appointments.no_show(desk.session, visit, actor, desk.now) for _ in range(2)] == [True, False]
    assert (visit.state, visit.closed_by) == (AppointmentState.NO_SHOW, "staff:lin.yue")
    # She was only late.
    assert [appointments.arrived(desk.session, visit, actor, desk.now) for _ in range(2)] == [True, False]
    assert (visit.state, visit.closed_at) == (AppointmentState.ARRIVED, None)
    with pytest.raises(Gone):
        appointments.no_show(desk.session, visit, actor, desk.now)

    def notes(outcome: Outcome, note: str) -> bool:
        return appointments.note_outcome(desk.session, visit, actor, outcome, note, desk.now)

    assert [notes(Outcome.NOT_YET, "等年终奖"), notes(Outcome.NOT_YET, "等年终奖")] == [True, False]
    assert notes(Outcome.BOUGHT, "")
    assert (visit.state, visit.outcome, visit.outcome_note) == (AppointmentState.DONE, "bought", "")


@pytest.mark.parametrize("end", ["cancel", "lapse"])
def test_nothing_is_noted_about_a_visit_that_did_not_take_place(desk: Desk, end: str) -> None:
    visit, actor = desk.hold("A", "21 11:00"), Actor.of(desk.shop.lin)
    if end == "cancel":
        desk.cancel(visit)
    else:
        desk.later(minutes=6)
        appointments.lapse(desk.session, desk.now)
    with pytest.raises(Gone):
        appointments.arrived(desk.session, visit, actor, desk.now)
    with pytest.raises(Gone):
        appointments.note_outcome(desk.session, visit, actor, Outcome.LIKED, "", desk.now)


def test_upcoming_are_the_undecided_the_booked_and_who_is_here(desk: Desk) -> None:
    today, later = desk.book("A", "21 11:00"), desk.hold("A", "28 15:00")

    def hers() -> list[Appointment]:
        return appointments.upcoming(desk.session, desk.known["A"].id, desk.now)

    assert hers() == [today, later]
    desk.later(minutes=70)
    appointments.arrived(desk.session, today, Actor.of(desk.shop.lin), desk.now)
    desk.later(minutes=60)
    assert hers() == [today]
    desk.later(days=1)
    assert hers() == []


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("lin", {"A", "B", "N"}),  # received by her, her own customer, nobody's in her shop
        ("wu", {"B", "N"}),
        ("zhao", {"H"}),
        ("manager", {"A", "B", "N"}),
        ("headquarters", {"A", "B", "N", "H"}),
    ],
)
def test_everybody_sees_what_is_his(desk: Desk, who: str, seen: set[str]) -> None:
    shop = desk.shop
    desk.lake.try_on_places = 9
    desk.customer("B", advisor_id=shop.lin.id)
    visits = {
        "A": desk.book("A", "28 11:00", advisor=shop.lin),
        "B": desk.book("B", "28 12:00", advisor=shop.wu),
        "N": desk.book("N", "28 13:00"),
        "H": desk.book("H", "28 14:00", store=shop.hill),
    }
    visits["N"].advisor_id = None
    desk.hold("X", "28 15:00")
    desk.cancel(desk.book("Y", "28 16:00"))
    desk.book("Z", "29 11:00")
    actor = Actor.of(getattr(shop, who))
    found = appointments.of_days(desk.session, actor, SATURDAY, 1, ZONE)
    assert {visit.customer.code for visit in found} == seen
    for code, visit in visits.items():
        assert visit_search.by_number(desk.session, actor, visit.number) is (visit if code in seen else None)


def test_the_load_of_a_shop_is_for_its_manager_and_headquarters(desk: Desk) -> None:
    desk.session.add(OpeningDay(store_id=desk.lake.id, day=date(2026, 11, 29), closed=True))
    for code in ("A", "B"):
        desk.book(code, "28 15:00")
    desk.hold("C", "28 16:00")
    own = appointments.load(desk.session, Actor.of(desk.shop.manager), SATURDAY, 2, ZONE)
    assert [(day.store.code, day.day.day, day.taken, day.places) for day in own] == [
        ("HZ01", 28, 3, 22),
        ("HZ01", 29, 0, 0),
    ]
    everywhere = appointments.load(desk.session, Actor.of(desk.shop.headquarters), SATURDAY, 1, ZONE)
    assert [(day.store.code, day.taken, day.places) for day in everywhere] == [("HZ01", 3, 22), ("HZ02", 0, 11)]
    with pytest.raises(NotAllowed):
        appointments.load(desk.session, Actor.of(desk.shop.lin), SATURDAY, 1, ZONE)


def test_the_usual_shop_is_where_she_comes_else_where_she_bought_else_her_home(desk: Desk) -> None:
    shop, mei = desk.shop, desk.customer("A")

    def usual() -> str | None:
        store = appointments.usual_store(desk.session, mei)
        return store.code if store else None

    assert usual() is None
    mei.store_id = shop.lake.id
    assert usual() == "HZ01"
    a_line(desk.session, mei, "S1", store_id=shop.hill.id)
    assert usual() == "HZ02"
    desk.cancel(desk.book("A", "28 15:00"))
    assert usual() == "HZ02"
    desk.book("A", "28 15:00")
    assert usual() == "HZ01"


def test_a_stranger_who_turns_out_to_be_known_keeps_her_appointments(desk: Desk) -> None:
    stranger = customers.register(desk.session, desk.now)
    desk.known["stranger"] = stranger
    visit = desk.book("stranger", "28 15:00")
    desk.lake.try_on_places = 1
    appointments.wait_for(desk.session, stranger, desk.lake, window("29 11:00"), Wish(), desk.now)
    known = a_customer(desk.session, "C1", "周芸")
    merging.absorb(desk.session, stranger.id, known)
    assert appointments.upcoming(desk.session, known.id, desk.now) == [visit]
    assert len(appointments.waiting_of(desk.session, known.id)) == 1


def test_her_copy_holds_her_appointments_and_erasure_leaves_no_word_of_them(desk: Desk) -> None:
    style = desk.style("手镯", desk.shop.hill)
    visit = desk.book("A", "28 15:00", Wish("妈妈", "想看手镯", (style.id,), ("耳钉",)))
    appointments.wait_for(desk.session, desk.known["A"], desk.lake, window("29 11:00"), Wish("婆婆"), desk.now)
    copy = dossier(desk.session, OPERATOR, desk.known["A"], "export", desk.now)["appointments"]
    assert (copy[0]["number"], copy[0]["for_whom"], copy[0]["store_code"]) == (visit.number, "妈妈", "HZ01")
    assert copy[0]["starts_at"] == "2026-11-28T07:00:00+00:00"
    assert [(piece["style_no"], piece["words"], piece["state"]) for piece in copy[0]["pieces"]] == [
        ("手镯", "", "coming"),
        ("", "耳钉", "wished"),
    ]
    assert (copy[1]["state"], copy[1]["for_whom"]) == ("waiting", "婆婆")
    erase(desk.session, OPERATOR, desk.known["A"], desk.now)
    desk.session.expire_all()
    assert (visit.state, visit.closed_by, visit.for_whom, visit.wishes) == (
        AppointmentState.CANCELLED,
        "erased",
        "",
        "",
    )
    assert {piece.words for piece in visit.pieces} == {""}
    assert desk.session.scalar(select(func.count()).select_from(Seat)) == 0
    assert desk.session.scalars(select(Piece.status)).all() == [PieceStatus.IN_STOCK]
    assert desk.session.scalars(select(Task.words)).all() == ["", ""]
    (entry,) = desk.session.scalars(select(WaitingEntry))
    assert (entry.state.value, entry.for_whom, entry.pieces) == ("over", "", "")


@pytest.fixture
def a_table(sessions: db.Sessions, tmp_path: Path) -> Callable[[str], list[str]]:
    """Imports opening days; the refusals' reasons."""
    with sessions.begin() as session:
        a_shop(session)
    kind = tables(ZONE, Accounts("wx1", "ww1"))["opening_days"]

    def take(text: str) -> list[str]:
        path = tmp_path / "opening_days.csv"
        path.write_text(text, encoding="utf-8")
        report = import_table(sessions, kind, path, NOW)
        export_table(sessions.kw["bind"], kind, tmp_path / "out.csv")
        return [f"{refusal.line} {refusal.column} {refusal.reason}" for refusal in report.refused]

    return take


def test_opening_days_go_in_and_come_back(a_table: Callable[[str], list[str]], tmp_path: Path) -> None:
    head = "store_code,date,opens,closes,closed,note\n"
    days = "HZ01,2027-02-05,10:00,18:00,no,除夕\nHZ01,2027-02-06,,,yes,春节\n"
    assert a_table(head + days) == []
    assert (tmp_path / "out.csv").read_text("utf-8") == head + days
    assert a_table(
        head
        + "HZ01,2027-02-06,12:00,18:00,no,\n"
        + "HZ09,2027-02-07,,,yes,\nHZ01,2027-02-31,,,yes,\nHZ01,2027-02-05,19:00,,,\nHZ02,2027-02-05,,,maybe,\n"
    ) == [
        "3 store_code HZ09 does not exist",
        "4 date must be a date such as 2026-11-21",
        "5 closes 18:00 is not after 19:00, when the shop opens",
        "6 closed must be yes or no",
    ]
    assert "HZ01,2027-02-06,12:00,18:00,no,春节" in (tmp_path / "out.csv").read_text("utf-8")


def test_a_day_off_leaves_what_is_booked_to_people(desk: Desk) -> None:
    visit = desk.book("A", "28 15:00", advisor=desk.shop.lin)
    appointments.absent(desk.session, desk.shop.lin, SATURDAY)
    assert (visit.state, visit.starts_at) == (AppointmentState.BOOKED, at("28 15:00"))
