"""An advisor proposes another time for a visit: the customer is asked, and says yes or no."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.links import Links
from bot.messages import IncomingMessage, Menu, Option, Reply, Text
from bot.router import Router, said, words
from crm.models import Appointment, AppointmentState, Customer, Staff
from crm.services import appointments
from crm.services.appointments import Gone, Offer, PlaceTaken
from handlers.appointment_news import JOB, readers, take_back, tell_advisor, tell_customer, who_of
from handlers.context import ShopFacts
from handlers.filters import customer as by_customer
from handlers.filters import tapped, when
from handlers.outbox import Outbox
from handlers.schedule_words import moment_words
from handlers.states import State
from wording import Wording

if TYPE_CHECKING:
    from handlers.context import Visit

router = Router("proposal")

YES, NO = "visit_yes:", "visit_no:"
# A bare number means this question only while no other list is open.
_YES = r"(?:可以|好|行|没问题|同意|ok|嗯)[的啊呀哒吧嘞]{0,2}"
_NO = r"不行|不可以|不方便|不改了?|不用了?|不了|保持原来的"
# While she is in the middle of something else, "可以" and "1" belong to that; a tap always means this question.
nothing_open = when(lambda visit: visit.state in ("", State.JUST_BOOKED))
answering = tapped(YES) | tapped(NO) | (words(f"{_YES}|{_NO}|[12]") & nothing_open)


def ask_customer(visit: Visit, appointment: Appointment, offer: Offer) -> bool:
    """Remember the proposal and ask her; False when the visit is no longer open."""
    if appointment.state is not AppointmentState.BOOKED or appointment.starts_at <= visit.now:
        return False
    say, zone = visit.desk.say, visit.desk.shop.zone
    appointment.proposed_starts_at, appointment.proposed_by_id = offer.starts_at, visit.staff.id
    # Cards of the visit as it was must not act any more.
    appointment.version += 1
    moment = f"{appointment.number}:{int(offer.starts_at.timestamp())}"
    options = (
        Option(f"{YES}{moment}", say("schedule.proposal_yes")),
        Option(f"{NO}{moment}", say("schedule.proposal_no")),
    )
    head = say(
        "schedule.proposal_ask",
        advisor=visit.staff.name,
        old=moment_words(appointment.starts_at, zone, say),
        new=moment_words(offer.starts_at, zone, say),
        store=appointment.store.name,
    )
    visit.outbox.serve(appointment.customer_id, Menu(head, options), job="visit_proposal")
    return True


@router.on(by_customer, said, answering)
def answered(
    message: IncomingMessage,
    plain: str,
    customer: Customer,
    session: Session,
    shop: ShopFacts,
    links: Links,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply | None:
    """Yes moves the visit, no leaves it; without an open question the words are somebody else's to answer."""
    tap = str(message.fields.get("menu_id", ""))
    found = _asked_of(session, customer, now)
    if tap.startswith((YES, NO)):
        number, _, moment = tap.partition(":")[2].partition(":")
        found = [one for one in found if one.number == number and _moment(one) == moment]
        if not found:
            return Text(say("schedule.proposal_over"))
    if not found:
        return None
    appointment, proposer = found[0], found[0].proposed_by
    agreed = tap.startswith(YES) if tap else plain == "1" or not plain.startswith(("不", "2", "保持"))
    if agreed:
        return _agreed(appointment, proposer, session, shop, links, outbox, say, now)
    return _declined(appointment, session, shop, outbox, say, now)


def _asked_of(session: Session, customer: Customer, now: datetime) -> list[Appointment]:
    asked = select(Appointment).where(
        Appointment.customer_id == customer.id,
        Appointment.state == AppointmentState.BOOKED,
        Appointment.proposed_starts_at > now,
        Appointment.starts_at > now,
    )
    return list(session.scalars(asked.options(selectinload(Appointment.pieces)).order_by(Appointment.starts_at)))


def _moment(appointment: Appointment) -> str:
    proposed = appointment.proposed_starts_at
    return str(int(proposed.timestamp())) if proposed else ""


def _agreed(
    appointment: Appointment,
    proposer: Staff | None,
    session: Session,
    shop: ShopFacts,
    links: Links,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply:
    starts_at = appointment.proposed_starts_at
    assert starts_at is not None
    ends_at = starts_at + (appointment.ends_at - appointment.starts_at)
    offer = Offer(appointment.store_id, starts_at, ends_at, appointment.advisor_id, exact=True)
    appointment.proposed_starts_at = appointment.proposed_by_id = None
    try:
        moved = appointments.move(session, shop.zone, appointment, offer, now, by="customer")
    except (PlaceTaken, Gone):
        _tell(session, appointment, proposer, outbox, say("schedule.proposal_taken", **who_of(appointment, say)))
        when = moment_words(appointment.starts_at, shop.zone, say)
        return Text(say("schedule.proposal_taken_customer", when=when))
    if proposer is not None and proposer.id == moved.advisor_id:
        appointments.accept(session, moved, proposer, now)
    when = moment_words(moved.starts_at, shop.zone, say)
    take_back(outbox, session, moved, say("schedule.card_gone_moved"), now)
    _tell(session, moved, proposer, outbox, say("schedule.proposal_agreed", **who_of(moved, say), when=when))
    return tell_customer(moved, "moved", say, shop, links.appointment(moved.number))


def _declined(
    appointment: Appointment, session: Session, shop: ShopFacts, outbox: Outbox, say: Wording, now: datetime
) -> Reply:
    """It stays; whoever receives her gets a fresh card to decide with."""
    proposer = appointment.proposed_by
    appointment.proposed_starts_at = appointment.proposed_by_id = None
    appointment.version += 1
    take_back(outbox, session, appointment, say("schedule.card_gone_changed"), now)
    _tell(session, appointment, proposer, outbox, say("schedule.proposal_declined", **who_of(appointment, say)))
    for reader in readers(session, appointment):
        outbox.to_staff(reader, tell_advisor(appointment, "kept", say, shop, reader), job=JOB)
    when = moment_words(appointment.starts_at, shop.zone, say)
    return Text(say("schedule.proposal_kept", when=when, store=appointment.store.name))


def _tell(session: Session, appointment: Appointment, proposer: Staff | None, outbox: Outbox, words_: str) -> None:
    """Whoever receives her, and who proposed it when that is somebody else, reads what she said."""
    told = {one.id: one for one in readers(session, appointment)}
    if proposer is not None and proposer.left_at is None:
        told[proposer.id] = proposer
    for reader in told.values():
        outbox.to_staff(reader, Text(words_), job=JOB)
