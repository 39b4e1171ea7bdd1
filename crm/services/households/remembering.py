"""What a customer wants remembered: kept, taken back, listed, forgotten one by one.

A note of what was before comes back from `keep`, so that one word of hers takes it back; the note is
JSON and lies in her dialogue's memory, which is encrypted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
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
from crm.services.households.days import SOLAR, YearDay, of_card
from crm.services.households.reading import DayTold, NameTold, SizeTold, SkinTold, TastesTold, Told

# Characters that the customers' own columns take.
ALLERGIES_LENGTH, TASTE_LENGTH = 500, 32
SPOKEN_BY_HER = "customer"
MODELS: dict[str, type[Any]] = {
    model.__tablename__: model for model in (Relative, Size, Occasion, Taste, SkinTest, Customer)
}

# One step back: `{"table", "id", "column", "value"}` puts a value back, without a column the row was new.
Step = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Remembered:
    """One thing that we remember of her. `name` is "table:id" (":column" for what stands in her own row)."""

    name: str
    kind: SizeKind | OccasionKind | TasteKind | str
    of: str  # the relation; "": herself
    value: str
    day: YearDay | None = None


def keep(session: Session, customer: Customer, told: Told, now: datetime) -> list[Step]:
    """Remember it in place of what was there; returns the way back."""
    if isinstance(told, SizeTold):
        return _keep_size(session, customer, told, now)
    if isinstance(told, DayTold):
        return _keep_day(session, customer, told, now)
    if isinstance(told, NameTold):
        return _keep_name(session, customer, told, now)
    if isinstance(told, SkinTold):
        return _keep_skin(session, customer, told, now)
    return _keep_tastes(session, customer, told, now)


def take_back(session: Session, customer: Customer, steps: Sequence[Step]) -> None:
    """As if she had not said it; what was forgotten meanwhile stays so."""
    for step in reversed(steps):
        row = session.get(MODELS[step["table"]], step["id"])
        if row is None or _owner(row) != customer.id:
            continue
        if "column" in step:
            setattr(row, step["column"], _restored(step))
        else:
            session.delete(row)
        session.flush()


def _restored(step: Step) -> Any:
    value = step["value"]
    return date.fromisoformat(value) if value and step["column"] == "wedding_anniversary" else value


def _owner(row: Any) -> int:
    owner: int = row.id if isinstance(row, Customer) else row.customer_id
    return owner


def _keep_size(session: Session, customer: Customer, told: SizeTold, now: datetime) -> list[Step]:
    if not told.relation and told.kind is SizeKind.RING:
        return [set_column(customer, "ring_size", told.value.removesuffix("号"))]
    steps, relative = _relative(session, customer, told.relation, now)
    hers = _first(session, Size, customer, Size.relative_id == relative, Size.kind == told.kind)
    if hers is not None:
        hers.at = now
        return [*steps, set_column(hers, "value", told.value)]
    row = Size(customer_id=customer.id, relative_id=relative, kind=told.kind, value=told.value, at=now)
    return [*steps, _add(session, row)]


def _keep_day(session: Session, customer: Customer, told: DayTold, now: datetime) -> list[Step]:
    """One birthday for each person, one day of a kind (and name) for her."""
    steps, relative = _relative(session, customer, told.relation, now)
    same = (Occasion.relative_id == relative, Occasion.kind == told.kind)
    found = [row for row in _all(session, Occasion, customer, *same) if row.label == told.label]
    day = told.day
    values = {"calendar": day.calendar, "month": day.month, "day": day.day, "year": day.year}
    values["leap_month"] = day.leap_month
    if found:
        steps += [set_column(found[0], name, value) for name, value in values.items()]
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
        return [set_column(customer, name, value) for name, value in values.items()]
    if told.kind is OccasionKind.WEDDING and day.calendar == SOLAR:
        return [set_column(customer, "wedding_anniversary", date(day.year, day.month, day.day))]
    return []


def _keep_name(session: Session, customer: Customer, told: NameTold, now: datetime) -> list[Step]:
    steps, relative = _relative(session, customer, told.relation, now)
    return [*steps, set_column(session.get_one(Relative, relative), "called", told.called)]


def _keep_skin(session: Session, customer: Customer, told: SkinTold, now: datetime) -> list[Step]:
    """Also where an advisor sees it first: in the line of allergies of her card."""
    known = [row for row in _all(session, SkinTest, customer) if row.material == told.material]
    steps = [set_column(row, "result", SkinResult.REACTION) for row in known if row.result is not SkinResult.REACTION]
    if not known:
        fields = {"material": told.material, "result": SkinResult.REACTION, "words": told.words}
        steps.append(_add(session, SkinTest(customer_id=customer.id, at=now, source=SPOKEN_BY_HER, **fields)))
    both = "、".join(filter(None, (customer.allergies, told.material)))
    if told.material not in customer.allergies and len(both) <= ALLERGIES_LENGTH:
        steps.append(set_column(customer, "allergies", both))
    return steps


def _keep_tastes(session: Session, customer: Customer, told: TastesTold, now: datetime) -> list[Step]:
    """Who comes to like a thing no longer dislikes it, and the other way round; one price band holds."""
    steps: list[Step] = []
    for kind, value in told.tastes:
        value = value[:TASTE_LENGTH]
        rows = _all(session, Taste, customer)
        if any((row.kind, row.value) == (kind, value) for row in rows):
            continue
        other = next((row for row in rows if _gives_way(row, kind, value)), None)
        if other is not None:
            steps += [set_column(other, "kind", kind), set_column(other, "value", value)]
        else:
            row = Taste(customer_id=customer.id, kind=kind, value=value, source=SPOKEN_BY_HER, at=now)
            steps.append(_add(session, row))
    return steps


def _gives_way(row: Taste, kind: TasteKind, value: str) -> bool:
    if kind is TasteKind.PRICE_BAND:
        return row.kind is TasteKind.PRICE_BAND
    return row.value == value and TasteKind.WISH not in (kind, row.kind)


def remembered(session: Session, customer: Customer) -> list[Remembered]:
    """Everything of hers: sizes, days, tastes, skin; her own first, then by relative."""
    return [*sizes(session, customer), *days(session, customer), *tastes(session, customer)]


def sizes(session: Session, customer: Customer) -> list[Remembered]:
    own = [_of_her_row("ring_size", SizeKind.RING, _numbered(customer.ring_size))] if customer.ring_size else []
    rows = sorted(_all(session, Size, customer), key=lambda row: row.relative_id or 0)
    return [*own, *(Remembered(f"sizes:{row.id}", row.kind, _relation(row.relative), row.value) for row in rows)]


def days(session: Session, customer: Customer) -> list[Remembered]:
    """Her own birthday and wedding also where only her row has them."""
    rows = sorted(_all(session, Occasion, customer), key=lambda row: row.relative_id or 0)
    told = {row.kind for row in rows if row.relative_id is None}
    found = [
        Remembered(f"occasions:{row.id}", row.kind, _relation(row.relative), row.label, day_of(row)) for row in rows
    ]
    return [*(day for day in _days_of_her_row(customer) if day.kind not in told), *found]


def tastes(session: Session, customer: Customer) -> list[Remembered]:
    """What she likes, wishes for and does not bear, also where only her card has it."""
    liked = [Remembered(f"tastes:{row.id}", row.kind, "", row.value) for row in _all(session, Taste, customer)]
    told = [row for row in _all(session, SkinTest, customer) if row.result is SkinResult.REACTION]
    skin = [Remembered(f"skin_tests:{row.id}", "skin", "", row.material) for row in told]
    noted = [
        Remembered(f"allergies:{word}", "skin", "", allergies.bare(word))
        for word in allergies.words_of(customer.allergies)
        if not any(allergies.same(word, row.material) for row in told)
    ]
    return liked + skin + noted


def forget(session: Session, customer: Customer, name: str) -> bool:
    """Forget one of the remembered things; False when it is not hers, or not there any more."""
    table, _, key = name.partition(":")
    if table == "customers":
        if key not in _HER_ROW:
            return False
        for column, nothing in _HER_ROW[key].items():
            setattr(customer, column, nothing)
        return True
    if table == "allergies":
        customer.allergies = allergies.without(customer.allergies, key)
        return True
    row = session.get(MODELS[table], int(key)) if table in MODELS and key.isdecimal() else None
    if row is None or _owner(row) != customer.id:
        return False
    if isinstance(row, SkinTest):
        customer.allergies = allergies.without(customer.allergies, row.material)
    if isinstance(row, Occasion) and row.relative_id is None:
        _forget_in_her_row(customer, row.kind)
    session.delete(row)
    session.flush()
    return True


def day_of(row: Occasion) -> YearDay:
    return YearDay(row.month, row.day, row.year, row.calendar, row.leap_month)


# What of her own row she may have forgotten, and what is there then.
_HER_ROW: dict[str, dict[str, Any]] = {
    "ring_size": {"ring_size": ""},
    "birthday": {"birthday": "", "birthday_calendar": "", "birthday_leap_month": False},
    "wedding_anniversary": {"wedding_anniversary": None},
}


def _forget_in_her_row(customer: Customer, kind: OccasionKind) -> None:
    column = {OccasionKind.BIRTHDAY: "birthday", OccasionKind.WEDDING: "wedding_anniversary"}.get(kind)
    for name, nothing in _HER_ROW[column].items() if column else ():
        setattr(customer, name, nothing)


def _of_her_row(column: str, kind: SizeKind | OccasionKind, value: str, day: YearDay | None = None) -> Remembered:
    return Remembered(f"customers:{column}", kind, "", value, day)


def _days_of_her_row(customer: Customer) -> list[Remembered]:
    found = []
    born = of_card(customer.birthday, customer.birthday_calendar, customer.birthday_leap_month)
    if born is not None:
        found.append(_of_her_row("birthday", OccasionKind.BIRTHDAY, "", born))
    if customer.wedding_anniversary:
        on = customer.wedding_anniversary
        found.append(_of_her_row("wedding_anniversary", OccasionKind.WEDDING, "", YearDay(on.month, on.day, on.year)))
    return found


def _numbered(size: str) -> str:
    """The till writes "12", she says "12号半"."""
    return f"{size}号" if size[-1:].isdecimal() else size


def _relation(relative: Relative | None) -> str:
    return relative.relation if relative else ""


def _relative(session: Session, customer: Customer, relation: str, now: datetime) -> tuple[list[Step], int | None]:
    """The relative's id, and the way back when she was new to us."""
    if not relation:
        return [], None
    known = people.find(session, customer.id, relation)
    if known is not None:
        return [], known.id
    made = people.find_or_make(session, customer.id, relation, now)
    return [{"table": "relatives", "id": made.id}], made.id


def _all(session: Session, model: type[Any], customer: Customer, *where: ColumnElement[bool]) -> Sequence[Any]:
    hers = select(model).where(model.customer_id == customer.id, *where).order_by(model.id)
    return session.scalars(hers).all()


def _first(session: Session, model: type[Any], customer: Customer, *where: ColumnElement[bool]) -> Any:
    return next(iter(_all(session, model, customer, *where)), None)


def _add(session: Session, row: Any) -> Step:
    session.add(row)
    session.flush()
    return {"table": row.__tablename__, "id": row.id}


def set_column(row: Any, column: str, value: Any) -> Step:
    """Change it; what takes the change back."""
    before = getattr(row, column)
    setattr(row, column, value)
    kept = before.isoformat() if isinstance(before, date) else before
    return {"table": row.__tablename__, "id": row.id, "column": column, "value": kept}
