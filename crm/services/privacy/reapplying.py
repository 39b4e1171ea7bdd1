"""Erasing again after a restore: everybody whom the file names and the database still knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, select

from crm import db
from crm.actors import Actor
from crm.models import Customer, Identity
from crm.services.erasure import erase
from crm.services.privacy.stone_file import StoneFile
from crm.services.privacy.tombstones import (
    Stone,
    keys,
    raise_stone,
    sign_of_code,
    sign_of_id,
    stones_besides,
)

# Rows read at once while looking for those who are named.
PAGE = 2000


def forgotten(engine: Engine, file: StoneFile) -> int:
    """Erasures that the file knows and this database does not: it is a restored backup."""
    named = file.keys()
    if not named:
        return 0
    with db.reading(engine) as session:
        return len(named - keys(session))


def keep_file(engine: Engine, file: StoneFile) -> int:
    """Write the erasures of the database that the file misses; how many."""
    with db.reading(engine) as session:
        missing = stones_besides(session, file.keys())
    return file.append(missing)


def reapply(sessions: db.Sessions, file: StoneFile, actor: Actor, now: datetime) -> int:
    """Erase everybody again; how many people. May be killed and started again: each erasure is one transaction.

    Whoever became a customer after her erasure is somebody new, even under the same id of a platform.
    """
    with db.reading(sessions.kw["bind"]) as session:
        known = keys(session)
    stones = [stone for stone in file.read() if stone.key not in known]
    named = _named(sessions.kw["bind"], stones)
    for stone in stones:
        with sessions.begin() as session:
            for customer_id in sorted(named[stone.key]):
                erase(session, actor, session.get_one(Customer, customer_id), now, bury=False)
            raise_stone(session, stone)
    return len(set().union(*named.values())) if named else 0


def _named(engine: Engine, stones: Sequence[Stone]) -> dict[bytes, set[int]]:
    """Customers by the key of the erasure that names them, each by the newest one alone."""
    by_sign = {sign: stone for stone in stones for sign in stone.signs}
    found: dict[int, Stone] = {}
    with db.reading(engine) as session:
        codes = select(Customer.id, Customer.code, Customer.created_at).execution_options(yield_per=PAGE)
        for customer_id, code, made in session.execute(codes):
            _note(found, customer_id, by_sign.get(sign_of_code(code)), made)
        ids = select(Identity, Customer.created_at).join(Customer, Customer.id == Identity.customer_id)
        for row, made in session.execute(ids.execution_options(yield_per=PAGE)):
            stone = by_sign.get(sign_of_id(row.account, row.kind.value, row.value))
            _note(found, row.customer_id, stone, max(made, row.since or made))
    named: dict[bytes, set[int]] = defaultdict(set)
    for customer_id, stone in found.items():
        named[stone.key].add(customer_id)
    return named


def _note(found: dict[int, Stone], customer_id: int, stone: Stone | None, since: datetime) -> None:
    if stone is not None and since <= stone.at:
        found[customer_id] = stone
