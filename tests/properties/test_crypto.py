"""Encryption and signatures hold for every message, and against every change of one."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.crypto import FRESH, Seal, Sealed, signature_of
from bot.errors import Refused
from tests.front_door import OA

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
NONCE = "1372623149"
SEAL = Seal(*OA)
messages = st.binary(max_size=3000)
keys = st.binary(min_size=32, max_size=32).map(lambda raw: base64.b64encode(raw).decode().rstrip("="))
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


def received(sealed: Sealed, seal: Seal = SEAL, now: datetime = NOW) -> bytes:
    """As the webhook does it: check, then open."""
    seal.check(sealed.signature, sealed.timestamp, sealed.nonce, now, sealed.ciphertext)
    return seal.open(sealed.ciphertext)


@given(messages)
def test_any_message_comes_out_as_it_went_in(message: bytes) -> None:
    assert received(SEAL.close(message, NONCE, NOW)) == message


@given(
    messages,
    keys,
    st.from_regex(r"[A-Za-z0-9]{3,32}", fullmatch=True),
    st.from_regex(r"[a-z0-9]{1,40}", fullmatch=True),
)
def test_it_holds_for_every_key_token_and_receiver(message: bytes, key: str, token: str, receiver: str) -> None:
    seal = Seal(token, key, receiver)
    assert received(seal.close(message, NONCE, NOW), seal) == message


@given(messages)
def test_the_same_message_never_looks_the_same_twice(message: bytes) -> None:
    assert SEAL.close(message, NONCE, NOW).ciphertext != SEAL.close(message, NONCE, NOW).ciphertext


@given(messages, st.sampled_from(["ciphertext", "signature", "timestamp", "nonce"]), st.data())
def test_one_changed_bit_anywhere_is_refused(message: bytes, part: str, data: st.DataObject) -> None:
    sealed = SEAL.close(message, NONCE, NOW)
    value = bytearray(getattr(sealed, part).encode())
    bit = data.draw(st.integers(0, len(value) * 8 - 1))
    value[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Refused):
        received(replace(sealed, **{part: value.decode("latin-1")}))


@given(messages, st.data())
def test_one_changed_bit_of_the_plaintext_under_a_good_signature_never_breaks_the_reader(
    message: bytes, data: st.DataObject
) -> None:
    """Who knows the token but not the key can do this: what comes out is bytes or a refusal."""
    raw = bytearray(base64.b64decode(SEAL.close(message, NONCE, NOW).ciphertext))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    opens_or_refuses(base64.b64encode(raw).decode())


@given(st.one_of(words, st.binary(max_size=400).map(lambda raw: base64.b64encode(raw).decode())))
@example("")
@example("=")
@example("AAAA" * 11)
def test_signed_garbage_is_refused_and_nothing_else(ciphertext: str) -> None:
    timestamp = str(int(NOW.timestamp()))
    SEAL.check(signature_of(OA[0], timestamp, NONCE, ciphertext), timestamp, NONCE, NOW, ciphertext)
    opens_or_refuses(ciphertext)


@given(st.binary(max_size=20).map(lambda raw: raw * 7))
@example(b"r" * 16 + b"\xff\xff\xff\xff")
@example(b"r" * 16 + b"\0\0\0\0")
def test_any_plaintext_that_was_encrypted_with_our_key_opens_or_is_refused(plain: bytes) -> None:
    """Every length, padding and receiver that a broken or malicious sender could write."""
    key = base64.b64decode(OA[1] + "=")
    whole = plain + bytes(-len(plain) % 32)
    for last in (0, 1, 31, 32, 33, 255):
        padded = whole[:-1] + bytes([last]) if whole else bytes([last]) * 32
        opens_or_refuses(base64.b64encode(Cipher(AES(key), CBC(key[:16])).encryptor().update(padded)).decode())


def opens_or_refuses(ciphertext: str) -> None:
    try:
        opened = SEAL.open(ciphertext)
    except Refused:
        return
    assert isinstance(opened, bytes)


@given(messages, keys)
def test_another_key_opens_nothing(message: bytes, key: str) -> None:
    assume(base64.b64decode(key + "=") != base64.b64decode(OA[1] + "="))
    with pytest.raises(Refused):
        Seal(OA[0], key, OA[2]).open(SEAL.close(message, NONCE, NOW).ciphertext)


@given(messages, words)
def test_another_token_signs_nothing(message: bytes, token: str) -> None:
    assume(token != OA[0])
    with pytest.raises(Refused, match="signature"):
        received(SEAL.close(message, NONCE, NOW), Seal(token, OA[1], OA[2]))


@given(messages, words)
def test_a_message_to_somebody_else_is_refused(message: bytes, receiver: str) -> None:
    assume(receiver != OA[2])
    with pytest.raises(Refused):
        SEAL.open(Seal(OA[0], OA[1], receiver).close(message, NONCE, NOW).ciphertext)


@given(st.integers(-100_000, 100_000))
@example(300)
@example(301)
@example(-300)
@example(-301)
def test_only_what_is_fresh_is_taken(late: int) -> None:
    sealed = SEAL.close(b"x", NONCE, NOW)
    then = NOW + timedelta(seconds=late)
    if abs(late) <= FRESH.total_seconds():
        assert received(sealed, now=then) == b"x"
    else:
        with pytest.raises(Refused, match="stale"):
            received(sealed, now=then)


@given(words, words, words)
def test_whatever_the_query_holds_is_checked_or_refused(signature: str, timestamp: str, nonce: str) -> None:
    with pytest.raises(Refused):
        SEAL.check(signature, timestamp, nonce, NOW, "x")
