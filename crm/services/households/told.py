"""What a customer told, one fact each: what the readers of this package find in her sentence."""

from __future__ import annotations

from dataclasses import dataclass

from crm.models import OccasionKind, SizeKind, TasteKind
from crm.services.households.days import YearDay


@dataclass(frozen=True, slots=True)
class SizeTold:
    """`relation` "": her own."""

    relation: str
    kind: SizeKind
    value: str


@dataclass(frozen=True, slots=True)
class DayTold:
    relation: str
    kind: OccasionKind
    label: str
    day: YearDay


@dataclass(frozen=True, slots=True)
class NameTold:
    relation: str
    called: str


@dataclass(frozen=True, slots=True)
class TastesTold:
    tastes: tuple[tuple[TasteKind, str], ...]


@dataclass(frozen=True, slots=True)
class SkinTold:
    """What her skin does not bear, or, with `bears`, what it does: () is everything. `words`: the whole sentence."""

    materials: tuple[str, ...]
    words: str
    bears: bool = False


Told = SizeTold | DayTold | NameTold | TastesTold | SkinTold
