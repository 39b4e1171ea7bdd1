"""Deliveries of every class of promise, and what the platforms show of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from bot.codec import to_json
from bot.messages import Channel, Text
from crm import db
from crm.models import Conversation, Customer, Delivery, DeliveryState, Identity, IdentityKind, Purpose, Staff
from crm.services import consents
from crm.services.claims import machine_now
from crm.services.deliveries import NewDelivery, plan
from scheduler.waking import waker
from tests.faults.conftest import ADVISORS, CUSTOMERS
from tests.faults.machine import Machine
from tests.front_door import OA, WECOM

OPEN = (DeliveryState.PLANNED, DeliveryState.CLAIMED)


def _row(number: int, words: str, job: str, purpose: Purpose, **columns: object) -> NewDelivery:
    now = datetime.now(UTC)
    fixed = {"due_on": now.date(), "planned_at": now, "body": to_json(Text(words))}
    return NewDelivery(key=f"{job}:{number}:{words}", job=job, purpose=purpose, **fixed, **columns)  # type: ignore[arg-type]


def staff_mail(machine: Machine, count: int, *, begin: int = 0) -> list[int]:
    """Messages to advisors, each different: WeCom drops a second one that is the same to the letter."""
    with machine.sessions.begin() as session:
        staff = dict(session.execute(select(Staff.userid, Staff.id)).all())
        rows = []
        for number in range(begin, begin + count):
            userid = ADVISORS[number % len(ADVISORS)]
            where = {"channel": Channel.WECOM.value, "account": WECOM[2], "person": userid, "staff_id": staff[userid]}
            rows.append(_row(number, f"第<{number}>条", "talk", Purpose.STAFF, **where))
        return plan(session, rows)


def meet_everybody(machine: Machine) -> dict[str, int]:
    """The customers follow, have written just now and agreed to marketing; their ids by openid."""
    known: dict[str, int] = {}
    now = datetime.now(UTC)
    for openid in CUSTOMERS:
        machine.sandbox.act("oa", openid, "text", content="在吗")
    with machine.sessions.begin() as session:
        found = session.scalars(select(Customer).order_by(Customer.id)).all()
        for openid, customer in zip(CUSTOMERS, found, strict=True):
            known[openid] = customer.id
            of_her = {"account": OA[2], "customer_id": customer.id}
            session.add(Identity(kind=IdentityKind.OPENID, value=openid, **of_her))
            window = {"window_opened_by": "message", "window_until": now + timedelta(hours=48), "window_left": 5}
            session.add(Conversation(channel=Channel.OFFICIAL_ACCOUNT.value, person=openid, **of_her, **window))
            consents.grant(session, customer.id, channel="shop", at=now, text_version="1")
    return known


def customer_mail(
    machine: Machine, known: dict[str, int], job: str, purpose: Purpose, people: Iterable[str]
) -> list[int]:
    """One message to each by the open window: a channel without any key of the platform."""
    where = {"channel": Channel.OFFICIAL_ACCOUNT.value, "account": OA[2]}
    rows = [
        _row(known[openid], f"{job} <{openid}>", job, purpose, customer_id=known[openid], person=openid, **where)
        for openid in people
    ]
    with machine.sessions.begin() as session:
        return plan(session, rows)


def wake(machine: Machine, ids: Sequence[int]) -> None:
    assert waker(machine.redis.client).wake(ids)


def read_by(machine: Machine, surface: str, people: Iterable[str]) -> Counter[str]:
    """How often each text of the bot stands on these phones."""
    lines = [line for person in people for line in machine.sandbox.chat(surface, person)]
    return Counter(line["content"] for line in lines if line["from"] == "them" and "content" in line)


def states(machine: Machine, ids: Sequence[int]) -> Counter[str]:
    with db.reading(machine.engine) as session:
        rows = select(Delivery.state, func.count()).where(Delivery.id.in_(ids)).group_by(Delivery.state)
        return Counter({state.value: count for state, count in session.execute(rows)})


def are_over(machine: Machine, ids: Sequence[int]) -> bool:
    return not states(machine, ids).keys() & {state.value for state in OPEN}


def leases_end(machine: Machine) -> None:
    """As if the minute had passed for which a worker may hold what it claimed; only while none lives."""
    with machine.sessions.begin() as session:
        ended = update(Delivery).where(Delivery.state == DeliveryState.CLAIMED)
        session.execute(ended.values(lease_until=machine_now() - timedelta(seconds=1)))


def pauses_end(machine: Machine) -> None:
    """As if the time had passed before another attempt."""
    with machine.sessions.begin() as session:
        due = update(Delivery).where(Delivery.state == DeliveryState.PLANNED, Delivery.not_before > datetime.now(UTC))
        session.execute(due.values(not_before=datetime.now(UTC)))


def attempts(machine: Machine, ids: Sequence[int]) -> list[int]:
    with db.reading(machine.engine) as session:
        return list(session.scalars(select(Delivery.attempts).where(Delivery.id.in_(ids))))
