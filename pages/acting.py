"""What a customer does on the page of her visit: moves it, cancels it; each once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot.links import BadLink
from bot.messages import Channel, IncomingMessage, Kind, Text
from crm.errors import CrmError
from crm.models import Appointment, AppointmentState, Direction, Interaction, Staff
from crm.services import appointments
from handlers.appointment_news import JOB, News, announce, who_of
from handlers.outbox import Outbox
from pages.desk import PageDesk
from pages.sheet import moment_of, standing_of
from pages.times import offer_at

# Characters of a reason that are kept.
REASON_CHARS = 100
# Under this name the log of conversations knows what was done here.
PAGE = "page"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page showed when its form was made."""

    version: int
    starts_at: datetime


class Unclear(CrmError):
    """The form is not one of this page's: of another visit, or nobody's making."""


class Changed(CrmError):
    """The visit is not what the page showed any more. `seen`: what it showed."""

    def __init__(self, seen: Seen) -> None:
        super().__init__("The visit has changed since.")
        self.seen = seen


def sealed(desk: PageDesk, appointment: Appointment) -> str:
    """What a form carries, so that it acts only on what she saw."""
    return desk.links.seal(f"{appointment.number}:{appointment.version}:{int(appointment.starts_at.timestamp())}")


def seen(desk: PageDesk, appointment: Appointment, form: str) -> Seen:
    """Raises Unclear."""
    try:
        number, version, start = desk.links.unseal(form).split(":")
    except BadLink:
        raise Unclear("The form was not made here.") from None
    if number != appointment.number:
        raise Unclear("The form is another visit's.")
    return Seen(int(version), datetime.fromtimestamp(int(start), UTC))


def move(desk: PageDesk, token: str, form: str, start: datetime) -> None:
    """To that time, once; raises Changed, Gone, PlaceTaken, Unclear, BadLink, StorageAway."""
    with desk.writing() as session:
        appointment = desk.visit(session, token, lock=True)
        before = seen(desk, appointment, form)
        if appointment.state is AppointmentState.BOOKED and appointment.starts_at == start:
            return  # the second tap of the same finger, or the form sent again
        _must_be_as_seen(desk, appointment, before)
        offer = offer_at(desk, session, appointment, start)
        if offer is None:
            raise appointments.PlaceTaken
        former = appointment.advisor
        appointments.move(session, desk.shop.zone, appointment, offer, desk.clock.now(), by="customer")
        log = desk.say("page.log_moved", when=moment_of(desk, start))
        outbox = _tell(desk, session, appointment, "moved", log)
        _tell_former(desk, outbox, appointment, former)
        woken = outbox.plan(session)
    desk.wake_up(woken)


def cancel(desk: PageDesk, token: str, form: str, reason: str) -> None:
    """Once; raises Changed, Gone, Unclear, BadLink, StorageAway."""
    with desk.writing() as session:
        appointment = desk.visit(session, token, lock=True)
        before = seen(desk, appointment, form)
        if appointment.state is AppointmentState.CANCELLED:
            return
        _must_be_as_seen(desk, appointment, before)
        reason = " ".join(reason.split())[:REASON_CHARS]
        appointments.cancel(session, appointment, desk.clock.now(), by="customer", reason=reason)
        log = desk.say("page.log_cancelled", when=moment_of(desk, appointment.starts_at))
        woken = _tell(desk, session, appointment, "cancelled", log).plan(session)
    desk.wake_up(woken)


def _must_be_as_seen(desk: PageDesk, appointment: Appointment, before: Seen) -> None:
    if appointment.version != before.version or standing_of(appointment, desk.clock.now()) != "booked":
        raise Changed(before)


def _tell(desk: PageDesk, session: Session, appointment: Appointment, what: News, log: str) -> Outbox:
    """Writes what she did into her history and the word to whoever receives her."""
    session.flush()
    session.refresh(appointment)
    now = desk.clock.now()
    tap = _as_message(appointment, now)
    session.add(
        Interaction(
            at=now,
            customer_id=appointment.customer_id,
            direction=Direction.IN,
            channel=PAGE,
            kind=PAGE,
            text=log,
            key=tap.key,
        )
    )
    outbox = Outbox(tap, now, desk.wecom_account)
    announce(outbox, session, appointment, what, desk.say, desk.shop, now)
    return outbox


def _as_message(appointment: Appointment, now: datetime) -> IncomingMessage:
    """A tap on the page, as the outbox wants it: what it plans is planned once for each version of the visit."""
    key = f"{PAGE}:{appointment.number}:{appointment.version}"
    return IncomingMessage(Channel.OFFICIAL_ACCOUNT, PAGE, appointment.number, key, Kind.EVENT, now, event=PAGE)


def _tell_former(desk: PageDesk, outbox: Outbox, appointment: Appointment, former: Staff | None) -> None:
    """Somebody else receives her now: the one who expected her must not wait."""
    now = appointment.advisor
    if former is None or now is None or former.id == now.id or former.left_at is not None:
        return
    when = moment_of(desk, appointment.starts_at)
    told = desk.say("page.former_advisor", when=when, advisor=now.name, **who_of(appointment, desk.say))
    outbox.to_staff(former, Text(told), job=JOB)
