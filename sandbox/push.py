"""One call-back to the bot: what it says, and whose chat its answer belongs to."""

from dataclasses import dataclass
from typing import Literal

from sandbox.packets import Json

Surface = Literal["oa", "wecom"]
PATHS: dict[Surface, str] = {"oa": "/webhooks/official-account", "wecom": "/webhooks/wecom"}


@dataclass(frozen=True)
class Push:
    surface: Surface
    xml: str
    # One short line for the call log.
    summary: str
    # The customer's openid or the member's userid; empty when no chat may show an answer.
    person: str = ""
    # The openid the official account names beside the body.
    openid: str = ""
    # The official account's user sees a notice when no valid answer comes.
    notice: bool = False
    # A news reply to a message holds one article; to an event up to eight.
    max_articles: int = 1
    # The card a WeCom event came from, which the answer may change.
    response_code: str = ""
    tamper: str | None = None


@dataclass(frozen=True)
class PushResult:
    """How a push ended. `outcome`: reply, ack or failed; `ms` of the last attempt."""

    attempts: int
    status: int | None
    ms: int
    outcome: str
    reply: Json | None = None
    reason: str = ""

    def as_json(self) -> Json:
        shown: Json = {
            "attempts": self.attempts,
            "status": self.status,
            "ms": self.ms,
            "outcome": self.outcome,
            "reply": self.reply,
        }
        return {**shown, "reason": self.reason} if self.reason else shown
