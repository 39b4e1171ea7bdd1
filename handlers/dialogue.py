"""What a conversation remembers between two messages."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.messages import Option
from handlers.states import MEMORY, PATIENCE, State

NUMBERS = {
    word: number
    for number, words in enumerate(("一1①", "二两2②", "三3③", "四4④", "五5⑤", "六6⑥", "七7⑦", "八8⑧", "九9⑨"), 1)
    for word in words
}
CHOICE = re.compile(
    r"(?:那?就|我)?(?:选|要|定)?第?\s*([一二两三四五六七八九①②③④⑤⑥⑦⑧⑨1-9])\s*(?:个|号|项)?(?:吧|可以|好了|就行)?[.。、]?"
)


class Dialogue:
    """One person's place in a dialogue; what is changed here is written with the message."""

    def __init__(self, state: str, until: datetime | None, memory: str, now: datetime) -> None:
        self._now = now
        self.until = until
        self.memory: dict[str, Any] = json.loads(memory or "{}")
        self.stored_state = state

    @property
    def state(self) -> str:
        """Where it stands now; "" when it stands nowhere or waited too long."""
        return self.stored_state if self.until and self._now <= self.until else ""

    @property
    def overdue(self) -> str:
        """Where it stood until a while ago, when that is still worth a polite word."""
        late = self.until and self.until < self._now <= self.until + MEMORY
        return self.stored_state if late else ""

    def enter(self, state: State, **remember: Any) -> None:
        """Stand at `state` from now on, remembering what it needs."""
        self.stored_state, self.until = state, self._now + PATIENCE
        self.memory["step"] = remember

    def leave(self) -> None:
        """Stand nowhere."""
        self.stored_state, self.until = "", None
        self.memory.pop("step", None)

    def forget(self) -> None:
        """Remember nothing of this person's dialogue."""
        self.leave()
        self.memory.clear()

    def offer(self, state: State, options: Sequence[Option]) -> tuple[Option, ...]:
        """Stand at `state`, where a number means one of `options`; gives them back for the Menu."""
        self.enter(state, options=[option.id for option in options])
        return tuple(options)

    @property
    def step(self) -> dict[str, Any]:
        """What was remembered at `enter`."""
        return dict(self.memory.get("step", {}))

    def numbered(self, plain: str) -> str:
        """The id of the option that a typed number means; "" when it is none."""
        options: list[str] = self.step.get("options", [])
        number = number_in(plain)
        return options[number - 1] if 0 < number <= len(options) else ""

    def written(self) -> tuple[str, datetime | None, str]:
        """State, until and memory as they are stored."""
        return self.stored_state, self.until, json.dumps(self.memory, ensure_ascii=False)


def number_in(plain: str) -> int:
    """The number that a short answer means ("2", "第二个", "②"); 0 when it means none."""
    found = CHOICE.fullmatch(plain)
    return NUMBERS[found[1]] if found else 0
