"""Where a dialogue can stand, and for how long it waits."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    """Named places in a dialogue; "" is none."""

    CHOOSING_TOPIC = "choosing_topic"
    CHOOSING_OPT_OUT = "choosing_opt_out"
    CHOOSING_CUSTOMER = "choosing_customer"
    CHOOSING_WAITING = "choosing_waiting"
    WRITING_NOTE = "writing_note"


# A list of choices is forgotten by the customer sooner than by us; after this a bare "2" is answered politely.
PATIENCE = timedelta(minutes=15)
# After this a state is not even mentioned any more: "2" the next day is a new message.
MEMORY = timedelta(hours=12)
