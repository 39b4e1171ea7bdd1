"""Signatures and encryption of both platforms: bytes in, bytes out, every check strict.

One scheme for the official account and WeCom: AES-256-CBC under the EncodingAESKey with its first
16 bytes as IV; plaintext = random(16) | length(4, big endian) | message | receiver, padded to 32;
signature = sha1 of the sorted, joined values. The signature is the only protection of
integrity, so it is compared, in constant time, before anything is decrypted.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from bot.errors import Refused

# The platform repeats a push within about 20 s; clocks may differ. Older or newer is a replay.
FRESH = timedelta(seconds=300)
TIMESTAMP = re.compile(r"[0-9]{10}")
NONCE = re.compile(r"[A-Za-z0-9]{1,64}")
# The scheme pads to 32 bytes although AES blocks have 16.
PAD_BYTES = 32
SALT_BYTES, LENGTH_BYTES = 16, 4
HEAD_BYTES = SALT_BYTES + LENGTH_BYTES


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted answer and what its envelope needs."""

    ciphertext: str
    signature: str
    timestamp: str
    nonce: str


def signature_of(*values: str) -> str:
    """The platform's signature: lower-case hex sha1 of the sorted values."""
    return hashlib.sha1("".join(sorted(values)).encode()).hexdigest()


class Seal:
    """What one account's call-backs are checked, opened and closed with."""

    def __init__(self, token: str, aes_key: str, receiver: str) -> None:
        self._token = token
        self._receiver = receiver.encode()
        key = base64.b64decode(aes_key + "=") if aes_key else b""
        self._cipher = Cipher(AES(key), CBC(key[:16])) if key else None

    def check(self, signature: str, timestamp: str, nonce: str, now: datetime, *signed: str) -> None:
        """Raises Refused unless the values are well-formed, fresh and signed with our token."""
        if not TIMESTAMP.fullmatch(timestamp) or not NONCE.fullmatch(nonce):
            raise Refused("malformed")
        expected = signature_of(self._token, timestamp, nonce, *signed)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise Refused("signature")
        if abs(now.timestamp() - int(timestamp)) > FRESH.total_seconds():
            raise Refused("stale")

    def open(self, ciphertext: str) -> bytes:
        """Decrypt one message; raises Refused for anything that is not exactly the scheme."""
        if self._cipher is None:
            raise Refused("no_key")
        plain = self._unpadded(_decoded(ciphertext))
        length = int.from_bytes(plain[SALT_BYTES:HEAD_BYTES], "big")
        if len(plain) < HEAD_BYTES or length > len(plain) - HEAD_BYTES:
            raise Refused("length")
        message, receiver = plain[HEAD_BYTES : HEAD_BYTES + length], plain[HEAD_BYTES + length :]
        if not hmac.compare_digest(receiver, self._receiver):
            raise Refused("receiver")
        return message

    def close(self, message: bytes, nonce: str, now: datetime) -> Sealed:
        """Encrypt and sign one answer."""
        if self._cipher is None:
            raise Refused("no_key")
        plain = os.urandom(SALT_BYTES) + len(message).to_bytes(LENGTH_BYTES, "big") + message + self._receiver
        pad = PAD_BYTES - len(plain) % PAD_BYTES
        encryptor = self._cipher.encryptor()
        ciphertext = base64.b64encode(encryptor.update(plain + bytes([pad]) * pad)).decode()
        timestamp = str(int(now.timestamp()))
        return Sealed(ciphertext, signature_of(self._token, timestamp, nonce, ciphertext), timestamp, nonce)

    def _unpadded(self, sealed: bytes) -> bytes:
        assert self._cipher is not None
        padded = self._cipher.decryptor().update(sealed)
        unpadder = PKCS7(PAD_BYTES * 8).unpadder()
        try:
            return unpadder.update(padded) + unpadder.finalize()
        except ValueError:
            raise Refused("padding") from None


def _decoded(ciphertext: str) -> bytes:
    try:
        sealed = base64.b64decode(ciphertext, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("base64") from None
    if not sealed or len(sealed) % PAD_BYTES:
        raise Refused("blocks")
    return sealed
