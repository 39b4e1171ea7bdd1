"""Calls to one platform as one application: budget, token, one retry with a new token, no other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bot.errors import BadContent, PlatformError, TokenRejected
from bot.platforms.budgets import Budgets
from bot.platforms.calls import Answer, Download, Request
from bot.platforms.exchange import Exchange
from bot.platforms.tokens import TokenService

# Bytes of a file that may be sent: the largest cap of either platform (a WeCom file).
UPLOAD_BYTES = 20 * 1024 * 1024


class Transport:
    """Every method raises a `PlatformError`; its class says whether a retry makes sense.

    Nothing is tried again here but a call that was refused for its token, once: the platform
    did nothing then. Whatever else failed is for the caller, who knows whether it may be doubled.
    """

    def __init__(self, exchange: Exchange, app: str, tokens: TokenService, budgets: Budgets) -> None:
        self._exchange = exchange
        self._app = app
        self._tokens = tokens
        self._budgets = budgets

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        """Read something."""
        return self._call(Request("GET", path, query=query or {}, repeatable=True)).fields

    def ask(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """A POST that may be repeated: it reads, or sets something to the same again."""
        return self._call(Request("POST", path, body=body, repeatable=True)).fields

    def post(
        self,
        path: str,
        body: Mapping[str, Any],
        accepted: Collection[int] = (),
        members: tuple[str, ...] = (),
    ) -> Mapping[str, Any]:
        """Do something that must not be done twice; `accepted` error numbers count as an answer."""
        return self._call(Request("POST", path, body=body, accepted=accepted, members=members)).fields

    def upload(self, path: str, kind: str, file_name: str, content: bytes) -> Mapping[str, Any]:
        """Give a file to the platform. Raises BadContent when it is larger than any file may be."""
        if not content or len(content) > UPLOAD_BYTES:
            raise BadContent(None, f"{path}: a file of {len(content)} bytes")
        file = (file_name, content)
        return self._call(Request("POST", path, query={"type": kind}, file=file, repeatable=True)).fields

    def download(self, path: str, query: Mapping[str, str]) -> Download | Mapping[str, Any]:
        """A file, or the JSON object that the platform sends in its place."""
        answer = self._call(Request("GET", path, query=query, repeatable=True, downloads=True))
        return answer.fields or Download(answer.content, answer.content_type)

    def fetch_video(self, address: str) -> Download:
        """A video that the official account keeps outside its API."""
        return self._fetch("/video", address)

    def fetch_picture(self, address: str) -> Download:
        """A picture that WeCom keeps outside its API."""
        return self._fetch("/picture", address)

    def _fetch(self, what: str, address: str) -> Download:
        """Only from the platform's own hosts, without token."""
        request = Request("GET", what, repeatable=True, downloads=True, elsewhere=address)
        if not self._exchange.may_fetch(address):
            raise PlatformError(None, f"the platform names a {what[1:]} on a host that is not its own")
        answer = self._exchange.call(request)
        return Download(answer.content, answer.content_type)

    def _call(self, request: Request) -> Answer:
        self._budgets.take(request.path, request.members)
        token = self._tokens.token(self._app)
        try:
            return self._exchange.call(request.with_query(access_token=token))
        except TokenRejected:
            self._tokens.reject(self._app, token)
        return self._exchange.call(request.with_query(access_token=self._tokens.token(self._app)))


def required(fields: Mapping[str, Any], name: str, path: str) -> str:
    """A field without which an answer is worth nothing, as text."""
    found = fields.get(name)
    if found is None:
        raise PlatformError(None, f"{path}: the answer has no {name}")
    return str(found)
