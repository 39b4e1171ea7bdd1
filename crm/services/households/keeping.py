"""What a customer tells is kept in place of what was there, and taken back with one word of hers.

A note of what was before comes back from `keep`; it is JSON and lies in her dialogue's memory, which is encrypted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from crm.models import (
    Customer,
    Occasion,
    OccasionKind,
    Relative,
    Size,
    SizeKind,
    SkinResult,
    SkinTest,
    Taste,
    TasteKind,
)
from crm.services.households import allergies, people
from crm.services.households.days import SOLAR
from crm.services.households.remembering import MODELS, owner_of, rows_of
from crm.services.households.told import DayTold, NameTold, SizeTold, SkinTold, TastesTold, Told

# Characters that the customers' own columns take.
ALLERGIES_LENGTH, TASTE_LENGTH = 500, 32
SPOKEN_BY_HER = "customer"

# One step back: `{"table", "id", "column", "value"}` puts a value back, without a column the row was new.
Step = dict[str, Any]


def keep(session: Session, customer: Customer, told: Told, now: datetime) -> list[Step]:
    """Remember it in place of what was there; returns the way back, [] where nothing changed."""
    if isinstance(told, SizeTold):
        return _keep_size(session, customer, told, now)
    if isinstance(told, DayTold):
        return _keep_day(session, customer, told, now)
    if isinstance(told, NameTold):
        return _keep_name(session, customer, told, now)
    if isinstance(told, SkinTold):
        return take_out(session, customer, told) if told.bears else _keep_skin(session, customer, told, now)
    return _keep_tastes(session, customer, told, now)


def take_back(session: Session, customer: Customer, steps: Sequence[Step]) -> None:
    """As if she had not said it; what was forgotten meanwhile stays so."""
    for step in reversed(steps):
        row = session.get(MODELS[step["table"]], step["id"])
        if row is None or owner_of(row) != customer.id:
            continue
        if "column" in step:
            setattr(row, step["column"], _restored(step))
        else:
            session.delete(row)
        session.flush()


def take_out(session: Session, customer: Customer, told: SkinTold) -> list[Step]:
    """What she bears is no allergy of hers any more; [] when it was none."""

    def borne(noted: str) -> bool:
        return not told.materials or any(allergies.same(noted, material) for material in told.materials)

    steps = []
    for row in rows_of(session, SkinTest, customer, SkinTest.result == SkinResult.REACTION):
        if borne(row.material):
            steps += [_set(row, "result", SkinResult.FINE), _set(row, "words", told.words)]
    left = allergies.but(customer.allergies, borne)
    return steps if left == customer.allergies else [*steps, _set(customer, "allergies", left)]


def _keep_size(session: Session, customer: Customer, told: SizeTold, now: datetime) -> list[Step]:
    if not told.relation and told.kind is SizeKind.RING:
        plain = told.value if "、" in told.value else told.value.removesuffix("号")
        return [_set(customer, "ring_size", plain)]
    steps, relative = _relative(session, customer, told.relation, now)
    known = rows_of(session, Size, customer, Size.relative_id == relative, Size.kind == told.kind)
    if known:
        known[0].at = now
        return [*steps, _set(known[0], "value", told.value)]
    row = Size(customer_id=customer.id, relative_id=relative, kind=told.kind, value=told.value, at=now)
    return [*steps, _add(session, row)]


def _keep_day(session: Session, customer: Customer, told: DayTold, now: datetime) -> list[Step]:
    """One birthday for each person, one day of a kind (and name) for her."""
    steps, relative = _relative(session, customer, told.relation, now)
    same = (Occasion.relative_id == relative, Occasion.kind == told.kind)
    found = [row for row in rows_of(session, Occasion, customer, *same) if row.label == told.label]
    day = told.day
    values = {"calendar": day.calendar, "month": day.month, "day": day.day, "year": day.year}
    values["leap_month"] = day.leap_month
    if found:
        steps += [_set(found[0], name, value) for name, value in values.items()]
    else:
        fields = {"customer_id": customer.id, "relative_id": relative, "kind": told.kind, "label": told.label}
        row = Occasion(**fields, **values, source=SPOKEN_BY_HER, created_at=now)
        steps.append(_add(session, row))
    return steps + _also_in_her_row(customer, told)


def _also_in_her_row(customer: Customer, told: DayTold) -> list[Step]:
    """Her own birthday and wedding stand in the columns that the till and the shop's tables know, too."""
    day = told.day
    if told.relation or day.year is None:
        return []
    if told.kind is OccasionKind.BIRTHDAY:
        written = f"{day.year:04}-{day.month:02}-{day.day:02}"
        values = {"birthday": written, "birthday_calendar": day.calendar, "birthday_leap_month": day.leap_month}
        return [_set(customer, name, value) for name, value in values.items()]
    if told.kind is OccasionKind.WEDDING and day.calendar == SOLAR:
        return [_set(customer, "wedding_anniversary", date(day.year, day.month, day.day))]
    return []


