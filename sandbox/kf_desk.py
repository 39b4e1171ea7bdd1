"""Customer-service (KF) sessions: their states, windows, single-use codes and the log that is pulled by cursor."""

import re
import secrets
from dataclasses import dataclass, field

from sandbox.errors import RefusedError
from sandbox.packets import Json

ACCOUNT_ID = "wkJewel0001"
ACCOUNT_NAME = "珠宝顾问"
NEW, BOT, POOL, SEAT, ENDED = range(5)
# Moves the API allows, by state.
MOVES: dict[int, set[int]] = {
    NEW: {BOT, POOL, SEAT, ENDED},
    BOT: {POOL, SEAT, ENDED},
    POOL: {SEAT, ENDED},
    SEAT: {SEAT, ENDED},
    ENDED: set(),
}
TOKEN_LIFE_SECONDS = 600
# Five messages within 48 hours of the customer's last one.
WINDOW_MESSAGES = 5
WINDOW_SECONDS = 48 * 3600
MESSAGE_ID = re.compile(r"[0-9a-zA-Z_-]{0,32}")
# Codes for the greeting and for the farewell live 20 s, the others 48 h.
SHORT_CODE_SECONDS = 20
# The log is kept for three days.
LOG_SECONDS = 3 * 24 * 3600
# Pulls a minute without a token; the documents only say "strictly limited".
PULLS_WITHOUT_TOKEN = 5


@dataclass
class KfSession:
    """One customer at the one KF account."""

    state: int = ENDED
    servicer: str = ""
    left: int = 0
    spoke_at: float = 0
    welcomed_at: float = 0
    scene: str = ""

    def customer_spoke(self, now: float) -> None:
        """Fills the window; a message after the end begins a new session."""
        self.left, self.spoke_at = WINDOW_MESSAGES, now
        if self.state == ENDED:
            self.state, self.servicer = NEW, ""

    def use_message(self, now: float) -> None:
        """Takes one message of the window. Raises RefusedError 95018, 95031, 95002 or 95001."""
        if self.spoke_at == 0:
            raise RefusedError(95031)
        if now - self.spoke_at >= WINDOW_SECONDS:
            raise RefusedError(95002)
        if self.state not in (NEW, BOT):
            raise RefusedError(95018)
        if self.left <= 0:
            raise RefusedError(95001)
        self.left -= 1
        self.state = BOT

    def may_be_welcomed(self, now: float) -> bool:
        return now - max(self.spoke_at, self.welcomed_at) >= WINDOW_SECONDS


@dataclass
class KfCode:
    """Permission for one message after an event."""

    openid: str
    expires_at: float
    types: list[str]
    # The session must still be in this state; None: any.
    state: int | None = None


@dataclass
class KfItem:
    number: int
    at: float
    content: Json


@dataclass
class KfDesk:
    sessions: dict[str, KfSession] = field(default_factory=dict)
    log: list[KfItem] = field(default_factory=list)
    last_number: int = 0
    tokens: dict[str, float] = field(default_factory=dict)
    codes: dict[str, KfCode] = field(default_factory=dict)
    sent_ids: set[str] = field(default_factory=set)
    bare_pulls: list[float] = field(default_factory=list)

    def session(self, openid: str) -> KfSession:
        return self.sessions.setdefault(openid, KfSession())

    def record(self, now: float, content: Json) -> None:
        """Adds one item to what sync_msg gives out."""
        self.last_number += 1
        item = {"msgid": f"kfmsg{self.last_number:012d}", "send_time": int(now), **content}
        self.log.append(KfItem(self.last_number, now, item))

    def issue_token(self, now: float) -> str:
        self.tokens = {one: until for one, until in self.tokens.items() if until > now}
        token = "ENC" + secrets.token_urlsafe(24)
        self.tokens[token] = now + TOKEN_LIFE_SECONDS
        return token

    def check_pull(self, token: str, now: float) -> None:
        """Raises RefusedError 95007 for a bad token, 45009 for too many pulls without one."""
        if token:
            if self.tokens.get(token, 0) <= now:
                raise RefusedError(95007)
            return
        self.bare_pulls = [moment for moment in self.bare_pulls if now - moment < 60]
        if len(self.bare_pulls) >= PULLS_WITHOUT_TOKEN:
            raise RefusedError(45009)
        self.bare_pulls.append(now)

    def page(self, after: int, limit: int, now: float) -> tuple[list[KfItem], bool]:
        """Items after that number, at most `limit`, and whether more follow."""
        self.log = [item for item in self.log if item.at > now - LOG_SECONDS]
        waiting = [item for item in self.log if item.number > after]
        return waiting[:limit], len(waiting) > limit

    def issue_code(self, openid: str, now: float, seconds: int, types: list[str], state: int | None = None) -> str:
        code = "KFC" + secrets.token_urlsafe(18)
        self.codes[code] = KfCode(openid, now + seconds, types, state)
        return code

    def redeem(self, code: str, msgtype: str, now: float) -> KfCode:
        """Uses a code up. Raises RefusedError 95007 (unknown, late, used), 40008 (type) or 95018 (state)."""
        issued = self.codes.get(code)
        if issued is None or issued.expires_at <= now:
            raise RefusedError(95007)
        if msgtype not in issued.types:
            raise RefusedError(40008)
        if issued.state is not None and self.session(issued.openid).state != issued.state:
            raise RefusedError(95018)
        return self.codes.pop(code)

    def check_id(self, msgid: str) -> None:
        """A message id must be new for the account. Raises RefusedError 40058."""
        if not MESSAGE_ID.fullmatch(msgid):
            raise RefusedError(40058, "invalid msgid")
        if msgid in self.sent_ids:
            raise RefusedError(40058, f"msgid {msgid} is already used")

    def keep_id(self, msgid: str) -> str:
        """Notes the id of a message that was taken; makes one when the caller gave none."""
        kept = msgid or "kfout" + secrets.token_hex(12)
        self.sent_ids.add(kept)
        return kept
