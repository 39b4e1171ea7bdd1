"""The words in which the appointment book is asked and answers, and its limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

# Minutes that a place is kept while the customer decides: two or three messages in a chat.
HOLD_MINUTES = 5
# Minutes that a place from the waiting list is kept: she has not asked just now and looks at her phone sometime.
WAITING_HOLD_MINUTES = 30
# Nothing starts sooner: the advisor must see the card and lay the pieces out.
LEAD = timedelta(minutes=30)
# Nothing starts later: rosters are not known further ahead, and who books further forgets.
AHEAD = timedelta(days=60)
# Open appointments of one customer: this visit and one more, so that nobody keeps a weekend's places for choice.
MOST_OPEN = 2
# Three cancellations within two weeks are a habit; then an advisor books for a week, so that a person talks to her.
CANCELLATIONS, WITHIN, COOL_DOWN = 3, timedelta(days=14), timedelta(days=7)
# What holds where a shop has said nothing: an hour is a visit with two or three pieces, one place is one
# counter, and every shop of the trade that we know is open between ten and nine.
SLOT_MINUTES, PLACES = 60, 1
OPENS, CLOSES = time(10), time(21)
# Offers in one message: more is a form, not a talk.
OFFERS = 3


@dataclass(frozen=True, slots=True)
class Window:
    """Wanted start times, in UTC: first <= start <= last."""

    first: datetime
    last: datetime

    def holds(self, moment: datetime) -> bool:
        return self.first <= moment <= self.last

    def distance(self, moment: datetime) -> timedelta:
        """How far the moment lies outside; zero inside."""
        return max(self.first - moment, moment - self.last, timedelta(0))


@dataclass(frozen=True, slots=True)
class Offer:
    """A free time. `exact`: inside a wanted window, not merely near one."""

    store_id: int
    starts_at: datetime
    ends_at: datetime
    advisor_id: int | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """For whom, in which words, which styles of the catalogue, and what else she named."""

    for_whom: str = ""
    words: str = ""
    style_ids: tuple[int, ...] = ()
    piece_words: tuple[str, ...] = ()
