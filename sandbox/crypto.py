"""The call-back envelope of both platforms: AES-256-CBC and a sha1 over four sorted values."""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sandbox.errors import CryptoError

# The platform pads to 32 bytes, twice the block of AES.
PAD_TO = 32
# Bytes of noise before the length field.
NOISE = 16


def sign(*values: str) -> str:
    """Lower-case hex sha1 of the values, sorted as strings and joined."""
    return hashlib.sha1("".join(sorted(values)).encode()).hexdigest()


def pad(plain: bytes) -> bytes:
    """PKCS7 to a multiple of 32; a full block when nothing is missing."""
    missing = PAD_TO - len(plain) % PAD_TO
    return plain + bytes([missing]) * missing


def unpad(padded: bytes) -> bytes:
    """Takes the padding off. Raises CryptoError unless every pad byte is right."""
    count = padded[-1] if padded else 0
    if not 1 <= count <= PAD_TO or padded[-count:] != bytes([count]) * count:
        raise CryptoError("the padding is broken")
    return padded[:-count]


@dataclass(frozen=True)
class CallbackKeys:
    """What both sides of one call-back address know."""

    token: str
    aes_key: str
    receiver: str

    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def encrypt(self, text: str, noise: bytes | None = None, receiver: str | None = None) -> str:
        """Base64 ciphertext of `text` for this receiver (or another, to play a mistake)."""
        message = text.encode()
        who = (self.receiver if receiver is None else receiver).encode()
        return self.encrypt_padded(pad((noise or os.urandom(NOISE)) + len(message).to_bytes(4, "big") + message + who))

    def encrypt_padded(self, padded: bytes) -> str:
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()

    def decrypt(self, ciphertext: str) -> str:
        """The message inside. Raises CryptoError when anything about it is not ours."""
        message, receiver = self._open(ciphertext)
        if not hmac.compare_digest(receiver, self.receiver.encode()):
            raise CryptoError("the receiver is another account")
        try:
            return message.decode()
        except UnicodeDecodeError:
            raise CryptoError("the message is not UTF-8") from None

    def _open(self, ciphertext: str) -> tuple[bytes, bytes]:
        try:
            sealed = base64.b64decode(ciphertext, validate=True)
        except ValueError:
            raise CryptoError("the ciphertext is not base64") from None
        if not sealed or len(sealed) % PAD_TO:
            raise CryptoError("the ciphertext is not a multiple of 32 bytes")
        decryptor = self._cipher().decryptor()
        plain = unpad(decryptor.update(sealed) + decryptor.finalize())
        body = plain[NOISE + 4 :]
        length = int.from_bytes(plain[NOISE : NOISE + 4], "big")
        if len(plain) < NOISE + 4 or length > len(body):
            raise CryptoError("the length field is out of bounds")
        return body[:length], body[length:]

    def sign(self, timestamp: str, nonce: str, *ciphertext: str) -> str:
        """`msg_signature` with a ciphertext, the plain `signature` without."""
        return sign(self.token, timestamp, nonce, *ciphertext)
