"""Whatever happens to appointments in whatever order: no place, advisor or piece is had twice, and none is lost.

A naive reader (`Belief`) looks at the visits alone, minute by minute, and says what must happen; the
appointment book with its cells and keys must do exactly that. Short in the suite; `--full` takes 100,000 steps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, delete, select

from crm import db
from crm.actors import Actor
from crm.models import (
    Absence,
    Appointment,
    AppointmentPiece,
    AppointmentState,
    Block,
    Customer,
    NameIndex,
    Outcome,
    Piece,
    Seat,
    Staff,
    Store,
    Style,
    Task,
    WaitingEntry,
    WaitingState,
    WeeklyRest,
)
from crm.services import appointments as book
from crm.services.appointments.cells import cells
from tests.crm.builders import NOW, Shop, a_customer, a_shop
from tests.properties.belief import CLOSES, OPENS, STANDING, ZONE, Belief, check_advisors, check_pieces, overlap

TABLES = (
    *(Task, AppointmentPiece, Seat, WaitingEntry, Appointment, Block, Absence, WeeklyRest),
    *(Piece, Style, NameIndex, Customer, Staff, Store),
)
SEATED = (AppointmentState.HELD, *STANDING)
LENGTHS, HOUR = [20, 30, 45, 60], timedelta(hours=1)
# Open from ten to one on two days, mostly one shop: so little room that everybody meets everybody.
DAYS, PEOPLE = 2, 8
STARTS = st.tuples(st.integers(0, DAYS - 1), st.sampled_from([0, 1, 2, 1, 0, 2, 3, 5, 8]))
WHO, WHERE = st.integers(0, PEOPLE - 1), st.sampled_from([0, 0, 0, 1])
NUMBERS = st.integers(0, 30)
States = tuple[AppointmentState, ...]
# Mostly those that are booked; sometimes just anyone, cancelled and lapsed ones too.
CHOSEN: st.SearchStrategy[States] = st.sampled_from([(AppointmentState.BOOKED,), (AppointmentState.BOOKED,), ()])
# Those whom nobody has decided about: held, or given up by time.
UNDECIDED: st.SearchStrategy[States] = st.sampled_from(
    [(AppointmentState.HELD, AppointmentState.LAPSED), (AppointmentState.LAPSED,), (AppointmentState.BOOKED,)]
)


class AppointmentBook(RuleBasedStateMachine):
    """Two shops, eight customers, three advisors and a manager, three pieces of two styles."""

    engine: ClassVar[Engine]

    @initialize()
    def open(self) -> None:
        self.sessions = db.sessions(self.engine)
        self.now = NOW - timedelta(hours=1)
        with self.sessions.begin() as session:
            for table in TABLES:
                session.execute(delete(table))
            self.shop: Shop = a_shop(session)
            self.stores = [self.shop.lake, self.shop.hill]
            for store in self.stores:
                store.opens, store.closes, store.slot_minutes, store.try_on_places = OPENS, CLOSES, 60, 2
            self.people = [a_customer(session, f"C{number}").id for number in range(PEOPLE)]
            styles = [Style(style_no=name, name=name) for name in ("手镯", "耳钉")]
            session.add_all(styles)
            session.flush()
            self.styles = [style.id for style in styles]
            places = [(0, 0), (0, 1), (1, 0)]
            session.add_all(
                Piece(barcode=f"B{style}{store}", style_id=self.styles[style], store_id=self.stores[store].id)
                for style, store in places
            )
        self.most_places = Counter({store.id: 2 for store in self.stores})
        self.late: set[int] = set()

    def belief(self, session: db.Session) -> Belief:
        return Belief(session, self.now, self.late)

    # What is asked for

    def slot(self, session: db.Session, store_number: int, start: tuple[int, int]) -> tuple[Store, book.Offer]:
        store = session.get_one(Store, self.stores[store_number].id)
        day, number = start
        length = timedelta(minutes=store.slot_minutes or 0)
        begins = datetime.combine(self.now.astimezone(ZONE).date() + timedelta(days=day), OPENS, ZONE) + number * length
        return store, book.Offer(store.id, begins, begins + length, None, exact=True)

    def any_visit(self, session: db.Session, number: int, *states: AppointmentState) -> Appointment | None:
        """One of them all; of those in these states where there is one."""
        visits = session.scalars(select(Appointment).order_by(Appointment.id)).all()
        chosen = [visit for visit in visits if visit.state in states] or visits
        return chosen[-1 - number % len(chosen)] if chosen else None

    def wish(self, wanted: int) -> book.Wish:
        styles = [style for bit, style in enumerate(self.styles) if wanted >> bit & 1]
        return book.Wish("妈妈", "看看", tuple(styles), ("一对耳环",) if wanted & 4 else ())

    # What happens

    @rule(who=WHO, where=WHERE, start=STARTS, wanted=st.integers(0, 7), staff=st.booleans())
    def somebody_asks_for_a_place(self, who: int, where: int, start: tuple[int, int], wanted: int, staff: bool) -> None:
        with self.sessions.begin() as session:
            store, offer = self.slot(session, where, start)
            self.ask(session, who, store, offer, wanted, staff=staff)

    @rule(who=WHO, number=NUMBERS, states=UNDECIDED, staff=st.booleans())
    def somebody_asks_for_the_time_of_another(self, who: int, number: int, states: States, staff: bool) -> None:
        with self.sessions.begin() as session:
            visit = self.any_visit(session, number, *states)
            if visit is not None:
                offer = book.Offer(visit.store_id, visit.starts_at, visit.ends_at, visit.advisor_id, exact=True)
                self.ask(session, who, session.get_one(Store, visit.store_id), offer, 3, staff=staff)

    @rule(plans=st.lists(st.tuples(WHO, STARTS), min_size=2, max_size=6))
    def a_busy_moment(self, plans: list[tuple[int, tuple[int, int]]]) -> None:
        """Several customers book, each with one word."""
        for who, start in plans:
            with self.sessions.begin() as session:
                store, offer = self.slot(session, 0, start)
                if self.ask(session, who, store, offer, 1, staff=False):
                    newest = session.scalars(select(Appointment).order_by(Appointment.id.desc())).first()
                    assert newest is not None
                    book.confirm(session, ZONE, newest, self.now)

    def ask(self, session: db.Session, who: int, store: Store, offer: book.Offer, wanted: int, *, staff: bool) -> bool:
        made_by = "staff:wu.an" if staff else "customer"
        customer, belief = session.get_one(Customer, self.people[who]), self.belief(session)
        earliest = self.now if staff else self.now + timedelta(minutes=30)
        expected: type[Exception] | None = None
        if len(belief.open_of(customer.id)) >= 2:
            expected = book.TooMany
        elif not staff and belief.cools_down(customer.id):
            expected = book.CoolingDown
        elif offer.starts_at < earliest or not belief.is_free(store, offer.starts_at, offer.ends_at):
            expected = book.PlaceTaken
        return self.happens(
            expected,
            lambda: book.hold(session, ZONE, customer, offer, self.wish(wanted), self.now, made_by=made_by),
        )

    @rule(number=NUMBERS, states=UNDECIDED)
    def she_says_yes(self, number: int, states: States) -> None:
        with self.sessions.begin() as session:
            visit = self.any_visit(session, number, *states)
            if visit is None:
                return
            belief, expected = self.belief(session), None
            if visit.state in (AppointmentState.CANCELLED, AppointmentState.NO_SHOW):
                expected = book.Gone
            elif visit.state in (AppointmentState.HELD, AppointmentState.LAPSED):
                expected = self.expected_of_a_yes(session, belief, visit)
            if self.happens(expected, lambda: book.confirm(session, ZONE, visit, self.now)):
                assert visit.state in (*STANDING, AppointmentState.DONE)

    def expected_of_a_yes(self, session: db.Session, belief: Belief, visit: Appointment) -> type[Exception] | None:
        if visit.starts_at <= self.now:
            return book.Gone
        if not belief.is_held(visit) and len(belief.open_of(visit.customer_id, visit.id)) >= 2:
            return book.TooMany
        store = session.get_one(Store, visit.store_id)
        is_free = belief.is_free(store, visit.starts_at, visit.ends_at, visit.id)
        return book.PlaceTaken if visit.state is AppointmentState.LAPSED and not is_free else None

    @rule(
        number=NUMBERS,
        states=CHOSEN,
        where=WHERE,
        start=STARTS,
        nudge=st.sampled_from([0, 30, -30]),
        staff=st.booleans(),
    )
    def she_moves(
        self, number: int, states: States, where: int, start: tuple[int, int], nudge: int, staff: bool
    ) -> None:
        with self.sessions.begin() as session:
            visit = self.any_visit(session, number, *states)
            if visit is None:
                return
            belief, expected = self.belief(session), None
            store, offer = self.slot(session, where, start)
            if nudge:
                begins = visit.starts_at + timedelta(minutes=nudge)
                store, offer = (
                    visit.store,
                    replace(offer, store_id=visit.store_id, starts_at=begins, ends_at=begins + HOUR),
                )
            earliest = self.now if staff else self.now + timedelta(minutes=30)
            booked = visit.state is AppointmentState.BOOKED and visit.ends_at > self.now
            if not booked and not belief.is_held(visit):
                expected = book.Gone
            elif offer.starts_at < earliest or not belief.is_free(store, offer.starts_at, offer.ends_at, visit.id):
                expected = book.PlaceTaken
            before = visit.starts_at, visit.store_id
            by = "staff:wu.an" if staff else "customer"
            moved = self.happens(expected, lambda: book.move(session, ZONE, visit, offer, self.now, by=by))
            assert (visit.starts_at, visit.store_id) == ((offer.starts_at, store.id) if moved else before)

    @rule(number=NUMBERS, states=CHOSEN, by=st.sampled_from(["customer", "staff:wu.an"]))
    def it_is_cancelled(self, number: int, states: States, by: str) -> None:
        with self.sessions.begin() as session:
            visit = self.any_visit(session, number, *states)
            if visit is None:
                return
            booked = visit.state is AppointmentState.BOOKED and visit.ends_at > self.now
            expected = None if booked or visit.state is AppointmentState.HELD else book.Gone
            self.happens(expected, lambda: book.cancel(session, visit, self.now, by=by))

    @rule(number=NUMBERS, states=CHOSEN, wanted=st.integers(1, 7))
    def she_wants_other_pieces(self, number: int, states: States, wanted: int) -> None:
        with self.sessions.begin() as session:
            visit = self.any_visit(session, number, *states)
            if visit is None:
                return
            booked = visit.state is AppointmentState.BOOKED and visit.ends_at > self.now
            expected = None if booked or self.belief(session).is_held(visit) else book.Gone
            self.happens(expected, lambda: book.change(session, visit, self.wish(wanted), self.now))

    @rule(number=NUMBERS, states=CHOSEN, what=st.sampled_from(["arrived", "no_show", *Outcome]))
    def the_advisor_notes_something(self, number: int, states: States, what: str) -> None:
        with self.sessions.begin() as session:
            visit, actor = self.any_visit(session, number, *states), Actor.of(self.shop.lin)
            if visit is None:
                return
            try:
                if what == "arrived":
                    given_up = visit.state is AppointmentState.NO_SHOW
                    book.arrived(session, visit, actor, self.now)
                    self.late.update([visit.id] if given_up else [])
                elif what == "no_show":
                    book.no_show(session, visit, actor, self.now)
                else:
                    book.note_outcome(session, visit, actor, Outcome(what), "", self.now)
            except (book.Gone, book.TooEarly):
                pass

    @rule(number=NUMBERS, states=CHOSEN, who=st.integers(0, 2))
    def it_is_handed_over(self, number: int, states: States, who: int) -> None:
        with self.sessions.begin() as session:
            visit = self.any_visit(session, number, *states)
            if visit is None or visit.state is not AppointmentState.BOOKED or visit.ends_at <= self.now:
                return
            to = (self.shop.lin, self.shop.wu, self.shop.manager)[who]
            others = [v for v in self.belief(session).visits if v.state in SEATED and v.id != visit.id]
            busy = any(v.advisor_id == to.id and overlap(v, visit.starts_at, visit.ends_at) for v in others)
            self.happens(book.PlaceTaken if busy else None, lambda: book.hand_over(session, visit, to, self.now))

    @rule(who=WHO, where=WHERE, start=STARTS)
    def she_waits(self, who: int, where: int, start: tuple[int, int]) -> None:
        with self.sessions.begin() as session:
            store, offer = self.slot(session, where, start)
            customer = session.get_one(Customer, self.people[who])
            window = book.Window(offer.starts_at, offer.starts_at + timedelta(hours=1))
            cools = self.belief(session).cools_down(customer.id)
            expected = book.CoolingDown if cools else None
            self.happens(expected, lambda: book.wait_for(session, customer, store, window, self.wish(1), self.now))

    @rule()
    def places_are_offered_to_those_who_wait(self) -> None:
        with self.sessions.begin() as session:
            offered = book.offer_places(session, ZONE, self.now)
            held = [entry.offered_appointment_id for entry in offered]
            assert len(set(held)) == len(held)
            assert all(entry.state is WaitingState.OFFERED for entry in offered)

    @rule(where=WHERE, places=st.sampled_from([2, 3, 4, 1, 0]), minutes=st.sampled_from(LENGTHS))
    def a_shop_changes_its_grid(self, where: int, places: int, minutes: int) -> None:
        with self.sessions.begin() as session:
            store = session.get_one(Store, self.stores[where].id)
            store.try_on_places, store.slot_minutes = places, minutes
        self.most_places[store.id] = max(self.most_places[store.id], places)

    @rule(where=WHERE, start=STARTS, hours=st.integers(1, 3), advisor=st.sampled_from([None, "lin", "zhao"]))
    def a_time_is_blocked(self, where: int, start: tuple[int, int], hours: int, advisor: str | None) -> None:
        with self.sessions.begin() as session:
            store, offer = self.slot(session, where, start)
            ends_at, who = offer.starts_at + timedelta(hours=hours), getattr(self.shop, advisor) if advisor else None
            book.block(session, store, offer.starts_at, ends_at, advisor=who)

    @rule()
    def all_blocks_end(self) -> None:
        with self.sessions.begin() as session:
            for one in session.scalars(select(Block)):
                book.unblock(session, one)

    @rule(
        who=st.sampled_from(["lin", "wu", "zhao", "manager"]),
        day=st.integers(0, DAYS - 1),
        what=st.sampled_from(["away", "there", "every week", "never"]),
    )
    def the_roster_changes(self, who: str, day: int, what: str) -> None:
        with self.sessions.begin() as session:
            on, person = self.now.astimezone(ZONE).date() + timedelta(days=day), getattr(self.shop, who)
            if what == "away":
                book.absent(session, person, on)
            elif what == "there":
                book.present(session, person, on)
            else:
                book.rests(session, person, [on.isoweekday()] if what == "every week" else [])

    @rule(minutes=st.sampled_from([6, 1, 6, 4, 6, 31, 90, 24 * 60, 8 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def the_scheduler_sweeps(self) -> None:
        with self.sessions.begin() as session:
            book.lapse(session, self.now)
            book.release_past(session, self.now)

    @rule(where=WHERE, first=STARTS, hours=st.integers(0, 30))
    def offers_are_asked_for(self, where: int, first: tuple[int, int], hours: int) -> None:
        with self.sessions.begin() as session:
            store, offer = self.slot(session, where, first)
            window = book.Window(offer.starts_at, offer.starts_at + timedelta(hours=hours))
            made = book.offers(session, ZONE, store, [window], self.now)
            belief = self.belief(session)
            assert all(belief.is_free(store, one.starts_at, one.ends_at) for one in made)
            assert all(one.starts_at >= self.now + timedelta(minutes=30) for one in made)
            assert all(window.holds(one.starts_at) == one.exact for one in made)
            if offer.starts_at >= self.now + timedelta(minutes=30) and belief.is_free(
                store, offer.starts_at, offer.ends_at
            ):
                assert made
                assert all(one.exact for one in made)

    def happens(self, expected: type[Exception] | None, act: Callable[[], object]) -> bool:
        """It is refused exactly as a fair reader would; whether it was done."""
        if expected is None:
            act()
            return True
        with pytest.raises(book.Refusal) as refusal:
            act()
        assert refusal.type is expected
        return False

    # What always holds

    @invariant()
    def seats_and_pieces_are_those_of_the_visits(self) -> None:
        if not hasattr(self, "most_places"):
            return
        with db.reading(self.engine) as session:
            visits = {visit.id: visit for visit in session.scalars(select(Appointment))}
            self.check_seats(visits, session.scalars(select(Seat)).all())
            check_pieces(session, visits)
            check_advisors(self.belief(session))

    def check_seats(self, visits: dict[int, Appointment], seats: Any) -> None:
        """One seat in each cell of each visit that stands, and no other seat at all."""
        found = Counter((seat.appointment_id, seat.cell) for seat in seats)
        assert set(found.values()) <= {1}
        kept_from = self.now - timedelta(days=1, minutes=10)
        for key, visit in visits.items():
            mine = [seat for seat in seats if seat.appointment_id == key]
            has_place = visit.state in SEATED and key not in self.late
            if has_place and visit.starts_at > kept_from:
                assert sorted(seat.cell for seat in mine) == list(cells(visit.starts_at, visit.ends_at))
                assert {(seat.store_id, seat.advisor_id) for seat in mine} == {(visit.store_id, visit.advisor_id)}
            elif not has_place:
                assert mine == []
        assert {seat.appointment_id for seat in seats} <= set(visits)
        taken = Counter((seat.store_id, seat.cell) for seat in seats)
        assert all(count <= self.most_places[store_id] for (store_id, _), count in taken.items())


def test_no_double_booking_and_no_lost_place(engine: Engine, request: pytest.FixtureRequest) -> None:
    """Steps: 20 stories of 30 in the suite, always the same; 2,000 of 50, always others, with `--full`."""
    AppointmentBook.engine = engine
    full = bool(request.config.getoption("--full"))
    stories, steps = (2000, 50) if full else (20, 30)
    limits = settings(max_examples=stories, stateful_step_count=steps, derandomize=not full)
    run_state_machine_as_test(AppointmentBook, settings=limits)
