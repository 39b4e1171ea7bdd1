"""Small shops to test with: two stores, their staff, a few customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from crm.actors import Actor
from crm.models import Customer, Purchase, PurchaseKind, Role, Staff, Store
from crm.services.customers import register

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Shop:
    """Advisors 林悦 and 吴安 of the lake store, 赵敏 of the hill store; a manager of the lake store; headquarters."""

    lake: Store
    hill: Store
    lin: Staff
    wu: Staff
    zhao: Staff
    manager: Staff
    headquarters: Staff


def a_shop(session: Session) -> Shop:
    lake, hill = Store(code="HZ01", name="湖滨店"), Store(code="HZ02", name="武林店")
    session.add_all([lake, hill])
    session.flush()
    staff = [
        Staff(userid="lin.yue", name="林悦", role=Role.ADVISOR, store_id=lake.id, phone=""),
        Staff(userid="wu.an", name="吴安", role=Role.ADVISOR, store_id=lake.id, phone=""),
        Staff(userid="zhao.min", name="赵敏", role=Role.ADVISOR, store_id=hill.id, phone=""),
        Staff(userid="he.qing", name="何清", role=Role.MANAGER, store_id=lake.id, phone=""),
        Staff(userid="song.ci", name="宋慈", role=Role.HEADQUARTERS, store_id=None, phone=""),
    ]
    session.add_all(staff)
    session.flush()
    return Shop(lake, hill, *staff)


def a_customer(session: Session, code: str, name: str = "", *, of: Staff | None = None, **fields: Any) -> Customer:
    """A customer of this advisor and of the advisor's store."""
    if of is not None:
        fields = {"advisor_id": of.id, "store_id": of.store_id, **fields}
    return register(session, NOW, code=code, name=name, **fields)


def a_line(session: Session, customer: Customer, number: str, kind: str = "sale", **fields: Any) -> Purchase:
    made = Purchase(
        number=number,
        line=fields.pop("line", 1),
        kind=PurchaseKind(kind),
        customer_id=customer.id,
        purchased_at=fields.pop("purchased_at", NOW),
        amount=fields.pop("amount", 100_00),
        **fields,
    )
    session.add(made)
    session.flush()
    return made


OPERATOR = Actor.operator()
