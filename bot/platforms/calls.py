"""What a call to a platform asks for, what it brings back, and the limits it keeps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

# Seconds until a connection must stand: the platforms are near, a lost packet or two fit in.
CONNECT_SECONDS = 3.05
# Seconds of silence before an answer is given up: with the connect it stays under the 20 s
# after which a welcome code is worth nothing.
READ_SECONDS = 8.0
# Seconds of silence while a file travels: the platform stores 20 MB before it answers.
MEDIA_SECONDS = 30.0
# Bytes of an answer; the largest known, 10,000 openids, has about 350 KB.
ANSWER_BYTES = 1_000_000
# Bytes of a file: the platforms' own cap.
MEDIA_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    `repeatable`: doing it twice does no harm (reads, settings). `accepted`: error numbers that
    the caller takes as an answer. `members`: who gets something by it, for the limits per member.
    `downloads`: the answer is a file. `elsewhere`: an address outside the platform's API to which
    it sent us; `path` then only names the call. What may hold secrets or words of customers is
    never in a repr.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    file: tuple[str, bytes] | None = field(default=None, repr=False)
    repeatable: bool = False
    accepted: Collection[int] = ()
    members: tuple[str, ...] = field(default=(), repr=False)
    downloads: bool = False
    elsewhere: str = field(default="", repr=False)

    @property
    def silence_seconds(self) -> float:
        """How long the platform may say nothing."""
        return MEDIA_SECONDS if self.downloads or self.file else READ_SECONDS

    @property
    def answer_bytes(self) -> int:
        """How large the answer may be."""
        return MEDIA_BYTES if self.downloads else ANSWER_BYTES

    def with_query(self, **more: str) -> Request:
        """The same request with more in its query."""
        return replace(self, query={**self.query, **more})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `fields` of a JSON answer, or the `content` of a file."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    content: bytes = field(default=b"", repr=False)
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A file of the platform; `content_type` as the platform names it, may be empty."""

    content: bytes = field(repr=False)
    content_type: str
