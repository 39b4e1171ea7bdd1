"""Who was erased, without a name: keyed hashes, so that nobody comes back by a table or by a backup."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session, selectinload

from crm.db import Base
from crm.models import Customer, Identity, Tombstone, TombstoneSign
from crm.vault import vault

# What a value is hashed as; a code and a phone of the same digits have different signs.
CODE, PHONE, KEY = "tombstone-code", "tombstone-phone", "tombstone"
# Signs looked for in one query.
AT_ONCE = 500
# Codes that she bore before two of her cards became one.
MERGED_CODES = "merged_codes"


@dataclass(frozen=True, slots=True)
class Stone:
    """One erasure: when, and the signs of whom."""

    at: datetime
    key: bytes
    signs: frozenset[bytes]


def sign_of_code(code: str) -> bytes:
    return vault.index(code, CODE)


def sign_of_phone(phone: str) -> bytes:
    """`phone` as `blind.normal_phone` writes it."""
    return vault.index(phone, PHONE)


def sign_of_id(account: str, kind: str, value: str) -> bytes:
    """An id of a platform; `kind` as in `IdentityKind`."""
    return vault.index(f"{account}\0{value}", f"tombstone-{kind}")


def bury(session: Session, customer: Customer, now: datetime) -> None:
    """Before she is erased: what she is known by now, as hashes."""
    signs = {sign_of_code(code) for code in (customer.code, *_former_codes(session, customer.id))}
    if customer.phone:
        signs.add(sign_of_phone(customer.phone))
    hers = select(Identity).where(Identity.customer_id == customer.id)
    signs |= {sign_of_id(row.account, row.kind.value, row.value) for row in session.scalars(hers)}
    raise_stone(session, Stone(now, vault.index(f"{customer.code}\0{now.isoformat()}", KEY), frozenset(signs)))


def raise_stone(session: Session, stone: Stone) -> None:
    """Write it, once."""
    if session.scalar(select(Tombstone.id).where(Tombstone.key == stone.key)) is not None:
        return
    signs = [TombstoneSign(sign=sign) for sign in sorted(stone.signs)]
    session.add(Tombstone(key=stone.key, at=stone.at, signs=signs))


def erased_at(session: Session, signs: Iterable[bytes]) -> dict[bytes, datetime]:
    """When somebody with this sign was last erased; signs of nobody are not in it."""
    wanted, found = list(set(signs)), dict[bytes, datetime]()
    for start in range(0, len(wanted), AT_ONCE):
        part = TombstoneSign.sign.in_(wanted[start : start + AT_ONCE])
        newest = select(TombstoneSign.sign, func.max(Tombstone.at)).join(
            Tombstone, Tombstone.id == TombstoneSign.tombstone_id
        )
        for sign, at in session.execute(newest.where(part).group_by(TombstoneSign.sign)):
            found[bytes(sign)] = at
    return found


def keys(session: Session) -> frozenset[bytes]:
    """Every erasure that this database knows."""
    return frozenset(bytes(key) for key in session.scalars(select(Tombstone.key)))


def stones_besides(session: Session, known: Collection[bytes]) -> list[Stone]:
    """The erasures of this database that are not among `known`, the oldest first."""
    missing = {id_ for id_, key in session.execute(select(Tombstone.id, Tombstone.key)) if bytes(key) not in known}
    if not missing:
        return []
    rows = session.scalars(select(Tombstone).order_by(Tombstone.id).options(selectinload(Tombstone.signs)))
    return [_stone(row) for row in rows if row.id in missing]


def _stone(row: Tombstone) -> Stone:
    return Stone(row.at, bytes(row.key), frozenset(bytes(sign.sign) for sign in row.signs))


def _former_codes(session: Session, customer_id: int) -> list[str]:
    table: Table | None = Base.metadata.tables.get(MERGED_CODES)
    if table is None:
        return []
    return list(session.scalars(select(table.c.code).where(table.c.customer_id == customer_id)))
