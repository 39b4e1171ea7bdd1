"""Rows as JSON and back, for what a merge has to be able to give back exactly."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

_TAGS: dict[str, type[Any]] = {"instant": datetime, "date": date, "time": time}


def to_json(values: Mapping[str, Any]) -> str:
    return json.dumps({name: _told(value) for name, value in values.items()}, ensure_ascii=False)


def from_json(text: str) -> dict[str, Any]:
    """What `to_json` wrote; nothing for an empty text."""
    values: dict[str, Any] = json.loads(text or "{}")
    return {name: _read(value) for name, value in values.items()}


def _told(value: Any) -> Any:
    match value:
        case datetime():
            return {"instant": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case Decimal():
            return {"decimal": str(value)}
        case bytes():
            return {"bytes": base64.b64encode(value).decode()}
        case _:
            return value


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((tag, text),) = value.items()
    if tag == "decimal":
        return Decimal(text)
    return base64.b64decode(text) if tag == "bytes" else _TAGS[tag].fromisoformat(text)
