"""What becomes of everything that may be about a customer: one table, held to be whole by a test.

`FATES`: each column that points to a customer, when she is erased. `SECRETS`: each encrypted column, how
long its words stay while she is a customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from crm.db import Base

# What erasure does with the row: deletes it, empties what is about her, or keeps it as it is.
DELETED, EMPTIED, KEPT = "deleted", "emptied", "kept"


@dataclass(frozen=True, slots=True)
class Fate:
    """`by`: who does it, a module of `crm/services`; `why`: the reason for what stays."""

    what: str
    by: str
    why: str = ""


def _goes(by: str) -> Fate:
    return Fate(DELETED, by)


def _emptied(by: str, why: str) -> Fate:
    return Fate(EMPTIED, by, why)


def _stays(why: str) -> Fate:
    return Fate(KEPT, "", why)


HERE, HOUSEHOLDS, VISITS, ERASURE = "fates", "households.forgetting", "appointments.forgetting", "erasure"
FATES: Mapping[str, Fate] = {
    "appointments.customer_id": _emptied(VISITS, "a place was taken at that time, not by whom"),
    "bind_codes.customer_id": _goes(HERE),
    "complaints.customer_id": _emptied(HOUSEHOLDS, "that somebody complained, without a word of it"),
    "consents.customer_id": _stays("the proof of what she agreed to and withdrew; names nobody"),
    "conversations.customer_id": _goes(ERASURE),
    "corrections.customer_id": _goes(HERE),
    "coupons.customer_id": _stays("the shop's books; names nobody"),
    "customer_name_index.customer_id": _goes("customers"),
    "deliveries.customer_id": _emptied(ERASURE, "that something was sent, when, with which outcome"),
    "doubtful_matches.customer_id": _goes(HERE),
    "doubtful_matches.other_id": _goes(HERE),
    "feedbacks.customer_id": _emptied(HOUSEHOLDS, "a score counts in the shop's average"),
    "field_values.customer_id": _goes(HOUSEHOLDS),
    "hold_entries.customer_id": _stays("what a law wants, until its term ends (privacy/holds.py)"),
    "identities.customer_id": _goes(ERASURE),
    "interactions.customer_id": _emptied(ERASURE, "that there was a message, without its words"),
    "life_stages.customer_id": _goes(HOUSEHOLDS),
    "link_tokens.customer_id": _goes(HERE),
    "merge_records.customer_id": _goes(HERE),
    "merged_codes.customer_id": _stays("a code names nobody, and a table that brings it again is refused"),
    "occasions.customer_id": _goes(HOUSEHOLDS),
    "points_entries.customer_id": _stays("a ledger that has to add up; names nobody"),
    "purchases.customer_id": _stays("the shop's duty to keep its books; names nobody"),
    "relatives.customer_id": _goes(HOUSEHOLDS),
    "relatives.linked_customer_id": _emptied(HOUSEHOLDS, "another customer's memory, which no longer says who she is"),
    "service_orders.customer_id": _stays("that a piece was in the workshop; names nobody"),
    "sizes.customer_id": _goes(HOUSEHOLDS),
    "skin_tests.customer_id": _goes(HOUSEHOLDS),
    "standings.customer_id": _stays("figures computed from the purchases; names nobody"),
    "talks.customer_id": _goes(ERASURE),
    "tasks.customer_id": _emptied(VISITS, "that something was to be done, without its words"),
    "tastes.customer_id": _goes(HOUSEHOLDS),
    "tier_changes.customer_id": _stays("follows from the purchases; names nobody"),
    "waiting_entries.customer_id": _emptied(VISITS, "that somebody waited for a place"),
}

RETENTION = "the retention job"
PERSON = "her card, as long as she is a customer: she may correct or erase it at any time"
SHOP = "the shop's own, not about a customer"
SECRETS: Mapping[str, str] = {
    "absences.note": SHOP,
    "appointment_pieces.words": RETENTION,
    "appointments.for_whom": RETENTION,
    "appointments.outcome_note": RETENTION,
    "appointments.reason": RETENTION,
    "appointments.wishes": RETENTION,
    "askings.words": RETENTION,
    "blocks.note": SHOP,
    "complaints.remedy": RETENTION,
    "complaints.words": RETENTION,
    "conversations.memory": "a few words that the dialogue needs; overwritten by the next one",
    "corrections.told": PERSON,
    "corrections.was": PERSON,
    "customers.allergies": PERSON,
    "customers.birthday": PERSON,
    "customers.name": PERSON,
    "customers.notes": PERSON,
    "customers.phone": PERSON,
    "deliveries.body": RETENTION,
    "feedbacks.words": RETENTION,
    "field_values.value": PERSON,
    "hold_entries.name": RETENTION,
    "hold_entries.phone": RETENTION,
    "identities.remark": "until she unfollows",
    "inbox.body": RETENTION,
    "inbox.reply": RETENTION,
    "interactions.text": RETENTION,
    "knowledge_additions.askings": "the shop's entries; words that only she said go with her erasure",
    "knowledge_additions.title": "the shop's entries; words that only she said go with her erasure",
    "life_stages.stage": PERSON,
    "merge_moves.was": "until the merge can no longer be undone: with her card",
    "merge_records.after": "until the merge can no longer be undone: with her card",
    "merge_records.before": "until the merge can no longer be undone: with her card",
    "merge_records.former": "until the merge can no longer be undone: with her card",
    "occasions.label": PERSON,
    "piece_care.engraving": PERSON,
    "relatives.called": PERSON,
    "relatives.notes": PERSON,
    "sizes.value": PERSON,
    "skin_tests.material": PERSON,
    "skin_tests.words": PERSON,
    "staff.phone": SHOP,
    "talks.asked": RETENTION,
    "tasks.words": RETENTION,
    "waiting_entries.for_whom": RETENTION,
    "waiting_entries.pieces": RETENTION,
    "waiting_entries.wishes": RETENTION,
}


def delete_what_goes(session: Session, customer_id: int) -> None:
    """The rows that nobody else deletes when she is erased."""
    session.flush()
    for name, fate in FATES.items():
        if fate.by == HERE:
            table, column = name.split(".")
            rows = Base.metadata.tables[table]
            session.execute(delete(rows).where(rows.c[column] == customer_id))
