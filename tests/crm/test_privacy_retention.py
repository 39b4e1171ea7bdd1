"""What was kept long enough is emptied, once, in both databases; what is younger or not words stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from crm import db
from crm.models import (
    Appointment,
    AppointmentPiece,
    AppointmentState,
    Asking,
    BindTry,
    Conversation,
    Delivery,
    DeliveryState,
    Direction,
    HoldEntry,
    InboxRow,
    InboxState,
    Interaction,
    Purpose,
    Question,
    Store,
    Talk,
    WaitingEntry,
    WaitingState,
    Why,
    WishState,
)
from crm.services.privacy.retention import BATCH, Retention, clear, counted
from tests.crm.builders import a_customer, a_line

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
LONG_AGO, LATELY = NOW - relativedelta(months=24, days=1), NOW - relativedelta(months=24) + timedelta(days=1)
# Only the inbox's own time is over.
LAST_MONTH, THIS_MONTH = NOW - timedelta(days=31), NOW - timedelta(days=29)


def said(at: datetime, number: int, customer_id: int | None = None) -> Interaction:
    return Interaction(
        at=at,
        customer_id=customer_id,
        direction=Direction.IN,
        channel="kf",
        kind="text",
        text="话",
        key=f"k{number}",
    )


def came(at: datetime, number: int, state: InboxState = InboxState.ANSWERED) -> InboxRow:
    return InboxRow(
        account="a", key=f"m{number}", channel="kf", person="p", kind="text", received_at=at, state=state, body="<xml/>"
    )


def sent(at: datetime | None, number: int) -> Delivery:
    return Delivery(
        key=f"d{number}",
        job="talk",
        due_on=NOW.date(),
        purpose=Purpose.REPLY,
        body="{}",
        state=DeliveryState.SENT if at else DeliveryState.PLANNED,
        planned_at=LONG_AGO,
        not_before=LONG_AGO,
        ended_at=at,
    )


def swept(sessions: db.Sessions, kept: Retention | None = None) -> dict[str, int]:
    return dict(counted(clear(sessions, kept or Retention(), NOW)))


def all_of(sessions: db.Sessions, column: Any) -> list[Any]:
    with sessions() as session:
        return list(session.scalars(select(column).order_by(column.class_.id)))


def test_words_of_conversations_go_after_24_months_and_the_rows_stay(sessions: db.Sessions) -> None:
    with sessions.begin() as session:
        session.add_all([said(LONG_AGO, 1), said(LATELY, 2), sent(LONG_AGO, 1), sent(LATELY, 2), sent(None, 3)])
    assert swept(sessions) == {"interactions": 1, "deliveries": 1}
    assert all_of(sessions, Interaction.text) == ["", "话"]
    assert all_of(sessions, Delivery.body) == ["", "{}", "{}"]


def test_a_second_night_finds_nothing(sessions: db.Sessions) -> None:
    with sessions.begin() as session:
        session.add_all([said(LONG_AGO, 1), came(LAST_MONTH, 1)])
    assert swept(sessions) == {"interactions": 1, "inbox": 1}
    assert swept(sessions) == {}


def test_messages_as_they_came_go_after_30_days_unless_they_still_wait(sessions: db.Sessions) -> None:
    with sessions.begin() as session:
        session.add_all([came(LAST_MONTH, 1), came(THIS_MONTH, 2), came(LAST_MONTH, 3, InboxState.PENDING)])
    assert swept(sessions) == {"inbox": 1}
    assert all_of(sessions, InboxRow.body) == [None, "<xml/>", "<xml/>"]
    assert all_of(sessions, InboxRow.person) == ["", "p", "p"]
    assert all_of(sessions, InboxRow.key) == ["m1", "m2", "m3"]


def test_closed_talks_and_questions_lose_their_words(sessions: db.Sessions) -> None:
    with sessions.begin() as session:
        customer = a_customer(session, "C1")
        conversation = Conversation(channel="kf", account="a", person="p", customer_id=customer.id)
        question = Question(key=b"q" * 12, first_asked_at=LONG_AGO, last_asked_at=LONG_AGO)
        session.add_all([conversation, question])
        session.flush()
        hers = {"conversation_id": conversation.id, "customer_id": customer.id, "asked": "找人"}
        session.add_all(
            [
                Talk(**hers, opened_at=LONG_AGO, closed_at=LONG_AGO),
                Talk(**hers, opened_at=LONG_AGO),
                Asking(
                    question_id=question.id,
                    conversation_id=conversation.id,
                    words="问",
                    why=Why.UNANSWERED,
                    at=NOW - relativedelta(months=7),
                ),
            ]
        )
    assert swept(sessions, Retention(questions_months=6)) == {"talks": 1, "askings": 1}
    assert sorted(all_of(sessions, Talk.asked)) == ["", "找人"]


def test_what_a_law_kept_ends_with_its_term(sessions: db.Sessions) -> None:
    with sessions.begin() as session:
        customer = a_customer(session, "C1")
        for number, until in enumerate((NOW, NOW + timedelta(seconds=1))):
            line = a_line(session, customer, f"N{number}")
            session.add(
                HoldEntry(
                    customer_id=customer.id,
                    purchase_id=line.id,
                    name="徐铭",
                    phone="",
                    rule="r",
                    since=LONG_AGO,
                    until=until,
                )
            )
    assert swept(sessions) == {"hold_entries": 1}
    assert all_of(sessions, HoldEntry.until) == [NOW + timedelta(seconds=1)]


def test_many_rows_go_in_short_transactions(sessions: db.Sessions) -> None:
    with sessions.begin() as session:
        session.add_all(said(LONG_AGO, number) for number in range(BATCH + 1))
    assert list(clear(sessions, Retention(), NOW)) == [("interactions", BATCH), ("interactions", 1)]
    assert set(all_of(sessions, Interaction.text)) == {""}


def test_words_about_visits_and_waiting_go_after_24_months_and_tries_after_a_day(sessions: db.Sessions) -> None:
    with sessions.begin() as session:
        store = Store(code="HZ01", name="湖滨店", address="", phone="")
        session.add(store)
        session.flush()
        who = {"customer_id": a_customer(session, "C1", "周芸").id, "store_id": store.id, "for_whom": "妈妈"}
        for number, at in enumerate((LONG_AGO, LATELY)):
            told = {**who, "wishes": "古法手镯", "created_at": at}
            piece = AppointmentPiece(words="古法手镯", state=WishState.WISHED)
            state = {"number": f"A{number}", "state": AppointmentState.LAPSED, "reason": "没空", "pieces": [piece]}
            session.add(Appointment(**told, **state, starts_at=at, ends_at=at))
            waiting = {"pieces": '["手镯"]', "state": WaitingState.OVER, "closed_at": at}
            session.add(WaitingEntry(**told, **waiting, first=at, last=at))
        session.add_all(BindTry(who=b"x", kind="code", at=NOW - timedelta(hours=hours)) for hours in (23, 25))
    assert swept(sessions) == {"appointments": 1, "appointment_pieces": 1, "waiting_entries": 1, "bind_tries": 1}
    for column in (Appointment.for_whom, Appointment.wishes, Appointment.reason, AppointmentPiece.words):
        assert [bool(words) for words in all_of(sessions, column)] == [False, True]
    for column in (WaitingEntry.for_whom, WaitingEntry.wishes, WaitingEntry.pieces):
        assert [bool(words) for words in all_of(sessions, column)] == [False, True]
