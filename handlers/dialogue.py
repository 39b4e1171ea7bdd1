"""What a conversation remembers between two messages."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.messages import Option
from crm.when.writing import simplified
from handlers.states import BUSY, MEMORY, PATIENCE, State

NUMBERS = {
    word: number
    for number, words in enumerate(("一1①", "二两2②", "三3③", "四4④", "五5⑤", "六6⑥", "七7⑦", "八8⑧", "九9⑨"), 1)
    for word in words
}
CHOICE = re.compile(
    r"(?:那?就|我)?(?:选|要|定)?第?\s*([一二两三四五六七八九①②③④⑤⑥⑦⑧⑨1-9])\s*(?:个|号|项)?(?:吧|可以|好了|就行)?[.。、]?"
)
# Asked with a yes first and a no second. In words they are heard only as the very next message: "好的" said later
# is about something else.
YES_OR_NO = frozenset((State.CORRECTING_NAME, State.REMOVING_PHONE, State.CORRECTING_DAY))
_CHANGE = r"(?:(?:删除|删|去掉|改)(?:掉)?(?:它|手机号|号码)?)"
YES = re.compile(
    rf"(?:好|嗯+|是|对|行|可以|确定|确认|要|没错|ok|yes|就这样|都?可以)+(?:的|了|吧|啊|呀|哦|呢|滴|嘞)*{_CHANGE}?(?:吧|了|谢谢你?)*"
    rf"|(?:请|帮我)?{_CHANGE}(?:吧|了|好了|谢谢)*"
)
NO = re.compile(
    rf"(?:还是|那|就|先|暂时|我)*(?:不|别|否|no)(?:用|要|是|行|对|想|必|需要|可以)?(?:再)?(?:{_CHANGE})?(?:的|了|吧|啊|哦|谢谢)*"
    r"|(?:还是|那)?(?:算了|取消|先?留着|先留|保留|等等|再想想|先等等|没事了)(?:吧|了|再说)*"
)
_MARKS = re.compile(r"[\s\W_]+")
ASKED = "just_asked"


class Dialogue:
    """One person's place in a dialogue; what is changed here is written with the message."""

    def __init__(self, state: str, until: datetime | None, memory: str, now: datetime) -> None:
        self._now = now
        self.until = until
        self.memory: dict[str, Any] = json.loads(memory or "{}")
        self.stored_state = state
        self._just_asked = self.memory.pop(ASKED, "")

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
        self.memory[ASKED] = state.value

    def interrupt(self, state: State, **remember: Any) -> None:
        """As `enter`; a visit that is talked about is gone back to by `go_back`."""
        before = [self.state, self.step] if self.state in BUSY else None
        self.enter(state, before=before, **remember)

    def go_back(self) -> bool:
        """Stand where a question interrupted her, or nowhere; whether there was such a place."""
        before = self.step.get("before")
        self.leave()
        if before:
            self.enter(State(before[0]), **before[1])
        return bool(before)

    def leave(self) -> None:
        """Stand nowhere."""
        self.stored_state, self.until = "", None
        self.memory.pop("step", None)
        self.memory.pop(ASKED, None)

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
        """The id of the option that a typed number means, or a yes or no in words; "" when it is none."""
        options: list[str] = self.step.get("options", [])
        number = number_in(plain)
        if not number and self.state in YES_OR_NO and len(options) == 2:
            number = {True: 1, False: 2, None: 0}[self.yes_or_no(plain)]
        return options[number - 1] if 0 < number <= len(options) else ""

    def yes_or_no(self, plain: str) -> bool | None:
        """What she says to the question that she has just been asked; None for neither."""
        words = simplified(_MARKS.sub("", plain))
        if self._just_asked != self.state or not words:
            return None
        return False if NO.fullmatch(words) else True if YES.fullmatch(words) else None

    def written(self) -> tuple[str, datetime | None, str]:
        """State, until and memory as they are stored."""
        return self.stored_state, self.until, json.dumps(self.memory, ensure_ascii=False)


def number_in(plain: str) -> int:
    """The number that a short answer means ("2", "第二个", "②"); 0 when it means none."""
    found = CHOICE.fullmatch(plain)
    return NUMBERS[found[1]] if found else 0
