"""What we remember of a customer and hers: listed, and forgotten one by one or with the person that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from crm.models import (
    Customer,
    Occasion,
    OccasionKind,
    PieceCare,
    Relative,
    Size,
    SizeKind,
    SkinResult,
    SkinTest,
    Taste,
    TasteKind,
)
from crm.services.households import allergies, people
from crm.services.households.days import YearDay, of_card
from crm.services.households.told import DayTold

MODELS: dict[str, type[Any]] = {
    model.__tablename__: model for model in (Relative, Size, Occasion, Taste, SkinTest, Customer)
}
# What of her own row she may have forgotten, and what is there then.
_HER_ROW: dict[str, dict[str, Any]] = {
    "ring_size": {"ring_size": ""},
    "birthday": {"birthday": "", "birthday_calendar": "", "birthday_leap_month": False},
    "wedding_anniversary": {"wedding_anniversary": None},
}
_COLUMN_OF = {OccasionKind.BIRTHDAY: "birthday", OccasionKind.WEDDING: "wedding_anniversary"}
SKIN, NAME = "skin", "name"


@dataclass(frozen=True, slots=True)
class Remembered:
    """One thing that we remember of her. `name` is "table:id" (":column" for what stands in her own row)."""

    name: str
    kind: SizeKind | OccasionKind | TasteKind | str
    of: str  # the relation; "": herself
    value: str
    day: YearDay | None = None


def remembered(session: Session, customer: Customer) -> list[Remembered]:
    """Everything of hers: sizes, days, tastes, skin, names; her own first, then by relative."""
    lists = (sizes, days, tastes, names)
    return [one for listed in lists for one in listed(session, customer)]


def sizes(session: Session, customer: Customer) -> list[Remembered]:
    own = [_of_her_row("ring_size", SizeKind.RING, _numbered(customer.ring_size))] if customer.ring_size else []
    rows = sorted(rows_of(session, Size, customer), key=lambda row: row.relative_id or 0)
    return [*own, *(Remembered(f"sizes:{row.id}", row.kind, _relation(row.relative), row.value) for row in rows)]


def days(session: Session, customer: Customer) -> list[Remembered]:
    """Her own birthday and wedding also where only her row has them."""
    rows = sorted(rows_of(session, Occasion, customer), key=lambda row: row.relative_id or 0)
    told = {row.kind for row in rows if row.relative_id is None}
    found = [
        Remembered(f"occasions:{row.id}", row.kind, _relation(row.relative), row.label, day_of(row)) for row in rows
    ]
    on_card = [
        _of_her_row(column, kind, "", day)
        for kind, column in _COLUMN_OF.items()
        if kind not in told and (day := day_on_card(customer, kind)) is not None
    ]
    return [*on_card, *found]


def tastes(session: Session, customer: Customer) -> list[Remembered]:
    """What she likes, wishes for and does not bear, also where only her card has it."""
    liked = [Remembered(f"tastes:{row.id}", row.kind, "", row.value) for row in rows_of(session, Taste, customer)]
    told = rows_of(session, SkinTest, customer, SkinTest.result == SkinResult.REACTION)
    skin = [Remembered(f"skin_tests:{row.id}", SKIN, "", row.material) for row in told]
    noted = [
        Remembered(f"allergies:{word}", SKIN, "", allergies.bare(word))
        for word in allergies.words_of(customer.allergies)
        if not any(allergies.same(word, row.material) for row in told)
    ]
    return liked + skin + noted


def names(session: Session, customer: Customer) -> list[Remembered]:
    """What her relatives are called."""
    known = people.relatives(session, customer.id)
    return [Remembered(f"relatives:{row.id}", NAME, row.relation, row.called) for row in known if row.called]


def day_on_card(customer: Customer, kind: OccasionKind) -> YearDay | None:
    """Her own birthday or wedding as the till and the shop's tables have it."""
    if kind is OccasionKind.BIRTHDAY:
        return of_card(customer.birthday, customer.birthday_calendar, customer.birthday_leap_month)
    on = customer.wedding_anniversary if kind is OccasionKind.WEDDING else None
    return YearDay(on.month, on.day, on.year) if on else None


def contradicted(customer: Customer, told: DayTold) -> YearDay | None:
    """The day on her card that is another than the one that she told without a year; None: no contradiction."""
    card = None if told.relation or told.day.year else day_on_card(customer, told.kind)
    return card if card is not None and not told.day.is_day_of(card) else None


def forget(session: Session, customer: Customer, name: str) -> bool:
    """Forget one of the remembered things; False when it is not hers, or not there any more."""
    table, _, key = name.partition(":")
    if table == "customers":
        return key in _HER_ROW and _empty(customer, key)
    if table == "allergies":
        customer.allergies = allergies.without(customer.allergies, key)
        return True
    row = session.get(MODELS[table], int(key)) if table in MODELS and key.isdecimal() else None
    if row is None or owner_of(row) != customer.id:
        return False
    if isinstance(row, Relative):
        row.called = ""
        return True
    if isinstance(row, SkinTest):
        customer.allergies = allergies.without(customer.allergies, row.material)
    if isinstance(row, Occasion) and row.relative_id is None and row.kind in _COLUMN_OF:
        _empty(customer, _COLUMN_OF[row.kind])
    session.delete(row)
    session.flush()
    return True


def forget_relative(session: Session, customer: Customer, relation: str) -> bool:
    """Her mother with size, day and name; False when we know of none.

    A piece that was for her is nobody's then: a surprise without a wearer would be one for the customer herself.
    """
    row = people.find(session, customer.id, relation)
    if row is None:
        return False
    for worn in session.scalars(select(PieceCare).where(PieceCare.wearer_relative_id == row.id)):
        worn.wearer, worn.wearer_relative_id, worn.surprise_until = None, None, None
    for model in (Size, Occasion):
        for told in rows_of(session, model, customer, model.relative_id == row.id):
            session.delete(told)
    session.flush()
    session.delete(row)
    session.flush()
    return True


def day_of(row: Occasion) -> YearDay:
    return YearDay(row.month, row.day, row.year, row.calendar, row.leap_month)


def owner_of(row: Any) -> int:
    """Whose row it is."""
    owner: int = row.id if isinstance(row, Customer) else row.customer_id
    return owner


def rows_of(session: Session, model: type[Any], customer: Customer, *where: ColumnElement[bool]) -> Sequence[Any]:
    """Her rows of one table, the oldest first."""
    hers = select(model).where(model.customer_id == customer.id, *where).order_by(model.id)
    return session.scalars(hers).all()


def _empty(customer: Customer, column: str) -> bool:
    for name, nothing in _HER_ROW[column].items():
        setattr(customer, name, nothing)
    return True


def _of_her_row(column: str, kind: SizeKind | OccasionKind, value: str, day: YearDay | None = None) -> Remembered:
    return Remembered(f"customers:{column}", kind, "", value, day)


def _numbered(size: str) -> str:
    """The till writes "12", she says "12号半"."""
    return f"{size}号" if size[-1:].isdecimal() else size


def _relation(relative: Relative | None) -> str:
    return relative.relation if relative else ""
