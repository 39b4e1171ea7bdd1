"""Whether marketing may go to a person now: consent and the cap of the month, for whole batches."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from crm.models import Consent, Delivery, DeliveryState, Purpose
from crm.services.consents import wanting_fewer
from scheduler.shop import Shop

NO_CONSENT = "no live consent to marketing"
# Marketing in a month to somebody who asked for less of it.
FEWER_CAP = 1
CAP_REACHED = "the month's marketing messages to this person are used up"

# What did not reach anybody does not count against the cap.
_NOT_COUNTED = (DeliveryState.SKIPPED, DeliveryState.FAILED)


def consenting(session: Session, customer_ids: Collection[int]) -> set[int]:
    """Those whose newest word about marketing is yes."""
    newest = select(func.max(Consent.id)).where(
        Consent.customer_id.in_(list(customer_ids)), Consent.purpose == Purpose.MARKETING.value
    )
    live = select(Consent.customer_id).where(Consent.id.in_(newest.group_by(Consent.customer_id)), Consent.granted)
    return set(session.scalars(live))


def next_consenting(session: Session, after: int, limit: int) -> list[int]:
    """The next customers by id whose newest word about marketing is yes."""
    later = aliased(Consent)
    newer = select(later.id).where(
        later.customer_id == Consent.customer_id, later.purpose == Consent.purpose, later.id > Consent.id
    )
    live = select(Consent.customer_id).where(
        Consent.customer_id > after, Consent.purpose == Purpose.MARKETING.value, Consent.granted, ~newer.exists()
    )
    return list(session.scalars(live.order_by(Consent.customer_id).limit(limit)))


def objections(
    session: Session, shop: Shop, customer_ids: Collection[int], now: datetime, *, besides: Collection[int] = ()
) -> dict[int, str]:
    """Why marketing may not go to some of them; `besides`: pushes that are not to be counted."""
    agreed = consenting(session, customer_ids)
    capped = _capped(session, shop, customer_ids, now, besides)
    reasons = dict.fromkeys(capped, CAP_REACHED)
    return reasons | dict.fromkeys(set(customer_ids) - agreed, NO_CONSENT)


def _capped(
    session: Session, shop: Shop, customer_ids: Collection[int], now: datetime, besides: Collection[int]
) -> set[int]:
    first, following = shop.hours.month_of(now)
    sent = select(Delivery.customer_id).where(
        Delivery.customer_id.in_(list(customer_ids)),
        Delivery.planned_at >= first,
        Delivery.planned_at < following,
        Delivery.purpose == Purpose.MARKETING,
        Delivery.state.not_in(_NOT_COUNTED),
        Delivery.id.not_in(list(besides)),
    )
    counted = sent.add_columns(func.count()).group_by(Delivery.customer_id)
    fewer = wanting_fewer(session, list(customer_ids))
    return {
        customer_id
        for customer_id, count in session.execute(counted)
        if customer_id is not None and count >= (FEWER_CAP if customer_id in fewer else shop.month_cap)
    }
