"""Filters of this program: who speaks, and whether a person is in the talk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from bot.router import Filter, role
from handlers.dialogue import number_in
from handlers.people import CUSTOMER, PROGRAM, STAFF, STRANGER
from handlers.states import State

if TYPE_CHECKING:
    from handlers.context import Visit


def when(test: Callable[[Visit], bool]) -> Filter:
    """A filter on what only our own visits know: the talk, the dialogue."""
    return Filter(lambda visit: test(cast("Visit", visit)))


def chose(state: State, option: str = "") -> Filter:
    """The text is the number of an option (or of this one) of the list that is open at `state`.

    A yes in words does for it where nobody else is in the talk to whom it may be said.
    """

    def test(visit: Visit) -> bool:
        if in_talk.holds(visit) and not number_in(visit.plain):
            return False
        number = visit.dialogue.numbered(visit.plain) if visit.state == state else ""
        return bool(number) and option in ("", number)

    return when(test)


def overdue(*states: State) -> Filter:
    """The text is a bare number for a list that was open at one of `states` too long ago."""
    return when(lambda visit: visit.dialogue.overdue in states and bool(number_in(visit.plain)))


def tapped(prefix: str) -> Filter:
    """A tapped line whose id begins with `prefix`."""
    return Filter(lambda visit: str(visit.message.fields.get("menu_id", "")).startswith(prefix))


customer = role(CUSTOMER)
staff = role(*STAFF)
stranger = role(STRANGER)
program = role(PROGRAM)
in_talk = when(lambda visit: visit.talking and visit.talk is not None and visit.talk.taken_at is not None)
waiting = when(lambda visit: visit.talking and visit.talk is not None and visit.talk.taken_at is None)
