"""What nothing else answers: always a word, never a guess."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.messages import IncomingMessage, Kind, Reply, Silence, Text
from bot.router import Router, kind, said
from crm.services.stores import nearest
from handlers.customer.appointments.here import offer_booking
from handlers.dialogue import Dialogue
from handlers.filters import customer as by_customer
from handlers.filters import waiting
from wording import Wording

router = Router("fallback")


@router.on(by_customer, said, waiting)
def while_waiting(say: Wording) -> Reply:
    """What the bot can't answer while an advisor is on his way is for the advisor."""
    return Text(say("customer.talk_still_waiting"))


@router.on(by_customer, kind(Kind.TEXT))
def words(say: Wording) -> Reply:
    return Text(say("customer.fallback"))


@router.on(by_customer, kind(Kind.VOICE))
def voice(message: IncomingMessage, say: Wording) -> Reply:
    return Text(say("customer.fallback" if message.text else "customer.fallback_voice"))


@router.on(by_customer, kind(Kind.IMAGE))
def picture(say: Wording) -> Reply:
    return Text(say("customer.fallback_picture"))


@router.on(by_customer, kind(Kind.LOCATION))
def location(message: IncomingMessage, session: Session, dialogue: Dialogue, say: Wording) -> Reply:
    """The nearest shop with its distance, and the offer to book a visit there."""
    fields = message.fields
    latitude, longitude = fields.get("location_x", 0.0), fields.get("location_y", 0.0)
    on_earth = abs(latitude) <= 90 and abs(longitude) <= 180
    found = nearest(session, latitude, longitude) if on_earth else None
    if found is None:
        return Text(say("customer.location_unknown"))
    store = found.store
    hours = f"{store.opens:%H:%M}–{store.closes:%H:%M}" if store.opens and store.closes else ""
    told = say(
        "customer.location",
        store=store.name,
        km=f"{found.km:.1f}",
        address=store.address,
        phone=store.phone,
        hours=hours,
    )
    return offer_booking(told, store.id, dialogue, say)


@router.on(by_customer, kind(Kind.EVENT, Kind.UNKNOWN))
def event(message: IncomingMessage) -> Reply:
    """Events and kinds that we do not know: stored and acknowledged."""
    return Silence()


@router.on(by_customer)
def anything_else(say: Wording) -> Reply:
    return Text(say("customer.fallback_other"))
