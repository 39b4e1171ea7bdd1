"""Every labelled phrase is read as labelled; of those that no rule was written for, nearly every one."""

from __future__ import annotations

import pytest

from tests.crm.when.labelled import Labelled, table

# Of phrases written after the rules; docs/appointments.md tells how many were right at first sight.
AT_LEAST = 0.97
SECOND_HAND = [
    f"{name}.tsv" for name in ("held_out", "held_out_again", "held_out_odd", "spoken", "strangers", "strangers_b")
]


@pytest.mark.parametrize("phrase", table("phrases.tsv"), ids=lambda phrase: f"{phrase.group}-{phrase.words}")
def test_a_phrase_means_what_its_label_says(phrase: Labelled) -> None:
    assert phrase.read() == phrase.meant


@pytest.mark.parametrize("name", SECOND_HAND)
def test_nearly_every_phrase_of_the_second_hand_is_read(name: str) -> None:
    phrases = table(name)
    misread = [(phrase.words, phrase.read(), phrase.meant) for phrase in phrases if phrase.read() != phrase.meant]
    assert len(phrases) >= 69
    assert len(misread) <= len(phrases) * (1 - AT_LEAST), misread


@pytest.mark.parametrize("name", ["phrases.tsv", *SECOND_HAND])
def test_no_phrase_is_asked_twice(name: str) -> None:
    asked = [(phrase.words, phrase.now) for phrase in table(name)]
    assert len(asked) == len(set(asked))
