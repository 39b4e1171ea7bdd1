"""The weights come from a fit that finds the same every time."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from knowledge import weights
from knowledge.fitting.disturbing import Disturber, exchanged
from knowledge.fitting.regression import fit
from knowledge.fitting.writing import as_module
from knowledge.lexicon import Lexicon


def test_a_fit_finds_what_separates() -> None:
    rows = [[1.0, 0.2], [0.9, 0.8], [0.1, 0.3], [0.0, 0.9]] * 5
    right = [True, True, False, False] * 5
    found = fit(rows, right, [1.0] * 20, 0.1)
    assert found[0] > 2
    assert abs(found[1]) < 1
    assert fit(rows, right, [1.0] * 20, 0.1) == pytest.approx(found)


def test_the_stored_weights_are_as_the_fit_writes_them() -> None:
    source = Path(str(weights.__file__)).read_text(encoding="utf-8")
    assert as_module(weights.SHOP, weights.PLAIN) == source


def test_a_disturbed_question_is_made_again_by_the_same_random_numbers() -> None:
    texts = ["怎么办理会员卡", "可以退货吗"]
    once, again = (Disturber(Random(3), texts).again(texts[0]) for _ in range(2))
    assert once == again


def test_a_question_is_exchanged_for_one_about_another_material(lexicon: Lexicon) -> None:
    other = exchanged("珍珠可以用酒精擦吗", lexicon, Random(1))
    assert other
    assert other != "珍珠可以用酒精擦吗"
    assert exchanged("几点开门", lexicon, Random(1)) == ""
