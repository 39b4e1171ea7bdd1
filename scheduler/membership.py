"""Jobs of membership: every night everybody's standing, and a word to those whose tier changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.messages import Text
from crm import db
from crm.models import Standing, TierChange
from crm.services.claims import Claimed
from crm.services.membership import coupons, points, standings
from crm.services.membership.policy import FEN
from scheduler.bodies import Notice, ServiceBody
from scheduler.planning import PEOPLE_PER_BATCH, Due, Own, ServicePush
from scheduler.shop import Shop

NIGHT, NOTICE = "standings", "tier_notice"
# The night's work is done before the shop opens; what was missed is made up for on any later day.
AT, MADE_UP_FOR = time(3), timedelta(days=30)
# A word about her tier is welcome for a week.
TOLD_AT, USEFUL_FOR, USEFUL_UNTIL = time(10, 30), timedelta(days=7), time(20)
CHANGED_AGAIN = "her tier is another one by now"


def due_every_night(shop: Shop, day: date) -> Due:
    return Due(NIGHT, day, shop.hours.at(day, AT), shop.hours.at(day + MADE_UP_FOR, AT))


def night(shop: Shop, due: Due) -> Iterator[Sequence[ServicePush]]:
    """Bring standings, points and coupons to this day, each in short transactions; pushes nothing."""
    for _ in standings.recompute(shop.sessions, shop.membership, shop.hours.zone, due.moment):
        yield []
    last: int | None = 0
    while last is not None:
        with shop.sessions.begin() as session:
            last = points.expire(session, due.on, due.moment, last)
        yield []
    with shop.sessions.begin() as session:
        coupons.expire(session, due.on)


def due_notices(shop: Shop, day: date) -> Due:
    return Due(NOTICE, day, shop.hours.at(day, TOLD_AT), shop.hours.at(day + USEFUL_FOR, USEFUL_UNTIL))


def notices(shop: Shop, due: Due) -> Iterator[Sequence[ServicePush]]:
    """Whose tier changed since yesterday's notices, and whose ends soon without being earned again."""
    last = 0
    while people := _people(shop, due.on, last):
        with db.reading(shop.engine) as session:
            places = _places(session, shop, people, due.on)
        found = ((place, body(shop, place, due.on)) for place in places)
        yield [ServicePush(place.customer_id, said, Own(place.key, due)) for place, said in found if said is not None]
        last = people[-1]


def still_due(session: Session, shop: Shop, row: Claimed, now: datetime) -> str | ServiceBody:
    """The message as it must be now."""
    assert row.customer_id is not None
    places = _places(session, shop, [row.customer_id], row.due_on)
    said = body(shop, places[0], row.due_on) if places else None
    return said or CHANGED_AGAIN


@dataclass(frozen=True, slots=True)
class Place:
    """One customer's standing, and the changes of which she may not have heard, the first one first.

    `counts_fen`: what she spent so far that will still count on the day when the tiers ending next are decided.
    """

    customer_id: int
    standing: Standing
    changes: Sequence[TierChange]
    counts_fen: int

    @property
    def key(self) -> str:
        """One change is told once; so is one end."""
        if self.changes:
            return f"{NOTICE}:{self.changes[-1].id}"
        return f"{NOTICE}:ends:{self.customer_id}:{self.standing.tier_until}"


def body(shop: Shop, place: Place, on: date) -> ServiceBody | None:
    """What she is told on that day; None when nothing of it holds."""
    standing, tiers = place.standing, shop.membership.tiers.lines
    tier = tiers[min(standing.tier, len(tiers) - 1)]
    until = _date(standing.tier_until) if standing.tier_until else ""
    if place.changes:
        before = place.changes[0].before
        if before == standing.tier:
            return None
        key = "up" if standing.tier > before else "down" if until else "down_to_first"
        words = shop.say(f"membership.{key}", tier=tier.name, benefits="、".join(tier.benefits), until=until)
        return _said(shop, words, tier.name, standing.tier_until or on)
    missing = -(-(tier.spent_from * FEN - place.counts_fen) // FEN)
    if standing.tier_until is None or standing.tier_until > _ending(shop, on) or missing <= 0:
        return None
    words = shop.say("membership.ending", tier=tier.name, until=until, amount=f"{missing:,}")
    return _said(shop, words, tier.name, standing.tier_until)


def _said(shop: Shop, words: str, tier: str, until: date) -> ServiceBody:
    values = {"thing1": tier, "time2": _date(until), "thing3": shop.say("membership.template_hint")}
    return ServiceBody(Text(words), Notice("membership_change", values))


def _people(shop: Shop, on: date, after: int) -> list[int]:
    changed = select(TierChange.customer_id).where(TierChange.on.in_((on, on - timedelta(days=1))))
    ending = select(Standing.customer_id).where(Standing.tier_until == _ending(shop, on))
    both = changed.union(ending).subquery()
    wanted = select(both.c.customer_id).where(both.c.customer_id > after).order_by(both.c.customer_id)
    with db.reading(shop.engine) as session:
        return list(session.scalars(wanted.limit(PEOPLE_PER_BATCH)))


def _places(session: Session, shop: Shop, people: Sequence[int], on: date) -> list[Place]:
    """Of today and yesterday: what stood before the first change is what she last heard of."""
    recent = TierChange.on.in_((on, on - timedelta(days=1)))
    changes: dict[int, list[TierChange]] = defaultdict(list)
    hers = select(TierChange).where(TierChange.customer_id.in_(people), recent).order_by(TierChange.id)
    for change in session.scalars(hers):
        changes[change.customer_id].append(change)
    decided = standings.Day(shop.membership, shop.hours.zone, _ending(shop, on) + timedelta(days=1))
    counts = standings.spent_since(session, people, decided.months_ago(shop.membership.segments.spent_within_months))
    standing = select(Standing).where(Standing.customer_id.in_(people)).order_by(Standing.customer_id)
    return [
        Place(one.customer_id, one, changes[one.customer_id], counts.get(one.customer_id, 0))
        for one in session.scalars(standing)
    ]


def _ending(shop: Shop, on: date) -> date:
    """The last day of the tiers that are announced on this day."""
    return on + timedelta(days=shop.membership.tiers.notice_days)


def _date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
