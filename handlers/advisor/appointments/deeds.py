"""What is done once a time is found: a visit is booked, moved, or another time proposed to the customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from bot.messages import Reply, Text
from crm.errors import NotFound
from crm.models import Appointment
from crm.services import appointments, audit, customers, visit_search
from crm.services.appointments import Gone, Offer, TooMany, Wish
from handlers.appointment_news import announce, take_back, tell_customer, who_of
from handlers.context import Visit
from handlers.customer.proposal import ask_customer
from handlers.schedule_words import moment_words

BOOK, MOVE, PROPOSE = "book", "move", "propose"


@dataclass(frozen=True, slots=True)
class Deed:
    """What the time is wanted for; kept in the dialogue while he chooses."""

    kind: str
    customer: str = ""
    number: str = ""
    words: str = ""

    @classmethod
    def of(cls, step: Mapping[str, Any]) -> Self:
        return cls(*(str(step.get(name, "")) for name in ("kind", "customer", "number", "words")))

    def remembered(self) -> dict[str, str]:
        return asdict(self)


def do(visit: Visit, deed: Deed, offer: Offer) -> Reply | Sequence[Reply]:
    """Raises PlaceTaken when somebody was faster; everything else is told in words."""
    say = visit.desk.say
    try:
        return _DEEDS[deed.kind](visit, deed, offer)
    except NotFound:
        return Text(say("advisor.find_none"))
    except Gone:
        return Text(say("schedule.gone"))
    except TooMany as many:
        lines = [line(visit, one) for one in many.open]
        return Text("\n".join([say("schedule.too_many", count=len(lines)), *lines]))


def line(visit: Visit, appointment: Appointment) -> str:
    """One visit on one line: when, where, number."""
    when = moment_words(appointment.starts_at, visit.desk.shop.zone, visit.desk.say)
    return visit.desk.say("schedule.line_when", when=when, store=appointment.store.name, number=appointment.number)


def visit_named(visit: Visit, number: str) -> Appointment:
    """Raises NotFound for one that is not there or not his to see."""
    found = visit_search.by_number(visit.session, visit.actor, number)
    if found is None:
        raise NotFound(f"There is no visit {number}.")
    return found


def audited(visit: Visit, action: str, appointment: Appointment) -> None:
    """What staff do for a customer; what she does herself stands in her history."""
    audit.note(visit.session, visit.now, visit.actor, action, appointment.customer.code, appointment.number)


def accept_quietly(visit: Visit, appointment: Appointment) -> None:
    """Who books or moves his own visit has said yes to it."""
    if appointment.advisor_id == visit.staff.id and appointment.accepted_at is None:
        appointments.accept(visit.session, appointment, visit.staff, visit.now)


def serve(visit: Visit, appointment: Appointment, text: Text, with_notice: bool = True) -> None:
    """Tell the customer by whichever service way is open."""
    shop, say = visit.desk.shop, visit.desk.say
    link = visit.desk.links.appointment(appointment.number)
    values = {
        "thing1": say("schedule.notice_what"),
        "time2": f"{appointment.starts_at.astimezone(shop.zone):%Y-%m-%d %H:%M}",
        "thing3": appointment.store.name,
    }
    notice = {"purpose": "appointment_reminder", "values": values, "url": link} if with_notice else None
    visit.outbox.serve(appointment.customer_id, text, notice, job="visit_told")


def _book(visit: Visit, deed: Deed, offer: Offer) -> Reply:
    session, shop = visit.session, visit.desk.shop
    customer = customers.by_code(session, visit.actor, deed.customer)
    wish = Wish(words=deed.words, piece_words=(deed.words,) if deed.words else ())
    by = f"staff:{visit.staff.userid}"
    held = appointments.hold(session, shop.zone, customer, offer, wish, visit.now, made_by=by)
    booked = appointments.confirm(session, shop.zone, held, visit.now)
    accept_quietly(visit, booked)
    audited(visit, "book-visit", booked)
    return _told(visit, booked, "new", "schedule.booked")


def _move(visit: Visit, deed: Deed, offer: Offer) -> Reply:
    by = f"staff:{visit.staff.userid}"
    found = visit_named(visit, deed.number)
    if offer.starts_at == found.starts_at and offer.store_id == found.store_id:
        return Text(visit.desk.say("schedule.same_time"))
    moved = appointments.move(visit.session, visit.desk.shop.zone, found, offer, visit.now, by=by)
    accept_quietly(visit, moved)
    audited(visit, "move-visit", moved)
    return _told(visit, moved, "moved", "schedule.moved")


def _told(visit: Visit, appointment: Appointment, what: Any, key: str) -> Reply:
    """Colleagues and the customer are told; he reads what stands now."""
    session, shop, say = visit.session, visit.desk.shop, visit.desk.say
    announce(visit.outbox, session, appointment, what, say, shop, visit.now, by=visit.staff)
    link = visit.desk.links.appointment(appointment.number)
    serve(visit, appointment, tell_customer(appointment, what, say, shop, link))
    return Text(
        say(
            key,
            **who_of(appointment, say),
            line=line(visit, appointment),
            advisor=appointment.advisor.name if appointment.advisor else say("schedule.nobody"),
        )
    )


def _propose(visit: Visit, deed: Deed, offer: Offer) -> Reply:
    """The visit stays as it is until she says yes."""
    say = visit.desk.say
    found = visit_named(visit, deed.number)
    if offer.starts_at == found.starts_at:
        return Text(say("schedule.same_time"))
    proposed = ask_customer(visit, found, offer)
    take_back(visit.outbox, visit.session, found, say("schedule.card_proposed"), visit.now)
    when = moment_words(offer.starts_at, visit.desk.shop.zone, say)
    return Text(say("schedule.proposed" if proposed else "schedule.gone", **who_of(found, say), when=when))


_DEEDS: Mapping[str, Callable[[Visit, Deed, Offer], Reply]] = {BOOK: _book, MOVE: _move, PROPOSE: _propose}
