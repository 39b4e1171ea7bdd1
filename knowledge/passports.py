"""What a piece can stand and what not, by everything that it is made of: for its owner, without a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.lexicon import Lexicon
from knowledge.matrix import Material, Matrix
from knowledge.owned import OwnedPiece
from knowledge.reading import Reader

# What happens to a piece in daily life comes before what is done to clean it.
DAILY = ("游泳", "温泉", "运动", "化妆品", "晒", "漂白水")
CLEANING = ("超声波", "蒸汽", "牙膏", "酒精", "洗银水", "皂水", "火烧")
PLEASE_DO_NOT = "请不要"
# What a reader keeps in mind.
NAMED = 6


@dataclass(frozen=True, slots=True)
class CarePassport:
    """`care`: how it is looked after at home, one sentence. `never`: what may not be done with it, the daily first."""

    care: str
    never: tuple[str, ...]


def passport(piece: OwnedPiece, matrix: Matrix, reader: Reader, lexicon: Lexicon) -> CarePassport | None:
    """Of several materials the most delicate decides on each treatment; None for a piece of unknown material."""
    materials = matrix.of_piece(reader.read(piece.described), lexicon)
    if not materials:
        return None
    delicate = max(materials, key=_strictness)
    forbidden = [name for name in (*DAILY, *CLEANING) if _is_forbidden(name, materials)]
    says = {treatment.name: treatment.says["never"] for treatment in matrix.treatments}
    never = tuple(says[name].removeprefix(PLEASE_DO_NOT) for name in forbidden[:NAMED])
    return CarePassport(delicate.wash, never)


def _strictness(material: Material) -> int:
    return sum(cell.strictness for cell in material.cells.values())


def _is_forbidden(treatment: str, materials: Sequence[Material]) -> bool:
    cells = [material.cells.get(treatment) for material in materials]
    return any(cell is not None and cell.verdict == "never" for cell in cells)
