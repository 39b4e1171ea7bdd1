"""Template cards that were sent, and the single-use codes with which they may be changed."""

import secrets
from dataclasses import dataclass, field

from sandbox.errors import RefusedError
from sandbox.packets import Json

# A response_code is good for 72 hours, once.
CODE_LIFE_SECONDS = 72 * 3600


@dataclass
class SentCard:
    """One task id: the card and the line it is in each member's chat."""

    task_id: str
    card: Json
    lines: dict[str, int] = field(default_factory=dict)


@dataclass
class ResponseCode:
    task_id: str
    expires_at: float
    used: bool = False


@dataclass
class CardDesk:
    cards: dict[str, SentCard] = field(default_factory=dict)
    codes: dict[str, ResponseCode] = field(default_factory=dict)

    def issue_code(self, task_id: str, now: float) -> str:
        code = "RC" + secrets.token_urlsafe(24)
        self.codes[code] = ResponseCode(task_id, now + CODE_LIFE_SECONDS)
        return code

    def redeem(self, code: str, now: float) -> SentCard:
        """The card this code may change; using it up. Raises RefusedError 60140."""
        issued = self.codes.get(code)
        if issued is None or issued.used or issued.expires_at <= now or issued.task_id not in self.cards:
            raise RefusedError(60140)
        issued.used = True
        return self.cards[issued.task_id]
