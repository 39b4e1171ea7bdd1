"""What stands behind a command word."""

from __future__ import annotations

import re
import unicodedata

COMMAND = re.compile(r"^\s*/?\S+?(?:[\s:：,，]+|$)")


def rest_of(text: str) -> str:
    """The words behind the first one, as they were typed but for width and outer space."""
    return COMMAND.sub("", unicodedata.normalize("NFC", text), count=1).strip()
