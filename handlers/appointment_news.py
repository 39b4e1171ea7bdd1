"""What advisor and customer are told when a visit is booked, moved, changed or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.links import map_link
from bot.messages import Card, CardDone, Reply, Text
from crm.models import Appointment, Delivery, Role, Staff, Task
from crm.services import cards
from crm.services.customers import masked_phone
from handlers.context import ShopFacts
from handlers.customer.talk import called
from handlers.schedule_words import clipped, moment_words, pieces_words
from handlers.speech import as_said
from wording import Wording

# "handed": a colleague handed the visit over; "kept": the customer declined another time.
News = Literal["new", "moved", "cancelled", "changed", "handed", "kept"]
# With these somebody has to say yes (again).
TO_ACCEPT = ("new", "moved", "handed", "kept")
# Deliveries of these cards and texts stand under this job.
JOB = "visit"
# The beginning of the key of every button of these cards; then what to do, the number and the version.
TAP = "visit:"
# The keys of the card that asks how a visit went, and what its buttons mean.
DONE = "visited:"
OUTCOMES = ("bought", "liked", "tried", "not_yet", "no_show")


class Carrier(Protocol):
    """Takes messages to staff: a handler's outbox, or what a page collects."""

    def to_staff(self, staff: Staff, *replies: Reply, job: str = ...) -> None: ...
    def card_done(self, card: Delivery, done: Reply) -> None: ...


def announce(
    carrier: Carrier,
    session: Session,
    appointment: Appointment,
    what: News,
    say: Wording,
    shop: ShopFacts,
    now: datetime,
    by: Staff | None = None,
) -> None:
    """Tell whoever receives her, and both shops of pieces that have to travel; older cards turn grey.

    `by`: the member of staff who did it himself and needs no message.
    """
    take_back(carrier, session, appointment, say(f"schedule.card_gone_{what}"), now)
    for person, text in tell_tasks(session, appointment, what, say, shop, now):
        carrier.to_staff(person, text, job=JOB)
    for reader in readers(session, appointment):
        if by is None or reader.id != by.id:
            carrier.to_staff(reader, tell_advisor(appointment, what, say, shop, reader), job=JOB)


def take_back(
    carrier: Carrier, session: Session, appointment: Appointment, label: str, now: datetime, tapped: str = ""
) -> None:
    """Older cards of this visit: unsent ones are not sent, sent ones turn grey with `label`.

    `tapped` is the task of the card that is being answered in place. A code serves once, so it is forgotten.
    """
    _take_back(carrier, session, _tasks_of(appointment), label, now, tapped)


def take_back_outcome(
    carrier: Carrier, session: Session, appointment: Appointment, label: str, now: datetime, tapped: str = ""
) -> None:
    """The cards that ask how the visit went, once it is known."""
    _take_back(carrier, session, _outcomes_of(appointment), label, now, tapped)


def _take_back(carrier: Carrier, session: Session, tasks: str, label: str, now: datetime, tapped: str) -> None:
    cards.withdraw(session, tasks, "the visit has changed since", now)
    for card in cards.open_cards(session, tasks):
        if card.key != f"card:{tapped}":
            carrier.card_done(card, CardDone(label))
        card.receipt = ""


def readers(session: Session, appointment: Appointment) -> Sequence[Staff]:
    """Who is told of a visit: its advisor; without one the shop's managers; without them everybody there."""
    if appointment.advisor is not None and appointment.advisor.left_at is None:
        return (appointment.advisor,)
    return people_of(session, appointment.store_id)


def people_of(session: Session, store_id: int) -> Sequence[Staff]:
    """The managers of a shop; where there is none, everybody who works in it."""
    working = select(Staff).where(Staff.store_id == store_id, Staff.left_at.is_(None)).order_by(Staff.id)
    found = session.scalars(working).all()
    return [one for one in found if one.role == Role.MANAGER] or found


