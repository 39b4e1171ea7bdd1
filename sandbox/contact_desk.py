"""Customer contact: welcome codes and the mass-send tasks that wait for a member's confirmation."""

import secrets
from dataclasses import dataclass, field

from sandbox.errors import RefusedError
from sandbox.packets import Json

# A welcome code is good for 20 seconds, once.
WELCOME_SECONDS = 20
# Right after its creation a task is still being dispatched.
DISPATCH_SECONDS = 1.0
WAITING, SENT, NOT_A_FRIEND, QUOTA_USED = range(4)


@dataclass
class WelcomeCode:
    userid: str
    openid: str
    expires_at: float
    used: bool = False


@dataclass
class Recipient:
    """One customer in one member's part of a task."""

    external_userid: str
    status: int = WAITING
    send_time: int = 0


@dataclass
class MassTask:
    """A mass send an application prepared; by member the customers he would write to."""

    msgid: str
    created_at: float
    message: Json
    parts: dict[str, list[Recipient]]
    confirmed_at: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


@dataclass
class ContactDesk:
    welcome_codes: dict[str, WelcomeCode] = field(default_factory=dict)
    tasks: dict[str, MassTask] = field(default_factory=dict)
    # Mass sends a customer got, by month.
    received: dict[str, dict[str, int]] = field(default_factory=dict)

    def issue_welcome_code(self, userid: str, openid: str, now: float) -> str:
        code = "CALLBACK" + secrets.token_urlsafe(24)
        self.welcome_codes[code] = WelcomeCode(userid, openid, now + WELCOME_SECONDS)
        return code

    def redeem(self, code: str, now: float) -> WelcomeCode:
        """Uses a welcome code up. Raises RefusedError 41050 (unknown, late) or 41051 (used)."""
        issued = self.welcome_codes.get(code)
        if issued is None or (issued.expires_at <= now and not issued.used):
            raise RefusedError(41050)
        if issued.used:
            raise RefusedError(41051)
        issued.used = True
        return issued

    def task(self, msgid: object, now: float) -> MassTask:
        """Raises RefusedError 41047 for an unknown task, 41063 for one just made."""
        task = self.tasks.get(msgid) if isinstance(msgid, str) else None
        if task is None:
            raise RefusedError(41047)
        if now - task.created_at < DISPATCH_SECONDS:
            raise RefusedError(41063)
        return task
