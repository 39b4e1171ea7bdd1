"""What is no command: a word that leads to help."""

from __future__ import annotations

from bot.messages import IncomingMessage, Kind, Reply, Silence, Text
from bot.router import Router, kind
from handlers.filters import staff as by_staff
from wording import Wording

router = Router("advisor_fallback")


@router.on(by_staff, ~kind(Kind.EVENT, Kind.UNKNOWN))
def unknown(say: Wording) -> Reply:
    return Text(say("advisor.unknown"))


@router.on(by_staff)
def noted(message: IncomingMessage) -> Reply:
    """Events that need no word: a tapped menu link, a location that the client reports."""
    return Silence()
