"""我为什么是金卡, 怎么才能升级: why a tier is hers, and what is missing to the next."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy.orm import Session

from bot.messages import Reply, Text
from bot.router import Router, said
from crm.models import Customer, Standing
from crm.services.households import pieces
from crm.services.membership.policy import FEN, Policy
from crm.services.membership.standings import refresh
from handlers.context import ShopFacts
from handlers.customer.membership import in_words, tier_of, to_next, yuan
from handlers.customer.wishes import compact
from handlers.filters import customer as by_customer
from handlers.filters import when
from wording import Wording

router = Router("standing")

_HELLO = r"(?:你好|您好|请问|那么?|我想问|想问|想知道|一下)*"
_WHY = r"(?:为什么|为啥|凭什么|怎么)(?:说|会|又|就|才|还|只|不)*"
_UP = r"(?:升级|升等级|升会员|(?:升到?|变成|成为|当上?|达到|到)(?P<named>.{2,8}?))"
_HOW = r"(?:怎么样?|如何|怎样|什么时候)(?:才)?(?:能够?|可以|会)*"
_SPEND = r"(?:消费|买|花)?(?:满)?(?:多少|几)(?:钱|万|金额|消费)?(?:才|就)?(?:能够?|可以|会)?"
_END = r"(?:呢|吗|呀|啊|了|的|吧|才行)*"
# What she names as hers or as her goal is looked up in the shop's own rules: "为什么是黑色的" is not about a tier.
ASKED = tuple(
    re.compile(rf"{_HELLO}(?:{pattern}){_END}")
    for pattern in (
        rf"(?:我(?:现在)?{_WHY}|{_WHY}我?(?:现在)?(?:还|才|只|不)*)(?:是|算|成了|变成了?|分到|归到|叫|在)(?P<named>.{{2,8}}?)",
        r"我的?(?:会员)?(?:等级|级别)(?:是)?(?:怎么|如何|按什么)(?:算|定|来|评)(?:出来)?",
        rf"(?:我的?)?(?:(?:会员)?(?:等级|级别)|会员)?(?:{_WHY}|没有?|被|我)+(?:降级|掉级|降等级|升级)",
        rf"(?:我的?)?(?:会员)?(?:等级|级别)(?:{_WHY}|没有?|被)+(?:降|掉|变|升)",
        rf"(?:我)?(?:要|想)?{_HOW}{_UP}",
        rf"(?:我)?(?:离|距离|到)?(?P<named>.{{0,8}}?)(?:我)?(?:还|再)(?:差|要|需要?|得)?{_SPEND}",
        rf"(?:我)?(?:还|再)?(?:差|要|需要?|得)?{_SPEND}{_UP}",
        rf"(?P<named>.{{2,8}}?)(?:要|需要?|得){_SPEND}",
    )
)
# Where no tier is named, one of these says that it is about tiers.
_OF_TIERS = re.compile("升级|等级|级别|升会员|降级|掉级")


@router.on(by_customer, said, when(lambda visit: _named(visit.plain) is not None))
def why(
    plain: str, session: Session, customer: Customer, membership: Policy, shop: ShopFacts, say: Wording, now: datetime
) -> Reply | None:
    """Her tier with its reason; None where the words are about something else.

    The groups of the shop (红枫叶) are made for staff, but they stand in her copy: whoever names one reads what it
    is and in which she is: what a program decides about her has to be explained to her (个人信息保护法, article 24).
    The reading behind it and how staff are told to follow up stay with staff.
    """
    named = _named(plain) or ""
    groups = (*(line.name for line in membership.segments.lines), membership.segments.never_bought)
    if named and named not in groups and not _is_tier(named, membership):
        return None
    standing = refresh(session, membership, shop.zone, customer.id, now)
    if pieces.counts_secretly(session, customer.id, now.astimezone(shop.zone).date()):
        return Text(say("membership.why_without_amount", tier=tier_of(standing, membership).name))
    parts = [_why_tier(standing, membership, say), to_next(standing, membership, say) or say("membership.highest")]
    if named in groups:
        parts.append(say("membership.why_group", group=named, hers=standing.segment))
    return Text("\n".join(parts))


def _named(plain: str) -> str | None:
    """The tier or group that she asks about, "" where she names none; None for other words."""
    words = compact(plain)
    for pattern in ASKED:
        if (found := pattern.fullmatch(words)) is not None:
            named = found.groupdict().get("named") or ""
            return named if named or _OF_TIERS.search(words) else None
    return None


def _is_tier(named: str, membership: Policy) -> bool:
    """金卡 is short for 金卡会员, but 普通 alone is any word."""
    tiers = {tier.name for tier in membership.tiers.lines}
    short = {name.removesuffix("会员") for name in tiers}
    return (
        named in tiers or (named in short and named.endswith("卡")) or bool(re.search("等级|级别|[下高上]一?级", named))
    )


def _why_tier(standing: Standing, membership: Policy, say: Wording) -> str:
    """What she kept of the last months, and which line that crosses; a tier once reached is held for a while."""
    tier = tier_of(standing, membership)
    words = {"tier": tier.name, "amount": yuan(standing.spent_fen)}
    words["months"] = str(membership.segments.spent_within_months)
    if not tier.spent_from:
        return say("membership.why_first", **words)
    words["line"] = yuan(tier.spent_from * FEN)
    if standing.spent_fen >= tier.spent_from * FEN or standing.tier_until is None:
        return say("membership.why_reached", **words)
    return say("membership.why_kept", until=in_words(standing.tier_until), **words)
