"""Addresses that travel in messages: signed ones to pages of our own, and a map's."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote, urlencode, urlsplit

from itsdangerous import BadSignature, Signer

from bot.errors import BotError

# What keeps the signatures of one use apart from those of another, made with the same key.
PAGE, FORM, COPY = b"appointment page", b"form of a page", b"copy of a person's record"
# A number, a dot, the signature: 32 bytes in URL-safe base64. Anything else is not even hashed.
TOKEN = re.compile(r"[0-9A-Za-z]{1,32}\.[0-9A-Za-z_-]{43}")
# An id, the second at which the link ends, her mark.
COPY_OF = re.compile(r"(\d{1,10})T(\d{1,10})T([0-9a-f]{10})")
# Characters of what a form carries sealed: some facts of a page and 43 of the signature.
MOST_FORM_CHARS = 200
MARKER = "https://apis.map.qq.com/uri/v1/marker"
# What Tencent asks every caller of its map to name himself by.
REFERER = "shop-assistant"
# Separates the parts of a marker, so none of its parts may hold it.
SEPARATORS = str.maketrans(":;|", "   ")


class BadLink(BotError):
    """The token was not made here, or with a key that is no longer listed."""


class Links:
    """Addresses of our own pages. Whoever holds one may use it: the signature is the only key.

    `public_url`: what they begin with. `secrets`: keys, newest first; the first signs, all are honoured.
    """

    def __init__(self, public_url: str, secrets: Sequence[bytes]) -> None:
        self._public_url = public_url.rstrip("/")
        self._pages, self._forms = _signer(secrets, PAGE), _signer(secrets, FORM)
        self._copies = _signer(secrets, COPY)

    @property
    def host(self) -> str:
        """Name and port under which the outside knows us."""
        return urlsplit(self._public_url).netloc

    def appointment(self, number: str) -> str:
        """The page of one appointment."""
        return f"{self._public_url}/a/{self._pages.sign(number).decode()}"

    def number_of(self, token: str) -> str:
        """Whose page this token opens; raises BadLink."""
        if not TOKEN.fullmatch(token):
            raise BadLink("token")
        return _unsigned(self._pages, token)

    def copy(self, customer_id: int, mark: str, until: datetime) -> str:
        """The page on which she takes her own copy, good until then.

        `mark`: what tells her from whoever had the id before her or gets it after; 10 hexadecimal digits.
        """
        named = f"{customer_id}T{int(until.timestamp())}T{mark}"
        return f"{self._public_url}/c/{self._copies.sign(named).decode()}"

    def customer_of(self, token: str) -> tuple[int, str, datetime]:
        """Whose copy this token opens, her mark, and until when; raises BadLink."""
        if not TOKEN.fullmatch(token):
            raise BadLink("token")
        found = COPY_OF.fullmatch(_unsigned(self._copies, token))
        if found is None:
            raise BadLink("copy")
        return int(found[1]), found[3], datetime.fromtimestamp(int(found[2]), UTC)

    def seal(self, seen: str) -> str:
        """What a page showed, to travel with its form and be known again when the form comes back."""
        return self._forms.sign(seen).decode()

    def unseal(self, sealed: str) -> str:
        """What the form's page showed; raises BadLink."""
        if len(sealed) > MOST_FORM_CHARS or not sealed.isascii():
            raise BadLink("form")
        return _unsigned(self._forms, sealed)


def _signer(secrets: Sequence[bytes], use: bytes) -> Signer:
    newest_last = list(reversed(secrets))  # as itsdangerous wants them
    return Signer(newest_last, salt=use, sep=".", key_derivation="hmac", digest_method=hashlib.sha256)


def _unsigned(signer: Signer, signed: str) -> str:
    try:
        return signer.unsign(signed).decode()
    except BadSignature:
        raise BadLink("signature") from None


def map_link(name: str, address: str, latitude: float | None, longitude: float | None) -> str:
    """A place on Tencent's map, which opens inside WeChat; "" without coordinates."""
    if latitude is None or longitude is None:
        return ""
    title, street = (text.translate(SEPARATORS).strip() for text in (name, address))
    marker = f"coord:{latitude:.6f},{longitude:.6f};title:{title};addr:{street or title}"
    return f"{MARKER}?{urlencode({'marker': marker, 'referer': REFERER}, quote_via=quote, safe=':;,')}"
