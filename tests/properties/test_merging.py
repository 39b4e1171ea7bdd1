"""Whatever is merged, parted and erased in whatever order: nothing said, bought, earned or refused is lost or doubled.

A naive reader (`Person`) keeps each person's things in plain sets; the database must agree after each step.
Short in the suite; `--full` takes 100,000 steps.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from crm import db
from crm.errors import Invalid, NotFound
from crm.models import (
    Customer,
    Direction,
    Identity,
    IdentityKind,
    InboxRow,
    InboxState,
    Interaction,
    Purchase,
    Taste,
    TasteKind,
)
from crm.models.membership import PointsEntry
from crm.services import consents, history
from crm.services.customers import by_code
from crm.services.erasure import erase
from crm.services.identities import add, meet
from crm.services.linking import spoken
from crm.services.membership import points
from crm.services.merging import merge, record_of, unmerge
from tests.crm.builders import NOW, OPERATOR, a_customer, a_line

OA = "wx5a1b2c3d4e5f6071"
CARDS, OPENIDS, SLIPS = ("C1", "C2", "C3"), ("o1", "o2", "o-C1", "o-C2"), ("till-1", "till-2", "till-3")
Word = tuple[str, bool]  # by which openid it was said ("" at the till), and what


@dataclass
class Frame:
    """Somebody went up in this person: who she was, and by which openid or under which code what was said since."""

    other: Person
    words: list[Word] = field(default_factory=list)
    measured: list[tuple[str, str]] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    forgotten: list[tuple[str, str]] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)


@dataclass
class Person:
    """One customer as a person with paper and pencil would keep her; `said`: messages, tastes, notes of staff."""

    code: str
    openids: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    bought: set[str] = field(default_factory=set)
    points: dict[str, int] = field(default_factory=dict)
    word: bool | None = None
    ring: str = ""
    erased: bool = False
    frames: list[Frame] = field(default_factory=list)

    def says(self, word: Word) -> None:
        if self.frames:
            self.frames[-1].words.append(word)
        else:
            self.word = word[1]

    def measures(self, ring: str, voice: str) -> None:
        if self.frames:
            self.frames[-1].measured.append((ring, voice))
        else:
            self.ring = ring

    def ring_size(self) -> str:
        """Her own, or that of who went up in her; then the last that was said as one."""
        ring = self.ring
        for frame in self.frames:
            ring = [ring or frame.other.ring_size(), *(said for said, _ in frame.measured)][-1]
        return ring

    def codes(self) -> set[str]:
        """Her own, and those of everybody who went up in her."""
        return {self.code}.union(*(frame.other.codes() for frame in self.frames))

    def tells(self, key: str, voice: str) -> None:
        self.said.add(key)
        for frame in self.frames[-1:]:
            frame.said.append((key, voice))

    def forgets(self, key: str, voice: str) -> None:
        self.said.remove(key)
        for frame in self.frames[-1:]:
            frame.forgotten.append((key, voice))

    def consents(self) -> bool | None:
        """The stricter word of those who are one; then the last that was said as one."""
        word = self.word
        for frame in self.frames:
            both = (word, frame.other.consents())
            word = False if False in both else True if True in both else None
            for _, said in frame.words:
                word = said
        return word

    def takes(self, other: Person) -> None:
        frame = Frame(other)
        self.openids |= other.openids
        self.said |= other.said
        self.bought |= other.bought
        for slip, count in other.points.items():
            name = f"{slip}@{other.code}" if slip in self.points else slip
            frame.renamed[slip] = name
            self.points[name] = count
        self.frames.append(frame)

    def parts(self) -> Person:
        frame = self.frames.pop()
        other = frame.other
        theirs = other.openids | other.codes()
        self.openids -= other.openids
        self.said -= other.said
        self.bought -= other.bought
        for key, voice in frame.said:
            self.said.discard(key)
            (other if voice in theirs else self).tells(key, voice)
        for key, voice in frame.forgotten:
            owner = other if key in other.said else self
            owner.said.add(key)
            if (owner is other) == (voice in theirs):
                owner.forgets(key, voice)
        for ring, voice in frame.measured:
            (other if voice in theirs else self).measures(ring, voice)
        for slip in other.points:
            del self.points[frame.renamed[slip]]
        for word in frame.words:
            (other if word[0] in other.openids else self).says(word)
        return other


class Merging(RuleBasedStateMachine):
    """Three cards, four followers, three slips that every till may print."""

    engine: ClassVar[Engine]

    @initialize()
    def open(self) -> None:
        self.people: dict[str, Person] = {}
        self.now, self.count = NOW, 0
        self.sessions = db.sessions(self.engine)
        with self.sessions.begin() as session:
            for table in reversed(db.Base.metadata.sorted_tables):
                if table.name not in ("wrapped_keys",):
                    session.execute(delete(table))
            for code in CARDS:
                openid = f"o-{code}"
                add(session, a_customer(session, code, code), OA, IdentityKind.OPENID, openid, NOW)
                self.people[code] = Person(code, {openid})

    def tick(self) -> str:
        self.now += timedelta(minutes=1)
        self.count += 1
        return f"m{self.count}"

    def one(self, number: int) -> Person:
        return self.people[sorted(self.people)[number % len(self.people)]]

    def living(self) -> list[Person]:
        return [person for _, person in sorted(self.people.items()) if not person.erased]

    def customer(self, session: Session, person: Person) -> Customer:
        return session.scalars(select(Customer).where(Customer.code == person.code)).one()

    def writes(self, session: Session, openid: str) -> tuple[Customer, Person, str]:
        """A message of this follower, as the ledger of messages keeps it."""
        key = self.tick()
        spoken.hear(session, OA, openid)
        her = session.get_one(Customer, meet(session, OA, IdentityKind.OPENID, openid, self.now).customer_id)
        about = {"channel": "official_account", "kind": "text", "key": key}
        session.add(Interaction(customer_id=her.id, direction=Direction.IN, at=self.now, **about))
        session.add(InboxRow(account=OA, person=openid, received_at=self.now, state=InboxState.STORED, **about))
        person = self.people.setdefault(her.code, Person(her.code))
        person.openids.add(openid)
        person.tells(key, openid)
        return her, person, key

    @rule(openid=st.sampled_from(OPENIDS))
    def write(self, openid: str) -> None:
        with self.sessions.begin() as session:
            self.writes(session, openid)

    @rule(openid=st.sampled_from(OPENIDS))
    def like(self, openid: str) -> None:
        with self.sessions.begin() as session:
            her, person, key = self.writes(session, openid)
            session.add(Taste(customer_id=her.id, kind=TasteKind.STYLE, value=f"t{key}", at=self.now))
            person.tells(f"t{key}", openid)

    @rule(openid=st.sampled_from(OPENIDS))
    def measure(self, openid: str) -> None:
        """What stands in her card once, whoever of those who are one says it."""
        with self.sessions.begin() as session:
            her, person, key = self.writes(session, openid)
            her.ring_size = key
            person.measures(key, openid)

    @rule(number=st.integers(0, 9), which=st.integers(0, 9), by=st.integers(0, 9))
    def forget(self, number: int, which: int, by: int) -> None:
        """What she reads of herself, by any id of hers, whoever of those who are one told it."""
        liking = [one for one in self.living() if any(key.startswith("t") for key in one.said)]
        for person in liking[number % max(1, len(liking)) :][:1]:
            tastes = sorted(key for key in person.said if key.startswith("t"))
            openid, key = sorted(person.openids)[by % len(person.openids)], tastes[which % len(tastes)]
            with self.sessions.begin() as session:
                self.writes(session, openid)
                session.delete(session.scalars(select(Taste).where(Taste.value == key)).one())
            person.forgets(key, openid)

    @rule(number=st.integers(0, 9), which=st.integers(0, 9))
    def note(self, number: int, which: int) -> None:
        """Staff write under any code that finds her."""
        living = self.living()
        person, key = living[number % len(living)], f"n{self.tick()}"
        code = sorted(person.codes())[which % len(person.codes())]
        with self.sessions.begin() as session:
            spoken.hear_staff(session)
            history.add_note(session, OPERATOR, by_code(session, OPERATOR, code), key, self.now)
        person.tells(key, code)

    @rule(openid=st.sampled_from(OPENIDS), yes=st.booleans())
    def consent(self, openid: str, yes: bool) -> None:
        self.said_about_consent(openid, yes)

    def said_about_consent(self, openid: str, yes: bool) -> None:
        with self.sessions.begin() as session:
            her, person, key = self.writes(session, openid)
            speak(session, her, yes, self.now, key)
            person.says((openid, yes))

    @rule(number=st.integers(0, 9), yes=st.booleans())
    def consent_by_an_id_that_was_merged(self, number: int, yes: bool) -> None:
        """What has to find its way back."""
        merged = [person for person in self.living() if person.frames and person.frames[-1].other.openids]
        if merged:
            self.said_about_consent(sorted(merged[number % len(merged)].frames[-1].other.openids)[0], yes)

    @rule(number=st.integers(0, 9), yes=st.booleans())
    def consent_at_the_till(self, number: int, yes: bool) -> None:
        person, _ = self.one(number), self.tick()
        if not person.erased:
            with self.sessions.begin() as session:
                speak(session, self.customer(session, person), yes, self.now, "")
                person.says(("", yes))

    @rule(number=st.integers(0, 9))
    def buy(self, number: int) -> None:
        person, slip = self.one(number), self.tick()
        with self.sessions.begin() as session:
            a_line(session, self.customer(session, person), slip)
            person.bought.add(slip)

    @rule(number=st.integers(0, 9), slip=st.sampled_from(SLIPS), count=st.integers(1, 50))
    def earn(self, number: int, slip: str, count: int) -> None:
        person, _ = self.one(number), self.tick()
        with self.sessions.begin() as session:
            points.earn(session, self.customer(session, person), count, slip, "", self.now, date(2030, 1, 1))
            person.points.setdefault(slip, count)

    @rule(number=st.integers(0, 9), count=st.integers(1, 60))
    def redeem(self, number: int, count: int) -> None:
        person, slip = self.one(number), self.tick()
        with self.sessions.begin() as session:
            her = self.customer(session, person)
            if count > sum(person.points.values()):
                with pytest.raises(points.NotEnough):
                    points.redeem(session, her, count, slip, "", NOW.date(), self.now)
            else:
                points.redeem(session, her, count, slip, "", NOW.date(), self.now)
                person.points[slip] = -count

    @rule(number=st.integers(0, 9), other=st.integers(0, 9))
    def merge(self, number: int, other: int) -> None:
        keep = self.one(number)
        rest = [person for person in self.living() if person is not keep] or [keep]
        gone = rest[other % len(rest)]
        self.tick()
        with self.sessions.begin() as session:
            both = (self.customer(session, keep), self.customer(session, gone))
            if keep is gone or keep.erased or gone.erased:
                with pytest.raises(Invalid):
                    merge(session, OPERATOR, *both, "", self.now)
                return
            merge(session, OPERATOR, *both, "", self.now)
        keep.takes(gone)
        del self.people[gone.code]

    @rule(number=st.integers(0, 9), other=st.integers(0, 9), yes=st.booleans(), first=st.booleans())
    def merge_wrongly(self, number: int, other: int, yes: bool, first: bool) -> None:
        """Two become one, the other one speaks, and they part again."""
        if first:
            self.consent_at_the_till(number, not yes)
        self.merge(number, other)
        self.consent_by_an_id_that_was_merged(0, yes)
        self.unmerge(0)

    @rule(number=st.integers(0, 9), other=st.integers(0, 9), which=st.integers(0, 9))
    def merge_wrongly_and_forget(self, number: int, other: int, which: int) -> None:
        """Everybody likes something, two become one, tastes are forgotten and notes written, and they part again."""
        for openid in OPENIDS:
            self.like(openid)
        self.merge(number, other)
        for each in range(4):
            self.forget(each, which, which + each)
            self.note(each, which + each)
        self.unmerge(0)

    @rule(number=st.integers(0, 9))
    def unmerge(self, number: int) -> None:
        merged = [person for person in self.living() if person.frames] or [self.one(number)]
        person, _ = merged[number % len(merged)], self.tick()
        with self.sessions.begin() as session:
            if not person.frames:
                with pytest.raises(NotFound):
                    record_of(session, person.code)
                return
            unmerge(session, OPERATOR, record_of(session, person.frames[-1].other.code), self.now)
        back = person.parts()
        self.people[back.code] = back

    @rule(number=st.integers(0, 9))
    def erase(self, number: int) -> None:
        """Who is erased takes part in nothing any more, so three are left."""
        person, _ = self.one(number), self.tick()
        if person.erased or len(self.living()) <= len(CARDS):
            return
        with self.sessions.begin() as session:
            erase(session, OPERATOR, self.customer(session, person), self.now)
        person.erased, person.word, person.ring, person.frames, person.openids = True, False, "", [], set()
        person.said = {key for key in person.said if key.startswith("m")}

    @invariant()
    def the_database_says_the_same(self) -> None:
        if not hasattr(self, "people"):
            return
        with self.sessions() as session:
            codes = dict(session.execute(select(Customer.id, Customer.code)).all())
            assert set(codes.values()) == set(self.people)
            said, bought = by_owner(session, codes, Interaction.key), by_owner(session, codes, Purchase.number)
            known, tastes = by_owner(session, codes, Identity.value), by_owner(session, codes, Taste.value)
            cards = {her.code: her for her in session.scalars(select(Customer))}
            earned = select(PointsEntry.customer_id, func.sum(PointsEntry.points)).group_by(PointsEntry.customer_id)
            sums = dict(session.execute(earned).all())
            words = {key: word.granted for key, word in consents.latest(session, list(codes)).items()}
            for key, code in codes.items():
                person = self.people[code]
                written = [line.rpartition("：")[2] for line in cards[code].notes.splitlines()]
                assert sorted([*said[code], *tastes[code], *written]) == sorted(person.said)
                assert sorted(bought[code]) == sorted(person.bought)
                assert sorted(known[code]) == sorted(person.openids)
                assert sums.get(key, 0) == sum(person.points.values())
                assert words.get(key) is person.consents()
                assert cards[code].ring_size == person.ring_size()
            for code, person in self.people.items():
                assert all(by_code(session, OPERATOR, one.other.code).code == code for one in person.frames)


def by_owner(session: Session, codes: dict[int, str], column: object) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    model = column.class_  # type: ignore[attr-defined]
    for owner, value in session.execute(select(model.customer_id, column)):  # type: ignore[call-overload]
        found[codes[owner]].append(value)
    return found


def speak(session: Session, customer: Customer, yes: bool, now: object, proof: str) -> None:
    word = consents.grant if yes else consents.withdraw
    word(session, customer.id, channel="official_account", at=now, text_version="1", proof=proof)  # type: ignore[arg-type]


def test_nothing_is_lost_or_doubled(engine: Engine, request: pytest.FixtureRequest) -> None:
    """Steps: 12 stories of 25 in the suite, always the same; 2,000 of 50, always others, with `--full`."""
    Merging.engine = engine
    full = bool(request.config.getoption("--full"))
    stories, steps = (2000, 50) if full else (12, 25)
    limits = settings(max_examples=stories, stateful_step_count=steps, derandomize=not full)
    run_state_machine_as_test(Merging, settings=limits)