def _keep_name(session: Session, customer: Customer, told: NameTold, now: datetime) -> list[Step]:
    steps, relative = _relative(session, customer, told.relation, now)
    return [*steps, _set(session.get_one(Relative, relative), "called", told.called)]


def _keep_skin(session: Session, customer: Customer, told: SkinTold, now: datetime) -> list[Step]:
    """Also where an advisor sees it first: in the line of allergies of her card."""
    steps: list[Step] = []
    for material in told.materials:
        known = [row for row in rows_of(session, SkinTest, customer) if row.material == material]
        steps += [_set(row, "result", SkinResult.REACTION) for row in known if row.result is not SkinResult.REACTION]
        if not known:
            fields = {"material": material, "result": SkinResult.REACTION, "words": told.words}
            steps.append(_add(session, SkinTest(customer_id=customer.id, at=now, source=SPOKEN_BY_HER, **fields)))
        both = "、".join(filter(None, (customer.allergies, material)))
        noted = any(allergies.same(word, material) for word in allergies.words_of(customer.allergies))
        if not noted and len(both) <= ALLERGIES_LENGTH:
            steps.append(_set(customer, "allergies", both))
    return steps


def _keep_tastes(session: Session, customer: Customer, told: TastesTold, now: datetime) -> list[Step]:
    """Who comes to like a thing no longer dislikes it, and the other way round; one price band holds."""
    steps: list[Step] = []
    for kind, value in told.tastes:
        value = value[:TASTE_LENGTH]
        rows = rows_of(session, Taste, customer)
        if any((row.kind, row.value) == (kind, value) for row in rows):
            continue
        other = next((row for row in rows if _gives_way(row, kind, value)), None)
        if other is not None:
            steps += [_set(other, "kind", kind), _set(other, "value", value)]
        else:
            row = Taste(customer_id=customer.id, kind=kind, value=value, source=SPOKEN_BY_HER, at=now)
            steps.append(_add(session, row))
    return steps


def _gives_way(row: Taste, kind: TasteKind, value: str) -> bool:
    if kind is TasteKind.PRICE_BAND:
        return row.kind is TasteKind.PRICE_BAND
    return row.value == value and TasteKind.WISH not in (kind, row.kind)


def _relative(session: Session, customer: Customer, relation: str, now: datetime) -> tuple[list[Step], int | None]:
    """The relative's id, and the way back when she was new to us."""
    if not relation:
        return [], None
    known = people.find(session, customer.id, relation)
    if known is not None:
        return [], known.id
    made = people.find_or_make(session, customer.id, relation, now)
    return [{"table": "relatives", "id": made.id}], made.id


def _add(session: Session, row: Any) -> Step:
    session.add(row)
    session.flush()
    return {"table": row.__tablename__, "id": row.id}


def _set(row: Any, column: str, value: Any) -> Step:
    """Change it; what takes the change back."""
    before = getattr(row, column)
    setattr(row, column, value)
    kept = before.isoformat() if isinstance(before, date) else before
    return {"table": row.__tablename__, "id": row.id, "column": column, "value": kept}


def _restored(step: Step) -> Any:
    value = step["value"]
    return date.fromisoformat(value) if value and step["column"] == "wedding_anniversary" else value
