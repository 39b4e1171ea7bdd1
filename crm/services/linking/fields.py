"""What stands in the customer's own row: filled from the other one, kept apart where both say something."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy.orm import Session

from crm.models import Customer
from crm.services.customers import set_name, set_phone

# Not a word about the person, or made from what is.
NOT_TOLD = ("id", "code", "created_at", "phone_index", "phone_tail_index")
FIELDS = tuple(column.name for column in Customer.__table__.columns if column.name not in NOT_TOLD)
# Read together: a date is worth nothing without its calendar.
BIRTHDAY = ("birthday", "birthday_calendar", "birthday_leap_month")
# Several words in one field, and what stands between them: never in conflict, both ones' words stay.
LISTS = {"notes": "\n", "tags": ";", "allergies": "、"}
# Characters of the column, which is not encrypted.
TAGS_CHARS = 256


def fields_of(customer: Customer) -> dict[str, Any]:
    """Every field as it stands."""
    return {name: getattr(customer, name) for name in FIELDS}


def fill(session: Session, kept: Customer, former: dict[str, Any]) -> None:
    """Take over what `kept` does not say herself."""
    if former["birthday"] and not kept.birthday:
        for name in BIRTHDAY:
            setattr(kept, name, former[name])
    for name in FIELDS:
        if name in LISTS:
            setattr(kept, name, _joined(name, getattr(kept, name), former[name]))
        elif former[name] and not getattr(kept, name) and name not in BIRTHDAY:
            write(session, kept, name, former[name])


def write(session: Session, customer: Customer, name: str, value: Any) -> None:
    """One field, with everything that it is found by."""
    if name == "name":
        set_name(session, customer, value)
    elif name == "phone":
        set_phone(customer, value)
    else:
        setattr(customer, name, value)


def conflicts(kept: dict[str, Any], former: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Fields about which the two said different things: (what holds, what the other said)."""
    one = (name for name in FIELDS if name not in LISTS and name not in BIRTHDAY[1:])
    return {
        name: (kept[name], former[name]) for name in one if kept[name] and former[name] not in ("", None, kept[name])
    }


def restore(session: Session, kept: Customer, before: dict[str, Any], after: dict[str, Any]) -> None:
    """What the merge filled is empty again; what was written since stays."""
    for name in FIELDS:
        if before[name] != after[name]:
            take_back(session, kept, name, before[name], after[name])


def take_back(session: Session, customer: Customer, name: str, was: Any, told: Any) -> None:
    """On her card, as `without` has it; a field that stays as it is keeps its indexes."""
    now = getattr(customer, name)
    if (left := without(name, now, was, told)) != now:
        write(session, customer, name, left)


def without(name: str, now: Any, was: Any, told: Any) -> Any:
    """A field as it would stand if nothing had led from `was` to `told`; what was written since stays."""
    if now == told:
        return was
    return reworded(name, now, told, was) if name in LISTS else now


def upon(name: str, now: Any, was: Any, told: Any) -> Any:
    """What led from `was` to `told`, said where the field stands otherwise."""
    return reworded(name, now, was, told) if name in LISTS else told


def reworded(name: str, words: str, was: str, told: str) -> str:
    """A field of several words, after what led from `was` to `told`; other words stay, the same note of two twice."""
    mark = LISTS[name]
    before, after = Counter(was.split(mark)), Counter(told.split(mark))
    gone, left = before - after, list((after - before).elements())
    for word in reversed(words.split(mark)):
        if gone[word]:
            gone[word] -= 1
        else:
            left.insert(0, word)
    return mark.join(filter(None, left if name == "notes" else dict.fromkeys(left)))


def _joined(name: str, mine: str, others: str) -> str:
    if name == "notes":
        return "\n".join(filter(None, (mine, others)))
    words = dict.fromkeys(filter(None, (*mine.split(LISTS[name]), *others.split(LISTS[name]))))
    joined = LISTS[name].join(words)
    return joined if name != "tags" or len(joined) <= TAGS_CHARS else mine
