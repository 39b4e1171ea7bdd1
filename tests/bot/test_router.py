"""The table of behaviour is checked when the process starts."""

from __future__ import annotations

import pytest

from bot.errors import Misrouted
from bot.messages import Text
from bot.router import Router, Table
from handlers import ROUTERS
from handlers.context import PROVIDES


def test_a_misspelt_dependency_stops_the_start() -> None:
    router = Router("care")

    @router.on()
    def answer(mesage: object) -> Text:
        return Text("")

    with pytest.raises(Misrouted, match="mesage"):
        Table([router], {"message"})


def test_two_handlers_of_one_name_stop_the_start() -> None:
    first, second = Router("care"), Router("care")
    for router in (first, second):

        @router.on()
        def answer() -> Text:
            return Text("")

    with pytest.raises(Misrouted, match=r"care\.answer stands twice"):
        Table([first, second], set())


def test_the_table_of_this_program_is_sound() -> None:
    assert len(Table(ROUTERS, PROVIDES).routes) > 30


def test_every_handler_says_in_a_sentence_or_by_its_name_what_it_does() -> None:
    names = [route.name for router in ROUTERS for route in router.routes]
    assert len(names) == len(set(names))
