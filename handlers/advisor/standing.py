"""Where a customer stands, in words that say why."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from crm.models import Reading, Standing
from crm.services.membership import points
from crm.services.membership.policy import FEN, Policy
from crm.services.membership.standings import refresh
from wording import Wording

READINGS = {
    Reading.HIGH_VALUE: "membership.high_value",
    Reading.POTENTIAL: "membership.potential",
    Reading.DORMANT: "membership.dormant",
    Reading.PROSPECT: "membership.prospect",
}


def in_words(
    session: Session, customer_id: int, membership: Policy, zone: ZoneInfo, say: Wording, now: datetime
) -> str:
    """Segment with its figures, how to follow up, tier and points."""
    standing = refresh(session, membership, zone, customer_id, now)
    tiers = membership.tiers.lines
    tier = tiers[min(standing.tier, len(tiers) - 1)].name
    until = say("membership.until", day=standing.tier_until) if standing.tier_until else ""
    balance = f"{points.account(session, customer_id).balance:,}"
    return "\n".join(
        [
            say("membership.segment", segment=standing.segment, why=_why(standing, membership, zone, say)),
            say(
                "membership.follow_up",
                reading=say(READINGS[standing.reading]),
                strategy=membership.readings.strategies[standing.reading],
            ),
            say("membership.held", tier=tier, until=until, points=balance),
        ]
    )


def _why(standing: Standing, membership: Policy, zone: ZoneInfo, say: Wording) -> str:
    if standing.last_purchase_at is None:
        return say("membership.why_never")
    return say(
        "membership.why",
        months=membership.segments.spent_within_months,
        amount=f"{standing.spent_fen / FEN:,.0f}",
        last=f"{standing.last_purchase_at.astimezone(zone):%Y-%m-%d}",
        orders=standing.orders,
        within=membership.readings.often_within_months,
    )
