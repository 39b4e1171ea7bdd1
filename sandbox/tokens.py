"""Access tokens of one platform: families, overlap, forced refresh, and what a bad one is told."""

import re
import secrets
from dataclasses import dataclass, field

from sandbox.errors import RefusedError

LIFE_SECONDS = 7200
# A replaced token of the official account goes on working this long.
OVERLAP_SECONDS = 300
FORCED_PER_DAY = 20
FORCED_APART_SECONDS = 30
# Wrong secrets in a row before WeCom blocks the caller's address for an hour.
WRONG_SECRETS = 5
BLOCK_SECONDS = 3600
# Expired tokens are remembered this long, so that they are told "expired" and not "unknown".
REMEMBERED_SECONDS = 86400
DAY_SECONDS = 86400


@dataclass
class IssuedToken:
    family: str
    expires_at: float


@dataclass
class TokenBook:
    """Every token of one platform that still means something."""

    issued: dict[str, IssuedToken] = field(default_factory=dict)
    current: dict[str, str] = field(default_factory=dict)
    forced_at: list[float] = field(default_factory=list)
    wrong_secrets: int = 0
    blocked_until: float = 0

    def _issue(self, family: str, now: float) -> tuple[str, int]:
        token = secrets.token_urlsafe(96)
        self.issued = {one: it for one, it in self.issued.items() if it.expires_at > now - REMEMBERED_SECONDS}
        self.issued[token] = IssuedToken(family, now + LIFE_SECONDS)
        self.current[family] = token
        return token, LIFE_SECONDS

    def _shorten(self, family: str, now: float) -> None:
        old = self.issued.get(self.current.get(family, ""))
        if old is not None:
            old.expires_at = min(old.expires_at, now + OVERLAP_SECONDS)

    def _left(self, family: str, now: float) -> int:
        current = self.issued.get(self.current.get(family, ""))
        return int(current.expires_at - now) if current is not None else 0

    def fresh(self, family: str, now: float) -> tuple[str, int]:
        """A new token each time; the one before lives on for five minutes."""
        self._shorten(family, now)
        return self._issue(family, now)

    def same_while_valid(self, family: str, now: float, overlap: int) -> tuple[str, int]:
        """The current token until `overlap` seconds before its end, then a new one; with its remaining seconds."""
        left = self._left(family, now)
        return (self.current[family], left) if left > overlap else self._issue(family, now)

    def force(self, family: str, now: float) -> tuple[str, int]:
        """Kills the current token; too soon after the last time it is returned as it is. Raises RefusedError 45009."""
        self.forced_at = [moment for moment in self.forced_at if now - moment < DAY_SECONDS]
        if self.forced_at and now - self.forced_at[-1] < FORCED_APART_SECONDS:
            return self.same_while_valid(family, now, OVERLAP_SECONDS)
        if len(self.forced_at) >= FORCED_PER_DAY:
            raise RefusedError(45009)
        self.forced_at.append(now)
        self.kill(family)
        return self._issue(family, now)

    def kill(self, *families: str) -> None:
        """The current tokens of these families (all, when none is named) are dead at once."""
        for family in families or tuple(self.current):
            self.issued.pop(self.current.pop(family, ""), None)

    def check(self, token: str, now: float, unknown: int) -> None:
        """Raises RefusedError 41001, 40014, 42001 or `unknown`."""
        if not token:
            raise RefusedError(41001)
        if not re.fullmatch(r"[\w-]{20,512}", token):
            raise RefusedError(40014)
        if token not in self.issued:
            raise RefusedError(unknown)
        if self.issued[token].expires_at <= now:
            raise RefusedError(42001)

    def count_wrong_secret(self, now: float) -> None:
        """The fifth wrong secret in a row blocks the address for an hour."""
        self.wrong_secrets += 1
        if self.wrong_secrets >= WRONG_SECRETS:
            self.wrong_secrets, self.blocked_until = 0, now + BLOCK_SECONDS

    def check_not_blocked(self, now: float) -> None:
        if now < self.blocked_until:
            raise RefusedError(45009)
