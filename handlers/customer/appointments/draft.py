"""What is known of a visit while it is talked about; kept as JSON with the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from crm.services.appointments import Window, Wish
from handlers.customer.appointments.pieces import Piece
from handlers.customer.appointments.times import Span

# Characters of her own words that the advisor gets to read.
MOST_WORDS = 120


@dataclass(slots=True)
class Draft:
    """Moments are seconds since 1970 (UTC), as JSON keeps them.

    `store_id` 0: not known; `stores`: the shops that her words may mean. `windows`: start times
    that she wants; `readings`: what an ambiguous phrase may mean, to be asked back. `point`: the very
    minute that she named. `span`: minutes of the day that she wants, whatever the day. `seen`: times
    that were offered and not taken. `appointment_id`: the place that is held for her or, when `moving`,
    the visit that gets another time. `settled`: place and time are held as she wants them.
    `said`: her sentence, while she is asked which of her visits it is about. `away`: a moment of the day
    on which she said that she cannot come.
    """

    store_id: int = 0
    stores: list[int] = field(default_factory=list)
    windows: list[list[int]] = field(default_factory=list)
    readings: list[list[int]] = field(default_factory=list)
    point: int = 0
    span: list[int] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    pieces: list[list[Any]] = field(default_factory=list)
    for_whom: str = ""
    words: str = ""
    appointment_id: int = 0
    moving: bool = False
    settled: bool = False
    misses: int = 0
    said: str = ""
    away: int = 0

    @classmethod
    def read(cls, stored: dict[str, Any] | None) -> Draft:
        return cls(**(stored or {}))

    def written(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def wanted(self) -> list[Window]:
        return [Window(moment(first), moment(last)) for first, last in self.windows]

    @property
    def wish(self) -> Wish:
        return Wish(
            for_whom=self.for_whom,
            words=self.words,
            style_ids=tuple(style_id for _, style_id in self.pieces if style_id),
            piece_words=tuple(words for words, style_id in self.pieces if not style_id),
        )

    @property
    def wished(self) -> list[Piece]:
        return [Piece(words, style_id) for words, style_id in self.pieces]

    def want_pieces(self, pieces: Sequence[Piece]) -> None:
        self.pieces = [[piece.words, piece.style_id] for piece in pieces]

    def want_times(self, spans: Sequence[Span], zone: ZoneInfo) -> None:
        """Other start times than before: what was offered or held for them no longer counts."""
        self.windows = [[seconds(span.first), seconds(span.last)] for span in spans]
        self.point = self.windows[0][0] if len(spans) == 1 and spans[0].is_point else 0
        self.readings, self.seen, self.settled = [], [], False
        inside = spans[0].minutes(zone) if len(spans) == 1 else None
        self.span = list(inside) if inside else self.span

    def want_store(self, store_id: int) -> None:
        if store_id != self.store_id:
            self.seen, self.settled = [], False
        self.store_id, self.stores = store_id, []

    def add_words(self, words: str) -> None:
        """Occasion and budget, each once."""
        parts = [part for part in (*self.words.split("，"), words) if part]
        self.words = "，".join(dict.fromkeys(parts))[:MOST_WORDS]

    def day(self, zone: ZoneInfo) -> date | None:
        """The one day that is talked about; None when it is open."""
        days = {at.astimezone(zone).date() for window in self.wanted for at in (window.first, window.last)}
        return days.pop() if len(days) == 1 else None


def moment(stored: int) -> datetime:
    return datetime.fromtimestamp(stored, UTC)


def seconds(at: datetime) -> int:
    return int(at.timestamp())
