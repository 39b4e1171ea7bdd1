"""Credits for subscription notifications: granted by her tap, spent by a send, ended by her refusal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from crm.models import Delivery, DeliveryState, Identity, IdentityKind, SubscriptionCredit
from crm.services.deliveries import platform_key

# The route under which pushes of this kind stand in `deliveries`.
ROUTE = "subscription"
# How long after its planning a push may still get its receipt; the platform tells within minutes.
RECEIPTS_COME_FOR = timedelta(days=3)
# In these states a push may be the one that a receipt tells of.
_MAY_BE_OUT = (DeliveryState.CLAIMED, DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.PLANNED)


def grant(session: Session, account: str, openid: str, template_id: str, now: datetime) -> None:
    """She said yes: one more message. An openid that nobody has here grants nothing."""
    credit = _credit(session, account, openid, template_id)
    if credit is not None:
        credit.remaining, credit.granted_at, credit.refused_at = credit.remaining + 1, now, None


def refuse(session: Session, account: str, openid: str, template_id: str, now: datetime) -> None:
    """She said no this time; what she agreed to before stays good."""
    credit = _credit(session, account, openid, template_id)
    if credit is not None:
        credit.refused_at = now


def stop(session: Session, account: str, openid: str, template_id: str, now: datetime) -> None:
    """She switched these messages off, or the platform says that nothing is left."""
    credit = _credit(session, account, openid, template_id)
    if credit is not None:
        credit.remaining, credit.refused_at = 0, now


def spend(session: Session, account: str, openid: str, template_id: str) -> None:
    """One message went out."""
    hers = select(Identity.id).where(*_names(account, openid)).scalar_subquery()
    spent = update(SubscriptionCredit).where(
        SubscriptionCredit.identity_id == hers,
        SubscriptionCredit.template_id == template_id,
        SubscriptionCredit.remaining > 0,
    )
    values = {"remaining": SubscriptionCredit.remaining - 1}
    session.execute(spent.values(values), execution_options={"synchronize_session": False})


def open_credits(session: Session, customer_ids: Collection[int]) -> list[tuple[int, str, str, str]]:
    """Customer, account, openid and template of everything that may be sent to these; none of who left."""
    rows = session.execute(
        select(Identity.customer_id, Identity.account, Identity.value, SubscriptionCredit.template_id)
        .join(SubscriptionCredit.identity)
        .where(
            Identity.customer_id.in_(list(customer_ids)), Identity.left_at.is_(None), SubscriptionCredit.remaining > 0
        )
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def told_of(session: Session, account: str, openid: str, now: datetime) -> str:
    """Under which id the receipt of her newest notification is filed; "" when there was none.

    The platform names no message when it takes one, so the receipt only says to whom it went.
    """
    newest = (
        select(Delivery.key)
        .join(Identity, Identity.customer_id == Delivery.customer_id)
        .where(
            *_names(account, openid),
            Delivery.person == openid,
            Delivery.route == ROUTE,
            Delivery.state.in_(_MAY_BE_OUT),
            Delivery.planned_at >= now - RECEIPTS_COME_FOR,
        )
        .order_by(Delivery.id.desc())
    )
    found = session.scalar(newest.limit(1))
    return platform_key(found) if found else ""


def _names(account: str, openid: str) -> tuple[ColumnElement[bool], ...]:
    return (Identity.account == account, Identity.kind == IdentityKind.OPENID, Identity.value == openid)


def _credit(session: Session, account: str, openid: str, template_id: str) -> SubscriptionCredit | None:
    """Held against whoever writes it at the same time; made when it is asked for first."""
    identity = session.scalar(select(Identity.id).where(*_names(account, openid)).with_for_update())
    if identity is None or not template_id:
        return None
    mine = (SubscriptionCredit.identity_id == identity, SubscriptionCredit.template_id == template_id)
    credit = session.scalar(select(SubscriptionCredit).where(*mine))
    if credit is None:
        credit = SubscriptionCredit(identity_id=identity, template_id=template_id, remaining=0)
        session.add(credit)
    return credit
