"""A short word to the customer about her visit, only while her chat is open to us."""

from __future__ import annotations

from sqlalchemy import select

from bot.messages import Channel, Text
from bot.platforms.window import Window, may_send
from crm.models import Appointment, Conversation
from crm.services.talks import on_the_way
from handlers.context import Visit

CHANNELS = (Channel.OFFICIAL_ACCOUNT.value, Channel.KF.value)


def tell_if_open(visit: Visit, appointment: Appointment, text: Text) -> bool:
    """Send it into the conversation that she used last, if the platform lets one message through; False if not.

    One place of a window is kept for a person who may have to answer.
    """
    session = visit.session
    hers = select(Conversation).where(
        Conversation.customer_id == appointment.customer_id,
        Conversation.channel.in_(CHANNELS),
        Conversation.window_until > visit.now,
    )
    for place in session.scalars(hers.order_by(Conversation.last_inbound_at.desc())):
        assert place.window_until is not None
        left = place.window_left - on_the_way(session, place.account, place.person)
        if may_send(Window(place.window_opened_by, place.window_until, left), visit.now, keep=1) is None:
            visit.outbox.to_customer(place, text, job="visit_told")
            return True
    return False
