"""What an appointment may be refused for.

Refusal                (a CrmError: one sentence for whoever asked)
├── PlaceTaken         somebody was faster; carries other times
├── TooMany            the customer has as many open appointments as she may; carries them
├── CoolingDown        she cancelled too often; carries until when an advisor has to book for her
├── Gone               the appointment is no longer open: cancelled, lapsed, over
└── TooEarly           nobody has missed a visit that has not begun
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from crm.errors import CrmError
from crm.models import Appointment

if TYPE_CHECKING:
    from crm.services.appointments.terms import Offer


class Refusal(CrmError):
    """Base of what the appointment book refuses; nothing was changed."""


class PlaceTaken(Refusal):
    """The wanted time is not free (any more); `offers` are the nearest that are."""

    def __init__(self, offers: Sequence[Offer] = ()) -> None:
        super().__init__("This time has just been taken.")
        self.offers = list(offers)


class TooMany(Refusal):
    """`open`: what she has already."""

    def __init__(self, open_: Sequence[Appointment]) -> None:
        super().__init__(f"There are {len(open_)} open appointments already.")
        self.open = list(open_)


class CoolingDown(Refusal):
    """Until then an advisor books for her."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"Several appointments were cancelled: until {until:%Y-%m-%d} an advisor books.")
        self.until = until


class Gone(Refusal):
    """Nothing to confirm, move or cancel any more."""

    def __init__(self, number: str) -> None:
        super().__init__(f"Appointment {number} is no longer open.")


class TooEarly(Refusal):
    """Told before the visit began."""

    def __init__(self, number: str) -> None:
        super().__init__(f"Appointment {number} has not begun yet.")
