"""One thing that was said of a customer, and a row that two who are one know differently."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from crm.models import (
    Customer,
    FieldValue,
    LifeStage,
    Occasion,
    PieceCare,
    Purchase,
    Relative,
    Size,
    SkinTest,
    Taste,
)
from crm.services.linking.sides import OWNER, Row, Voice
from crm.services.linking.snapshots import from_json, to_json

# What is written over, or taken away, where it was told before. What hangs on another row comes after it.
TOLD: dict[str, type[Any]] = {
    model.__tablename__: model
    for model in (Relative, Size, Occasion, Taste, SkinTest, LifeStage, FieldValue, PieceCare)
}
# Beside the columns of a size or day: whose it is, in the word for the relative, who may be another row by then.
RELATION = "relation of"
KEPT, OTHER = "kept", "other"
Version = dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Act:
    """A row before and after; `before` None: it is new, `after` None: it is gone."""

    row: Any
    owner_id: int
    before: Version
    after: Version

    @property
    def place(self) -> Row:
        return self.row.__tablename__, self.row.id

    @property
    def changed(self) -> dict[str, Any]:
        was, now = self.before or {}, self.after or {}
        return {name: value for name, value in now.items() if name not in was or was[name] != value}


@dataclass(slots=True)
class Versions:
    """One row as each of the two knows it, None where she has none of it; `by`: who spoke last of the other's."""

    kept: Version
    other: Version
    by: Voice

    @classmethod
    def read(cls, text: str) -> Versions:
        told = json.loads(text)
        kept, other = (None if told[side] is None else from_json(told[side]) for side in (KEPT, OTHER))
        return cls(kept, other, (told["by"][0], told["by"][1]))

    def written(self) -> str:
        sides = {KEPT: self.kept, OTHER: self.other}
        return json.dumps(
            {**{name: None if one is None else to_json(one) for name, one in sides.items()}, "by": self.by}
        )

    def take(self, act: Act, *, other: bool) -> Act:
        """The act of one of the two changes what she knows, and nothing of what the other one does.

        Returns it as it was upon what she knew before.
        """
        before = self.other if other else self.kept
        after = None if act.after is None else {**(before or act.before or {}), **act.changed}
        if other:
            self.other = after
        else:
            self.kept = after
        return replace(act, before=before, after=after)


def whole(row: Any) -> dict[str, Any]:
    """Every column but whose it is."""
    told = {one.key: getattr(row, one.key) for one in inspect(type(row)).column_attrs if one.key not in ("id", OWNER)}
    if isinstance(row, Size | Occasion) and row.relative is not None:
        told[RELATION] = row.relative.relation
    return told


def owner_of(session: Session, row: Any) -> int:
    if isinstance(row, PieceCare):
        return session.scalar(select(Purchase.customer_id).where(Purchase.id == row.purchase_id)) or 0
    owner: int = row.id if isinstance(row, Customer) else row.customer_id
    return owner