def tell_tasks(
    session: Session, appointment: Appointment, what: News, say: Wording, shop: ShopFacts, now: datetime
) -> list[tuple[Staff, Text]]:
    """Both shops of a piece that has to travel: what is asked of them since now, at another time, or no more."""
    mine = select(Task).where(Task.appointment_id == appointment.id).order_by(Task.id)
    told: list[tuple[Staff, Text]] = []
    for task in session.scalars(mine):
        if text := _task_news(task, appointment, what, say, shop, now):
            told += [(person, Text(text)) for person in _helpers(session, task)]
    return told


def _task_news(task: Task, appointment: Appointment, what: News, say: Wording, shop: ShopFacts, now: datetime) -> str:
    """A task that was made and became needless in one moment was never told to anybody."""
    is_new = task.created_at == now
    if task.done_at is not None:
        return say("schedule.task_off", words=task_words(task, say)) if task.done_at == now and not is_new else ""
    if not is_new and what != "moved":
        return ""
    asked = say("schedule.task_asked" if is_new else "schedule.task_moved", words=task_words(task, say))
    due = moment_words(task.due_at, shop.zone, say)
    when = moment_words(appointment.starts_at, shop.zone, say)
    return "\n".join([asked, say("schedule.task_due", due=due, when=when, number=task.id)])


def task_words(task: Task, say: Wording) -> str:
    """What is to be done, in one line."""
    store = task.appointment.store.name if task.appointment else ""
    return say(f"schedule.task_{task.kind}", words=task.words, store=store)


def _helpers(session: Session, task: Task) -> Sequence[Staff]:
    if task.staff is not None and task.staff.left_at is None:
        return (task.staff,)
    return people_of(session, task.store_id) if task.store_id is not None else ()


def tell_advisor(
    appointment: Appointment, what: News, say: Wording, shop: ShopFacts, staff: Staff | None = None
) -> Card | Text:
    """A card with buttons while somebody has to say yes, a text for the rest.

    `staff`: who reads it when it is not the visit's advisor; the phone is shown, masked, only to
    those who may see the customer.
    """
    reader = staff or appointment.advisor
    if what in TO_ACCEPT or (what == "changed" and appointment.accepted_at is None):
        return _card(appointment, what, say, shop, reader)
    key = "schedule.advisor_cancelled" if what == "cancelled" else "schedule.advisor_changed"
    lines = (say(key, **who_of(appointment, say)), *_lines(appointment, say, shop))
    return Text("\n".join(line for line in lines if line))


def tell_customer(appointment: Appointment, what: News, say: Wording, shop: ShopFacts, link: str) -> Text:
    """When, where, with whom, and how to change it; `link` leads to her page, "" for none."""
    when = moment_words(appointment.starts_at, shop.zone, say)
    store = appointment.store
    if what == "cancelled":
        return Text(say("schedule.customer_cancelled", when=when, store=store.name))
    place = map_link(store.name, store.address, store.latitude, store.longitude)
    parts = [
        say(f"schedule.customer_{what}"),
        when,
        say("schedule.customer_where", store=store.name, address=store.address),
        say("schedule.customer_phone", phone=store.phone) if store.phone else "",
        say("schedule.customer_with", advisor=appointment.advisor.name) if appointment.advisor else "",
        *_wishes(appointment, say, "customer"),
        " ".join(
            part
            for part in (
                say("schedule.customer_map", link=escape(place)) if place else "",
                say("schedule.customer_page", link=escape(link)) if link else "",
            )
            if part
        ),
        say("schedule.customer_how"),
    ]
    return Text("\n".join(part for part in parts if part))


