"""Names what went wrong when a call brought no usable answer."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from bot.errors import Busy, Misconfigured, NotSent, OutcomeUnknown, PlatformError, RateLimited
from bot.platforms.calls import Request

# Seconds until a minute's quota opens again; WeCom blocks for the unit that was exceeded.
MINUTE = 60.0

# The platforms' days turn over at midnight in China.
_CHINA = timezone(timedelta(hours=8))


def seconds_to_midnight(now: datetime) -> float:
    """Until the platforms' next day begins."""
    local = now.astimezone(_CHINA)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return (midnight - local).total_seconds()


def unclear(request: Request, reason: str) -> PlatformError:
    """The call left and no usable answer came: only what may be done twice may be tried again."""
    kind = Busy if request.repeatable else OutcomeUnknown
    return kind(None, f"{request.path}: {reason}")


def connection_error(request: Request, error: requests.RequestException) -> PlatformError:
    """NotSent while no connection stood; after that the call may have been done.

    Only the name of the library's error is kept: its text holds the address with the token.
    """
    if _never_left(error):
        return NotSent(None, f"{request.path}: {type(error).__name__}")
    return unclear(request, type(error).__name__)


def status_error(request: Request, status: int) -> PlatformError:
    """Business errors come with 200: any other status is the address, a proxy or an outage.

    A 502 or 504 comes from a gateway after the call went on to the machine behind it, and a 500
    may follow the work: a send may have been done.
    """
    if status == requests.codes.too_many_requests:
        return RateLimited(None, f"{request.path}: HTTP {status}", MINUTE)
    if status >= requests.codes.internal_server_error:
        return unclear(request, f"HTTP {status}")
    return Misconfigured(None, f"{request.path}: HTTP {status} (is the base address right?)")


def _never_left(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    if isinstance(error, ValueError):  # an address that can't be one
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(reason, NewConnectionError | ConnectTimeoutError):
        return True
    # The certificate is looked at before anything is said; other TLS faults can come later.
    return isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(reason)
