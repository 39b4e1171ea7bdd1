"""Job member_day: once a month, an invitation to everybody who agreed to such messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time

from bot.messages import Text
from crm import db
from crm.services.facts import facts
from scheduler.permission import next_consenting
from scheduler.planning import PEOPLE_PER_BATCH, Due, MarketingPush
from scheduler.shop import Shop

JOB = "member_day"
# In the shop's time: when the invitation goes out, and after when nobody could still come.
AT, USEFUL_UNTIL = time(10), time(20)


def due_on(shop: Shop, day: date) -> Due | None:
    """The member day of a month, or None on any other day."""
    if day.day != shop.member_day:
        return None
    return Due(JOB, day, shop.hours.at(day, AT), shop.hours.at(day, USEFUL_UNTIL))


def invitations(shop: Shop, due: Due) -> Iterator[Sequence[MarketingPush]]:
    """The same words to all, so that one mass send can carry them."""
    reply = Text(_words(shop))
    last = 0
    while people := _next(shop, last):
        yield [MarketingPush(customer_id, reply) for customer_id in people]
        last = people[-1]


def _next(shop: Shop, after: int) -> list[int]:
    with db.reading(shop.engine) as session:
        return next_consenting(session, after, PEOPLE_PER_BATCH)


def _words(shop: Shop) -> str:
    with db.reading(shop.engine) as session:
        benefit = facts(session).get(JOB, "").rstrip("。")
    if benefit:
        return shop.say("pushes.member_day_benefit", shop=shop.name, benefit=benefit)
    return shop.say("pushes.member_day", shop=shop.name)
