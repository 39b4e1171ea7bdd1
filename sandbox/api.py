"""The register of platform calls: a decorator that says what a call needs before its function runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sandbox.errors import RefusedError
from sandbox.packets import Json
from sandbox.push import Surface
from sandbox.world import World


@dataclass(frozen=True)
class Upload:
    name: str
    content: bytes


@dataclass(frozen=True)
class Call:
    """One call of the bot: query, JSON body and, for uploads, the file."""

    query: Mapping[str, str]
    body: Json = field(default_factory=dict)
    upload: Upload | None = None
    address: str = "127.0.0.1"

    def text(self, name: str) -> str:
        """A string of the JSON body; empty when absent. Raises RefusedError 47001 for another type."""
        value = self.body.get(name, "")
        if not isinstance(value, str):
            raise RefusedError(47001, f"{name} must be a string")
        return value

    def number(self, name: str, default: int, highest: int) -> int:
        """A whole number of the JSON body between 0 and `highest`. Raises RefusedError 40058."""
        value = self.body.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= highest:
            raise RefusedError(40058, f"{name} must be between 0 and {highest}")
        return value

    def texts(self, name: str, most: int, too_many: int) -> list[str]:
        """A list of strings of the JSON body. Raises RefusedError 47001 or `too_many`."""
        value = self.body.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise RefusedError(47001, f"{name} must be a list of strings")
        if len(value) > most:
            raise RefusedError(too_many)
        return value


@dataclass(frozen=True)
class File:
    """An answer that is no JSON."""

    content: bytes
    mime: str
    name: str = ""


Answer = Json | File
Handler = Callable[[World, Call], Answer]


@dataclass(frozen=True)
class Endpoint:
    """`lists` are the fields that an error answer carries empty; `per_day` the calls a new account has."""

    surface: Surface
    method: str
    path: str
    handler: Handler
    token: bool
    per_day: int | None
    lists: tuple[str, ...]


ENDPOINTS: dict[tuple[str, str], Endpoint] = {}


def endpoint(
    surface: Surface,
    method: str,
    path: str,
    *,
    token: bool = True,
    per_day: int | None = None,
    lists: tuple[str, ...] = (),
) -> Callable[[Handler], Handler]:
    """Registers a function as the platform's `path`."""

    def register(handler: Handler) -> Handler:
        ENDPOINTS[surface, path] = Endpoint(surface, method, path, handler, token, per_day, lists)
        return handler

    return register
