"""What is closed opens again under the right key and in its own column, and in no other way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from crm.db import Sessions
from crm.errors import Invalid, KeyMissing
from crm.models import Customer
from crm.vault import HEAD_BYTES, Vault, new_key, vault
from tests.crm.builders import NOW


def a_vault(*keys: str) -> Vault:
    made = Vault()
    made.unlock(list(keys))
    return made


OLD, NEW = new_key(), new_key()


@given(st.binary())
def test_what_is_closed_opens_again(value: bytes) -> None:
    assert a_vault(OLD).open(a_vault(OLD).close(value, "t.c"), "t.c") == value


@given(st.binary())
def test_a_new_key_in_front_still_opens_what_the_old_one_closed(value: bytes) -> None:
    assert a_vault(NEW, OLD).open(a_vault(OLD).close(value, "t.c"), "t.c") == value


@given(st.binary())
def test_the_wrong_key_opens_nothing(value: bytes) -> None:
    with pytest.raises(KeyMissing):
        a_vault(NEW).open(a_vault(OLD).close(value, "t.c"), "t.c")


@given(st.binary(), st.data())
def test_one_changed_bit_is_noticed(value: bytes, data: st.DataObject) -> None:
    stored = bytearray(a_vault(OLD).close(value, "t.c"))
    # The version byte says nothing yet; everything behind it is the key's name, the nonce or sealed.
    place = data.draw(st.integers(1, len(stored) - 1))
    stored[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(KeyMissing):
        a_vault(OLD).open(bytes(stored), "t.c")


@given(st.binary(), st.integers(0, HEAD_BYTES + 15))
def test_a_value_that_was_cut_short_does_not_open(value: bytes, length: int) -> None:
    with pytest.raises(KeyMissing):
        a_vault(OLD).open(a_vault(OLD).close(value, "t.c")[:length], "t.c")


@given(st.binary())
def test_a_value_moved_to_another_column_does_not_open(value: bytes) -> None:
    with pytest.raises(KeyMissing, match="damaged or moved"):
        a_vault(OLD).open(a_vault(OLD).close(value, "customers.name"), "customers.notes")


def test_the_same_value_never_looks_the_same_twice() -> None:
    assert a_vault(OLD).close(b"same", "t.c") != a_vault(OLD).close(b"same", "t.c")


@given(st.text(), st.text())
def test_indexes_are_equal_exactly_for_equal_values(one: str, other: str) -> None:
    vault.use_index_key(b"some key")
    one, other = (value.encode("utf-8", "replace").decode() for value in (one, other))
    assert (vault.index(one, "phone") == vault.index(other, "phone")) == (one == other)
    assert vault.index(one, "phone") != vault.index(one, "name")


@pytest.mark.parametrize("keys", [[], [""], ["short"], ["中文"], [new_key()[:-4]], [new_key(), "x" * 44]])
def test_what_is_no_key_is_refused_in_one_sentence(keys: list[str]) -> None:
    with pytest.raises(Invalid, match="DATA_KEYS"):
        a_vault(*keys)


def test_personal_fields_lie_encrypted_in_the_database(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add(Customer(code="C1", name="周芸", phone="13800138000", notes="镍过敏", created_at=NOW))
    with sessions() as session:
        row = session.execute(text("SELECT name, phone, notes FROM customers")).one()
        stored = b"".join(bytes(value) for value in row)
    assert not [secret for secret in ("周芸", "13800138000", "镍过敏") if secret.encode() in stored]
