"""Every way of typing the same characters becomes one, and nothing that can be typed breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import Decision, Knowledge
from knowledge.text import LONGEST_QUESTION, normalise

# Surrogates alone come from broken clients; hypothesis leaves them out unless asked.
ANY_CHARACTER = st.characters(exclude_categories=())


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("ＰＴ９５０", "pt950"),
        ("鑽石戒指", "钻石戒指"),
        ("戴著洗澡", "戴着洗澡"),
        ("珍\u200b珠\ufe0f", "珍珠"),
        ("怎么办？？？！！", "怎么办?\n"),
        ("好好好好看", "好看"),
        ("银💍戒指", "银 戒指"),
        ("  金  镯 ", "金 镯"),
        ("18K，洗。", "18k,洗"),
        ("", ""),
        ("🙂🙂", ""),
    ],
)
def test_typing_becomes_plain(typed: str, plain: str) -> None:
    assert normalise(typed) == plain.strip()


def test_a_long_text_is_cut() -> None:
    assert len(normalise("金镯" * 5_000)) <= LONGEST_QUESTION


@given(st.text(ANY_CHARACTER, max_size=300))
def test_any_text_can_be_normalised_and_again(typed: str) -> None:
    once = normalise(typed)
    assert "\u200b" not in once
    assert not once.startswith(" ")
    assert len(normalise(once)) <= len(once)


@settings(max_examples=60, deadline=None)
@given(st.text(ANY_CHARACTER, max_size=80), st.sampled_from(["", "珍珠能用", "戒指", ">>>", "第"]))
def test_any_text_gets_one_of_three_decisions(knowledge: Knowledge, typed: str, beginning: str) -> None:
    assert knowledge.answer(beginning + typed, {}).decision in set(Decision)


@pytest.mark.parametrize("typed", ["金" * 10_000, "a" * 10_000, "\ud800" * 10_000, "?" * 10_000, "珍珠，" * 4_000])
def test_ten_thousand_characters_are_no_trouble(knowledge: Knowledge, typed: str) -> None:
    assert knowledge.answer(typed, {}).decision in set(Decision)
