"""Long lists in the portions that a platform takes or gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any


def batches(whole: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The sequence in portions of `size`."""
    for start in range(0, len(whole), size):
        yield whole[start : start + size]


def pages(read: Callable[[str], Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Every page of a list that goes by cursor; ends when the cursor is empty or stands still."""
    cursor = ""
    while True:
        page = read(cursor)
        yield page
        following = str(page.get("next_cursor") or "")
        if following in ("", cursor):
            return
        cursor = following
