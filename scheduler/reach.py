"""What may reach a batch of customers now, read in a handful of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from bot.messages import Channel
from bot.platforms.window import Window
from crm.models import Conversation, Customer, Delivery, DeliveryState, Identity, IdentityKind, Staff
from crm.services.subscriptions import open_credits
from scheduler.routes import Address, MarketingRoute, Reach
from scheduler.shop import Shop

# States in which a mass send counts against the four of the month: it went out, or it may have.
_WENT_OUT = (DeliveryState.CLAIMED, DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.UNKNOWN)

_KINDS = (IdentityKind.OPENID, IdentityKind.KF, IdentityKind.EXTERNAL_USERID)


def reach_of(
    session: Session, shop: Shop, customer_ids: Collection[int], now: datetime, *, besides: Collection[int] = ()
) -> dict[int, Reach]:
    """Addresses, windows, credits, advisor and mass sends of each customer; `besides`: pushes not to be counted."""
    ids = list(customer_ids)
    reach = dict.fromkeys(ids, Reach())
    for row in _identities(session, ids):
        reach[row.customer_id] = _with_address(reach[row.customer_id], row.kind, Address(row.account, row.value))
    for row in _advisors(session, ids):
        reach[row.id] = replace(reach[row.id], advisor=Address(shop.wecom_account, row.userid))
    for row in _mass_sends(session, ids, *shop.hours.month_of(now), besides):
        reach[row.customer_id] = replace(reach[row.customer_id], mass_sends_this_month=row.sent)
    if shop.subscriptions:
        _add_subscriptions(session, reach)
    return _with_windows(session, reach)


def _with_address(known: Reach, kind: IdentityKind, address: Address) -> Reach:
    match kind:
        case IdentityKind.OPENID:
            return replace(known, follower=address)
        case IdentityKind.KF:
            return replace(known, kf=address)
        case _:
            return replace(known, contact=address)


def _identities(session: Session, ids: list[int]) -> Iterable[Row[Any]]:
    """Live ones; of several of a kind the newest comes last and holds."""
    live = select(Identity.customer_id, Identity.account, Identity.value, Identity.kind).where(
        Identity.customer_id.in_(ids), Identity.left_at.is_(None), Identity.kind.in_(_KINDS)
    )
    return session.execute(live.order_by(Identity.id))


def _advisors(session: Session, ids: list[int]) -> Iterable[Row[Any]]:
    wanted = select(Customer.id, Staff.userid).join(Staff, Staff.id == Customer.advisor_id)
    return session.execute(wanted.where(Customer.id.in_(ids), Staff.left_at.is_(None)))


def _mass_sends(
    session: Session, ids: list[int], first: datetime, following: datetime, besides: Collection[int]
) -> Iterable[Row[Any]]:
    wanted = select(Delivery.customer_id, func.count().label("sent")).where(
        Delivery.customer_id.in_(ids),
        Delivery.planned_at >= first,
        Delivery.planned_at < following,
        Delivery.route == MarketingRoute.MASS_SEND.value,
        Delivery.state.in_(_WENT_OUT),
        Delivery.id.not_in(list(besides)),
    )
    return session.execute(wanted.group_by(Delivery.customer_id))


def _add_subscriptions(session: Session, reach: dict[int, Reach]) -> None:
    for customer_id, account, openid, template_id in open_credits(session, reach):
        known = reach[customer_id]
        if known.follower == Address(account, openid):
            reach[customer_id] = replace(known, subscriptions=known.subscriptions | {template_id})


def _with_windows(session: Session, reach: dict[int, Reach]) -> dict[int, Reach]:
    conversations = select(Conversation).where(
        Conversation.customer_id.in_(list(reach)),
        Conversation.channel.in_((Channel.OFFICIAL_ACCOUNT.value, Channel.KF.value)),
        Conversation.window_until.is_not(None),
    )
    for row in session.scalars(conversations):
        assert row.customer_id is not None
        assert row.window_until is not None
        known, place = reach[row.customer_id], Address(row.account, row.person)
        window = Window(row.window_opened_by, row.window_until, row.window_left)
        if place == known.follower:
            reach[row.customer_id] = replace(known, window=window)
        elif place == known.kf:
            reach[row.customer_id] = replace(known, kf_window=window)
    return reach
