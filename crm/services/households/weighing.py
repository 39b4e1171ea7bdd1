"""Days that she tells without a year, weighed against the day on her card: no second birthday beside the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from crm.models import Customer, OccasionKind
from crm.services.households import remembering
from crm.services.households.reading import CORRECTED
from crm.services.households.told import DayTold, Told
from crm.when.writing import simplified

ANNIVERSARY = "纪念日"


@dataclass(frozen=True, slots=True)
class Weighed:
    """What of a message is kept, and the day that contradicts her card: she is asked about it."""

    kept: tuple[Told, ...]
    doubtful: DayTold | None


def weigh(session: Session, customer: Customer, facts: Sequence[Told], sentence: str) -> Weighed:
    """A day without a year that contradicts her card: in a plain correction it takes the card's year, else it waits."""
    kept: list[Told] = []
    doubtful: DayTold | None = None
    corrects = bool(CORRECTED.search(simplified(sentence)))
    for fact in facts:
        day = _named(session, customer, fact) if corrects else fact
        card = remembering.contradicted(customer, day) if isinstance(day, DayTold) else None
        if card is None or not isinstance(day, DayTold):
            kept.append(day)
        elif corrects and (whole := day.day.in_year_of(card)) is not None:
            kept.append(replace(day, day=whole))
        else:
            doubtful = day
    return Weighed(tuple(kept), doubtful)


def _named(session: Session, customer: Customer, told: Told) -> Told:
    """ "纪念日改成…" mends the wedding where that is the anniversary that we know."""
    if not isinstance(told, DayTold) or told.relation or told.label != ANNIVERSARY:
        return told
    hers = [one for one in remembering.days(session, customer) if not one.of]
    if any(one.value == ANNIVERSARY for one in hers) or not any(one.kind is OccasionKind.WEDDING for one in hers):
        return told
    return replace(told, kind=OccasionKind.WEDDING, label="")
