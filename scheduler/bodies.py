"""What a push says: the words, and for service notices the fields of a template beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.codec import from_fields, to_fields
from bot.messages import Reply


@dataclass(frozen=True, slots=True)
class Notice:
    """The same as a template message: `purpose` as in OA_TEMPLATE_<PURPOSE>, values by field.

    `subscription` as in OA_SUBSCRIBE_<PURPOSE>, for what she said yes to; her yes is kept for nothing else.
    """

    purpose: str
    values: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    subscription: str = ""


@dataclass(frozen=True, slots=True)
class ServiceBody:
    """A service notice: words for chats, a notice for the template, or None."""

    reply: Reply
    notice: Notice | None = None

    def to_json(self) -> str:
        """As it is kept in `deliveries.body`; `bot/codec.py` reads the reply out of it."""
        fields: dict[str, Any] = to_fields(self.reply)
        if self.notice is not None:
            fields["notice"] = asdict(self.notice)
        return json.dumps(fields, ensure_ascii=False)


def service_body(stored: str) -> ServiceBody:
    """What `ServiceBody.to_json` or `codec.to_json` wrote; raises ValueError for anything else."""
    fields = json.loads(stored)
    if not isinstance(fields, dict):
        raise ValueError("a stored push is a JSON object")
    notice = fields.get("notice")
    return ServiceBody(from_fields(fields), Notice(**notice) if notice else None)
