"""The envelope against vectors that the platform's own package made."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.crypto import CallbackKeys, pad, unpad
from sandbox.errors import CryptoError

VECTORS = json.loads(Path(__file__).with_name("crypto-vectors.json").read_text(encoding="utf-8"))["vectors"]
KEYS = CallbackKeys("JewelToken01", "PZagcsVU1jhiVl3NuTb+TRKugvrs8V9PUpX+zmb222o", "ww0123456789abcdef")


def keys_of(vector: dict[str, Any]) -> CallbackKeys:
    return CallbackKeys(vector["token"], vector["encoding_aes_key"], vector["receiveid"])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_encrypts_like_the_platform(vector):
    noise = bytes.fromhex(vector["random16_hex"])
    assert keys_of(vector).encrypt(vector["plaintext"], noise) == vector["ciphertext"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_opens_what_the_platform_sealed(vector):
    assert keys_of(vector).decrypt(vector["ciphertext"]) == vector["plaintext"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_signs_like_the_platform(vector):
    signature = keys_of(vector).sign(vector["timestamp"], vector["nonce"], vector["ciphertext"])
    assert signature == vector["signature"]


def test_another_receiver_is_refused():
    with pytest.raises(CryptoError, match="receiver"):
        KEYS.decrypt(KEYS.encrypt("hello", receiver="ww_other"))


@pytest.mark.parametrize("sealed", ["", "not base64!", "中文", "AAAA", "A" * 40])
def test_rubbish_is_refused(sealed):
    with pytest.raises(CryptoError):
        KEYS.decrypt(sealed)


def test_a_length_beyond_the_end_is_refused():
    with pytest.raises(CryptoError, match="length"):
        KEYS.decrypt(KEYS.encrypt_padded(pad(bytes(16) + (9999).to_bytes(4, "big") + b"hi")))


def test_a_message_that_is_no_text_is_refused():
    body = bytes(16) + (1).to_bytes(4, "big") + b"\xff" + KEYS.receiver.encode()
    with pytest.raises(CryptoError, match="UTF-8"):
        KEYS.decrypt(KEYS.encrypt_padded(pad(body)))


@pytest.mark.parametrize("size", range(70))
def test_padding_comes_off_again(size):
    padded = pad(b"x" * size)
    assert len(padded) % 32 == 0
    assert unpad(padded) == b"x" * size


@pytest.mark.parametrize("spoilt", [b"", b"abc\x00", b"abc\x21", b"ab\x01\x02"])
def test_broken_padding_is_refused(spoilt):
    with pytest.raises(CryptoError, match="padding"):
        unpad(spoilt)
