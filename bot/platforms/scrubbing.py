"""Takes secrets out of everything that is logged or raised."""

from __future__ import annotations

import logging
import re

HIDDEN = "***"

_NAMES = r"access_token|appsecret|corpsecret|secret|code|key|msg_signature|signature|ticket"
_IN_QUERY = re.compile(rf"(?i)\b({_NAMES})=[^&\s\"'#]+")
_IN_JSON = re.compile(rf"(?i)\"({_NAMES})\"(\s*:\s*)\"[^\"]*\"")

# urllib3 logs each request with its whole query, in which the platforms want token and secret.
_LOGGERS = ("urllib3.connectionpool", "urllib3.util.retry")


def scrub(text: str) -> str:
    """The text with the value of every secret parameter hidden."""
    return _IN_JSON.sub(rf'"\1"\2"{HIDDEN}"', _IN_QUERY.sub(rf"\1={HIDDEN}", text))


class ScrubbingFilter(logging.Filter):
    """Rewrites a log record so that no secret of a query leaves the process."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = scrub(record.getMessage())
        record.args = None
        return True


def guard_http_logs() -> None:
    """Scrub what the HTTP library logs; calling it again changes nothing."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(present, ScrubbingFilter) for present in logger.filters):
            logger.addFilter(ScrubbingFilter())
