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
    # A visit is talked about: shop or time is asked; everything stands and her yes is missing; one of hers is
    # chosen; one was just booked; a shop was named for a location she sent.
    BOOKING = "booking"
    CONFIRMING_BOOKING = "confirming_booking"
    CHOOSING_OWN_VISIT = "choosing_own_visit"
    JUST_BOOKED = "just_booked"
    OFFERED_BOOKING = "offered_booking"
    # A customer may say whether an answer helped; staff write, confirm and place what the shop answers.
    RATING = "rating"
    WRITING_ANSWER = "writing_answer"
    TEACHING = "teaching"
    CHOOSING_ENTRY = "choosing_entry"
    # Staff and visits: a time is chosen or typed; which visit; whom it goes to; whether to cancel; why not yet.
    NAMING_VISIT_TIME = "naming_visit_time"
    CHOOSING_VISIT = "choosing_visit"
    HANDING_VISIT_OVER = "handing_visit_over"
    CANCELLING_VISIT = "cancelling_visit"
    NOTING_OUTCOME = "noting_outcome"
    SAYING_WHY_NOT_YET = "saying_why_not_yet"
    ROSTER_CHANGED = "roster_changed"
    # A manager's merge of two customers waits for its code.
    CONFIRMING_MERGE = "confirming_merge"
    # A line in a talk that may be meant for the bot waits for his word whether it goes to the customer.
    HOLDING_BACK = "holding_back"
    # One of her pieces is chosen, to be seen or to be a secret; its passport is open; something was just
    # remembered, and can be taken back; one of the remembered things is chosen to be forgotten; how it was,
    # in her own words; a complaint is told.
    CHOOSING_PIECE = "choosing_piece"
    CHOOSING_GIFT = "choosing_gift"
    VIEWING_PIECE = "viewing_piece"
    JUST_REMEMBERED = "just_remembered"
    FORGETTING = "forgetting"
    SCORING = "scoring"
    COMPLAINING = "complaining"
    # She just read what is kept of her; everything about her is about to be erased; which name is right.
    READING_OWN_RECORD = "reading_own_record"
    CONFIRMING_ERASURE = "confirming_erasure"
    CORRECTING_NAME = "correcting_name"
    # The day that she told is another than the one on her card; whether her phone goes from it.
    CORRECTING_DAY = "correcting_day"
    REMOVING_PHONE = "removing_phone"


# While a visit is talked about, "我喜欢玫瑰金" says what she wants to try; a complaint is told to the manager.
BUSY = frozenset((State.BOOKING, State.CONFIRMING_BOOKING, State.JUST_BOOKED, State.OFFERED_BOOKING, State.COMPLAINING))
# A list of choices is forgotten by the customer sooner than by us; after this a bare "2" is answered politely.
PATIENCE = timedelta(minutes=15)
# After this a state is not even mentioned any more: "2" the next day is a new message.
MEMORY = timedelta(hours=12)
