"""Which handler answers: filters, routers, and a table that is checked when the process starts."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from bot.errors import Misrouted
from bot.messages import Channel, IncomingMessage, Kind, Reply

# None means "not mine": the next handler whose filters hold is tried.
Replies = Reply | Sequence[Reply] | None
Handler = Callable[..., Replies]


# How the number of a card begins, as it follows a word without a blank: "备注C0001".
CARD = r"(?i:[a-z]{0,4}-?\d{3,})"
# The characters of command words that are written otherwise in Hong Kong and Taiwan.
TRADITIONAL = str.maketrans(
    "备注录详码绑并撤销标签阶段处诉预约询顾户员单问题识记产结束对话谁个转给试恢复务归类爽负资绝门见",
    "備註錄詳碼綁併撤銷標籤階段處訴預約詢顧戶員單問題識記產結束對話誰個轉給試恢復務歸類爽負資絕門見",
)


class Visit(Protocol):
    """What a filter may look at. `plain` is the text without width, case and invisible characters."""

    @property
    def message(self) -> IncomingMessage: ...
    @property
    def role(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def plain(self) -> str: ...
    @property
    def talking(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a visit; combine with `&`, `|` and `~`."""

    holds: Callable[[Visit], bool]

    def __and__(self, other: Filter) -> Filter:
        return Filter(lambda visit: self.holds(visit) and other.holds(visit))

    def __or__(self, other: Filter) -> Filter:
        return Filter(lambda visit: self.holds(visit) or other.holds(visit))

    def __invert__(self) -> Filter:
        return Filter(lambda visit: not self.holds(visit))


def channel(*wanted: Channel) -> Filter:
    return Filter(lambda visit: visit.message.channel in wanted)


def kind(*wanted: Kind) -> Filter:
    return Filter(lambda visit: visit.message.kind in wanted)


def event(*wanted: str) -> Filter:
    return Filter(lambda visit: visit.message.kind is Kind.EVENT and visit.message.event in wanted)


def role(*wanted: str) -> Filter:
    return Filter(lambda visit: visit.role in wanted)


def state(*wanted: StrEnum) -> Filter:
    return Filter(lambda visit: visit.state in wanted)


def field(name: str, *wanted: str) -> Filter:
    """A field of the message, such as the key of a tapped menu button."""
    return Filter(lambda visit: visit.message.fields.get(name) in wanted)


def menu_tap(*ids: str) -> Filter:
    """A line of a tap list, by its id."""
    return field("menu_id", *ids)


def words(pattern: str) -> Filter:
    """The whole plain text matches."""
    compiled = re.compile(pattern)
    return Filter(lambda visit: visit.message.kind is not Kind.EVENT and bool(compiled.fullmatch(visit.plain)))


def command(*names: str) -> Filter:
    """The text is one of these words, or begins with one and a space, a colon or directly the number of a card.

    Written in traditional characters they are the same words.
    """
    spelled = "|".join("".join(map(_either_way, name)) for name in names)
    return words(rf"(?s)(?:{spelled})(?:(?:[\s:,]|(?={CARD})).*)?")


def _either_way(character: str) -> str:
    """A character as it is, or as it is written in traditional ones."""
    traditional = character.translate(TRADITIONAL)
    return re.escape(character) if traditional == character else f"[{character}{traditional}]"


talking = Filter(lambda visit: visit.talking)
said = kind(Kind.TEXT, Kind.VOICE)


@dataclass(frozen=True, slots=True)
class Route:
    """One handler, when it is tried, and what it asks for by parameter name."""

    name: str
    filter: Filter
    handler: Handler
    wants: tuple[str, ...]


class Router:
    """The handlers of one conversation, in the order in which they are tried."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.routes: list[Route] = []

    def on(self, *filters: Filter) -> Callable[[Handler], Handler]:
        """Register the decorated function; all filters must hold."""

        def register(handler: Handler) -> Handler:
            wants = tuple(inspect.signature(handler).parameters)
            self.routes.append(Route(f"{self.name}.{handler.__name__}", _all(filters), handler, wants))
            return handler

        return register


def _all(filters: Sequence[Filter]) -> Filter:
    first, *rest = filters or (Filter(lambda _visit: True),)
    for further in rest:
        first = first & further
    return first


class Table:
    """All routers in order; raises Misrouted when a handler asks for what nobody provides."""

    def __init__(self, routers: Iterable[Router], provides: Iterable[str]) -> None:
        self.routes = tuple(route for router in routers for route in router.routes)
        self._check(frozenset(provides))

    def matching(self, visit: Visit) -> Iterator[Route]:
        """The routes whose filters hold, in order."""
        return (route for route in self.routes if route.filter.holds(visit))

    def _check(self, provides: frozenset[str]) -> None:
        names = [route.name for route in self.routes]
        faults = [f"{name} stands twice" for name in sorted(set(names)) if names.count(name) > 1]
        for route in self.routes:
            faults += [
                f"{route.name} asks for {want!r}, which nobody provides" for want in route.wants if want not in provides
            ]
        if faults:
            raise Misrouted("; ".join(faults))


def as_replies(answer: Any) -> tuple[Reply, ...]:
    """One reply or several as a tuple."""
    return (answer,) if isinstance(answer, Reply) else tuple(answer)
