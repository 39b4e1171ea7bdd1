"""What a failed call means for a push: again, another way, or its end; pure rules."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import (
    Busy,
    Misconfigured,
    NotSent,
    OutcomeUnknown,
    PlatformError,
    RateLimited,
    TokenRejected,
    Unreachable,
)
from crm.models import DeliveryState, Purpose
from crm.services.claims import MAX_ATTEMPTS, UNCLEAR, Claimed
from scheduler.routes import KEYED

# Seconds before the second attempt; each further one waits three times as long: 2, 6, 18, 54.
FIRST_PAUSE_SECONDS = 2.0
# How long to wait while secrets, rights or addresses are wrong: a person has to mend them, and
# asking more often gets the address blocked.
MENDING_TIME = timedelta(minutes=10)
# A token that was refused twice in a row is dropped again after 30 s (bot/platforms/tokens.py).
TOKEN_TIME = timedelta(minutes=1)

# ", hint: [123], from ip: …" of WeCom and " rid: 1a2b-…" of the official account.
_TRACE = re.compile(r",? (?:hint|rid): ")


@dataclass(frozen=True, slots=True)
class Again:
    """Plan it again, not before `at`."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class OtherWay:
    """This way leads nowhere for this person; perhaps another does."""

    reason: str


@dataclass(frozen=True, slots=True)
class End:
    """It is over."""

    state: DeliveryState
    reason: str


Outcome = Again | OtherWay | End


def outcome_of(error: PlatformError, row: Claimed, route: str, now: datetime, chance: float | None = None) -> Outcome:
    """The rule for each class of error; `chance` (0–1) spreads the retries of many."""
    reason = in_words(error)
    match error:
        case RateLimited(wait_seconds=seconds):
            return _when_the_quota_opens(row, now + timedelta(seconds=seconds), reason)
        case TokenRejected():
            return Again(now + TOKEN_TIME, _kept(row, reason))
        case Misconfigured():
            return Again(now + MENDING_TIME, _kept(row, reason))
        case NotSent() | Busy():
            return _again(row, now, _kept(row, reason), DeliveryState.FAILED, chance)
        case OutcomeUnknown():
            return _unknown(row, route, now, UNCLEAR + reason, chance)
        case Unreachable() if not _may_double(row):
            return OtherWay(reason)
    return End(DeliveryState.FAILED, reason)


def in_words(error: PlatformError) -> str:
    """The class and the platform's own words, without the trace that it adds for its support."""
    return _TRACE.split(f"{type(error).__name__}: {error}")[0]


def final_state(row: Claimed, state: DeliveryState) -> DeliveryState:
    """What may have been sent by an earlier attempt never ends as if it was not."""
    if row.unclear and state in (DeliveryState.SKIPPED, DeliveryState.FAILED):
        return DeliveryState.UNKNOWN
    return state


def needs_a_person(error: PlatformError) -> bool:
    """Whether nothing will go until somebody mends the settings."""
    return isinstance(error, Misconfigured | TokenRejected)


def _when_the_quota_opens(row: Claimed, at: datetime, reason: str) -> Outcome:
    """A quota that opens too late for this push is as good as none."""
    too_late = row.not_after is not None and at > row.not_after
    return OtherWay(reason) if too_late and not _may_double(row) else Again(at, _kept(row, reason))


def _unknown(row: Claimed, route: str, now: datetime, reason: str, chance: float | None) -> Outcome:
    if row.purpose is Purpose.MARKETING and route not in KEYED:
        return End(DeliveryState.UNKNOWN, reason)
    return _again(row, now, reason, DeliveryState.UNKNOWN, chance)


def _again(row: Claimed, now: datetime, reason: str, at_last: DeliveryState, chance: float | None) -> Outcome:
    if row.attempts >= MAX_ATTEMPTS:
        return End(at_last, f"given up after {row.attempts} attempts: {reason}")
    pause = FIRST_PAUSE_SECONDS * 3 ** (row.attempts - 1)
    spread = random.random() if chance is None else chance
    return Again(now + timedelta(seconds=pause * (0.5 + spread)), reason)


def _kept(row: Claimed, reason: str) -> str:
    """A later, clear failure does not make an earlier, unclear one clear."""
    return row.reason if row.unclear else reason


def _may_double(row: Claimed) -> bool:
    """Marketing that may have arrived must not go a second way."""
    return row.unclear and row.purpose is Purpose.MARKETING
