"""What a page of ours needs to show WeChat's own tags: a ticket, kept by the scheduler, and signatures made with it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from bot.platforms.tokens import TokenService, TokenStore

# Bytes of a nonce, written in hex.
NONCE_BYTES = 8


def ticket_app(app_id: str) -> str:
    """Under which name the ticket lies beside the tokens."""
    return f"oa:{app_id}:jsapi"


class JsTickets:
    """Keeps the account's ticket where every process finds it; the platform counts how often one is fetched."""

    def __init__(self, app_id: str, tokens: TokenService) -> None:
        self._app = ticket_app(app_id)
        self._tokens = tokens

    def keep(self) -> None:
        """Fetch a ticket unless a good one is there; raises a PlatformError."""
        self._tokens.token(self._app)


@dataclass(frozen=True, slots=True)
class TagConfig:
    """What `wx.config` and the tag of one page are given."""

    template_id: str
    app_id: str
    timestamp: int
    nonce: str
    signature: str = field(repr=False)


class SubscribeTag:
    """The tag with which a visitor allows one subscription notification."""

    def __init__(self, app_id: str, template_id: str, store: TokenStore) -> None:
        self._app_id = app_id
        self._template_id = template_id
        self._store = store

    def on_page(self, url: str, now: datetime) -> TagConfig | None:
        """For the page of this address; None without a template or a ticket. Never calls the platform."""
        if not self._template_id:
            return None
        ticket = self._store.held(ticket_app(self._app_id))
        if ticket is None or now >= ticket.until:
            return None
        timestamp, nonce = int(now.timestamp()), secrets.token_hex(NONCE_BYTES)
        signature = sign(ticket.token, url, timestamp, nonce)
        return TagConfig(self._template_id, self._app_id, timestamp, nonce, signature)


def sign(ticket: str, url: str, timestamp: int, nonce: str) -> str:
    """The platform's signature over a page's address; what stands behind # does not count."""
    parts = {"jsapi_ticket": ticket, "noncestr": nonce, "timestamp": timestamp, "url": url.partition("#")[0]}
    signed = "&".join(f"{name}={value}" for name, value in parts.items())
    return hashlib.sha1(signed.encode(), usedforsecurity=False).hexdigest()
