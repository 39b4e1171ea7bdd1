"""A customer's tier, points and coupons, and the next member day."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.messages import Reply, Text
from bot.router import Router, event, field, said, words
from crm.models import Coupon, Customer, Standing
from crm.services.membership import coupons, points
from crm.services.membership.policy import FEN, Policy, Tier
from crm.services.membership.standings import refresh
from handlers.context import ShopFacts
from handlers.filters import customer as by_customer
from wording import Wording

router = Router("membership")

ASKED = (
    r"(?:你好|您好|请问|查一?下|查询|看一?下|看看|想知道|想看)*(?:我|咱)?(?:的|有|还有|现在是?)*(?:什么|哪些|几张|多少|几级)*"
    r"(?:会员权益|会员等级|会员卡|会员福利|会员中心|会员|权益|等级|积分|优惠券|优惠卷|卡券|代金券|券)(?:余额|查询|明细|信息)*"
    r"(?:有|还有|还剩|剩)*(?:什么|哪些|几张|多少|几级|是什么|是多少|了)*(?:吗|呢|呀|啊)?"
)
# Points that end within so many days are worth a word.
SOON = timedelta(days=60)
# More coupons than that are counted, not listed: the message has to fit a screen.
LISTED = 5


@router.on(by_customer, (said & words(ASKED)) | (event("click") & field("key", "MEMBER")))
def rights(
    session: Session, customer: Customer, membership: Policy, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    """Everything that is hers, in one message."""
    today = now.astimezone(shop.zone).date()
    standing = refresh(session, membership, shop.zone, customer.id, now)
    account = points.account(session, customer.id)
    held = coupons.valid(session, customer.id, today)
    parts = [
        _tier(standing, membership, say),
        _points(account, today, say),
        _coupons(held, say),
        say("membership.member_day", day=_day(next_member_day(today, shop.member_day))),
    ]
    return Text("\n\n".join(filter(None, parts)))


def next_member_day(today: date, day: int) -> date:
    """Today counts: she can still come."""
    first = today if today.day <= day else today.replace(day=1) + timedelta(days=calendar.monthrange(*_month(today))[1])
    return first.replace(day=day)


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def tier_of(standing: Standing, membership: Policy) -> Tier:
    """The tier that is hers. A policy with fewer tiers than yesterday's is computed anew tonight."""
    tiers = membership.tiers.lines
    return tiers[min(standing.tier, len(tiers) - 1)]


def to_next(standing: Standing, membership: Policy, say: Wording) -> str:
    """What is missing to the next tier; "" in the highest."""
    tiers = membership.tiers.lines
    if standing.tier + 1 >= len(tiers):
        return ""
    higher = tiers[standing.tier + 1]
    missing = higher.spent_from * FEN - standing.spent_fen
    return say("membership.to_next", amount=yuan(missing), tier=higher.name)


def _tier(standing: Standing, membership: Policy, say: Wording) -> str:
    tier = tier_of(standing, membership)
    lines = [say("membership.tier", tier=tier.name)]
    if standing.tier_until:
        lines = [say("membership.tier_until", tier=tier.name, until=in_words(standing.tier_until))]
    if tier.benefits:
        lines.append(say("membership.benefits", benefits="、".join(tier.benefits)))
    return "\n".join(filter(None, [*lines, to_next(standing, membership, say)]))


def _points(account: points.Account, today: date, say: Wording) -> str:
    balance = max(account.balance - account.ending_by(today - timedelta(days=1)), 0)
    ending = account.ending_by(today + SOON) - account.ending_by(today - timedelta(days=1))
    if balance and ending > 0:
        ends = [lot.expires_on for lot in account.lots if lot.expires_on and today <= lot.expires_on <= today + SOON]
        return say("membership.points_ending", points=f"{balance:,}", ending=f"{ending:,}", day=in_words(min(ends)))
    return say("membership.points", points=f"{balance:,}")


def _coupons(held: Sequence[Coupon], say: Wording) -> str:
    if not held:
        return say("membership.no_coupons")
    lines = [say("membership.coupons", count=len(held))]
    lines += [_coupon(coupon, say) for coupon in held[:LISTED]]
    if len(held) > LISTED:
        lines.append(say("membership.more_coupons", count=len(held) - LISTED))
    return "\n".join(lines)


def _coupon(coupon: Coupon, say: Wording) -> str:
    value = say("membership.coupon_value", amount=yuan(coupon.value)) if coupon.value else ""
    until = say("membership.coupon_until", day=in_words(coupon.valid_to)) if coupon.valid_to else ""
    return say("membership.coupon", title="，".join(filter(None, (f"{coupon.title}{value}", coupon.condition, until))))


def yuan(fen: int) -> str:
    """12,800 or 12,800.50."""
    yuan, rest = divmod(max(fen, 0), FEN)
    return f"{yuan:,}.{rest:02}" if rest else f"{yuan:,}"


def in_words(day: date) -> str:
    """2027年11月21日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
