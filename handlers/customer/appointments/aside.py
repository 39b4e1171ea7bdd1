"""A question on something else in the middle of a booking: answered, and the booking goes on."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Menu, Option, Reply, Text
from handlers.customer.appointments.desk import Desk
from knowledge import Answer, Decision, Turn

TOPIC = "topic:"
# The shop's own answer on how to book says nothing to somebody who is booking.
BOOKING_TOPIC = "appointment"


def aside(desk: Desk, *, sure: bool = False) -> Reply | None:
    """The answer with the open question repeated; None when the knowledge base has none either.

    `sure`: only an answer, no readings to choose from: what she said may be about the visit as well.
    """
    visit = desk.visit
    turn = Turn.from_json(visit.dialogue.memory.get("turn"))
    found: Answer = visit.provide("knowledge").answer(visit.message.text, visit.desk.shop.current(), turn)
    if found.small_talk:
        return desk.ask_again(desk.say(f"customer.{found.small_talk}"))
    if found.decision is Decision.HANDOVER or BOOKING_TOPIC in found.topics:
        return None
    if sure and found.decision is not Decision.ANSWER:
        return None
    visit.dialogue.memory["turn"] = found.turn.to_json()
    if found.decision is Decision.CLARIFY:
        options = [Option(f"{TOPIC}{offer.topic}", offer.title) for offer in found.offers]
        return desk.ask_aside(desk.say("customer.clarify"), options)
    return desk.ask_again(found.text)


def with_answer(desk: Desk, reply: Reply, question: str) -> Reply:
    """The answer to a question that came along, above what was to be said anyway."""
    visit = desk.visit
    found: Answer = visit.provide("knowledge").answer(question, visit.desk.shop.current(), None)
    if found.decision is not Decision.ANSWER or BOOKING_TOPIC in found.topics:
        return reply
    if isinstance(reply, Menu):
        return replace(reply, head=f"{found.text}\n\n{reply.head}")
    return Text(f"{reply.content}\n\n{found.text}") if isinstance(reply, Text) else reply


def aside_chosen(desk: Desk, topic: str) -> Reply | None:
    """One of the readings that were offered; None when there is no such topic (any more)."""
    answer: Answer | None = desk.visit.provide("knowledge").by_topic(topic, desk.visit.desk.shop.current())
    return desk.ask_again(answer.text) if answer else None
