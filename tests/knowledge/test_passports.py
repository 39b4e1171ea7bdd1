"""What a piece may not meet, by everything that it is made of."""

from __future__ import annotations

import pytest

from knowledge import OwnedPiece
from tests.front_door import the_knowledge

RING = OwnedPiece("六爪钻戒", "戒指", "18K金", "钻石", "爪镶")
PEARLS = OwnedPiece("Akoya珍珠项链", "项链", "18K金", "Akoya珍珠")
PLAIN_GOLD = OwnedPiece("足金素圈戒指", "戒指", "足金")
EMERALD = OwnedPiece("祖母绿戒指", "戒指", "18K金", "祖母绿", "爪镶")


@pytest.mark.parametrize(
    ("piece", "never", "may"),
    [
        (RING, "戴着泡温泉", "沾到香水和护肤品"),
        (PEARLS, "沾到香水和护肤品", ""),
        (PEARLS, "久晒", ""),
        (EMERALD, "用超声波清洗", ""),
        (PLAIN_GOLD, "接触漂白水、84消毒液", "用超声波清洗"),
    ],
)
def test_the_most_delicate_material_decides(piece: OwnedPiece, never: str, may: str) -> None:
    passport = the_knowledge().passport(piece)
    assert passport is not None
    assert never in passport.never
    assert not may or may not in passport.never


def test_care_is_that_of_the_most_delicate_and_the_list_stays_short() -> None:
    passport = the_knowledge().passport(PEARLS)
    assert passport is not None
    assert "微湿的软布" in passport.care
    assert len(passport.never) <= 6


def test_a_piece_of_unknown_material_has_none() -> None:
    assert the_knowledge().passport(OwnedPiece("木头挂件")) is None


def test_the_name_tells_where_the_books_say_nothing() -> None:
    passport = the_knowledge().passport(OwnedPiece("珍珠耳钉"))
    assert passport is not None
    assert "沾到香水和护肤品" in passport.never