def outcome_card(appointment: Appointment, say: Wording, zone: ZoneInfo, staff: Staff) -> Card:
    """After the visit: how it went, in one tap."""
    buttons = [
        {
            "text": say(f"schedule.outcome_{what}"),
            "style": 1 if what == "bought" else 2,
            "key": f"{DONE}{what}:{appointment.number}",
        }
        for what in OUTCOMES
    ]
    body = {
        "card_type": "button_interaction",
        "main_title": {
            "title": say("schedule.outcome_title"),
            "desc": say("schedule.card_who", **who_of(appointment, say)),
        },
        "horizontal_content_list": [
            {"keyname": say(key), "value": value}
            for key, value in (
                ("schedule.row_time", moment_words(appointment.starts_at, zone, say)),
                ("schedule.row_pieces", pieces_words(appointment)),
                ("schedule.row_number", appointment.number),
            )
            if value
        ],
        "button_list": buttons,
    }
    return Card(task_id=f"{_outcomes_of(appointment)}{staff.id}", body=body)


def task_id(appointment: Appointment, staff_id: int | None) -> str:
    """Unique per visit, version and reader: an old card is known as old by it."""
    return f"{_tasks_of(appointment)}{appointment.version}-{staff_id or 0}"


def _tasks_of(appointment: Appointment) -> str:
    return f"visit-{appointment.number}-"


def _outcomes_of(appointment: Appointment) -> str:
    return f"visit-done-{appointment.number}-"


def _card(appointment: Appointment, what: News, say: Wording, shop: ShopFacts, reader: Staff | None) -> Card:
    title = say(f"schedule.card_title_{what}")
    who = say("schedule.card_who", **who_of(appointment, say))
    rows = [(key, value) for key, value in _rows(appointment, say, shop, reader) if value]
    body: dict[str, Any] = {
        "card_type": "button_interaction",
        "main_title": {"title": title, "desc": who},
        "horizontal_content_list": [{"keyname": say(key), "value": value} for key, value in rows],
        "button_list": [
            {"text": say("schedule.card_accept"), "style": 1, "key": _key("accept", appointment)},
            {"text": say("schedule.card_time"), "style": 2, "key": _key("time", appointment)},
            {"text": say("schedule.card_hand"), "style": 2, "key": _key("hand", appointment)},
        ],
    }
    return Card(task_id=task_id(appointment, reader.id if reader else None), body=body)


def _key(what: str, appointment: Appointment) -> str:
    return f"{TAP}{what}:{appointment.number}:{appointment.version}"


def _rows(appointment: Appointment, say: Wording, shop: ShopFacts, reader: Staff | None) -> Sequence[tuple[str, str]]:
    phone = masked_phone(appointment.customer.phone) if reader and may_see(reader, appointment) else ""
    return (
        ("schedule.row_time", moment_words(appointment.starts_at, shop.zone, say)),
        ("schedule.row_store", appointment.store.name),
        ("schedule.row_pieces", pieces_words(appointment)),
        ("schedule.row_for", clipped(as_said(appointment.for_whom))),
        ("schedule.row_phone", phone),
        ("schedule.row_number", appointment.number),
    )


def may_see(reader: Staff, appointment: Appointment) -> bool:
    """As `crm.services.visibility`, for one customer whose row is at hand."""
    customer = appointment.customer
    if reader.role == Role.HEADQUARTERS or customer.advisor_id == reader.id:
        return True
    return reader.role == Role.MANAGER and reader.store_id is not None and customer.store_id == reader.store_id


def who_of(appointment: Appointment, say: Wording) -> dict[str, str]:
    return {"name": called(appointment.customer, say), "code": appointment.customer.code}


def _lines(appointment: Appointment, say: Wording, shop: ShopFacts) -> list[str]:
    when = moment_words(appointment.starts_at, shop.zone, say)
    return [
        say("schedule.line_when", when=when, store=appointment.store.name, number=appointment.number),
        *_wishes(appointment, say, "advisor"),
        say("schedule.line_reason", reason=clipped(as_said(appointment.reason))) if appointment.reason else "",
    ]


def _wishes(appointment: Appointment, say: Wording, reader: Literal["customer", "advisor"]) -> list[str]:
    pieces, for_whom = pieces_words(appointment), clipped(as_said(appointment.for_whom))
    return [
        say(f"schedule.{reader}_pieces", pieces=pieces) if pieces else "",
        say(f"schedule.{reader}_for", whom=for_whom) if for_whom else "",
    ]
