"""Personal fields at rest: AES-256-GCM under rotating keys, and keyed hashes to find them again.

A stored value is `version(1) | key id(4) | nonce(12) | ciphertext+tag`; the name of its column is
authenticated with it, so a value moved to another column does not open. The hashes of blind
indexes use one index key that never rotates by itself: it lies in the database, wrapped
under the data keys (`crm/services/keys.py`), so that taking out an old data key breaks no look-up.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from crm.errors import Invalid, KeyMissing

VERSION = b"\x01"
# Bytes: an AES-256 key, its short name in each value, the nonce that GCM wants.
KEY_BYTES, KEY_ID_BYTES, NONCE_BYTES = 32, 4, 12
HEAD_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES
# Bytes of a blind index: enough that two of ten million values never meet by chance.
INDEX_BYTES = 12


def new_key() -> str:
    """A fresh data key as it stands in DATA_KEYS (URL-safe base64 of 32 random bytes)."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


class Vault:
    """Opens with any of its keys, closes with the first. One per process: `vault` below."""

    def __init__(self) -> None:
        self._ciphers: dict[bytes, AESGCM] = {}
        self._newest = b""
        self._index_key = b""

    def unlock(self, keys: list[str]) -> None:
        """Take the data keys, newest first; raises Invalid for one that is no key."""
        raw = [_decoded(key) for key in keys]
        if not raw:
            raise Invalid("DATA_KEYS is empty: at least one key is needed.")
        self._ciphers = {_key_id(key): AESGCM(key) for key in raw}
        self._newest = _key_id(raw[0])

    def use_index_key(self, key: bytes) -> None:
        """Take the key of the blind indexes, as `crm/services/keys.py` found or made it."""
        self._index_key = key

    @property
    def newest(self) -> bytes:
        """The short name of the key that closes values now."""
        return self._newest

    def close(self, value: bytes, context: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._newest].encrypt(nonce, value, context.encode())
        return VERSION + self._newest + nonce + sealed

    def open(self, stored: bytes, context: str) -> bytes:
        """Raises KeyMissing when no key in DATA_KEYS opens it."""
        cipher = self._ciphers.get(stored[1 : 1 + KEY_ID_BYTES])
        if cipher is None:
            raise KeyMissing("A stored value needs a key that is not in DATA_KEYS.")
        nonce = stored[1 + KEY_ID_BYTES : HEAD_BYTES]
        try:
            return cipher.decrypt(nonce, stored[HEAD_BYTES:], context.encode())
        except (InvalidTag, ValueError):  # ValueError: cut so short that there is no whole nonce
            raise KeyMissing(f"A stored value of {context} does not open: damaged or moved.") from None

    def index(self, value: str, kind: str) -> bytes:
        """The blind index of one value: equal values of one kind have equal indexes."""
        return hmac.digest(self._index_key, f"{kind}\0{value}".encode(), hashlib.sha256)[:INDEX_BYTES]


vault = Vault()


def _decoded(key: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(key.encode())
    except ValueError:
        raw = b""
    if len(raw) != KEY_BYTES:
        raise Invalid("A key in DATA_KEYS is not 32 bytes in URL-safe base64.")
    return raw


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"key id" + key).digest()[:KEY_ID_BYTES]


class Secret(TypeDecorator[str]):
    """A text column that is encrypted at rest; `context` is "table.column"."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else vault.close(value.encode(errors="replace"), self.context)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else vault.open(bytes(value), self.context).decode()
