"""撤销: what one word takes back, for a while; what is forgotten can't be found again, and the word says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crm.services.households.keeping import Step
from handlers.dialogue import Dialogue
from handlers.states import PATIENCE

# Where the dialogue remembers what she told last, and until when one word takes it back.
LAST = "just_told"


def may_take_back(dialogue: Dialogue, steps: Sequence[Step], now: datetime) -> None:
    """The next 撤销 means this."""
    dialogue.memory[LAST] = {"steps": list(steps), "until": (now + PATIENCE).isoformat()}


def gone_for_good(dialogue: Dialogue, now: datetime) -> None:
    """Something was forgotten: the next 撤销 means that, and brings nothing back, not even what was told before."""
    dialogue.memory[LAST] = {"steps": None, "until": (now + PATIENCE).isoformat()}


def last_told(dialogue: Dialogue, now: datetime) -> tuple[bool, list[Step]]:
    """Whether there is something to take back, once, and its steps; none for what was forgotten."""
    last = dialogue.memory.pop(LAST, None)
    if last is None or now > datetime.fromisoformat(last["until"]):
        return False, []
    return True, last["steps"] or []
