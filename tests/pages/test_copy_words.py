"""Why a push was not sent, as she reads it in her copy."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from pages.copy_words import Names, Reader
from scheduler.appointments import GONE, MOVED, NOT_BOOKED
from scheduler.maintenance import BROUGHT_BACK
from scheduler.membership import CHANGED_AGAIN
from scheduler.permission import CAP_REACHED, NO_CONSENT
from scheduler.planning import QUIET_TOO_LONG
from scheduler.satisfaction import ANSWERED
from scheduler.visit_outcome import NOTED
from scheduler.waiting_offers import OVER
from wording import say

REASONS = {
    "not_agreed": (NO_CONSENT,),
    "enough_sent": (CAP_REACHED,),
    "too_late": (QUIET_TOO_LONG, "quiet hours"),
    "not_needed": (BROUGHT_BACK, GONE, MOVED, NOT_BOOKED, OVER, ANSWERED, NOTED, CHANGED_AGAIN),
    "no_way": ("the customer does not follow",),
}


@pytest.mark.parametrize(("told", "reason"), [(told, reason) for told, some in REASONS.items() for reason in some])
def test_every_reason_has_words_of_hers(told: str, reason: str) -> None:
    assert Reader(say, ZoneInfo("Asia/Shanghai"), Names({}, {}, {})).why(reason) == say(f"copied.{told}")
