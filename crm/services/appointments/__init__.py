"""The appointment book: free times, places that are never sold twice, visits, roster, waiting list, tasks."""

from crm.services.appointments.booking import cancel, change, confirm, hold, move
from crm.services.appointments.errors import CoolingDown, Gone, PlaceTaken, Refusal, TooEarly, TooMany
from crm.services.appointments.hours import hours_of, starts_between
from crm.services.appointments.offering import offers, why_none
from crm.services.appointments.roster import (
    absences,
    absent,
    block,
    blocks_of,
    on_duty,
    present,
    rests,
    unblock,
    weekly_rests,
)
from crm.services.appointments.sweeps import lapse, release_past
from crm.services.appointments.tasks import task_done, tasks_of
from crm.services.appointments.terms import Offer, Window, Wish
from crm.services.appointments.views import (
    DayLoad,
    by_number,
    load,
    of_days,
    upcoming,
    usual_store,
    visible,
)
from crm.services.appointments.visits import accept, arrived, hand_over, no_show, note_outcome
from crm.services.appointments.waiting_list import offer_places, stop_waiting, wait_for, waiting_of
from crm.services.stores import nearest_stores as nearest

__all__ = [
    "CoolingDown",
    "DayLoad",
    "Gone",
    "Offer",
    "PlaceTaken",
    "Refusal",
    "TooEarly",
    "TooMany",
    "Window",
    "Wish",
    "absences",
    "absent",
    "accept",
    "arrived",
    "block",
    "blocks_of",
    "by_number",
    "cancel",
    "change",
    "confirm",
    "hand_over",
    "hold",
    "hours_of",
    "lapse",
    "load",
    "move",
    "nearest",
    "no_show",
    "note_outcome",
    "of_days",
    "offer_places",
    "offers",
    "on_duty",
    "present",
    "release_past",
    "rests",
    "starts_between",
    "stop_waiting",
    "task_done",
    "tasks_of",
    "unblock",
    "upcoming",
    "usual_store",
    "visible",
    "wait_for",
    "waiting_of",
    "weekly_rests",
    "why_none",
]
