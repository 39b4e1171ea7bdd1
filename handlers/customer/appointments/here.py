"""The offer to book a visit to a shop that was just named."""

from __future__ import annotations

from bot.messages import Menu, Option, Reply
from handlers.customer.appointments.desk import TAP
from handlers.dialogue import Dialogue
from handlers.states import State
from wording import Wording


def offer_booking(told: str, store_id: int, dialogue: Dialogue, say: Wording) -> Reply:
    """What was told about the shop, and one line to tap; a wish to come means this shop for a while."""
    option = Option(f"{TAP}shop:{store_id}", say("booking.book_here"))
    dialogue.enter(State.OFFERED_BOOKING, options=[option.id], store_id=store_id)
    return Menu(told, (option,))
