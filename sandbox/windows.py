"""The official account's customer-service windows: what opens one, how many messages it is good for, until when."""

from dataclasses import dataclass, field

from sandbox.errors import RefusedError

# Messages, seconds and the word the page shows. As of 2026-09: 5 in 48 h after a message, 3 in a minute otherwise.
RULES = {
    "message": (5, 48 * 3600, "顾客发来消息"),
    "menu": (3, 60, "顾客点了菜单"),
    "follow": (3, 60, "顾客刚关注"),
    "scan": (3, 60, "顾客扫了码"),
}


@dataclass
class Grant:
    left: int
    until: float


@dataclass
class Window:
    """What may still be sent to one follower."""

    grants: dict[str, Grant] = field(default_factory=dict)

    def open(self, why: str, now: float) -> None:
        """A new act of the customer fills this kind of grant up again."""
        count, seconds, _ = RULES[why]
        self.grants[why] = Grant(count, now + seconds)

    def close(self) -> None:
        self.grants.clear()

    def _running(self, now: float) -> list[Grant]:
        return [grant for grant in self.grants.values() if grant.until > now]

    def check(self, now: float) -> Grant:
        """The grant to use next: the one that ends first. Raises RefusedError 45015 or 45047."""
        running = self._running(now)
        if not running:
            raise RefusedError(45015)
        usable = [grant for grant in running if grant.left > 0]
        if not usable:
            raise RefusedError(45047)
        return min(usable, key=lambda grant: grant.until)

    def talked(self, now: float) -> bool:
        """True while the customer's own message keeps the window open."""
        return "message" in self.grants and self.grants["message"].until > now

    def view(self, now: float) -> tuple[int, float | None, str]:
        """Messages left, the last moment, and why, for the page."""
        usable = [(why, grant) for why, grant in self.grants.items() if grant.until > now and grant.left > 0]
        if not usable:
            return 0, None, ""
        why, longest = max(usable, key=lambda pair: pair[1].until)
        return sum(grant.left for _, grant in usable), longest.until, RULES[why][2]
