"""Every button at the foot of the official account is answered."""

from __future__ import annotations

import pytest

from handlers.customer.menu import BUTTONS
from tests.front_door import Phone


def keys() -> list[str]:
    return [below["key"] for button in BUTTONS for below in button.get("sub_button", [button])]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("key", keys())
def test_a_button_is_answered_in_words(mei: Phone, key: str) -> None:
    assert len(mei.does("CLICK", EventKey=key)) > 10


def test_the_platform_takes_this_menu() -> None:
    """Three buttons of at most four characters, five below each of at most eight."""
    assert len(BUTTONS) <= 3
    assert all(len(button["name"]) <= 4 for button in BUTTONS)
    below = [one for button in BUTTONS for one in button.get("sub_button", [])]
    assert all(len(one["name"]) <= 8 for one in below)
    assert all(len(button.get("sub_button", [])) <= 5 for button in BUTTONS)
